"""Why a score is what it is, what holds it down, what would raise it and what isn't known: as sentences.

The score tells all this as numbers; here each becomes a sentence in the reader's language. A class without data
and a class out of reach never get the same one.
"""

from collections.abc import Collection, Mapping
from typing import Any

from geo.needs.needs import Needs
from screens.shared.journey_text import how_far
from screens.shared.words import Say

Told = list[tuple[str, str]]
"""Sentences with their kind: `ok`, `low` or `nodata`."""

SHOWN = 4
LATE_BUS_MINUTE = 23 * 60
"""Until then a bus home would run (`geo.score.explanation`)."""
LEAST_GAIN = 1
"""A change that raises the total by less than a point is not worth a sentence."""


def what_helps(score: Mapping[str, Any], say: Say, without: Collection[str] = ()) -> Told:
    """Return the classes that give most points and at least half of theirs, each with the nearest place.

    `without`: classes that go without saying.
    """
    weak = [row["name"] for row in score["limits"]["classes"] if row["points_lost"] > 1]
    good = [row for row in score["classes"] if row["status"] == "scored" and row["score"] >= 0.5]
    good = [row for row in good if row["name"] not in weak and row["name"] not in without]
    best = sorted(good, key=lambda row: (-row["points"], row["name"]))[:SHOWN]
    return [("ok", _reached(row, score, say)) for row in best]


def what_limits(score: Mapping[str, Any], say: Say) -> Told:
    """Return the classes of the weakest dimension that lose most points, and every class that is out of reach."""
    lost = {row["name"]: row["points_lost"] for row in score["limits"]["classes"]}
    by_name = {row["name"]: row for row in score["classes"]}
    weak = [by_name[name] for name, points in lost.items() if points > 1][:SHOWN]
    other = [row for row in score["classes"] if row["status"] == "unreachable" and row not in weak]
    return [("low", _reached(row, score, say)) for row in [*weak, *other]]


def what_raises(score: Mapping[str, Any], say: Say) -> Told:
    """Return the changes that would raise the total most; without a total, that it can't be said."""
    if score["total"] is None:
        return [("nodata", say("raise_unknown"))]
    best = [row for row in score["gains"] if row["gain"] >= LEAST_GAIN][:SHOWN]
    return [
        (
            "ok",
            say("raise", change=_change(row["change"], score, say), gain=round(row["gain"]), total=round(row["total"])),
        )
        for row in best
    ]


def what_is_unknown(score: Mapping[str, Any], say: Say) -> Told:
    """Return the classes without data, and what else lowers confidence."""
    lacking = [class_name(row["name"], say) for row in score["classes"] if row["status"] == "no_data"]
    rows = [("nodata", say("why_nodata", what="; ".join(lacking)))] if lacking else []
    sure = score["confidence"]
    if sure["age"] is not None and sure["age"] < 0.5:
        rows.append(("nodata", say("unknown_age")))
    if sure["location"] is not None and sure["location"] < 0.9:
        rows.append(("nodata", say("unknown_location", count=round(100 * (1 - sure["location"])))))
    if sure["timetable_ended"]:
        rows.append(("low", say("timetable_over", end=say.day(sure["timetable_ended"]))))
    elif sure["timetable"] == 0:
        rows.append(("nodata", say("timetable_none")))
    return rows


def no_total(score: Mapping[str, Any], say: Say) -> str:
    """Return why no total is given: the dimensions without data, then the other classes without; empty with one."""
    if score["no_total"] is None:
        return ""
    without = score["no_total"]["dimensions"]
    lacking = [row for row in score["classes"] if row["status"] == "no_data" and row["dimension"] not in without]
    what = [*(say(name) for name in without), *(class_name(row["name"], say) for row in lacking)]
    return say("no_total", percent=say.habits.percent(score["no_total"]["data"]), what="; ".join(what))


def how_firm(score: Mapping[str, Any], say: Say) -> str:
    """Return between which totals it would mostly lie with other weights and distances, or why there is no total."""
    band = score["sensitivity"]
    if score["total"] is None:
        return no_total(score, say)
    return say("home_band", low=round(band["p5"]), high=round(band["p95"]))


def gender_note(needs: Needs, one_gender: int, listed: int, say: Say) -> str:
    """Return that most houses serve one gender, if none was chosen; else nothing."""
    asked = needs.gender is None and 2 * one_gender > listed
    return say("homes_one_gender", count=one_gender, listed=listed) if asked else ""


def class_name(name: str, say: Say) -> str:
    """Return a class of the score in words; one that a parameters file has added keeps its own name."""
    return say.or_else(f"class_{name}", name.replace("_", " "))


def _reached(row: Mapping[str, Any], score: Mapping[str, Any], say: Say) -> str:
    what = class_name(row["name"], say)
    percent = round(100 * (row["score"] or 0))
    if row["status"] == "unreachable":
        return say("why_unreachable", what=what)
    if row["name"] == "jobs":
        return say("why_jobs", percent=percent)
    if row["name"] == "meetings":
        return say("why_meetings", count=score["meetings"]["sessions_counted"], percent=percent)
    nearest = next((place for place in row.get("nearest", ()) if place["minutes"] is not None), None)
    if nearest is None:
        return say("why_score", what=what, percent=percent)
    return say("why_reach", what=what, name=nearest["name"], how=how_far(nearest, say), percent=percent)


def _change(change: str, score: Mapping[str, Any], say: Say) -> str:
    kind, _, name = change.partition(":")
    if kind == "late_bus":
        return say("change_late_bus", time=say.habits.clock(LATE_BUS_MINUTE))
    if kind != "more":
        return say(f"change_{kind}")
    if name == "meetings":
        shares = list(score["meetings"]["coverage"].values())
        return say("change_meeting", day=say.habits.weekday(shares.index(min(shares))))
    return say("change_more", what=class_name(name, say))
