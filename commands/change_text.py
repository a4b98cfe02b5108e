"""What `recovery-reach changes` says, as lines: feeds, places, what they tell, routes, and who gained or lost."""

from collections import Counter
from typing import Any

from commands.effect_text import people_lines, reach_line, where_lines
from geo.clock import minutes_text

Rows = list[dict[str, Any]]

_MOST = 10
_PLACES = {
    "opened": "opened",
    "newly_listed": "newly listed, by a feed that the earlier build lacked",
    "closed": "closed, by the word of every feed that listed them",
    "unconfirmed": "not known any more: only a feed that failed, is missing or is harder to read listed them",
    "moved": "moved",
    "stale": "known by an older copy of a feed that failed",
}
_FEEDS = {
    "failed": "failed, so an older copy is used",
    "empty": "came back without any row",
    "not_fetched": "isn't in this build",
    "less_readable": "has more rows than before that can't be read",
    "new": "is new",
}
_CAUSES = {
    "places": "places",
    "buses": "timetables",
    "streets": "streets",
    "people": "numbers of residents and jobs",
    "unknown": "what isn't known",
}


def change_lines(document: dict[str, Any], class_name: str | None, minutes: float) -> list[str]:
    """Return the answer as lines for people; `document` is what `--json` prints."""
    other = "the later build that you went back from" if document["is_later"] else document["before"]
    title = f"{document['region']}, built {document['built_on']}, held against {other}, built "
    lines = [title + document["before_built_on"]]
    lines += [
        f"feed {row['feed']} {_FEEDS[row['state']]}{': ' + row['reason'] if row['reason'] else ''}"
        for row in document["feeds"]
        if row["state"] in _FEEDS
    ]
    lines += [*_place_lines(document["places"]), *_value_lines(document["values"]), *_route_lines(document["routes"])]
    lines.append("What is known to have changed, and for whom:")
    lines += _effect_lines(document["known"], document["measure"], class_name, minutes)
    if len(document["causes"]) > 1 and (document["known"]["people"]["people"] or document["known"]["reach"]):
        lines += ["By cause, one after the other:", *map(_cause_line, document["causes"])]
    if document["unknown"] is not None:
        lines.append("Beside that, if all that isn't known any more were gone, and all that is newly listed were new:")
        lines += _effect_lines(document["unknown"], document["measure"], class_name, minutes)
    lines += document["limits"]["answer"]
    return [*lines, *_time_lines(document["surfaces_made"], document["seconds"])]


def _time_lines(made: int, seconds: float) -> list[str]:
    """Return a line on how long scoring took, and why it was needed."""
    if not made and seconds < 1:
        return []
    why = f"; no surface of just this was kept of {'either' if made == 2 else 'one'} build" if made else ""
    return [f"Scoring took {seconds:.0f} s{why}."]


def _effect_lines(effect: dict[str, Any], measure: str, class_name: str | None, minutes: float) -> list[str]:
    lines = people_lines(effect, measure)
    if effect["reach"] is not None:
        lines.append(reach_line(effect["reach"], str(class_name), minutes))
    return [f"  {line}" for line in [*lines, *where_lines(effect)]]


def _place_lines(places: Rows) -> list[str]:
    lines = []
    for change, words in _PLACES.items():
        rows = [row for row in places if row["change"] == change]
        if rows and change == "stale":
            lines.append(f"{len(rows)} {_places(rows)} {'is' if len(rows) == 1 else 'are'} {words}")
        elif rows:
            lines.append(f"{len(rows)} {_places(rows)} {words}:")
            lines += _first(
                [
                    f"  {row['category']}: {row['name']}{_at(row['address'])} ({row['source']}){_moved(row['meters'])}"
                    for row in rows
                ]
            )
    return lines or ["No place opened, closed or moved."]


def _at(address: str | None) -> str:
    return f", {address}" if address else ""


def _moved(meters: float | None) -> str:
    return "" if meters is None else f", {meters:,.0f} m"


def _places(rows: Rows) -> str:
    return "place" if len(rows) == 1 else "places"


def _value_lines(values: Rows) -> list[str]:
    """Return lines on what places tell otherwise now; of what only a feed's absence hides, the number."""
    certain = [row for row in values if row["change"] != "unconfirmed"]
    lines = [
        f"  {row['name']}{_at(row['address'])}: {row['what'].replace('_', ' ')} {row['before'] or 'not told'} → "
        f"{row['after'] or 'not told'}"
        for row in certain
    ]
    count, unsure = len(certain), len(values) - len(certain)
    title = "1 fact of a place is told otherwise:" if count == 1 else f"{count} facts of places are told otherwise:"
    lines = [title, *_first(lines)] if certain else []
    return [*lines, f"Facts that differ only as feeds failed, are missing or are new: {unsure}."] if unsure else lines


def _route_lines(routes: Rows) -> list[str]:
    if not routes:
        return []
    words = {
        "new": "new", "gone": "gone", "newly_listed": "of a new timetable", "unconfirmed": "not known any more",
        "changed": "changed",
    }  # fmt: skip
    kinds = Counter({(row["change"], row["feed"], row["route"]): row["change"] for row in routes}.values())
    lines = [f"Routes: {', '.join(f'{count} {words[change]}' for change, count in kinds.items())}"]
    return lines + _first([_route_line(row, words) for row in routes])


def _route_line(row: dict[str, Any], words: dict[str, str]) -> str:
    """Return a line on a route and kind of day: trips, and when the last one leaves."""
    line = f"  {row['vehicle']} {row['route']}, {row['day']}: "
    line += f"{words[row['change']]}, " if row["change"] != "changed" else ""
    line += f"{row['trips_before']} → {row['trips_after']} trips"
    later = row["last_minutes_later"]
    if later:
        line += (
            f", last one {minutes_text(row['last_minute_before'])} → {minutes_text(row['last_minute_after'])} "
            f"({abs(later)} minutes {'later' if later > 0 else 'earlier'})"
        )
    return line


def _cause_line(row: dict[str, Any]) -> str:
    line = f"  {_CAUSES[row['cause']]}: {row['gaining']:,.0f} gain, {row['losing']:,.0f} lose"
    if "reach_newly" in row:
        line += f"; {row['reach_newly']:,.0f} newly in reach, {row['reach_no_more']:,.0f} no more"
    return line


def _first(lines: list[str]) -> list[str]:
    more = len(lines) - _MOST
    return lines if more <= 0 else [*lines[:_MOST], f"  … {more} more; --out FOLDER writes all."]
