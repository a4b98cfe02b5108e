"""In which weeks a meeting is held, from what its name and notes say; only where the words leave no doubt.

Most notes that name a week tell what is done then (`1st Thursday: Big Book`, `Business meeting: 2nd Saturday`), and
such a meeting is held every week. So a rule must be said of the meeting itself: by *only*, by *meets*, in brackets
behind its name, or as a note of its own; and its weekday must be one of the meeting's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sources.cleaning import clean
from sources.cleaning.weekday_words import DAY_WORDS

_NUMBERS = {
    form: part
    for part, forms in {
        "1": "first 1st primer primero", "2": "second 2nd segundo", "3": "third 3rd tercer tercero",
        "4": "fourth 4th cuarto", "5": "fifth 5th quinto", "last": "last final último ultimo",
    }.items()
    for form in forms.split()
}  # fmt: skip
_NTH = "|".join(_NUMBERS)
_AND = r"(?: ?(?:,|&|/|\+|\b(?:and|or|y|e)\b) ?){1,2}(?:the |el )?"
_NTHS = rf"(?P<nths>(?:{_NTH})(?:{_AND}(?:{_NTH})){{0,4}})"
_DAY = rf"(?P<day>weeks?|wks?|semanas?|(?:{'|'.join(sorted(DAY_WORDS, key=len, reverse=True))})\b\.?)"
_MONTH = r"(?: ?,? ?(?:of|in|each|every|per|a|del|de|cada)(?: (?:the|a|each|every|cada|el))? (?:month|mes)s?\b)"
_ON = r"(?:(?:on|every|each|the|el|los|cada) ){0,4}"
_NTH_DAY = rf"{_NTHS} {_DAY}"
_HELD = r"\b(?:meets?|(?:is|are) held|held|occurs?|gathers?|takes? place|se re[uú]ne[n]?)\b"
_NEAR = r"[^.;:/!]{0,40}?\b"
_ALTERNATE = (
    rf"(?:every (?:other|second|2nd|two|2) (?:weeks?|(?:{'|'.join(DAY_WORDS)})\b)|bi-? ?weekly|fortnightly|"
    rf"alternat(?:e|ing) (?:weeks?|(?:{'|'.join(DAY_WORDS)})\b)|(?:one )?week on,? (?:one )?week off|"
    r"cada (?:dos semanas|quince d[ií]as)|quincenal(?:mente)?)"
)
_MONTHLY = (
    rf"(?:once (?:a|per|each|every) month|monthly|one (?:{'|'.join(DAY_WORDS)})\b\.?{_MONTH}|"
    r"una vez al mes|mensual(?:mente)?)"
)
_RULES = [
    re.compile(pattern)
    for pattern in (
        rf"\b{_NTH_DAY}{_MONTH}?,? ?\(?(?:only|solamente|[uú]nicamente)\b",
        rf"\b(?:only|solo|sólo|solamente) (?:{_HELD} ?)?{_ON}{_NTH_DAY}",
        rf"{_HELD}{_NEAR}{_ON}{_NTH_DAY}{_MONTH}",
        rf"{_HELD} {_ON}{_NTH_DAY}(?= ?(?:$|[.;!)]))",
    )
]
_NOT = re.compile(
    r"\b(?:no (?:mtgs?|meetings?)|except(?: for)?|(?:does not|doesn['’]?t|do not|don['’]?t|not) meet|"
    rf"no hay (?:reuni[oó]n|junta)) {_ON}{_NTH_DAY}"
)
_SHORT = re.compile(rf"\b({'|'.join(DAY_WORDS)}|mtgs?|wks?|st|dr|ave|rd|bldg|rm|ste)\.")
_CLOSED = re.compile(rf"closed {_ON}{_NTH_DAY}")
_IN_NAME = [
    re.compile(rf"[(\[] ?{_ON}{_NTH_DAY}{_MONTH}? ?[)\]]"),
    re.compile(rf" [-–—:] {_ON}{_NTH_DAY}{_MONTH}? ?$"),
]
_BY_ITSELF = re.compile(rf"{_ON}{_NTH_DAY}{_MONTH}?")
_OTHER_WEEKS = [
    (rule, re.compile(rf"{_HELD}{_NEAR}{words}"), re.compile(rf"(?:{_ON}{words})"), re.compile(words))
    for rule, words in (("alternate", _ALTERNATE), ("monthly", _MONTHLY))
]
_SOMETHING_ELSE = re.compile(
    r"business|steering|committee|conscience|intergroup|birthday|anniv|chips?\b|medallion|newcomer|beginner|speaker|"
    r"spkr|step\b|steps\b|tradition|trad\b|big book|literature|potluck|food|eating|gratitude|discussion|topic|study|"
    r"in[\s-]person|zoom|online|hybrid|virtual|open\b|closed|candle|format|combined|celebrat"
)
_DIVIDED = re.compile(r"rest of the month|all other meetings")
_NTH_OF_MONTH = re.compile(rf"{_NTH_DAY}{_MONTH}")
_THE_REST = re.compile(
    r"rest of the month|(?:all|the|on) other (?:weeks?|meetings?|\w+days?)|other weeks|remaining weeks|"
    rf"every other \w+ (?:is|are|we)\b|otherwise|(?:{_NTH}) {_DAY.replace('?P<day>', '?:')} ?(?:is|are|:|=|-) "
)


@dataclass(frozen=True)
class Weeks:
    """By weekday (0 = Monday) the rule (`geo.needs.occurrence`) of those that aren't weekly; words that leave doubt."""

    rules: dict[int, str]
    unclear: str | None = None


def weeks_from_words(name: str, notes: Sequence[object], weekdays: Sequence[int]) -> Weeks:
    """Return in which weeks a meeting is held on each of its weekdays, from its name and what else it tells."""
    title = _plain(name)
    texts = [title, *(_plain(clean.text(one) or "") for one in notes)]
    texts = [_SHORT.sub(r"\1", text) for text in texts]
    parts_by_day: dict[int, set[str]] = {}
    doubts = []
    for number, text in enumerate(texts):
        for sentence in _sentences(text):
            days, doubt = _of_sentence(sentence, title, weekdays, is_name=number == 0, is_all=sentence == text)
            for day, parts in days.items():
                parts_by_day.setdefault(day, set()).update(parts)
            doubts += [doubt] if doubt else []
    whole = " ".join(one for text in texts for one in _sentences(text))[: 4 * _LONGEST]
    divided = _NTH_OF_MONTH.search(whole)
    if (parts_by_day and _THE_REST.search(whole)) or (divided and _DIVIDED.search(whole)):
        return Weeks({}, divided[0] if divided else title[:80])
    rules = {day: ";".join(sorted(_plainest(parts))) for day, parts in parts_by_day.items()}
    return Weeks({day: rule for day, rule in rules.items() if rule}, None if rules else next(iter(doubts), None))


_MAYBE = re.compile(rf"\b(?:{_NTH})\b|other|second|week|month|alternat|fortnight|mes\b|mensual|semana|quince")
_LONGEST = 400
"""Characters of a sentence that are looked at: longer ones are no rule."""


def day_and_weeks(cell: str) -> tuple[str, str]:
    """Return a cell that names a day (`2nd & 4th Sundays`, `every other Friday`) as the day's name and the rule."""
    text = _plain(cell).strip(" .")
    if match := re.fullmatch(rf"(?:only )?{_ON}{_NTH_DAY}{_MONTH}?(?: only)?", text):
        nths, day = _groups(match)
        return (cell, "") if day not in DAY_WORDS else (day, ";".join(sorted(set(nths))))
    if match := re.fullmatch(rf"(?:every (?:other|second|2nd)|alternat(?:e|ing)) ({'|'.join(DAY_WORDS)})\.?", text):
        return match[1], "alternate"
    return cell, ""


def _of_sentence(
    sentence: str, title: str, weekdays: Sequence[int], *, is_name: bool, is_all: bool
) -> tuple[dict[int, set[str]], str | None]:
    """Return the parts of the rule that a sentence tells, by weekday; and the words that leave doubt."""
    if match := _NOT.search(sentence):
        nths, day = _groups(match)
        left = {"1", "2", "3", "4", "5"} - set(nths)
        return ({}, match[0]) if "last" in nths else (dict.fromkeys(_days(day, weekdays), left), None)
    matches = [rule.search(sentence) for rule in _RULES]
    others = [rule.search(sentence) for rule in _IN_NAME] if is_name else []
    others += [_BY_ITSELF.fullmatch(sentence.strip(" .!"))] if is_all and not is_name else []
    if match := next((one for one in [*matches, *others] if one), None):
        nths, day = _groups(match)
        days = _days(day, weekdays)
        if not days:
            return {}, None  # what is reported is of another day
        before = sentence[: match.start()] + (match[0] if not is_name else "")
        is_of_something_else = any(word not in title for word in _SOMETHING_ELSE.findall(before))
        if is_of_something_else or re.match(r" ?(?:is|are|:|=) ", sentence[match.end() :]):
            return {}, match[0] if "only" in match[0] else None
        return {one: set(nths) for one in days}, None
    if is_name and (match := _CLOSED.search(sentence)):
        return {}, match[0]  # no meeting then, or one for members alone
    return _other_weeks(sentence, title, weekdays, is_name=is_name)


def _other_weeks(
    sentence: str, title: str, weekdays: Sequence[int], *, is_name: bool
) -> tuple[dict[int, set[str]], str | None]:
    """Return as `_of_sentence` what a sentence tells of every other week, and of once a month."""
    for rule, held, alone, words in _OTHER_WEEKS:
        match = held.search(sentence) or alone.fullmatch(sentence.strip())
        of_name = words.search(sentence) if is_name and (rule == "alternate" or "meeting" in sentence) else None
        if match and any(word not in title for word in _SOMETHING_ELSE.findall(sentence[: match.end()])):
            return {}, match[0][-80:]
        if match or of_name:
            return {day: {rule} for day in weekdays}, None
        if is_name and (match := words.search(sentence)):
            return {}, match[0]
    return {}, None


def _groups(match: re.Match[str]) -> tuple[list[str], str]:
    """Return the parts and the day that a match names."""
    return [_NUMBERS[one] for one in re.findall(rf"\b(?:{_NTH})\b", match["nths"])], match["day"].rstrip(".")


def _days(word: str, weekdays: Sequence[int]) -> list[int]:
    if re.fullmatch(r"weeks?|wks?|semanas?", word):
        return list(weekdays)
    return [day for day in weekdays if day == DAY_WORDS[word]]


def _plainest(parts: set[str]) -> set[str]:
    """Return parts without those that say no more: dates before *monthly*; all five are every week."""
    dated = parts - {"alternate", "monthly"}
    if {"1", "2", "3", "4", "5"} <= dated:
        return set()
    return dated or parts


def _sentences(text: str) -> list[str]:
    """Return the sentences that may tell of weeks, cut at a length that no rule has."""
    parts = re.split(r"(?<=[a-z)])[.!](?: |$)|[;|]| / |/(?=[a-z]{3})", text)
    return [one[:_LONGEST] for one in parts if _MAYBE.search(one)]


def _plain(text: str) -> str:
    return clean.single_spaced(text).lower()
