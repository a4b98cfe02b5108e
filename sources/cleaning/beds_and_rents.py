"""What lists of houses say of beds and rents, in numbers and in words: `FULL`, `1 of 8`, `$160/wk`, `wait list`."""

import re
from typing import Any

from sources.cleaning import clean
from sources.cleaning.report import Notes
from sources.cleaning.stated import COUNT, counted, note_unread, plain

MOST_BEDS = 999
PER_WEEK = {"week": 1.0, "month": 12 / 52, "day": 7.0, "two weeks": 0.5}
"""What a rent is multiplied by to be one a week."""

_ROOM = r"(?:beds?|rooms?|spots?|slots?|spaces?)"
_OPEN = r"(?:open|free|available|vacant|empty)"
_OPEN_BEDS = rf"(?:(?:{_OPEN} )?{_ROOM}|openings?|vacanc(?:y|ies))"
_COUNTED_OPEN = re.compile(rf"{COUNT}(?: {_OPEN_BEDS})?(?: (?:are |is )?{_OPEN})?")
_COUNTED_IN_ALL = re.compile(rf"{COUNT}(?: (?:total )?{_ROOM})?(?: (?:in all|total))?")
_SHARE = re.compile(rf"{COUNT} (?:out )?of (?P<all>\d{{1,3}})(?: (?:total )?{_OPEN_BEDS})?(?: {_OPEN})?")
_FRACTION = re.compile(r"(?P<count>\d{1,3}) ?/ ?(?P<all>\d{1,3})")
_DAY = r"(?:\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{4}-\d\d-\d\d|[a-z]{3,9}\.? \d{1,2}(?:,? \d{4})?|today|now|this week)"
_AS_OF = rf"(?:as of|updated(?: on)?) {_DAY}"
_CALL = r"(?:please )?call (?:us )?(?:for|to|about) (?:(?!no |not ).){0,30}"
_FULL = re.compile(
    r"(?:(?:currently |now )?(?:full|filled|none|at capacity|full house)(?: (?:right )?now| at this time| currently)?|"
    rf"(?:no|none) (?:{_OPEN_BEDS}|availability|vacancy)(?: (?:open|available|now|at this time))?|"
    rf"(?:none|not) available|no vacancy|(?:has a |have a |{_CALL})?"
    rf"wait(?:ing)? ?-?list(?: only)?)(?: {_AS_OF})?"
)
_AS_OF_A_DAY = re.compile(_AS_OF)
_DATED = re.compile(rf"{_AS_OF}(?<=\d)")
_SAYS_NOTHING = re.compile(r"(?:please )?call(?: (?:us|first|house|for .{1,40}|to .{1,40}))?")
_AMOUNT = r"(?P<amount>\d{1,3}(?:,\d{3})+(?:\.\d\d?)?|\d{1,6}(?:\.\d\d?)?)"
_PERIODS = {
    "week": r"w(?:ee)?k(?:ly)?|wkly|pw|p/w",
    "month": r"mo(?:nth)?(?:ly)?|mth|pm|p/m",
    "day": r"day|daily|night|nightly",
    "two weeks": r"(?:2|two) w(?:ee)?ks|other w(?:ee)?k|fortnight(?:ly)?",
}
_PERIOD = "|".join(f"(?P<{name.replace(' ', '_')}>{words})" for name, words in _PERIODS.items())
_RENT = re.compile(
    rf"(?:usd |us)?\$? ?{_AMOUNT}(?: ?(?:usd|dollars?))?(?: ?(?:/|per|a|an|each|every)? ?(?:{_PERIOD}))?\.?|"
    rf"(?:{_PERIOD.replace('?P<', '?P<first_')}):? \$ ?{_AMOUNT.replace('?P<', '?P<first_')}"
)
_FREE = re.compile(r"free|no (?:rent|charge|cost|fee)s?|free of charge")


def beds_in_all_and_open(beds: Any, open_beds: Any, notes: Notes) -> tuple[int | None, int | None]:
    """Return how many beds there are, and how many of them are free; None, noted, for what can't be read.

    `1 of 8` tells both; so does `1/8` where 8 is the number of beds that the list gives, for else it may be a date.
    A full house, or one with a wait list, has no free bed. Parts of a cell that contradict each other
    (`2 beds, wait list`), ranges and what is only about (`2+`) are no number; nor is a count of free beds as of a day
    of its own, which the date of verification would pass off as newer.
    """
    in_all = _whole(beds)
    free, share_of = _open_beds(open_beds, in_all)
    for column, cell, number in (("beds", beds, in_all), ("open_beds", open_beds, free)):
        if number is None and column == "open_beds" and _DATED.search(plain(cell)):
            reason = f"Its open_beds are as of a day of their own and left empty: {clean.text(cell, 40)!r}; "
            notes.notice("beds_as_of", f"{reason}write the number alone, and that date into verified_on.")
        elif number is None:
            note_unread(column, cell, notes)
    return share_of if in_all is None else in_all, free


def weekly_rent(cell: Any, notes: Notes, usual: str = "week") -> float | None:
    """Return a rent in US dollars a week; None, noted, for what can't be read: ranges, deposits, `sliding scale`.

    Parameters
    ----------
    usual
        What an amount is for that doesn't say it: one of `PER_WEEK`.
    """
    stated = plain(cell)
    if _FREE.fullmatch(stated):
        return 0.0
    match = _RENT.fullmatch(stated)
    amount = None if isinstance(cell, str) else clean.amount(cell)
    period = usual
    if match is not None:
        amount = clean.amount(match["amount"] or match["first_amount"])
        named = (name for name in PER_WEEK for prefix in ("", "first_") if match[f"{prefix}{name.replace(' ', '_')}"])
        period = next(named, usual)
    if amount is None:
        note_unread("weekly_rent_usd", cell, notes)
        return None
    if period == "week":
        return amount
    weekly = round(amount * PER_WEEK[period], 2)
    per = period if " " in period else f"a {period}"
    notes.repaired("rent_by_the_week", f"Its rent of {amount:g} dollars for {per} was turned into {weekly:g} a week.")
    return weekly


def _open_beds(cell: Any, in_all: int | None) -> tuple[int | None, int | None]:
    """Return the free beds that a cell tells, and the beds in all if it tells these too."""
    number = clean.whole(cell)
    if number is not None:
        return (number if number <= MOST_BEDS else None), None
    parts = [part for part in re.split(r" ?[,;:()] | ?[()] ?| [-–—] ", plain(cell)) if part]
    is_dated = any(map(_AS_OF_A_DAY.fullmatch, parts))
    telling = [part for part in parts if _FULL.fullmatch(part) or not _SAYS_NOTHING.fullmatch(part)]
    counted = [_part(part, in_all) for part in telling if not _AS_OF_A_DAY.fullmatch(part)]
    counts, wholes = {count for count, _ in counted}, {whole for _, whole in counted if whole is not None}
    if len(counts) != 1 or None in counts or len(wholes) > 1 or (is_dated and counts != {0}):
        return None, None
    return counts.pop(), next(iter(wholes), None)


def _part(part: str, in_all: int | None) -> tuple[int | None, int | None]:
    if _FULL.fullmatch(part):
        return 0, None
    if match := _COUNTED_OPEN.fullmatch(part):
        return counted(match["count"]), None
    match = _SHARE.fullmatch(part) or _FRACTION.fullmatch(part)
    if match is None:
        return None, None
    count, whole = counted(match["count"]), int(match["all"])
    if count > whole or (match.re is _FRACTION and whole != in_all) or (in_all is not None and whole != in_all):
        return None, None
    return count, whole


def _whole(cell: Any) -> int | None:
    number = clean.whole(cell)
    if number is None and (match := _COUNTED_IN_ALL.fullmatch(plain(cell))):
        number = counted(match["count"])
    return number if number is not None and number <= MOST_BEDS else None
