"""A score as plain lines of text, for the terminal: the words of the app without its page."""

from collections.abc import Mapping, Sequence
from typing import Any

from geo.clock import DAYS, weekday_at
from geo.tables import DIMENSIONS
from layers.escaping import plain
from screens.shared.crisis import crisis_in_words
from screens.shared.near_text import weekly_hours
from screens.shared.reasons import Told, no_total, what_helps, what_is_unknown, what_limits, what_raises
from screens.shared.weeks import weeks_in_words
from screens.shared.words import Say

_BAR = 20


def score_lines(score: Mapping[str, Any], say: Say, country: str) -> list[str]:
    """Return the total, the four dimensions, the week of meetings, and why the score is what it is.

    `country`: whose crisis line stands below; see `screens.shared.crisis`.
    """
    sure = say("confidence", percent=round(100 * score["confidence"]["value"]))
    if score["total"] is None:
        lines = [f"{no_total(score, say)} {sure}"]
    else:
        band = say("band", low=round(score["sensitivity"]["p5"]), high=round(score["sensitivity"]["p95"]))
        lines = [f"{say('score')}: {round(score['total'])} {say('of_100')}. {band} {sure}"]
    lines += [say("homes_inside")] if score["flags"] else []
    lines += [f"  {_dimension(name, score['dimensions'][name], say)}" for name in DIMENSIONS]
    lines += ["", f"  {_week(score, say)}"]
    for title, sentences in (
        ("helps", what_helps(score, say)),
        ("limits", what_limits(score, say)),
        ("raises", what_raises(score, say)),
        ("unknown", what_is_unknown(score, say)),
    ):
        lines += _paragraph(say(title), sentences)
    crisis = crisis_in_words(country, say)
    return [*lines, "", say("planning_aid"), *([crisis] if crisis else [])]


def journey_lines(score: Mapping[str, Any], say: Say) -> list[str]:
    """Return the trips of a score in words: to the nearest of each class, and to each day's best meeting."""
    lines = []
    for row in score["classes"]:
        for place in row.get("nearest", ())[:1]:
            lines += [f"{row['title']}: {plain(place['name'])}", *_trips(place["journey"])]
    best: dict[str, Mapping[str, Any]] = {}
    for session in (one for one in score["meetings"]["sessions"] if "journey" in one):
        if session["day"] not in best or _worth(session) > _worth(best[session["day"]]):
            best[session["day"]] = session
    for day, session in best.items():
        often = _how_often(session, say)
        start, end = _minute(session["start"]), _minute(session["end"])
        on = weekly_hours(DAYS.index(day.lower()), start, end, say)
        line = f"{on}{often}: {plain(session['name'])}"
        lines += [line, *_trips(session["journey"])]
    return lines


def _how_often(session: Mapping[str, Any], say: Say) -> str:
    if not session["weeks"]:
        return ""
    weekday = _own_weekday(session["day"], _minute(session["start"]))
    return f" ({weeks_in_words(session['weeks'], weekday, say)})"


def _minute(text: str) -> int:
    """Return a minute as files have it, HH:MM going on past 24:00."""
    hour, minute = text.split(":")
    return 60 * int(hour) + int(minute)


def _own_weekday(day: str, minute: int) -> int:
    return weekday_at(DAYS.index(day.lower()), minute)


def _worth(session: Mapping[str, Any]) -> float:
    return float(session["decay"] * session["share_of_weeks"])


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
            "total": "none" if home["total"] is None else round(home["total"], 1),
            **{name: "no data" if value is None else round(value, 1) for name, value in home["dimensions"].items()},
            "days with a meeting": _days(home),
            **{f"{to['name']} (min)": _minutes(to) for to in home["places"]},
        }
        for home in homes
    ]


def _days(home: Mapping[str, Any]) -> float | str:
    return "no data" if _no_meetings(home) else round(home["meetings"]["days_covered"], 1)


def _no_meetings(score: Mapping[str, Any]) -> bool:
    return any(row["name"] == "meetings" and row["status"] == "no_data" for row in score["classes"])


def inside_areas(homes: Sequence[Mapping[str, Any]], say: Say) -> list[str]:
    """Return which homes lie in an area to stay away from."""
    return [f"{home['id']}: {say('homes_inside')}" for home in homes if home["flags"]]


def without_total(homes: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return why homes have no total, once; empty if all have one."""
    return [no_total(home, Say("en")) for home in homes if home["total"] is None][:1]


def _minutes(to: Mapping[str, Any]) -> str | int:
    if to["minutes"] is None:
        return "out of reach"
    minutes = round(to["minutes"])
    return f"{minutes} by car, {to['traffic']}" if to["mode"] == "drive" else minutes


def _dimension(name: str, value: float | None, say: Say) -> str:
    if value is None:
        return f"{say(name):<12}{say('dimension_nodata')}"
    filled = round(_BAR * value / 100)
    return f"{say(name):<12}{round(value):>3}  {'█' * filled}{'░' * (_BAR - filled)}"


def _week(score: Mapping[str, Any], say: Say) -> str:
    meetings = score["meetings"]
    if _no_meetings(score):
        return say("week_nodata")
    covered = say("week_covered", count=round(meetings["days_covered"], 1))
    held = {session["day"] for session in meetings["sessions"]}
    empty = [say.habits.weekday(number) for number, day in enumerate(meetings["coverage"]) if day not in held]
    return f"{covered} {say('week_empty', days=say.habits.listed(empty)) if empty else say('week_full')}"


def _paragraph(title: str, lines: Told) -> list[str]:
    return ["", title, *(f"  • {sentence}" for _, sentence in lines)] if lines else []
