"""Weekdays as people write them: names and short forms in several languages, ranges, and letters that run together."""

import re
import tomllib
from itertools import pairwise

from sources.formats.embedded import embedded

_WORDS = tomllib.loads(embedded("mappings", "weekdays.toml").read_text(encoding="utf-8"))
_ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_WORDS: dict[str, int] = {
    word: number for forms in _WORDS["days"].values() for number, words in enumerate(forms) for word in words.split()
}
"""Names of weekdays in several languages, and their short forms → 0 = Monday."""

_LETTERS = {word: number for number, words in enumerate(_WORDS["letters"]) for word in words.split()}
_NUMBERS = _LETTERS | {word: number for number, words in enumerate(_WORDS["days"]["en"]) for word in words.split()}
_GROUPS = {group: tuple(days) for group, days in _WORDS["groups"].items()}
_BY_LENGTH = sorted(_NUMBERS, key=len, reverse=True)
_DAY = rf"(?:{'|'.join(word for word in _BY_LENGTH if len(word) > 1 or word in 'mwf')})\b\.?"
TO = r" ?(?:-|–|—|\bto\b|\bthrough\b|\bthru\b) ?"
_NEXT = rf"(?:(?: ?(?:,|&|/|\+|\band\b) ?)++| )(?={_DAY})"
_RUN = rf"(?:{'|'.join(sorted(_LETTERS, key=len, reverse=True))}){{2,}}+\b"
DAYS = rf"(?:{'|'.join(_GROUPS)}|{_DAY}(?:{TO}{_DAY})?(?:{_NEXT}{_DAY}(?:{TO}{_DAY})?)*|{_RUN})"
"""A pattern of English words for weekdays, in lower case with single spaces; see `days_in_words`."""

_BESIDE = re.compile(r"^(?:on|every|each)\b|\bonly$|\b(?:mornings?|afternoons?|evenings?|nights?)$")
"""Words beside a weekday that change nothing about it."""
_FOREIGN = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(DAY_WORDS, key=len, reverse=True))})(?!\w)\.?")
_EVERY_DAY = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, _WORDS['every_day']))})(?!\w)")
_AND_ABROAD, _TO_ABROAD = r" ?[;|+] ?| (?:y|e|et|und) ", r" (?:a|al|bis|au|à|até|ate) "


def days_in_words(text: str) -> list[int] | None:
    """Return weekdays (0 = Monday) from English words (`Mon & Wed`, `M-F`, `MWF`, `daily`); None where in doubt."""
    days = " ".join(_BESIDE.sub(" ", text.lower()).split()).strip(" .,")
    if text.strip(" .,").lower() in _GROUPS:
        return list(_GROUPS[text.strip(" .,").lower()])
    if re.fullmatch(_RUN, days) and days not in _NUMBERS:
        return _running_together(days)
    if not re.fullmatch(DAYS, days):
        return None
    named: list[int] = []
    for first, last in re.findall(rf"({_DAY})(?:{TO}({_DAY}))?", days):
        start, end = (_NUMBERS[word.rstrip(".")] for word in (first, last or first))
        named += [(start + ahead) % 7 for ahead in range((end - start) % 7 + 1)]
    return list(dict.fromkeys(named))


def in_english(days: str) -> str:
    """Return words for weekdays in several languages as English ones: `lunes a jueves` → `monday - thursday`."""
    plain = _EVERY_DAY.sub("daily", " ".join(days.split()).lower())
    plain = _FOREIGN.sub(lambda word: _ENGLISH[DAY_WORDS[word[0].rstrip(".")]], plain)
    return re.sub(_TO_ABROAD, " - ", re.sub(_AND_ABROAD, ", ", plain))


def _running_together(days: str) -> list[int] | None:
    """Return the days of letters like `MWF`, `TuTh` and `MTWTF`: in the order of the week; `MF` could be a range."""
    numbers: list[int] = []
    for letters in re.findall("|".join(sorted(_LETTERS, key=len, reverse=True)), days):
        is_thursday = letters == "t" and any(number >= 1 for number in numbers)
        numbers.append(3 if is_thursday else _LETTERS[letters])
    in_order = all(first < second for first, second in pairwise(numbers))
    return numbers if in_order and days != "mf" else None
