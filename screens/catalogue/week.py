"""Words of the week plan. The English sentences are the plan's own (`geo/plan/messages.py`)."""

from geo.plan.messages import SENTENCES, WAYS
from screens.catalogue import common

SPANISH: dict[str, str] = {
    "plan_event": "{name}, {day} {start}-{end}",
    "plan_doses": "{count} dosis de metadona por semana",
    "plan_doses_on": "{count} dosis de metadona por semana: {days}",
    "plan_meetings": "{count} reuniones por semana",
    "plan_home_at": "llegaría a casa a las {home}, y el toque de queda es a las {curfew}.",
    "plan_no_way_there": "no hay forma de llegar desde casa a las {time} ({ways}).",
    "plan_no_way_back": "no hay forma de volver a casa después de las {time} ({ways}).",
    "plan_overlap": "coincide con {name}, {start}-{end}.",
    "plan_no_time_between": "no hay tiempo de ir de un lugar al otro: {name}, {start}.",
    "plan_no_fit": "no cabe con el resto de la semana.",
    "plan_no_program": "la región no tiene en la lista ninguna clínica de metadona que sirva y abra a esas horas.",
    "plan_program_far": "la más cercana, {name}, no permite ir y volver en su horario ({ways}).",
    "plan_program_curfew": "el horario de {name} y los trayectos caen dentro del toque de queda.",
    "plan_program_busy": "no hay tiempo para {name} ({days}): está cerrada, queda lejos a esa hora o hay otra cosa.",
    "plan_no_meetings": "la región no tiene en la lista ninguna reunión que sirva.",
    "plan_few_meetings": "{fit} sesiones a hora fija sirven, {held} se celebran con seguridad esta semana; a {near} se "
    "puede ir desde casa y volver, {in_time} antes del toque de queda; {met} caben con todo lo demás.",
    "plan_later_curfew": "Toque de queda a las {to} en vez de {now} ({minutes} min más tarde).",
    "plan_later_start": "Trabajar desde las {to} en vez de {now} ({minutes} min más tarde).",
    "plan_earlier_end": "Trabajar hasta las {to} en vez de {now} ({minutes} min antes).",
    "plan_longer_walk": "Caminatas de hasta {to} minutos en vez de {now}.",
    "plan_bicycle": "Una bicicleta.",
    "plan_car": "Un coche.",
    "plan_no_curfew": "Sin toque de queda, o con permiso para esto.",
    "plan_fewer_meetings": "{to} reuniones por semana en vez de {now}.",
    "plan_note_stay_away": "Esta casa está en una zona de la que debe mantenerse lejos.",
    "plan_note_work": "No se sabe dónde está el trabajo, así que no se planean los trayectos.",
    "plan_note_no_meetings": "No tenemos datos sobre reuniones en esta región.",
    "plan_note_all_day": "Abiertas todo el día, y por eso sin hora en el plan: {count} de las reuniones que sirven. Se "
    "puede ir a cualquier hora.",
    "plan_note_closed_holiday": "{day}: {holiday}, y {name} está cerrada: puede dar antes la dosis de ese día, para "
    "tomarla en casa (42 CFR 8.12(i)). Pregunte allí antes.",
    "plan_note_holiday": "{day}: {holiday}. Pregunte en {name} si cambia su horario.",
    "plan_note_ended": common.WORDS["timetable_over"][1],
    "plan_note_no_timetable": "La región no tiene horario de autobuses; solo se buscó por las calles.",
}
WAYS_SPANISH: dict[str, str] = {
    "no-car": "a pie o en autobús",
    "bicycle": "a pie, en autobús o bicicleta",
    "car": "a pie, en autobús, bicicleta o coche",
    "wheelchair": "sin escalones, en silla de ruedas o autobús",
}

WORDS: dict[str, tuple[str, str]] = {
    **{key: (english, SPANISH[key]) for key, english in SENTENCES.items()},
    **{f"plan_ways_{profile}": (english, WAYS_SPANISH[profile]) for profile, english in WAYS.items()},
    "plan_ways": ("{ways}, walks up to {minutes} min", "{ways}, caminatas de hasta {minutes} min"),
    "week_title": ("A week from {home}", "Una semana desde {home}"),
    "week_why": (
        "Dose, work, appointments and meetings, each with its journeys, home by curfew.",
        "Dosis, trabajo, citas y reuniones, cada una con sus trayectos, en casa a la hora.",
    ),
    "week_make": ("Plan the week", "Planificar la semana"),
    "week_working": ("Finding the best week …", "Buscando la mejor semana …"),
    "week_feasible": (
        "Everything asked for fits into the week: {meetings} meetings on {days} days, {hours} hours of travel.",
        "Todo lo pedido cabe en la semana: {meetings} reuniones en {days} días, {hours} horas de viaje.",
    ),
    "week_infeasible": ("Not everything fits into the week.", "No todo cabe en la semana."),
    "week_unmet": ("What can't be met", "Lo que no se puede cumplir"),
    "week_unmet_row": ("{demand}: {why}", "{demand}: {why}"),
    "week_helps": ("What would help, the nearest first", "Lo que ayudaría, primero lo más cercano"),
    "week_helps_all": ("{change} Then everything fits.", "{change} Entonces todo cabe."),
    "week_helps_left": ("{change} Then {count} would still not fit.", "{change} Entonces {count} aún no cabría."),
    "week_no_help": ("No single change we tried would help.", "Ningún cambio por sí solo ayudaría."),
    "week_at_home": ("At home", "En casa"),
    "week_home": ("home", "casa"),
    "week_home_until": ("Home until {time}", "En casa hasta las {time}"),
    "week_home_night": ("Home for the night", "En casa por la noche"),
    "week_trip": (
        "{minutes} min {how}: leave {leave}, there {arrive}",
        "{minutes} min {how}: salir {leave}, llegar {arrive}",
    ),
    "week_kind_work": ("Work", "Trabajo"),
    "week_kind_appointment": ("Appointment", "Cita"),
    "week_kind_dose": ("Dose", "Dosis"),
    "week_kind_meeting": ("Meeting", "Reunión"),
    "week_kind_home": ("Home", "Casa"),
    "week_timetable": ("bus timetable of {date}", "horario de autobuses del {date}"),
}
