"""The vocabulary: every column of every table, declared once.

Validation (`validate`), the data dictionary (`docs/data-dictionary.md`) and the app's help texts are all
made from these declarations. Multi-valued cells are text joined by `;` in sorted order, so that a table
survives CSV, Parquet and a spreadsheet unchanged.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from geo.errors import InputError

if TYPE_CHECKING:
    import pandera.pandas as pa

DIMENSIONS = ("health", "home", "purpose", "community")

CATEGORIES: dict[str, str] = {
    "opioid_treatment_program": "health",
    "buprenorphine_prescriber": "health",
    "substance_use_clinic": "health",
    "mental_health": "health",
    "primary_care": "health",
    "hospital": "health",
    "pharmacy": "health",
    "harm_reduction": "health",
    "recovery_residence": "home",
    "transitional_housing": "home",
    "food": "home",
    "household_basics": "home",
    "employment_service": "purpose",
    "education": "purpose",
    "volunteering": "purpose",
    "childcare": "purpose",
    "meeting": "community",
    "recovery_community_center": "community",
    "peer_support": "community",
    "gathering_place": "community",
}
"""Category of a resource → the dimension it supports. Jobs are zones, not resources."""

PRECISIONS = ("rooftop", "street", "approximate", "hidden")
EXACT_PRECISIONS = ("rooftop", "street")
ATTENDANCE = ("in_person", "online", "hybrid")
MODES = ("walk", "bike", "drive", "transit")
SECTORS = tuple(f"jobs_cns{number:02d}" for number in range(1, 21))
"""Job columns by LODES sector: CNS01 agriculture … CNS20 public administration."""

RACES = ("white", "black", "native", "asian", "pacific", "other", "several", "hispanic")
"""Races alone or several, as the Census counts them, and (of any race) Hispanic or Latino."""
WORKER_RACES = tuple(race for race in RACES if race != "other")
"""Those by which LODES counts workers."""

WEEKS = ("1", "2", "3", "4", "5", "last", "alternate", "monthly")
"""In which weeks a session is held, see `geo.needs.occurrence`."""

PAY = (
    ("low", "up to 1,250 dollars a month"),
    ("mid", "1,251 to 3,333 dollars a month"),
    ("high", "over 3,333 dollars a month"),
)
"""Wage bands of LODES → what they mean."""

Kind = Literal["text", "number", "integer", "boolean", "date"]
DTYPES: dict[str, str] = {
    "text": "string",
    "number": "float64",
    "integer": "Int64",
    "boolean": "boolean",
    "date": "string",  # ISO 8601: sorts, compares and survives every file format
}


@dataclass(frozen=True)
class Column:
    """One column: what it is called, holds, means, and may contain.

    `joined`: several of the `allowed`, or any words, between `;`. `longest`: the most letters of a text; what a feed
    gives beyond them is cut, or left out where a part of it would say something else (`whole`), and that is told
    (`sources.cleaning.cells`).
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    required: bool = False
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    joined: bool = False
    longest: int | None = None
    whole: bool = False


@dataclass(frozen=True)
class Table:
    """A named table and its columns, in order."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """Return the column names in their declared order."""
        return [column.name for column in self.columns]


_LON = Column("lon", "number", "Longitude (WGS 84)", "degrees", True, minimum=-180, maximum=180)
_LAT = Column("lat", "number", "Latitude (WGS 84)", "degrees", True, minimum=-90, maximum=90)

RESOURCES = Table(
    "resources",
    "Places that support recovery, one row per place and service.",
    (
        Column(
            "resource_id", "text", "Stable id: the source's name, a colon, the source's own id", "", True, longest=300
        ),
        Column("source", "text", "Which source listed it", "", True),
        Column("also_listed_by", "text", "Ids of the same place in other sources", joined=True),
        Column("name", "text", "Name as published", "", True, longest=200),
        Column("dimension", "text", "SAMHSA dimension it supports", "", True, DIMENSIONS),
        Column("category", "text", "What kind of support it is", "", True, tuple(CATEGORIES)),
        replace(_LON, meaning="Longitude (WGS 84); empty only where attendance is online", required=False),
        replace(_LAT, meaning="Latitude (WGS 84); empty only where attendance is online", required=False),
        Column("location_precision", "text", "How exact the position is", "", True, PRECISIONS),
        Column("address", "text", "Street address as published", longest=400),
        Column("venue", "text", "Name of the place where it is held, such as a church or a library", longest=200),
        Column("notes", "text", "What its publisher tells those who come: which door, what to bring", longest=2000),
        Column("phone", "text", "Public telephone number", longest=60),
        Column(
            "call_hours",
            "text",
            "When a house answers its telephone, in OpenStreetMap syntax of opening hours",
            longest=500,
            whole=True,
        ),
        Column("url", "text", "Public web page (http or https)", longest=2000, whole=True),
        Column("join_url", "text", "Where one joins a meeting that is held online", longest=2000, whole=True),
        Column("join_phone", "text", "What one calls to join a meeting that is held online", longest=60),
        Column("fellowship", "text", "Fellowship of a meeting, e.g. AA, NA, Al-Anon", joined=True, longest=200),
        Column(
            "formats",
            "text",
            "Meeting formats in plain words: open; women; young people; beginners …",
            joined=True,
            longest=500,
        ),
        Column("languages", "text", "Languages as ISO 639-1 codes", joined=True, longest=200),
        Column("genders", "text", "Genders served: women; men; all", longest=100),
        Column("ages", "text", "Age groups served", longest=100),
        Column("children", "boolean", "A person may live or come here with children"),
        Column("wheelchair", "boolean", "Step-free access"),
        Column(
            "medications", "text", "Medications offered: methadone; buprenorphine; naltrexone", joined=True, longest=200
        ),
        Column(
            "payment",
            "text",
            "Payment accepted: medicaid; medicare; sliding_scale; free; self_pay …",
            joined=True,
            longest=500,
        ),
        Column("beds", "integer", "Beds in all", "beds", minimum=0),
        Column("open_beds", "integer", "Beds free on the day of `verified_on`", "beds", minimum=0),
        Column("weekly_rent_usd", "number", "Rent", "US dollars a week", minimum=0),
        Column("certification_level", "text", "NARR level (a kind of support, not a rank): 1, 2, 3 or 4", longest=60),
        Column("certified", "boolean", "Certified by a NARR affiliate or chartered by Oxford House"),
        Column("house_rules", "text", "House rules in the operator's words", longest=1000),
        Column("curfew", "text", "Time by which residents are home, HH:MM", longest=60),
        Column("accepts_moud", "boolean", "Accepts people who take medication for opioid use disorder"),
        Column("peer_run", "boolean", "A house run by its residents, or by peers who live there"),
        Column("shared_meals", "boolean", "Residents of a house eat together regularly"),
        Column("house_meetings", "boolean", "Residents of a house hold meetings of their own"),
        Column("activities", "boolean", "A house holds activities for its residents, such as outings or classes"),
        Column("work_required", "boolean", "A house asks its residents for work, school or volunteering"),
        Column("stay_limit_days", "integer", "Longest stay in a house; 0 = no limit", "days", minimum=0),
        Column("capacity", "number", "Slots where a source states them", "people", minimum=0),
        Column("opening_hours", "text", "Opening hours in OpenStreetMap syntax", longest=2000, whole=True),
        Column("attendance", "text", "In person, online or both", "", False, ATTENDANCE),
        Column("verified_on", "date", "When the publisher last confirmed it"),
        Column("retrieved_on", "date", "When we fetched it"),
        Column("license", "text", "License of the source"),
    ),
    key=("resource_id",),
)

EXPOSURE = Table(
    "exposure",
    "Places a person may wish to keep away from; shown on request, never part of the score.",
    (
        Column(
            "exposure_id", "text", "Stable id: the source's name, a colon, the source's own id", "", True, longest=300
        ),
        Column("source", "text", "Which source listed it", "", True),
        Column("name", "text", "Name as published", longest=200),
        Column("category", "text", "What it is", "", True, ("alcohol", "cannabis", "gambling")),
        _LON,
        _LAT,
    ),
    key=("exposure_id",),
)

SESSIONS = Table(
    "sessions",
    "Sessions of resources (meetings, mobile units), one row per weekday and time; weekly, unless `weeks` says less.",
    (
        Column("resource_id", "text", "The resource that meets", "", True),
        Column("weekday", "integer", "0 = Monday … 6 = Sunday (day the session starts)", "", True, (), 0, 6),
        Column("start_minute", "integer", "Start, after midnight", "minutes", True, (), 0, 1439),
        Column("end_minute", "integer", "End, after the midnight of the starting day", "minutes", True, (), 0, 2880),
        Column("time_zone", "text", "IANA time zone", "", True),
        Column(
            "weeks",
            "text",
            "In which weeks; empty = every week: 1 … 5 (which such weekday of a month); last; alternate (every other "
            "week) or monthly where it isn't said in which",
            allowed=WEEKS,
            joined=True,
        ),
    ),
)

ZONES = Table(
    "zones",
    "Small areas with people, workers and jobs; a point where no outline is published.",
    (
        Column("zone_id", "text", "Census GEOID or the file's own id; always text", "", True, longest=150),
        _LON,
        _LAT,
        Column("population", "number", "Residents", "people", minimum=0),
        Column("workers", "number", "Employed residents", "people", minimum=0),
        Column("need", "number", "People expected to need recovery housing; empty = unknown", "people", minimum=0),
        Column(
            "vulnerability", "number", "Social vulnerability of its tract: percentile rank, 1 = highest", "", minimum=0
        ),
        *(
            Column(f"{name}_percent", "number", f"{who} of its block group or tract {what}", "%", minimum=0)
            for name, who, what in (
                ("uninsured", "People", "without health insurance"),
                ("no_car", "Households", "without a vehicle"),
                ("poverty", "People", "with an income below the poverty line"),
                ("under_18", "People", "under 18 years of age"),
                ("over_64", "People", "65 years of age or older"),
            )
        ),
        Column(
            "county_overdose_deaths", "number", "Drug overdose deaths in its county in 12 months", "deaths", minimum=0
        ),
        Column("jobs", "number", "Jobs located here", "jobs", minimum=0),
        *(Column(f"jobs_{wage}_wage", "number", f"Jobs paying {pay}", "jobs", minimum=0) for wage, pay in PAY),
        *(Column(name, "number", f"Jobs in LODES sector {name[5:].upper()}", "jobs", minimum=0) for name in SECTORS),
        Column("income_usd", "number", "Median income of a household", "US dollars a year", minimum=0),
        *(Column(f"workers_{wage}_wage", "number", f"Workers paid {pay}", "people", minimum=0) for wage, pay in PAY),
        *(
            Column(f"workers_{race}", "number", f"Workers by race: {race}", "people", minimum=0)
            for race in WORKER_RACES
        ),
        *(Column(f"people_{race}", "number", f"Residents by race: {race}", "people", minimum=0) for race in RACES),
    ),
    key=("zone_id",),
)
"""Empty `jobs` (or `workers`, `need` …) throughout means that the region has no data on it."""

MINUTES = Table(
    "minutes",
    "Travel times; a pair that is absent can't be reached within the limit.",
    (
        Column("origin_id", "text", "Id of the origin", "", True),
        Column("destination_id", "text", "Id of the destination", "", True),
        Column("mode", "text", "Mode of travel", "", True, MODES),
        Column("percentile", "integer", "Percentile over the departure window; empty without one", "%"),
        Column("minutes", "number", "Travel time, door to door", "minutes", True, minimum=0),
    ),
)

OPENINGS = Table(
    "openings",
    "Jobs on offer when they were fetched; a layer of the map, never part of the score.",
    (
        Column(
            "opening_id", "text", "Stable id: the source's name, a colon, the source's own id", "", True, longest=300
        ),
        Column("source", "text", "Which source listed it", "", True),
        Column("title", "text", "Title as published", "", True, longest=200),
        Column("employer", "text", "Employer as published", longest=200),
        replace(_LON, meaning="Longitude (WGS 84); empty only where the work is done from anywhere", required=False),
        replace(_LAT, meaning="Latitude (WGS 84); empty only where the work is done from anywhere", required=False),
        Column("location_precision", "text", "How exact the position is", "", True, PRECISIONS),
        Column("place", "text", "The place in words, as published", longest=200),
        Column("remote", "boolean", "The work is done from anywhere"),
        Column("hours", "text", "Full or part time", "", False, ("full_time", "part_time")),
        Column("pay_from_usd", "number", "Least pay", "US dollars a pay period", minimum=0),
        Column("pay_to_usd", "number", "Most pay", "US dollars a pay period", minimum=0),
        Column("pay_period", "text", "What the pay is for", "", False, ("hour", "day", "week", "month", "year")),
        Column("pay_is_estimated", "boolean", "The source guessed the pay; the employer doesn't say it"),
        Column("posted_on", "date", "When it was published"),
        Column("closes_on", "date", "Last day to apply"),
        Column("url", "text", "Public web page (http or https)", longest=2000, whole=True),
        Column("retrieved_on", "date", "When we fetched it"),
        Column("license", "text", "License of the source"),
    ),
    key=("opening_id",),
)

SET_ASIDE = Table(
    "set_aside",
    "Rows of a source that are not used, or were repaired, with the reason.",
    (
        Column("source", "text", "Which source", "", True),
        Column("row", "text", "The row's own id or number in its file", "", True),
        Column("outcome", "text", "What was done", "", True, ("repaired", "set_aside", "notice")),
        Column("code", "text", "Short code of the reason", "", True),
        Column("reason", "text", "The reason in words", "", True),
    ),
)

GAZETTEER = Table(
    "gazetteer",
    "What the region's own geocoder knows: addresses, crossings, named places, ZIP codes.",
    (
        Column("text", "text", "Name as shown", "", True),
        Column("search", "text", "Normalized text that is searched", "", True),
        Column("kind", "text", "What it is", "", True, ("address", "crossing", "place", "zip")),
        _LON,
        _LAT,
    ),
)

TABLES = (RESOURCES, EXPOSURE, SESSIONS, OPENINGS, ZONES, MINUTES, SET_ASIDE, GAZETTEER)


def empty(table: Table) -> pd.DataFrame:
    """Return the table with every declared column, rightly typed, and no row."""
    return pd.DataFrame({c.name: pd.Series(dtype=DTYPES[c.kind]) for c in table.columns})


def conform(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return a copy with exactly the declared columns, in order and rightly typed; absent ones are empty."""
    columns = {}
    for column in table.columns:
        dtype: Any = DTYPES[column.kind]
        values = frame[column.name] if column.name in frame else pd.Series(index=frame.index, dtype=dtype)
        columns[column.name] = values.astype(dtype)
    return pd.DataFrame(columns, index=frame.index).reset_index(drop=True)


def validate(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return the frame if it keeps the table's declaration.

    Raises
    ------
    InputError
        Names the table, the first column that breaks its declaration, and a value that does.
    """
    import pandera.errors

    try:
        validated: pd.DataFrame = schema(table).validate(frame)
    except pandera.errors.SchemaError as problem:
        message = str(problem).splitlines()[0]
        raise InputError(f"The table {table.name} breaks its declaration: {message}") from problem
    return validated


def schema(table: Table) -> "pa.DataFrameSchema":
    """Return the pandera schema made from a table's declaration."""
    import pandera.pandas as pa

    def checks(column: Column) -> list[Any]:
        columns: list[Any] = []
        if column.joined and column.allowed:
            one = "|".join(column.allowed)
            columns.append(pa.Check.str_matches(rf"^((?:{one})(?:;(?:{one}))*)?$"))
        elif column.allowed:
            columns.append(pa.Check.isin(column.allowed))
        if column.minimum is not None:
            columns.append(pa.Check.ge(column.minimum))
        if column.maximum is not None:
            columns.append(pa.Check.le(column.maximum))
        return columns

    return pa.DataFrameSchema(
        {
            column.name: pa.Column(
                DTYPES[column.kind], checks(column), nullable=not column.required, title=column.meaning
            )
            for column in table.columns
        },
        unique=list(table.key) or None,
        strict="filter",
        name=table.name,
    )


def dictionary() -> str:
    """Return the data dictionary of all tables as Markdown; `docs/data-dictionary.md` holds it."""
    lines = ["# Data dictionary", "", "Made from `geo/tables.py` by `make docs`; don't edit it by hand."]
    return "\n".join([*lines, *(line for table in TABLES for line in described(table))]) + "\n"


def described(table: Table) -> list[str]:
    """Return a table and its columns as lines of Markdown."""
    lines = [
        "",
        f"## {table.name}",
        "",
        table.meaning,
        "",
        "| column | kind | unit | meaning | allowed |",
        "|-|-|-|-|-|",
    ]
    for column in table.columns:
        kind = column.kind if column.required else f"{column.kind}, may be empty"
        allowed = ("; " if column.joined else ", ").join(column.allowed) or _bounds(column)
        lines.append(f"| `{column.name}` | {kind} | {column.unit} | {column.meaning} | {allowed} |")
    return lines


def _bounds(column: Column) -> str:
    if column.longest is not None:
        return f"at most {column.longest:,} letters"
    if column.minimum is None:
        return ""
    return f"{column.minimum:g} to {column.maximum:g}" if column.maximum is not None else f"at least {column.minimum:g}"
