"""A curfew in words: by when a person is home on which evenings, what it doesn't hold for, and what it forbids."""

from collections.abc import Callable, Iterable

from geo.clock import DAY, weekday_at
from geo.needs.conflicts import Conflict, conflicts, house_conflicts
from geo.needs.curfew import FREE, TREATMENT, WORK, Curfew, limits_for, usual_minute
from geo.needs.needs import Needs
from layers.escaping import plain
from screens.shared.words import Say

_OWN = (WORK, TREATMENT)


def curfew_text(curfew: Curfew, say: Say) -> str:
    """Return `home by 22:00, Friday and Saturday by 0:00, only on days off, not for work`."""
    key = "told_curfew" if usual_minute(curfew) is not None else "told_curfew_some"

    def called(word: str) -> str:
        return say(f"curfew_except_{word}").lower() if word in _OWN else plain(word)

    return ", ".join([say(key, time=times_text(curfew, say)), *exceptions(curfew, called, say)])


def exceptions(curfew: Curfew, called: Callable[[str], str], say: Say) -> list[str]:
    """Return when and for what a curfew doesn't hold, a part of a sentence each: `only on days off`, `not for work`.

    What is excused from a person's own, but not from that of the house they live in, isn't named: it holds for that.

    Parameters
    ----------
    called
        Returns what a word of `Curfew.excused` is called.
    """
    free = dict.fromkeys(called(one) for one in curfew.excused if limits_for(curfew, one, ()) == FREE)
    return [
        *([say("told_curfew_off")] if curfew.days_off else []),
        *([say("told_curfew_except", what=say.habits.listed(list(free)))] if free else []),
    ]


def times_text(curfew: Curfew, say: Say) -> str:
    """Return the times alone, that of most evenings first: `22:00, Friday by 0:00`."""
    usual = usual_minute(curfew)
    others = {minute: None for minute in curfew.minutes if minute != usual}
    days = {one: [day for day, minute in enumerate(curfew.minutes) if minute == one] for one in others}
    first = [] if usual is None else [_clock(usual, say)]
    return ", ".join([*first, *(_on_days(minute, days[minute], say) for minute in others)])


def _on_days(minute: int | None, days: list[int], say: Say) -> str:
    if minute is None:
        return say("told_curfew_none", days=_days(days, say))
    return say("told_curfew_days", days=_days(days, say), time=_clock(minute, say))


def conflict_texts(needs: Needs, say: Say) -> list[str]:
    """Return what the person's own curfew forbids of what they need, each with the smallest change that mends it."""
    texts = []
    for one in conflicts(needs):
        mended = say("conflict_except")
        if one.later is not None:
            mended = say("conflict_later", time=_clock(one.later, say), days=_days(one.days, say))
        texts.append(f"{say('conflict', what=_told(one, say), time=_clock(one.limit, say))} {mended}")
    return texts


def questions_to_house(needs: Needs, say: Say) -> list[str]:
    """Return what must be asked of a house, whose own curfew lies before what the person in it needs."""
    return [
        say("unknown_house_curfew", what=_told(one, say), time=_clock(one.limit, say)) for one in house_conflicts(needs)
    ]


def _told(one: Conflict, say: Say) -> str:
    """Return what a conflict is of, with the days of the calendar: `work (Monday and Tuesday, 22:00–6:00)`."""
    names = {"work": say("to_work"), "dose": say("to_dose")}
    days = _days((weekday_at(day, one.start) for day in one.days), say)
    hours = {"start": _clock(one.start, say), "end": _clock(one.end, say)}
    return say("conflict_of", name=names.get(one.kind, plain(one.name)), days=days, **hours)


def _days(days: Iterable[int], say: Say) -> str:
    return say.habits.listed([say.habits.weekday(day) for day in days])


def _clock(minute: int, say: Say) -> str:
    """Return an evening's minute as a time of day: 24:30 is half past midnight."""
    return say.habits.clock(minute % DAY)
