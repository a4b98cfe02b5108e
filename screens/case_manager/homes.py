"""Which homes are compared for a person, put to `geo`, and each home as the screens speak of it."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from geo.clock import clock_minute
from geo.needs.candidate_homes import NO_BED, candidates
from geo.needs.eligibility import of_one_gender
from geo.needs.needs import Needs
from geo.score.compare_homes import ComparedHome, best_first, compare_homes
from geo.score.errands import MORNING, WORK, Errand, Reach, errands
from geo.score.support import RegionSupport
from geo.units import MINUTE
from layers.escaping import plain
from screens.case_manager import house_facts
from screens.shared import reasons
from screens.shared.curfew_text import conflict_texts, questions_to_house, times_text
from screens.shared.journey_text import second_text
from screens.shared.next_street import NextStreet, next_streets
from screens.shared.queries import ChosenPlace
from screens.shared.reasons import class_name, gender_note
from screens.shared.words import Say
from sources.region.ended import seen_on
from sources.region.model import Region

LACKS_SHOWN = 3
LEAST_LOST = 8
"""A class that costs its dimension fewer points than this is not told as lacking."""
WAYS = ("walk", "bike", "drive", "transit")
CALLED = ("open_beds", "weekly_rent_usd", "accepts_moud")
"""What of a house its own word on the telephone may overrule, each with `<name>_heard_on`."""


@dataclass(frozen=True)
class Home:
    """A compared home: its number on map and table, its name, and what is listed of it (nothing for an address).

    `street`: the one that is used in place of the nearest on foot; None where the nearest is.
    """

    number: int
    name: str
    asked: ComparedHome
    facts: Mapping[str, Any]
    street: NextStreet | None = None

    @property
    def score(self) -> Mapping[str, Any]:
        """Return the score by name of its parts, numbers not rounded; empty without one."""
        return {} if self.asked.score is None else vars(self.asked.score)


@dataclass(frozen=True)
class Compared:
    """Homes, best first, for one person's needs; `apart`: listed houses that don't fit, with `reasons`.

    `listed`: how many houses the region lists, `one_gender`: how many of them serve one gender; `today`: the day until
    which words on free beds age.
    """

    needs: Needs
    homes: tuple[Home, ...]
    apart: pd.DataFrame
    listed: int
    one_gender: int
    errands: tuple[Errand, ...]
    today: datetime.date


def compare(
    region: Region,
    support: RegionSupport,
    needs: Needs,
    added: Sequence[ChosenPlace],
    known: dict[tuple[str, float, float], ComparedHome],
    step: Callable[[float], None],
    resources: pd.DataFrame | None = None,
) -> Compared:
    """Return the homes that fit and those that were added, each scored once.

    Parameters
    ----------
    added
        Homes that were typed or clicked; one that is a listed house is that house, whether it fits or not.
    known
        What was found before for the same region and needs; what is found now goes in there too.
    step
        Called with the share done; what it raises ends the work.
    resources
        The region's, as calls to houses know them; those that are published if not given.
    """
    date, today = region.facts.service_date, seen_on(region.facts)
    if resources is None:
        resources = region.resources
    else:
        by_id = resources.set_index("resource_id", drop=False)
        support = replace(support, resources=by_id.loc[support.resource_id].reset_index(drop=True))
    houses = candidates(resources, needs, support.parameters.free_beds, today)
    table = _wanted(houses, added)
    keys = list(zip(table["id"], table["lon"], table["lat"], strict=True))
    new = [key not in known for key in keys]
    if any(new):
        comparison = compare_homes(support, table[new].reset_index(drop=True), needs, date, step, today)
        known |= {(home.home_id, home.lon, home.lat): home for home in comparison.homes}
    facts = {row["resource_id"]: row for row in houses.to_dict("records")}
    names = dict(zip(table["id"], table["name"], strict=True))
    ranked = sorted((known[key] for key in keys), key=best_first)
    spots = [home.lon for home in ranked], [home.lat for home in ranked]
    streets = next_streets(region.network.streets, *spots, "walk")
    homes = tuple(
        Home(number, names[home.home_id], home, facts.get(home.home_id, {}), street)
        for number, (home, street) in enumerate(zip(ranked, streets, strict=True), 1)
    )
    apart = houses[~houses["resource_id"].isin(table["id"])].reset_index(drop=True)
    return Compared(needs, homes, apart, len(houses), of_one_gender(houses), errands(needs), today)


def home_id(place: ChosenPlace) -> str:
    """Return the id of a home that was typed or clicked."""
    return f"added {place.lon:.6f} {place.lat:.6f}"


def _wanted(houses: pd.DataFrame, added: Sequence[ChosenPlace]) -> pd.DataFrame:
    """Return the homes to compare as `compare_homes` takes them, each once, with their `name`."""
    spots, chosen = list(zip(houses["lon"], houses["lat"], strict=True)), {(place.lon, place.lat) for place in added}
    listed = houses[(houses["reasons"].map(len) == 0) | np.array([spot in chosen for spot in spots], np.bool_)]
    rows = [
        (row.resource_id, row.lon, row.lat, row.resource_id, row.curfew, plain(row.name)) for row in listed.itertuples()
    ]
    rows += [
        (home_id(place), place.lon, place.lat, pd.NA, pd.NA, place.name)
        for place in added
        if (place.lon, place.lat) not in spots
    ]
    columns = ["id", "lon", "lat", "resource_id", "curfew", "name"]
    return pd.DataFrame(rows, columns=columns).drop_duplicates("id", ignore_index=True)


def reweighed_order(compared: Compared, totals: Mapping[str, float]) -> list[Home]:
    """Return the homes that have a total, best first by other totals, each as far as a bed is likely to be free."""
    scored = [home for home in compared.homes if home.asked.home_id in totals]
    return sorted(scored, key=lambda home: (-home.asked.bed_chance * totals[home.asked.home_id], home.number))


def minutes_texts(home: Home, compared: Compared, say: Say) -> list[tuple[str, str]]:
    """Return to what, and how many minutes, in words: the dose or who prescribes, work, court, saved places."""
    texts = []
    medications = compared.needs.medications
    for wanted, name, to in (
        ("methadone" in medications, "opioid_treatment_program", "to_dose"),
        (bool(set(medications) - {"methadone"}), "other_medication", "to_prescriber"),
    ):
        if wanted:
            texts.append((say(to), _nearest_text(home, name, say)))
    for errand, reach in zip(compared.errands, home.asked.errands, strict=False):
        where = say("to_work") if errand.kind == WORK else plain(errand.place.name)
        texts.append((where, minutes_text(reach, say, _hour_of(errand, say))))
    return texts


def minutes_text(reach: Reach, say: Say, by_car: str) -> str:
    """Return minutes and mode in words, `by_car` with the hour that holds; infinite ones are out of reach."""
    if reach.minutes == float("inf"):
        return say("to_far_around" if reach.only_through_areas else "to_far")
    how = by_car if reach.mode == "drive" else say(f"way_{reach.mode}")
    return say("to_minutes", minutes=printed_minutes(reach.minutes), how=how)


def printed_minutes(minutes: float) -> float:
    """Return minutes as they are printed: whole, and at least one; inf stays."""
    return max(1, round(minutes)) if minutes < float("inf") else minutes


def _hour_of(errand: Errand, say: Say) -> str:
    """Return in words by car when one is there, or else leaves."""
    if errand.arrive_by is None:
        return say("way_drive_at", time=second_text(MORNING[0], say))
    return say("way_drive_by", time=second_text(errand.arrive_by * MINUTE, say))


def _nearest_text(home: Home, name: str, say: Say) -> str:
    row = next((row for row in home.score.get("classes", ()) if row["name"] == name), None)
    if row is None or row["status"] == "no_data":
        return say("to_nodata")
    near = next((place for place in row.get("nearest", ()) if place["minutes"] is not None), None)
    return (
        say("to_far")
        if near is None
        else minutes_text(Reach(near["minutes"], near["mode"]), say, _typical_hour(near, say))
    )


def _typical_hour(place: Mapping[str, Any], say: Say) -> str:
    return say("way_drive_at", time=second_text(MINUTE * clock_minute(place["at"], "at"), say)) if "at" in place else ""


def lacks(home: Home, say: Say) -> list[str]:
    """Return what a home lacks most: classes out of reach, then those that cost the weakest dimension most.

    Dimensions that nothing is known of are told apart from both.
    """
    score = home.score
    if not score:
        return []
    far = [row for row in score["classes"] if row["status"] == "unreachable"]
    lost = {row["name"]: row["points_lost"] for row in score["limits"]["classes"] if row["points_lost"] >= LEAST_LOST}
    weak = [row for row in score["classes"] if row["name"] in lost and row["status"] == "scored"]
    weak.sort(key=lambda row: -lost[row["name"]])
    texts = [say("val_lack_reach", what=class_name(row["name"], say)) for row in far]
    texts += [say("val_lack_low", what=class_name(row["name"], say), percent=round(100 * row["score"])) for row in weak]
    unknown = [say(name).lower() for name, value in score["dimensions"].items() if value is None]
    nodata = [say("val_lack_nodata", what=", ".join(unknown))] if unknown else []
    return [*texts[:LACKS_SHOWN], *nodata]


def total_text(home: Home, say: Say) -> str:
    """Return a home's total as a whole number, or that there is none; empty without a score."""
    if not home.score:
        return ""
    return say("no_total_short") if home.score["total"] is None else str(round(home.score["total"]))


def band_text(home: Home, say: Say) -> str:
    """Return between which totals a home mostly lies with other weights; empty without a total."""
    if not home.score or home.score["total"] is None:
        return ""
    band = home.score["sensitivity"]
    return say("val_band", low=round(band["p5"]), high=round(band["p95"]))


def notes(compared: Compared, say: Say) -> list[str]:
    """Return what must be said of the whole comparison.

    What of the needs the person's own curfew forbids; that most houses serve one gender; why there are no totals.
    """
    texts = conflict_texts(compared.needs, say)
    if note := gender_note(compared.needs, compared.one_gender, compared.listed, say):
        texts.append(note)
    without = [home.score for home in compared.homes if home.score and home.score["total"] is None]
    return [*texts, *(reasons.no_total(score, say) for score in without[:1])]


def flags(home: Home, compared: Compared, say: Say) -> list[str]:
    """Return what must be told of a home before anything else, and what is to be asked."""
    texts = warnings(home, compared, say)
    if unknown := questions(home, say):
        texts.append(say("homes_ask_them", what=", ".join(unknown)))
    return texts


def warnings(home: Home, compared: Compared, say: Say) -> list[str]:
    """Return what must be told of a home before anything else."""
    texts = [say("homes_inside") for _ in home.asked.inside[:1]]
    if home.asked.problem:
        texts.append(say(f"problem_{home.asked.problem}"))
    if home.facts.get("reasons"):
        texts.append(say("homes_misfit", reasons=" ".join(misfits(home.facts, compared.today, say))))
    if home.street is not None:
        texts.append(home.street.in_words(say))
    return texts


def questions(home: Home, say: Say) -> list[str]:
    """Return what isn't known of a house, to be asked; but for free beds, whose own words say so."""
    names = [name for name in home.facts.get("unknown", ()) if name != NO_BED]
    asked = [say(f"unknown_{name}", value=_value(name, home.facts, say)) for name in names]
    return [*asked, *questions_to_house(home.asked.needs, say)]


def misfits(facts: Mapping[str, Any], today: datetime.date, say: Say) -> list[str]:
    """Return why a house doesn't fit, a sentence each; `today` as of `Compared`."""
    known = {name: _value(name, facts, say) for name in facts["reasons"]}
    if NO_BED in known:
        known[NO_BED] = house_facts.bed_text(facts, today, say)
    return [say(f"reason_{name}", value=value) for name, value in known.items()]


def _value(name: str, facts: Mapping[str, Any], say: Say) -> str:
    value: Any = facts.get(name)
    if name == "weekly_rent_usd" and not pd.isna(value):
        return say.habits.money(value)
    if name == "genders":
        words = [word.strip() for word in plain(value).split(";")]
        return ", ".join(say.or_else(f"gender_{word}", word).lower() for word in words)
    return plain(value).replace(";", ", ")


def facts_texts(home: Home, compared: Compared, say: Say) -> dict[str, str]:
    """Return what is listed of a home in words, by column."""
    return house_facts.facts_texts(home.facts, _curfew(home, compared.needs, say), compared.today, say)


def sure_text(home: Home, say: Say) -> str:
    """Return how much a home's score can be relied on; empty without one."""
    return say("val_sure", percent=round(100 * home.score["confidence"]["value"])) if home.score else ""


def _curfew(home: Home, needs: Needs, say: Say) -> str:
    curfew, own = home.asked.needs.curfew, needs.curfew
    if curfew is None and "curfew" in home.facts.get("unknown", ()):
        return say("val_curfew_unread", value=_value("curfew", home.facts, say))
    if curfew is None:
        return say("val_no_curfew")
    key = "val_curfew_both"
    if own is not None and curfew.minutes == own.minutes:
        key = "val_curfew_person"
    elif curfew.minutes == curfew.house:
        key = "val_curfew_house"
    return say(key, time=times_text(curfew, say))


def days_text(home: Home, say: Say) -> str:
    """Return how many days of the week have a meeting in reach."""
    if not knows_meetings(home):
        return say("to_nodata") if home.score else ""
    return say("val_days", days=round(home.score["meetings"]["days_covered"], 1))


def knows_meetings(home: Home) -> bool:
    """Return whether a home has a score that says how many days have a meeting in reach."""
    score = home.score
    return bool(score) and not any(row["name"] == "meetings" and row["status"] == "no_data" for row in score["classes"])
