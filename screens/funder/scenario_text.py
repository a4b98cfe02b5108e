"""Changes of a scenario, and what they would do, as sentences in the reader's language."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from geo.clock import DAY
from geo.scenarios.changes import (
    END_OF_DAY,
    EVERY_DAY,
    Change,
    LineAdded,
    PathAdded,
    PlaceAdded,
    PlaceChanged,
    PlaceClosed,
    PlaceMoved,
    RouteCut,
    RouteHeadway,
    RouteLater,
    RouteSpeed,
    StopAdded,
)
from geo.scenarios.effects import Effect, known_measures
from geo.scenarios.price import Price
from geo.tables import DIMENSIONS, EXACT_PRECISIONS
from layers.escaping import plain
from screens.funder.place_fields import FLAGS, LISTS, hours_text, word_of, words_of
from screens.funder.scenario_work import ScenarioAnswer
from screens.funder.text import count
from screens.shared.reasons import class_name
from screens.shared.words import Say
from sources.region.model import Region


def change_text(change: Change, region: Region, say: Say) -> str:
    """Return what a change is, in a sentence."""
    return _TELLERS[type(change)](change, region, say)


def _added(change: PlaceAdded, region: Region, say: Say) -> str:  # noqa: ARG001  all have a region
    category = str(change.values.get("category", ""))
    name = plain(change.values.get("name", change.resource_id))
    return say("if_told_add", name=name, kind=say.or_else(category, category), at=f"{change.lat:.5f}, {change.lon:.5f}")


def _closed(change: PlaceClosed, region: Region, say: Say) -> str:
    return say("if_told_close", name=_named(change.place, region, say))


def _moved(change: PlaceMoved, region: Region, say: Say) -> str:
    return say("if_told_move", name=_named(change.place, region, say), at=f"{change.lat:.5f}, {change.lon:.5f}")


def _changed(change: PlaceChanged, region: Region, say: Say) -> str:
    values = [_value(name, value, say) for name, value in change.values.items()]
    values += [say("if_told_meets", hours=hours_text(change.sessions, say))] if change.sessions else []
    return say("if_told_change", name=_named(change.place, region, say), values="; ".join(values))


def _value(name: str, value: object, say: Say) -> str:
    """Return what a column of a place is to be, in the words of its field; without a field, as the file has it."""
    if name == "beds":
        return say("if_told_value", what=say("if_beds"), value=value)
    if name in LISTS:
        words = words_of(value) if isinstance(value, str) else [str(word) for word in cast("Iterable[object]", value)]
        listed = ", ".join(word_of(name, word, say) for word in words)
        return say("if_told_value", what=say(f"if_takes_{name}"), value=listed)
    if name in FLAGS:
        return say("if_told_value", what=say(f"if_takes_{name}"), value=say("if_is_yes" if value else "if_is_no"))
    return f"{name} = {plain(str(value))}"


def _route(change: RouteCut | RouteLater | RouteHeadway | RouteSpeed, region: Region, say: Say) -> str:  # noqa: ARG001
    route = plain(change.route)
    match change:
        case RouteCut():
            return say("if_told_cut", route=route) + _when(change.days, change.start, change.end, say)
        case RouteLater():
            text = say("if_told_later", route=route, until=_clock(change.until, say))
            every = "" if change.minutes is None else f", {say('if_told_every', minutes=change.minutes)}"
            return text + every + _when(change.days, 0, END_OF_DAY, say)
        case RouteHeadway():
            text = say("if_told_halved", route=route)
            if change.minutes is not None:
                text = say("if_told_headway", route=route, minutes=change.minutes)
            return text + _when(change.days, change.start, change.end, say)
        case RouteSpeed():
            percent = say.habits.percent(abs(change.percent) / 100, 2)
            if change.percent < 0:
                return say("if_told_slower", route=route, percent=percent)
            return say("if_told_faster", route=route, percent=percent)


def _stop(change: StopAdded, region: Region, say: Say) -> str:  # noqa: ARG001  all have a region
    one, other = (plain(name) for name in change.between)
    return say("if_told_stop", route=plain(change.route), one=one, other=other)


def _line(change: LineAdded, region: Region, say: Say) -> str:  # noqa: ARG001  all have a region
    text = say(
        "if_told_line",
        name=plain(change.name),
        count=len(change.stops),
        minutes=change.headway_minutes,
        start=_clock(change.start, say),
        end=_clock(change.end, say),
    )
    return text + _when(change.days, 0, END_OF_DAY, say)


def _path(change: PathAdded, region: Region, say: Say) -> str:  # noqa: ARG001  all have a region
    return say("if_told_path", name=plain(change.name) or say("if_path"))


_TELLERS: dict[type, Callable[[Any, Region, Say], str]] = {
    PlaceAdded: _added,
    PlaceClosed: _closed,
    PlaceMoved: _moved,
    PlaceChanged: _changed,
    RouteCut: _route,
    RouteLater: _route,
    RouteHeadway: _route,
    RouteSpeed: _route,
    StopAdded: _stop,
    LineAdded: _line,
    PathAdded: _path,
}


def _named(place: str, region: Region, say: Say) -> str:
    """Return what a place is called, and where its position is unsure, that it is."""
    rows = region.resources[region.resources["resource_id"] == place]
    name = plain(rows["name"].iloc[0]) if len(rows) and rows["name"].notna().iloc[0] else plain(place)
    is_rough = len(rows) > 0 and rows["location_precision"].iloc[0] not in EXACT_PRECISIONS
    return say("if_told_roughly", name=name) if is_rough else name


def _clock(minute: int, say: Say) -> str:
    return say.habits.clock(minute % DAY)


def _when(days: tuple[int, ...], start: int, end: int, say: Say) -> str:
    """Return on which days and between which hours, as the end of a sentence; nothing where always."""
    parts = []
    if days != EVERY_DAY:
        parts.append(say.habits.listed([say.habits.weekday(day) for day in days]))
    if (start, end) != (0, END_OF_DAY):
        last = _clock(end, say) if end != END_OF_DAY else say("if_told_end")
        parts.append(say("if_told_hours", start=_clock(start, say), end=last))
    return f" ({'; '.join(parts)})" if parts else ""


def headline(effect: Effect, minutes: float, say: Say) -> str:
    """Return who gains and who loses, an answer's first sentence; `minutes`: within which one has a place in reach."""
    people, reach = effect.people, effect.reach
    if reach is not None:
        newly, gone = count(reach["newly"], say), count(reach["no_more"], say)
        if reach["newly"] and reach["no_more"]:
            return say("if_reach_both", newly=newly, gone=gone, minutes=minutes)
        if reach["newly"]:
            return say("if_reach_newly", newly=newly, minutes=minutes)
        return say("if_reach_gone", gone=gone, minutes=minutes) if reach["no_more"] else say("if_reach_same")
    return _people(people, say)


def _people(people: Mapping[str, float], say: Say) -> str:
    """Return how many people gain and lose."""
    gaining, losing = people["gaining"], people["losing"]
    if not people["people"]:
        return say("if_no_number")
    if gaining and losing:
        return say("if_gain_lose", gaining=count(gaining, say), losing=count(losing, say))
    if gaining:
        return say("if_gain", gaining=count(gaining, say))
    return say("if_lose", losing=count(losing, say)) if losing else say("if_nobody")


def sentences(found: ScenarioAnswer, measure: str, what: str, say: Say) -> list[str]:
    """Return what follows the headline: numbers before and after, reach, cost, and what limits the answer.

    `measure`, `what`: what the measure and the class in reach are called.
    """
    lines = effect_sentences(found.answer.effect, measure, what, say)
    lines.append(price_text(found.answer.price, in_reach=found.answer.effect.reach is not None, say=say))
    if found.answer.limits:
        lines.append(say("if_limit"))
    return lines


def effect_sentences(effect: Effect, measure: str, what: str, say: Say) -> list[str]:
    """Return numbers before and after, and who has what in reach, as sentences; names as `sentences` takes them."""
    people, reach = effect.people, effect.reach
    lines = []
    if reach is not None:
        before, after = count(reach["before"], say), count(reach["after"], say)
        lines.append(say("if_reach", what=what, before=before, after=after))
        lines.append(f"{_people(people, say)}.")
    if people["people"]:
        means = [say.habits.decimal(people[f"mean_{side}"], 2) for side in ("before", "after")]
        lines.append(
            say("if_means", measure=measure, people=count(people["people"], say), before=means[0], after=means[1])
        )
    else:
        names = [say(name) if name in DIMENSIONS else class_name(name, say) for name in known_measures(effect)]
        lines += [say("if_no_number_others", measure=measure, names=say.habits.listed(names))] if names else []
    if people["unscored"]:
        lines.append(say("if_unscored", people=count(people["unscored"], say)))
    return lines


def price_text(price: Price, *, in_reach: bool, say: Say) -> str:
    """Return what scenarios cost, and for each person whom they help; or why that can't be told."""
    if price.cost_usd is None:
        titles = say.habits.listed([plain(title) for title in price.without_cost])
        return say("if_cost_none") if price.why_not == "no_cost" else say("if_cost_some", titles=titles)
    cost = say.habits.money(abs(price.cost_usd))
    if price.per_person_usd is None:
        return say(f"if_cost_{price.why_not}", cost=cost)
    each = say.habits.money(price.per_person_usd)
    return say("if_cost_reach", cost=cost, each=each) if in_reach else say("if_cost_gain", cost=cost, each=each)
