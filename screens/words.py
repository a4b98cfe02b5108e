"""Every word of the screens, in English and Spanish: one catalogue, one way to ask for a sentence.

Plain and person-first, about grade 7. "Can't be reached" and "we have no data" are always different sentences.
A test fails when a language lacks a word or a sentence names other values than its sister does.
"""

from dataclasses import dataclass

LANGUAGES = {"en": "English", "es": "Español"}


@dataclass(frozen=True)
class Say:
    """Says things in one language."""

    language: str

    def __call__(self, key: str, **values: object) -> str:
        """Return the sentence called `key`, with its values filled in."""
        return WORDS[key][tuple(LANGUAGES).index(self.language)].format(**values)

    def or_else(self, key: str, otherwise: str) -> str:
        """Return the words called `key`, or others where the catalogue has none."""
        return self(key) if key in WORDS else otherwise


WORDS: dict[str, tuple[str, str]] = {
    # frame
    "title": ("Recovery Reach", "Recovery Reach"),
    "tagline": (
        "Which support can you really reach from home?",
        "¿A qué apoyo puede llegar de verdad desde su casa?",
    ),
    "crisis": ("In crisis? Call or text 988", "¿En crisis? Llame o escriba al 988"),
    "language": ("Language", "Idioma"),
    "planning_aid": (
        "This is a planning aid, not a clinical instrument. Call before you go: times and services change.",
        "Esto es una ayuda para planificar, no un instrumento clínico. Llame antes de ir: todo cambia.",
    ),
    "privacy": (
        "Nothing you click or type here is stored or leaves this machine.",
        "Nada de lo que pulse o escriba aquí se guarda ni sale de este equipo.",
    ),
    "sources": ("Sources and licences", "Fuentes y licencias"),
    "problem": (
        "Something went wrong on our side. Nothing you entered was stored. Reload the page, or choose another place.",
        "Algo falló de nuestro lado. No se guardó nada. Vuelva a cargar la página o elija otro lugar.",
    ),
    # region
    "region": ("Region", "Región"),
    "no_region": ("There is no region on this machine yet.", "Todavía no hay ninguna región en este equipo."),
    "no_region_hint": (
        "Run “recovery-reach demo” in a terminal to build the demo region, then reload this page.",
        "Ejecute «recovery-reach demo» en una terminal para crear la región de prueba y vuelva a cargar esta página.",
    ),
    "fictional": (
        "This county is fictional. Its places, people and bus lines are invented, to try the app out.",
        "Este condado es ficticio. Sus lugares, personas y autobuses son inventados, para probar la aplicación.",
    ),
    "fictional_map": ("Fictional data", "Datos ficticios"),
    "osm": ("© OpenStreetMap contributors", "© Colaboradores de OpenStreetMap"),
    "fresh": ("Data fetched {date}", "Datos obtenidos el {date}"),
    "timetable": ("Bus timetable valid {start} to {end}", "Horario de autobuses válido del {start} al {end}"),
    "timetable_none": (
        "We have no bus timetable for this region.",
        "No tenemos horario de autobuses para esta región.",
    ),
    "timetable_over": (
        "The bus timetable ended on {end}: bus times may be out of date.",
        "El horario de autobuses terminó el {end}: los tiempos pueden haber cambiado.",
    ),
    "counts": ("{resources} places, {sessions} weekly sessions", "{resources} lugares, {sessions} sesiones por semana"),
    # asking
    "ask": ("Where is home?", "¿Dónde está la casa?"),
    "ask_hint": (
        "Address, crossing, place or latitude, longitude",
        "Dirección, cruce, lugar o latitud, longitud",
    ),
    "find": ("Find", "Buscar"),
    "or_click": (
        "Or click the map. With the keyboard: move the map with the arrow keys, then press Enter.",
        "O pulse en el mapa. Con el teclado: mueva el mapa con las flechas y pulse Intro.",
    ),
    "found_many": ("Did you mean one of these?", "¿Quiso decir uno de estos?"),
    "not_found": ("We could not find “{text}” here.", "No encontramos «{text}» aquí."),
    "not_found_hint": (
        "Try the street and number, two streets with “and” between them, or click the map.",
        "Pruebe la calle y el número, dos calles con «y» entre ellas, o pulse en el mapa.",
    ),
    "outside": (
        "That spot is outside the region, or too far from any street (for example in a river).",
        "Ese punto está fuera de la región o demasiado lejos de una calle (por ejemplo, en un río).",
    ),
    "outside_hint": (
        "Click on or next to a street, or type an address.",
        "Pulse sobre una calle o al lado, o escriba una dirección.",
    ),
    "your_place": ("The place you chose", "El lugar que eligió"),
    "start_here": ("Choose a home to begin", "Elija una casa para empezar"),
    "start_here_why": (
        "You will see how much support for recovery is within reach from there: health, home, purpose and community.",
        "Verá cuánto apoyo para la recuperación está al alcance desde allí: salud, hogar, propósito y comunidad.",
    ),
    "working": ("Working out what is in reach …", "Calculando lo que está al alcance …"),
    # travel
    "mode": ("How do you get around?", "¿Cómo se mueve?"),
    "mode_walk": ("On foot", "A pie"),
    "mode_bike": ("Bicycle", "Bicicleta"),
    "mode_transit": ("Bus", "Autobús"),
    "by_walk": ("{minutes} min on foot", "{minutes} min a pie"),
    "by_bike": ("{minutes} min by bicycle", "{minutes} min en bicicleta"),
    "by_transit": ("{minutes} min by bus", "{minutes} min en autobús"),
    "by_drive": ("{minutes} min by car", "{minutes} min en coche"),
    "departing": (
        "Leaving between 8 and 9 in the morning on {date}; half of the departures are at least this quick.",
        "Saliendo entre las 8 y las 9 de la mañana del {date}; la mitad de las salidas son al menos así de rápidas.",
    ),
    "any_time": ("At any time of day.", "A cualquier hora."),
    "minutes": ("{minutes} min", "{minutes} min"),
    "area": ("Reached within {minutes} min", "Al alcance en {minutes} min"),
    "legend": ("What the signs mean", "Qué significan los signos"),
    "legend_faint": ("Small and pale: out of reach", "Pequeño y pálido: fuera de alcance"),
    "map": ("Map of the region and what is in reach", "Mapa de la región y de lo que está al alcance"),
    "from_here": ("Look from here", "Mirar desde aquí"),
    "zoom_in": ("Zoom in", "Acercar"),
    "zoom_out": ("Zoom out", "Alejar"),
    # score
    "score": ("How much support is in reach", "Cuánto apoyo está al alcance"),
    "of_100": ("of 100", "de 100"),
    "health": ("Health", "Salud"),
    "home": ("Home", "Hogar"),
    "purpose": ("Purpose", "Propósito"),
    "community": ("Community", "Comunidad"),
    "health_means": ("Treatment, doctors, pharmacies", "Tratamiento, médicos, farmacias"),
    "home_means": (
        "Recovery residences, food, household basics",
        "Residencias de recuperación, comida, lo básico del hogar",
    ),
    "purpose_means": ("Work, learning, childcare", "Trabajo, estudios, cuidado infantil"),
    "community_means": ("Meetings, peers, places to gather", "Reuniones, compañeros, lugares de encuentro"),
    "dimension_nodata": ("no data", "sin datos"),
    "weakest": ("Weakest", "Más débil"),
    "band": (
        "With other reasonable weights it would lie between {low} and {high}.",
        "Con otros pesos razonables estaría entre {low} y {high}.",
    ),
    "confidence": ("Confidence in the data: {percent} of 100.", "Confianza en los datos: {percent} de 100."),
    "profile": (
        "For a person without a car: on foot and by bus.",
        "Para una persona sin coche: a pie y en autobús.",
    ),
    # meetings
    "week": ("Meetings through the week", "Reuniones durante la semana"),
    "week_covered": (
        "{days} of 7 days have a meeting you can get to and back from.",
        "{days} de 7 días tienen una reunión a la que puede ir y de la que puede volver.",
    ),
    "week_empty": ("No meeting in reach on {days}.", "Ninguna reunión al alcance: {days}."),
    "week_full": ("There is one every day.", "Hay una todos los días."),
    "week_meetings": ("{count} in reach", "{count} al alcance"),
    "week_nodata": (
        "We have no data on meetings in this region.",
        "No tenemos datos sobre reuniones en esta región.",
    ),
    "day_0": ("Monday", "lunes"),
    "day_1": ("Tuesday", "martes"),
    "day_2": ("Wednesday", "miércoles"),
    "day_3": ("Thursday", "jueves"),
    "day_4": ("Friday", "viernes"),
    "day_5": ("Saturday", "sábado"),
    "day_6": ("Sunday", "domingo"),
    "short_0": ("Mon", "Lun"),
    "short_1": ("Tue", "Mar"),
    "short_2": ("Wed", "Mié"),
    "short_3": ("Thu", "Jue"),
    "short_4": ("Fri", "Vie"),
    "short_5": ("Sat", "Sáb"),
    "short_6": ("Sun", "Dom"),
    "and": ("and", "y"),
    # why
    "why": ("Why this score", "Por qué este resultado"),
    "why_reach": (
        "{what}: {percent} of 100. The nearest is {name}, {how}.",
        "{what}: {percent} de 100. Lo más cercano es {name}, {how}.",
    ),
    "why_score": ("{what}: {percent} of 100.", "{what}: {percent} de 100."),
    "why_jobs": (
        "Jobs: {percent} of 100, for the jobs you can get to, set against the workers who can get to them too.",
        "Empleos: {percent} de 100, por los empleos que puede alcanzar, frente a los trabajadores que también llegan.",
    ),
    "why_meetings": (
        "Meetings: {percent} of 100. {count} a week are within reach, there and back.",
        "Reuniones: {percent} de 100. {count} por semana están al alcance, de ida y vuelta.",
    ),
    "why_unreachable": (
        "{what}: there are some in this region, but none you can reach in the time that counts.",
        "{what}: hay en esta región, pero ninguno al que pueda llegar en el tiempo que cuenta.",
    ),
    "why_nodata": (
        "{what}: we have no data on this for the region, so it is left out of the score.",
        "{what}: no tenemos datos sobre esto en la región, por eso no cuenta en el resultado.",
    ),
    "unknown_age": (
        "Most records are old or undated: check before you rely on one.",
        "La mayoría de los registros son antiguos o sin fecha: compruebe antes de confiar en uno.",
    ),
    "unknown_location": (
        "{percent} of 100 places have only an approximate position.",
        "{percent} de cada 100 lugares tienen solo una posición aproximada.",
    ),
    "raise": ("{change}: {gain} more, {total} in all.", "{change}: {gain} más, {total} en total."),
    "change_more": ("One more nearby: {what}", "Uno más cerca: {what}"),
    "change_meeting": ("One more meeting nearby, on {day}", "Una reunión más cerca, el {day}"),
    "change_late_bus": ("A bus home until 23:00", "Un autobús a casa hasta las 23:00"),
    "change_bicycle": ("A bicycle", "Una bicicleta"),
    "change_car": ("A car", "Un coche"),
    "limits": ("What holds it down", "Qué lo frena"),
    "helps": ("What carries it", "Qué lo sostiene"),
    "raises": ("What would raise it", "Qué lo mejoraría"),
    "unknown": ("What we don't know", "Lo que no sabemos"),
    "nothing": ("Nothing in particular.", "Nada en particular."),
    # table
    "places": ("Places on the map", "Lugares en el mapa"),
    "show": ("Show", "Mostrar"),
    "all": ("All", "Todo"),
    "table_caption": (
        "{count} places within {minutes} min, nearest first. {out} more are out of reach.",
        "{count} lugares en {minutes} min, primero los más cercanos. Otros {out} quedan fuera de alcance.",
    ),
    "table_idle": (
        "{count} places in the region. Choose a home to see how far they are.",
        "{count} lugares en la región. Elija una casa para ver a qué distancia están.",
    ),
    "more": ("The {count} nearest are listed.", "Se muestran los {count} más cercanos."),
    "place": ("Place", "Lugar"),
    "time": ("Time", "Tiempo"),
    "dimension": ("Supports", "Apoya"),
    "number": ("Number", "Cantidad"),
    "address": ("Address", "Dirección"),
    "contact": ("Contact", "Contacto"),
    "website": ("Website", "Sitio web"),
    "out_of_reach": ("out of reach", "fuera de alcance"),
    "unreachable_by": (
        "{what}: none can be reached {how} in {minutes} min.",
        "{what}: no se puede llegar a ninguno {how} en {minutes} min.",
    ),
    "no_data_on": (
        "{what}: we have no data for this region.",
        "{what}: no tenemos datos para esta región.",
    ),
    "how_walk": ("on foot", "a pie"),
    "how_bike": ("by bicycle", "en bicicleta"),
    "how_transit": ("by bus", "en autobús"),
    "not_in_reach": ("Not in reach from here", "Fuera de alcance desde aquí"),
    # categories
    "opioid_treatment_program": ("Methadone clinic", "Clínica de metadona"),
    "buprenorphine_prescriber": ("Buprenorphine prescriber", "Recetas de buprenorfina"),
    "substance_use_clinic": ("Substance use clinic", "Clínica de uso de sustancias"),
    "mental_health": ("Mental health care", "Salud mental"),
    "primary_care": ("Doctor or health center", "Médico o centro de salud"),
    "hospital": ("Hospital", "Hospital"),
    "pharmacy": ("Pharmacy", "Farmacia"),
    "harm_reduction": ("Harm reduction", "Reducción de daños"),
    "recovery_residence": ("Recovery residence", "Residencia de recuperación"),
    "transitional_housing": ("Transitional housing", "Vivienda de transición"),
    "food": ("Food", "Alimentos"),
    "household_basics": ("Household basics", "Lo básico del hogar"),
    "employment_service": ("Help finding work", "Ayuda para encontrar trabajo"),
    "education": ("Classes and learning", "Clases y estudios"),
    "volunteering": ("Volunteering", "Voluntariado"),
    "childcare": ("Childcare", "Cuidado infantil"),
    "meeting": ("Meeting", "Reunión"),
    "recovery_community_center": ("Recovery community center", "Centro comunitario de recuperación"),
    "peer_support": ("Peer support", "Apoyo entre pares"),
    "gathering_place": ("Place to gather", "Lugar de encuentro"),
    # classes of the score
    "class_opioid_treatment_program": ("Methadone clinics", "Clínicas de metadona"),
    "class_other_medication": ("Medication for opioid use", "Medicación para el uso de opioides"),
    "class_substance_use_clinic": ("Substance use clinics", "Clínicas de uso de sustancias"),
    "class_mental_health": ("Mental health care", "Salud mental"),
    "class_primary_care": ("Doctors and health centers", "Médicos y centros de salud"),
    "class_pharmacy": ("Pharmacies", "Farmacias"),
    "class_harm_reduction": ("Harm reduction", "Reducción de daños"),
    "class_hospital": ("Hospitals", "Hospitales"),
    "class_recovery_beds": ("Beds in recovery residences", "Camas en residencias de recuperación"),
    "class_household": ("Food and household basics", "Alimentos y lo básico del hogar"),
    "class_own_home": ("This home is a recovery residence", "Esta casa es una residencia de recuperación"),
    "class_jobs": ("Jobs", "Empleos"),
    "class_employment_service": ("Help finding work", "Ayuda para encontrar trabajo"),
    "class_education": ("Classes and learning", "Clases y estudios"),
    "class_volunteering": ("Volunteering", "Voluntariado"),
    "class_childcare": ("Childcare", "Cuidado infantil"),
    "class_meetings": ("Meetings", "Reuniones"),
    "class_recovery_community_center": ("Recovery community centers", "Centros comunitarios de recuperación"),
    "class_peer_support": ("Peer support", "Apoyo entre pares"),
    "class_gathering_places": ("Places to gather", "Lugares de encuentro"),
}
