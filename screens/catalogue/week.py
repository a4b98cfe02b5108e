"""Words of the week plan. The English sentences are the plan's own (`geo/plan/messages.py`)."""

from geo.plan.messages import SENTENCES, WAYS
from geo.plurals import Plural

WORDS: dict[str, str | Plural] = {
    **SENTENCES,
    **{f"plan_ways_{profile}": english for profile, english in WAYS.items()},
    "plan_ways": "{ways}, walks up to {minutes} min",
    "week_title": "A week from {home}",
    "week_why": "Dose, work, appointments and meetings, each with its journeys, home by curfew.",
    "week_make": "Plan the week",
    "week_working": "Finding the best week …",
    "week_feasible": "Everything asked for fits into the week: {meetings} on {days}, {hours} of travel.",
    "week_meetings_held": Plural("1 meeting", "{count} meetings"),
    "week_days_held": Plural("1 day", "{count} days"),
    "week_hours": Plural("1 hour", "{count} hours"),
    "week_infeasible": "Not everything fits into the week.",
    "week_unmet": "What can't be met",
    "week_unmet_row": "{demand}: {why}",
    "week_helps": "What would help, the nearest first",
    "week_helps_all": "{change} Then everything fits.",
    "week_helps_left": Plural("{change} Then 1 would still not fit.", "{change} Then {count} would still not fit."),
    "week_no_help": "No single change we tried would help.",
    "week_at_home": "At home",
    "week_home": "home",
    "week_home_until": "Home until {time}",
    "week_home_night": "Home for the night",
    "week_trip": "{minutes} min {how}: leave {leave}, there {arrive}",
    "week_kind_work": "Work",
    "week_kind_appointment": "Appointment",
    "week_kind_dose": "Dose",
    "week_kind_meeting": "Meeting",
    "week_kind_home": "Home",
    "week_timetable": "bus timetable of {date}",
}
