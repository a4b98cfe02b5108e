"""A letter to a court or payer: the homes compared and why this one, in neutral words, with the notice."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from geo.errors import InputError
from geo.needs.needs import Needs
from layers.escaping import plain
from layers.pdf import Heading, Page, Part, Report, Table, Text, pdf
from people.consent import Disclosure
from screens.case_manager import homes
from screens.case_manager.homes import Compared, Home
from screens.caseload.along.neutral import neutral, telling_words
from screens.caseload.along.notice import notice_texts
from screens.shared.credits import map_credit
from screens.shared.curfew_text import times_text
from screens.shared.verified import verified_texts
from screens.shared.words import Say
from sources.region.ended import seen_on
from sources.region.model import Region

MOST_HOMES = 8
_POINTS, _SCALE = 10.0, 1.2
_WIDTHS = (50, 20, 24, 48, 24, 20)
"""Of the columns of homes, as shares."""


@dataclass(frozen=True)
class Letter:
    """Whom a letter is about and from, and why this home, in the case manager's words."""

    person: str
    sender: str
    reason: str


def check_reason(reason: str) -> None:
    """Refuse a reason that is empty or tells of a diagnosis or treatment.

    Raises
    ------
    InputError
        What to write instead.
    """
    if not reason.strip():
        raise InputError("Write why this home: whoever reads the letter will ask.")
    if words := telling_words(reason):
        raise InputError(
            "The reason tells of a diagnosis or of treatment ({words}): write it in neutral words, such as "
            "“appointments” and “support”.",
            words=", ".join(words),
        )


def letter(
    region: Region,
    compared: Compared,
    chosen_id: str,
    listed_ids: Sequence[str],
    about: Letter,
    disclosure: Disclosure,
    made: datetime.date,
    say: Say,
) -> bytes:
    """Return the letter as a PDF.

    Parameters
    ----------
    compared
        Homes compared for this person; the chosen one among them.
    listed_ids
        Houses on the short list, which are told first.
    disclosure
        By which consent it goes out.

    Raises
    ------
    InputError
        The reason can't be sent (`check_reason`), or the chosen home isn't among those compared.
    """
    check_reason(about.reason)
    shown = told_homes(compared, chosen_id, listed_ids)
    chosen = shown[0]
    parts: list[Part] = [
        _who(about, disclosure, say),
        Text(_compared(shown, say)),
        Heading(say("along_reasons", home=chosen.name)),
        Text(plain(about.reason)),
        *(Text(f"•  {text}") for text in advantages(shown, compared, say)),
        Heading(say("along_homes")),
        _table(shown, compared, say),
        Heading(say("along_method")),
        Text(
            " ".join([_method(region, compared.needs, say), *_dates(region, say)]),
            muted=True,
        ),
        Heading(say("along_notice")),
        *(Text(text) for text in notice_texts(disclosure, say)),
        Text(""),
        Text(f"{say('along_sign')}: ______________________________"),
    ]
    return pdf(
        Report(
            title=say("along_letter_title", name=about.person),
            subtitle=say.day(made),
            crisis="",
            page=say("paper_page"),
            language=say.language,
            date=made,
            parts=(Page(parts, _SCALE),),
            least_points=_POINTS,
        )
    )


def _who(about: Letter, disclosure: Disclosure, say: Say) -> Table:
    scope = disclosure.scope
    told = {"to": scope["recipient"], "from": about.sender, "about": about.person, "for": scope["purpose"]}
    return Table((), (28, 158), tuple((say(f"along_letter_{name}"), text) for name, text in told.items()))


def _compared(shown: Sequence[Home], say: Say) -> str:
    """Return how many homes were compared, how many couldn't be, and which was chosen."""
    scored = sum(bool(home.score) for home in shown)
    left = [say("along_not_compared", count=len(shown) - scored)] if scored < len(shown) else []
    return " ".join([say("along_compared", count=scored), *left, say("along_chosen", home=shown[0].name)])


def told_homes(compared: Compared, chosen_id: str, listed_ids: Sequence[str]) -> list[Home]:
    """Return the homes of a letter: the chosen one, those on the short list, then the best others.

    An address that was typed is none of them: of it nothing is listed.

    Raises
    ------
    InputError
        The chosen home isn't among those compared.
    """
    by_id = {home.asked.home_id: home for home in compared.homes if home.facts}
    if chosen_id not in by_id:
        raise InputError("The home that was chosen couldn't be compared with others: choose another.")
    first = [one for one in (chosen_id, *listed_ids) if one in by_id]
    return [by_id[one] for one in list(dict.fromkeys([*first, *by_id]))[:MOST_HOMES]]


def advantages(shown: Sequence[Home], compared: Compared, say: Say) -> list[str]:
    """Return in what the first home is better than every other, a sentence each.

    It is better where the numbers as they are printed differ; of how many others one isn't known is said.
    """
    chosen, others = shown[0], shown[1:]

    def lead(value: Callable[[Home], float | None], text: str) -> list[str]:
        """Return a sentence where the value of the first home is known and higher than each that is known."""
        own, theirs = value(chosen), [value(other) for other in others]
        known = [one for one in theirs if one is not None]
        if own is None or not known or own <= max(known):
            return []
        unknown = len(theirs) - len(known)
        return [f"{text} {say('along_others_unknown', count=unknown)}" if unknown else text]

    texts = lead(_total, say("along_most_access"))
    texts += lead(_days, say("along_most_days"))
    for number, name in enumerate(_errand_names(compared, say)):
        texts += lead(partial(_nearness, number=number), say("along_nearest_to", to=name))
    if others and np.isfinite(_rent(chosen)) and all(_rent(chosen) < _rent(other) for other in others):
        texts.append(say("along_lowest_rent"))
    return texts


def _table(shown: Sequence[Home], compared: Compared, say: Say) -> Table:
    """Return the homes with what is told of each; where nothing is told in a column, it is left out."""
    titles = (
        "col_home",
        "along_col_rent",
        "along_col_curfew",
        "along_col_minutes",
        "along_col_days",
        "along_col_access",
    )
    rows = [_row(home, home is shown[0], compared, say) for home in shown]
    told = [column for column in range(len(titles)) if any(row[column] for row in rows)]
    return Table(
        tuple(say(titles[column]) for column in told),
        tuple(_WIDTHS[column] for column in told),
        tuple(tuple(row[column] for column in told) for row in rows),
    )


def _row(home: Home, is_chosen: bool, compared: Compared, say: Say) -> tuple[str, ...]:
    facts = homes.facts_texts(home, compared, say)
    name = say("along_chosen_mark", home=home.name) if is_chosen else home.name
    curfew = home.asked.needs.curfew
    return (
        "\n".join(text for text in (name, facts["address"]) if text),
        _rent_text(home, say),
        say("val_no_curfew") if curfew is None else times_text(curfew, say),
        "\n".join(say("along_minutes_to", to=to, minutes=text) for to, text in _minutes_texts(home, compared, say)),
        homes.days_text(home, say),
        homes.total_text(home, say),
    )


def _minutes_texts(home: Home, compared: Compared, say: Say) -> list[tuple[str, str]]:
    """Return to what and how many minutes, what is for treatment as regular appointments."""
    if not home.score:
        return []
    texts = homes.minutes_texts(home, compared, say)
    regular = texts[: len(texts) - len(compared.errands)]
    own = zip(_errand_names(compared, say), (text for _, text in texts[len(regular) :]), strict=True)
    return [*((say("along_regular"), text) for _, text in regular[:1]), *own]


def _errand_names(compared: Compared, say: Say) -> list[str]:
    """Return what each errand is called; what tells of treatment is an appointment."""
    appointment = say("week_kind_appointment").lower()
    return [
        say("to_work") if errand.kind == "work" else neutral(plain(errand.place.name), appointment)
        for errand in compared.errands
    ]


def _method(region: Region, needs: Needs, say: Say) -> str:
    """Return how homes stand and times were worked out; of a wheelchair in the same words as of just no car."""
    ways = say("along_ways" if needs.profile in ("no-car", "wheelchair") else f"plan_ways_{needs.profile}")
    return f"{say('along_order')} {say('along_method_what', day=say.day(region.facts.service_date), ways=ways)}"


def _dates(region: Region, say: Say) -> list[str]:
    texts = [f"{text}." for text in verified_texts(region.resources, say, seen_on(region.facts))]
    texts.append(map_credit(region.facts.sources, say))
    return [*texts, say("fictional")] if region.facts.fictional else texts


def _total(home: Home) -> int | None:
    """Return a home's total as it is printed; None where it has none."""
    return None if not home.score or home.score["total"] is None else round(home.score["total"])


def _days(home: Home) -> float | None:
    """Return the days with a meeting as they are printed; None where that isn't known."""
    if not homes.knows_meetings(home):
        return None
    return round(float(home.score["meetings"]["days_covered"]), 1)


def _nearness(home: Home, number: int) -> float | None:
    """Return minus the minutes to an errand as they are printed, -inf out of reach; None where that isn't known."""
    if not home.score or number >= len(home.asked.errands):
        return None
    return -homes.printed_minutes(home.asked.errands[number].minutes)


def _rent_text(home: Home, say: Say) -> str:
    """Return the rent alone: who heard it from whom is the agency's own affair."""
    return say.habits.money(_rent(home)) if np.isfinite(_rent(home)) else say("val_unknown")


def _rent(home: Home) -> float:
    rent = home.facts.get("weekly_rent_usd")
    return np.inf if rent is None or pd.isna(rent) else float(rent)
