"""A score as plain lines of text, for the terminal: the words of the app without its page."""

from collections.abc import Mapping, Sequence
from typing import Any

from geo.tables import DIMENSIONS
from layers.escaping import plain
from screens.shared.reasons import Told, what_helps, what_is_unknown, what_limits, what_raises
from screens.shared.words import Say

_BAR = 20


def score_lines(score: Mapping[str, Any], language: str) -> list[str]:
    """Return the total, the four dimensions, the week of meetings, and why the score is what it is."""
    say = Say(language)
    band = say("band", low=round(score["sensitivity"]["p5"]), high=round(score["sensitivity"]["p95"]))
    sure = say("confidence", percent=round(100 * score["confidence"]["value"]))
    lines = [f"{say('score')}: {round(score['total'])} {say('of_100')}. {band} {sure}"]
    lines += [f"  {_dimension(name, score['dimensions'][name], say)}" for name in DIMENSIONS]
    lines += ["", f"  {_week(score, say)}"]
    for title, sentences in (
        ("helps", what_helps(score, say)),
        ("limits", what_limits(score, say)),
        ("raises", what_raises(score, say)),
        ("unknown", what_is_unknown(score, say)),
    ):
        lines += _paragraph(say(title), sentences)
    return [*lines, "", say("planning_aid"), say("crisis")]


def journey_lines(score: Mapping[str, Any]) -> list[str]:
    """Return the trips of a score in words: to the nearest of each class, and to each day's best meeting."""
    lines = []
    for row in score["classes"]:
        for place in row.get("nearest", ())[:1]:
            lines += [f"{row['title']}: {plain(place['name'])}", *_trips(place["journey"])]
    best: dict[str, Mapping[str, Any]] = {}
    for session in (one for one in score["meetings"]["sessions"] if "journey" in one):
        if session["day"] not in best or session["decay"] > best[session["day"]]["decay"]:
            best[session["day"]] = session
    for day, session in best.items():
        lines += [f"{day} {session['start']}-{session['end']}: {plain(session['name'])}", *_trips(session["journey"])]
    return lines


def _trips(trip: Mapping[str, Any]) -> list[str]:
    """Return the lines of a trip there, back, and of the last way home."""
    lines = []
    for title, key in (("there", "there"), ("back", "back"), ("last way home", "last_home")):
        if trip[key] is not None:
            lines += [f"  {title}, {trip[key]['minutes']:.0f} min", *(f"    {line}" for line in trip[key]["lines"])]
    return lines


def compared(homes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return scored homes as rows of a table: total, dimensions, days with a meeting, minutes to own places."""
    return [
        {
            "place": home["id"],
            "total": round(home["total"], 1),
            **{name: "no data" if value is None else round(value, 1) for name, value in home["dimensions"].items()},
            "days with a meeting": round(home["meetings"]["days_covered"], 1),
            **{
                f"{to['name']} (min)": "out of reach" if to["minutes"] is None else round(to["minutes"])
                for to in home["places"]
            },
        }
        for home in homes
    ]


def _dimension(name: str, value: float | None, say: Say) -> str:
    if value is None:
        return f"{say(name):<12}{say('dimension_nodata')}"
    filled = round(_BAR * value / 100)
    return f"{say(name):<12}{round(value):>3}  {'█' * filled}{'░' * (_BAR - filled)}"


def _week(score: Mapping[str, Any], say: Say) -> str:
    meetings = score["meetings"]
    if any(row["name"] == "meetings" and row["status"] == "no_data" for row in score["classes"]):
        return say("week_nodata")
    covered = say("week_covered", days=f"{meetings['days_covered']:.1f}")
    held = {session["day"] for session in meetings["sessions"]}
    empty = [say(f"day_{number}") for number, day in enumerate(meetings["coverage"]) if day not in held]
    return f"{covered} {say('week_empty', days=', '.join(empty)) if empty else say('week_full')}"


def _paragraph(title: str, lines: Told) -> list[str]:
    return ["", title, *(f"  • {sentence}" for _, sentence in lines)] if lines else []
