"""What a person lacks, and what of it is in reach of their home: low domains, low dimensions, people to be near.

Nothing is searched here: the score of the home holds the nearest places of each class, and every meeting that the
person can get to and home from, by their own ways and in the minutes that the score counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from geo.clock import DAY, DAYS, minutes_text, weekday_at
from geo.needs.needs import Needs
from geo.spelling import name_key
from layers.escaping import html, joined, plain
from people.progress import low_dimensions, low_domains
from people.what_helps import WHAT_HELPS
from screens.case_manager.journeys import minute_of
from screens.caseload.progress_picture import domain_name
from screens.shared.journey_text import how_far
from screens.shared.reasons import class_name
from screens.shared.words import Say

PLACES, GROUPS, TIMES = 2, 5, 3
LEAST_LOST, CLASSES = 8, 3
"""Of a low dimension: classes that cost it at least so many points, and how many of them."""
MENTORS = ("peer_support", "recovery_community_center")
OF_GENDER = {"women": "women", "men": "men"}
YOUNG, SENIOR = 25, 65
"""Up to and from which age meetings for young people and for seniors are named (SAMHSA's age groups)."""


@dataclass(frozen=True)
class Around:
    """What is around a home: its score by name of its parts (`geo.score.score.Score`), its id, and RESOURCES."""

    score: Mapping[str, Any]
    home_id: str
    resources: pd.DataFrame


def what_lacks(around: Around, answers: Mapping[str, int] | None, say: Say) -> Markup:
    """Return a card per low domain and per low dimension, each with the nearest that serves it.

    `answers`: the last ones by domain; None where nobody asked yet.
    """
    dimensions, by_class, low = around.score["dimensions"], _by_class(around), answers or {}
    cards = [
        _card(
            say("reach_domain", domain=domain_name(domain, say), answer=low[domain]),
            [
                *_formats(around, WHAT_HELPS[domain].formats, say),
                *(line for name in WHAT_HELPS[domain].classes for line in _class(by_class.get(name), around, say)),
            ],
            say,
        )
        for domain in (low_domains(low) if low else ())
    ]
    cards += [
        _card(
            say("reach_dimension", dimension=say(name), value=round(dimensions[name])),
            [line for row in _costly(around.score, name) for line in _class(row, around, say)],
            say,
        )
        for name in low_dimensions(dimensions)
    ]
    if not cards:
        return html("<p>{text}</p>", text=say("reach_none"))
    return html('<div class="rr-grid">{cards}</div>', cards=joined(cards))


def _by_class(around: Around) -> dict[str, Mapping[str, Any]]:
    return {row["name"]: row for row in around.score["classes"]}


def _card(title: str, lines: Sequence[Markup], say: Say) -> Markup:
    told = lines or [html("<li>{text}</li>", text=say("reach_nothing"))]
    return html(
        '<section class="rr-card"><h3>{title}</h3><ul class="rr-plain">{lines}</ul></section>',
        title=title,
        lines=joined(told),
    )


def _class(row: Mapping[str, Any] | None, around: Around, say: Say) -> list[Markup]:
    """Return a class with its nearest places; nothing for one that doesn't apply to the person or is no place."""
    if row is None or row["status"] == "not_needed" or row["name"] == "own_home":
        return []
    what = class_name(row["name"], say)
    if row["status"] == "no_data":
        return [_line(what, say("reach_no_data"))]
    if row["name"] == "jobs":
        return [_line(what, say("reach_jobs", percent=round(100 * row["score"])))]
    if row["name"] == "meetings":
        count = around.score["meetings"]["sessions_counted"]
        return [_line(what, say("reach_meetings", count=count) if count else say("reach_far"))]
    near = [one for one in row.get("nearest", ()) if one["minutes"] is not None and one["id"] != around.home_id]
    if not near:
        return [_line(what, say("reach_far"))]
    told = [say("reach_place", name=plain(place["name"]), how=how_far(place, say)) for place in near[:PLACES]]
    return [_line(what, "; ".join(told))]


def _line(what: str, text: str) -> Markup:
    return html("<li><strong>{what}</strong><br>{text}</li>", what=what, text=text)


def _costly(score: Mapping[str, Any], dimension: str) -> list[Mapping[str, Any]]:
    """Return the classes that cost a dimension most points, first the one that costs most."""
    counted = [row for row in score["classes"] if row["dimension"] == dimension and row["score"] is not None]
    whole = sum(row["weight"] for row in counted)
    lost = {row["name"]: 100 * row["weight"] / whole * (1 - row["score"]) for row in counted}
    costly = [row for row in counted if lost[row["name"]] >= LEAST_LOST]
    return sorted(costly, key=lambda row: -lost[row["name"]])[:CLASSES]


def _formats(around: Around, formats: Sequence[str], say: Say) -> list[Markup]:
    """Return the nearest group of each format that serves a domain."""
    groups = groups_in_reach(around)
    lines = []
    for word in formats:
        near = next((group for group in groups if word in group["words"]), None)
        if near is not None:
            what = say("reach_format", format=say.or_else(f"format_{word}", word))
            lines.append(_line(what, say("reach_named", name=plain(near["name"]), text=_group_text(near, say))))
    return lines


def groups_in_reach(around: Around) -> list[dict[str, Any]]:
    """Return the groups whose sessions the score counted, nearest first, each by its id.

    Each has `id`, `name`, `sessions` (as of the score, in the order of the week), its shortest way there (`minutes`,
    `mode`, `at`), and `words`: its fellowship, formats and languages, as `name_key` has them.
    """
    listed = around.resources.set_index("resource_id")[["fellowship", "formats", "languages"]].fillna("")
    groups: dict[str, dict[str, Any]] = {}
    for session in around.score["meetings"]["sessions"]:
        held = groups.setdefault(session["id"], {"id": session["id"], "name": session["name"], "sessions": []})
        held["sessions"].append(session)
    for identity, group in groups.items():
        nearest = min(group["sessions"], key=lambda session: session["minutes_there"])
        cells = listed.loc[identity] if identity in listed.index else ()
        group["words"] = {name_key(word) for cell in cells for word in str(cell).split(";")}
        start = minutes_text(minute_of(nearest["start"]) % DAY)
        group |= {"minutes": nearest["minutes_there"], "mode": nearest["mode"], "at": start}
    return sorted(groups.values(), key=lambda group: (group["minutes"], group["id"]))


def wanted_words(needs: Needs) -> dict[str, str]:
    """Return whom a person wants to be near, as words of a meeting's listing → what they are (`fellowship` …).

    What they said: fellowships, formats (women, young people, LGBTQ+, veterans, secular …), languages; and meetings for
    their own gender and age.
    """
    wanted = dict.fromkeys(needs.fellowships, "fellowship") | dict.fromkeys(needs.formats, "format")
    wanted |= dict.fromkeys(needs.languages, "spoken")
    if needs.gender in OF_GENDER:
        wanted.setdefault(OF_GENDER[needs.gender], "format")
    if needs.age is not None and needs.age <= YOUNG:
        wanted.setdefault("young people", "format")
    if needs.age is not None and needs.age >= SENIOR:
        wanted.setdefault("seniors", "format")
    return wanted


def matching_groups(
    groups: Sequence[Mapping[str, Any]], wanted: Mapping[str, str]
) -> list[tuple[Mapping[str, Any], list[str]]]:
    """Return the groups that match most of what is wanted, of equals the nearest, each with the words that match."""
    matches = [(group, [word for word in wanted if name_key(word) in group["words"]]) for group in groups]
    return sorted(((group, words) for group, words in matches if words), key=lambda match: -len(match[1]))


def learn_from(around: Around, needs: Needs, engaged: Mapping[str, Any] | None, say: Say) -> Markup:
    """Return groups and mentors in reach that match whom the person wants to be near.

    `engaged`: the last entry of engagement, None where nobody asked yet.
    """
    wanted = wanted_words(needs)
    matches = matching_groups(groups_in_reach(around), wanted)[:GROUPS]
    groups = joined(
        html(
            "<li><strong>{name}</strong> {tags}<br>{text}</li>",
            name=plain(group["name"]),
            tags=joined(
                html('<span class="rr-tag">{text}</span> ', text=_word(word, wanted[word], say)) for word in words
            ),
            text=_group_text(group, say),
        )
        for group, words in matches
    )
    if not wanted:
        groups = html("<li>{text}</li>", text=say("reach_say_who"))
    elif not matches:
        groups = html("<li>{text}</li>", text=say("reach_no_group"))
    by_class = _by_class(around)
    mentors = [line for name in MENTORS for line in _class(by_class.get(name), around, say)]
    told = [html("<li>{text}</li>", text=say("reach_no_mentor"))] if _has_none(engaged) else []
    return html(
        '<div class="rr-grid">{groups}{mentors}</div>',
        groups=_card(say("reach_groups"), [groups], say),
        mentors=_card(say("reach_mentors"), [*told, *mentors], say),
    )


def _has_none(engaged: Mapping[str, Any] | None) -> bool:
    """Return whether it was said that there is no sponsor and no mentor; nobody having asked is another thing."""
    return engaged is not None and pd.notna(engaged["sponsor_or_mentor"]) and not engaged["sponsor_or_mentor"]


def _word(word: str, kind: str, say: Say) -> str:
    return say.or_else(f"{kind}_{word}", plain(word))


def _group_text(group: Mapping[str, Any], say: Say) -> str:
    """Return how far a group is and when it meets."""
    sessions = group["sessions"]
    times = [_time(session, say) for session in sessions[:TIMES]]
    if len(sessions) > TIMES:
        times.append(say("reach_more_times", count=len(sessions) - TIMES))
    return say("reach_group", how=how_far(group, say), when="; ".join(times))


def _time(session: Mapping[str, Any], say: Say) -> str:
    weekday, minute = DAYS.index(session["day"].lower()), minute_of(session["start"])
    always_on = minute_of(session["end"]) - minute >= DAY
    clock = say("near_all_day") if always_on else say.habits.clock(minute)
    return f"{say.habits.weekday(weekday_at(weekday, minute), short=True)} {clock}"
