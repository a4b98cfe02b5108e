"""Every key of a needs file, declared once: reading, writing and the help of the form are made from it."""

from dataclasses import dataclass
from typing import Literal

from geo.tables import SECTORS

PROFILES = ("no-car", "bicycle", "car", "wheelchair")
MEDICATIONS = ("methadone", "buprenorphine", "naltrexone")
WAGES = ("low", "mid", "high")
HOUSE_FACTS = ("peer_run", "shared_meals", "house_meetings", "activities")
"""What a house of the social model may have: columns of RESOURCES."""
NO_WORK = "no_work_required"
AROUND, RIDE_THROUGH, ANYWHERE = "around", "ride_through", "anywhere"


NeedKind = Literal[
    "choice", "texts", "number", "count", "flag", "curfew", "window", "days", "shifts", "place", "places", "areas",
    "appointments",
]  # fmt: skip


@dataclass(frozen=True)
class Need:
    """One key of a needs file: what it holds, means, and may contain."""

    name: str
    kind: NeedKind
    meaning: str
    unit: str = ""
    allowed: tuple[str, ...] = ()
    minimum: float = 0
    maximum: float = 0


NEEDS = (
    Need("profile", "choice", "How the person gets around; buses and trains come with each", "",
         (*PROFILES, "suspended-license")),
    Need("walk_kph", "number", "Walking speed on the flat", "km/h", (), 0.5, 12),
    Need("bike_kph", "number", "Cycling speed on the flat", "km/h", (), 3, 45),
    Need("max_walk_minutes", "number", "Longest walk, also to and from a stop", "minutes", (), 0, 120),
    Need("curfew", "curfew", "By when the person must be home"),
    Need("shifts", "shifts", "Hours of work through the week; what overlaps with them can't be attended"),
    Need("work_place", "place", "Where the work is; the week plan needs it for the journeys"),
    Need("wages", "texts", "Wages of the jobs looked for: up to 1,250, up to 3,333, or over 3,333 dollars a month", "",
         WAGES),
    Need("sectors", "texts", "Kinds of work looked for", "", SECTORS),
    Need("medications", "texts", "Medications the person takes; houses must accept them, clinics must offer them", "",
         MEDICATIONS),
    Need("doses_per_week", "count", "How many doses of methadone a week are taken at the clinic", "doses", (), 1, 7),
    Need("dose_days", "days", "On which days the dose is taken at the clinic"),
    Need("dose_window", "window", "Between which hours the person can go for the dose"),
    Need("fellowships", "texts", "Fellowships the person attends; none means all but groups of families and friends"),
    Need("formats", "texts", "Formats of meetings the person looks for; none chosen means any"),
    Need("languages", "texts", "Languages of meetings and services, as ISO 639-1 codes; none chosen means any"),
    Need("meetings_per_week", "count", "How many meetings a week are asked for", "meetings", (), 0, 21),
    Need("gender", "choice", "Whom houses, services and meetings must serve", "", ("women", "men", "nonbinary")),
    Need("age", "count", "Age, for houses and services that serve certain ages", "years", (), 12, 110),
    Need("with_children", "flag", "Children live with the person; houses and services must take them"),
    Need("childcare", "flag", "Childcare is needed; it then counts in the score"),
    Need("payment", "texts", "How services can be paid; what is free always fits"),
    Need("weekly_budget_usd", "number", "The most that can be paid for rent", "US dollars a week", (), 0, 100_000),
    Need("required_level", "choice", "Level of support that a court or program asks of the house (NARR)", "",
         ("1", "2", "3", "4")),
    Need("house_model", "texts", "How life in the house should be: run by its residents or peers, shared meals, house "
         "meetings, activities, no work or school asked for", "", (*HOUSE_FACTS, NO_WORK)),
    Need("least_stay_days", "count", "How long the person wants to be able to stay, at least", "days", (), 1, 3650),
    Need("stay_away", "areas", "Areas to stay away from; a home inside one is flagged"),
    Need("stay_away_trips", "choice", "How trips keep out of these areas: all of them go around, or a bus or train may "
         "ride through without a stop in them, or they may go anywhere and say where they enter", "",
         (AROUND, RIDE_THROUGH, ANYWHERE)),
    Need("saved_places", "places", "Places the person goes to, such as a court"),
    Need("appointments", "appointments", "Weekly appointments, such as a court or a probation office"),
)  # fmt: skip
"""Every key of a needs file, in the order of a form."""

BY_NAME = {need.name: need for need in NEEDS}
