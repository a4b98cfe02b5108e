"""Repairs that are certain, and the reasons where none is."""

import datetime
import html
import math
import re
import unicodedata
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from sources.cleaning.bounds import Bounds
from sources.cleaning.report import Notes, SetAside
from sources.formats.html_tables import without_huge_references

LONGEST_READ = 16_000
"""Letters of a cell that are looked at, before any pattern is: far more than any column keeps of it."""
LONGEST_NUMBER = 100
"""Letters of a number as text: what is longer is none."""
_TAG = re.compile(r"<(?:[a-zA-Z/!?][^<>]*)>")
_SCRIPT_TAG = re.compile(r"(?i)<(?P<opens>script|style)\b[^<>]*>|</(?P<closes>script|style)\s*>")
_DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_PLAIN_TEXT = re.compile(r"[!-%'-;=-~]+(?: [!-%'-;=-~]+)*")  # printable ASCII without markup or doubled spaces
_PLAIN_URL = re.compile(r"(?i)https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:[/?#][!-~]*)?")
_PHONE = re.compile(r"(?i)[\d\s()+.,;:/#*x-]*(?:(?: or )?(?:ext\.? ?#?|x ?)\d+)*")
_FIRST_PHONE = re.compile(
    r"(?i)(?<!\d)(?:\+?1[-. ]?)?\(?\d{3}\)?[-. ]{0,2}\d{3}[-. ]?\d{4}(?!\d)(?:,? (?:ext\.? ?|x ?)\d+)?"
)
_LETTERED_PHONE = re.compile(r"(?i)\(?(?:1[-. ]?)?\(?(8\d\d)\)?((?:[-. ]{0,2}[a-z0-9]){7,9})")
_KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_EXTENSION = re.compile(r"(?i)x|ext")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
_SIMPLE_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_NO_VALUE = frozenset({"", "-", "--", "n/a", "na", "nan", "none", "null", "nil", "#n/a"})
_CONFIDENTIAL_STEMS = (
    "confidential",
    "address",
    "location",
    "undisclosed",
    "violence",
    "abuse",
    "battered",
    "safe",
    "dv",
)
_VICTIMS = r"(?:(?:domestic|family|partner|dating)[- ](?:violence|abuse)|battered wom[ae]n|abused wom[ae]n|\bdv\b)"
_REFUGE = r"(?:shelters?|safe ?houses?|safe ?homes?|refuges?)\b"
_CONFIDENTIAL = re.compile(
    r"\bconfidential\b|undisclosed|\bsafe ?house\b|"
    r"\b(?:address|location) (?:is )?(?:(?:not|un) ?(?:disclosed|published|public|listed)|withheld|protected|secret)|"
    rf"{_VICTIMS}.{{0,40}}\b{_REFUGE}|\b{_REFUGE}.{{0,40}}\b{_VICTIMS}",
    re.IGNORECASE,
)

_DAY, _YEAR = r"(?P<day>\d\d?)", r"(?P<year>\d{4})(?!\d)"
_DATES = tuple(
    re.compile(form)
    for form in (
        rf"(?P<year>\d{{4}})-(?P<month>\d\d?)-{_DAY}(?!\d)",
        rf"(?P<month>\d\d?)/{_DAY}/{_YEAR}",
        rf"(?P<month>[^\W\d_]{{3,10}})\.? {_DAY}(?:st|nd|rd|th)?,? {_YEAR}",
        rf"{_DAY}(?:st|nd|rd|th)?[ -](?:de )?(?P<month>[^\W\d_]{{3,10}})\.?,?[ -](?:del? )?{_YEAR}",
    )
)


def text(value: Any, limit: int = LONGEST_READ) -> str | None:
    """Return plain text without markup, control characters or direction marks; None where nothing is left.

    Entities are unescaped until none is left, because feeds escape twice; text in script and style
    elements goes with its tags. What then looks like markup is only text, and sinks must escape it.
    """
    if value is None or isinstance(value, dict | list) or (isinstance(value, float) and math.isnan(value)):
        return None
    cleaned = str(value)[: limit * 8]
    if len(cleaned) <= limit and _PLAIN_TEXT.fullmatch(cleaned):  # as most is
        return None if len(cleaned) < 5 and cleaned.lower() in _NO_VALUE else cleaned
    for _ in range(3):
        plain = _TAG.sub(" ", _without_scripts(html.unescape(without_huge_references(cleaned))))
        if plain == cleaned:
            break
        cleaned = plain
    cleaned = _DIRECTION_MARKS.sub("", cleaned)
    cleaned = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in cleaned)
    cleaned = cleaned.encode("utf-8", "ignore").decode("utf-8")  # lone surrogates, which no file can hold
    cleaned = single_spaced(cleaned)[:limit].rstrip()
    return None if cleaned.lower() in _NO_VALUE else cleaned


def _without_scripts(text: str) -> str:
    """Return markup with a space for each script and style element, from its tag to the next that closes it."""
    tags = list(_SCRIPT_TAG.finditer(text)) if "<" in text else []
    last = {tag["closes"].lower(): tag.start() for tag in tags if tag["closes"]}
    kept, at, opened = [], 0, None
    for tag in tags:
        if opened is None and tag["opens"] and last.get(tag["opens"].lower(), -1) > tag.start():
            opened = tag
        elif opened is not None and tag["closes"] and tag["closes"].lower() == opened["opens"].lower():
            kept.append(text[at : opened.start()])
            at, opened = tag.end(), None
    return " ".join([*kept, text[at:]])


def single_spaced(value: Any) -> str:
    """Return a value as text with one space for each run of blanks, and none at its ends; empty for None."""
    return " ".join(str("" if value is None else value).split())


def name(value: Any) -> str | None:
    """Return a name as `text` does, but for NA, which isn't "no value" in a list of meetings."""
    return text(value) or ("NA" if str(value).strip() == "NA" else None)


def url(value: Any) -> str | None:
    """Return a public web address (http or https, with a host and no sign-in part), else None."""
    address = text(value)
    if address is None or _PLAIN_URL.fullmatch(address):
        return address
    if re.search(r"\s", address):
        return None
    if not address[:8].lower().startswith(("http://", "https://")) and re.match(
        r"(?i)[a-z0-9-]+(\.[a-z0-9-]+)+(/|$|\?)", address
    ):
        address = f"http://{address}"
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    good = parts.scheme.lower() in ("http", "https") and host and "." in host and "@" not in parts.netloc
    return address if good else None


def phone(value: Any) -> str | None:
    """Return a telephone number as published, if it holds one (at least 3 digits, short codes included).

    Of words around a number, or of several numbers, the first whole number is taken, unless it is a fax.
    Letters that stand for digits (`1-800-662-HELP`) become those, and none more than are dialed.
    """
    number_text = text(value, 60)
    if number_text and (lettered := _LETTERED_PHONE.fullmatch(number_text)) and not _PHONE.fullmatch(number_text):
        dialed = re.sub(r"\W", "", lettered[2]).upper().translate(_KEYPAD)
        number_text = f"{lettered[1]}-{dialed[:3]}-{dialed[3:7]}"
    if number_text and not _PHONE.fullmatch(number_text) and (first := _FIRST_PHONE.search(number_text)):
        number_text = None if "fax" in number_text[: first.start()].lower() else first[0]
    return number_text if number_text and _PHONE.fullmatch(number_text) and digits(number_text) else None


def can_join(*values: Any) -> bool:
    """Tell whether one of the values is a web address, or holds a telephone number or meeting id (7 digits or more)."""
    return any(url(value) or len(re.sub(r"\D", "", text(value) or "")) >= 7 for value in values)


def digits(value: str | None) -> str:
    """Return the last ten digits of a telephone number, for comparing; empty where under three."""
    all_digits = re.sub(r"\D", "", _EXTENSION.split(value or "", maxsplit=1)[0])
    return all_digits[-10:] if len(all_digits) >= 3 else ""


def words(values: Any) -> str | None:
    """Return distinct texts joined by `;` in sorted order, as multi-valued cells are kept."""
    distinct = {cleaned.replace(";", ",") for value in values if (cleaned := text(value))}
    return ";".join(sorted(distinct)) or None


def number(value: Any) -> float | None:
    """Return a finite number from a number or its text (a comma may be the decimal sign), else None."""
    if value is None or isinstance(value, bool | dict | list):
        return None
    if isinstance(value, str) and _SIMPLE_NUMBER.fullmatch(value):
        return float(value)
    if isinstance(value, int | float):
        try:
            parsed = float(value)
        except OverflowError:
            return None
        return parsed if math.isfinite(parsed) else None
    cleaned = str(value).strip().strip("\"'").replace("\u2212", "-")
    if re.fullmatch(r"[+-]?\d+,\d+", cleaned):
        cleaned = cleaned.replace(",", ".")
    form = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?"
    if len(cleaned) > LONGEST_NUMBER or not re.fullmatch(form, cleaned):
        return None
    parsed = float(cleaned)
    return parsed if math.isfinite(parsed) else None


def whole(value: Any) -> int | None:
    """Return a whole number from 0 to a billion, else None: nothing that is counted here comes in more.

    A comma before each three digits (`1,000`) parts thousands, since no count has a fraction.
    """
    is_grouped = isinstance(value, str) and _GROUPED.fullmatch(value.strip())
    parsed = number(value.replace(",", "") if is_grouped else value)
    return int(parsed) if parsed is not None and 0 <= parsed <= 1e9 and parsed == int(parsed) else None


def amount(value: Any) -> float | None:
    """Return an amount of money or people (`$1,234.50`), not negative, else None; `$1.200` could be either."""
    if isinstance(value, str) and re.search(r"\.\d{3}", value.partition("$")[2]):
        return None
    cleaned = re.sub(r"[$\s]|,(?=\d{3}\b)", "", value) if isinstance(value, str) else value
    parsed = number(cleaned)
    return parsed if parsed is not None and parsed >= 0 else None


def truth(value: Any) -> bool | None:
    """Return a yes or no written in one of the usual ways, else None."""
    if isinstance(value, bool):
        return value
    cleaned = str(value).strip().lower()
    if cleaned in ("yes", "y", "true", "t", "1", "1.0", "x"):
        return True
    return False if cleaned in ("no", "n", "false", "f", "0", "0.0") else None


def date(value: Any) -> str | None:
    """Return as ISO the date at the start of a text, else None.

    It may be ISO, a US `month/day/year`, or have its month in an English or Spanish word: `March 3, 2026`,
    `3 Mar 2026`, `3 de marzo de 2026`.
    """
    cleaned = str(value or "").strip().lower()
    match = next((match for form in _DATES if (match := form.match(cleaned))), None)
    if match is None:
        return None
    month = _months().get(match["month"]) if match["month"].isalpha() else int(match["month"])
    try:
        return datetime.date(int(match["year"]), month or 0, int(match["day"])).isoformat()
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    """Return the names of months and what they are shortened to, in small letters → 1 to 12."""
    from babel.dates import get_month_names

    names = [get_month_names(width, locale=locale) for locale in ("en", "es") for width in ("wide", "abbreviated")]
    return {name.lower().rstrip("."): number for by_number in names for number, name in by_number.items()}


def minutes_of_clock(value: Any) -> int | None:
    """Return the minutes after midnight of `HH:MM` or `HH:MM:SS`, 24 hours or with am and pm, else None."""
    match = re.fullmatch(r"(?i)(\d\d?):(\d\d)(?::\d\d)? ?(?:([ap])\.?m\.?)?", single_spaced(value))
    if not match:
        return None
    hour, minute = int(match[1]), int(match[2])
    if match[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[3].lower() == "p" else 0)
    return hour * 60 + minute if minute < 60 and hour < 24 else None


def is_confidential(*values: Any) -> bool:
    """Tell whether a feed's own words mark a place as one whose address isn't public; such places are never mapped."""
    texts = (str(value) for value in values if value)
    return any(
        _CONFIDENTIAL.search(one) for one in texts if any(stem in one.casefold() for stem in _CONFIDENTIAL_STEMS)
    )


def point(lat: Any, lon: Any, bounds: Bounds | None, notes: Notes) -> tuple[float, float]:
    """Return (lon, lat), repairing only what is certain: decimal commas, and order or sign where the region proves it.

    Raises
    ------
    SetAside
        `no_point`, `not_a_number`, `null_island`, `impossible_point` or `outside_region`.
    """
    if _absent(lat) or _absent(lon):
        raise SetAside("no_point", "It has no coordinates.")
    y, x = number(lat), number(lon)
    if y is None or x is None:
        raise SetAside("not_a_number", f"Its coordinates are not numbers: {_shown(lat)}, {_shown(lon)}.")
    if x == 0 and y == 0:
        raise SetAside("null_island", "Its coordinates are 0, 0, which means that none are known.")
    if "," in f"{lat}{lon}":
        notes.repaired("decimal_comma", f"A decimal comma was read as a point: {_shown(lat)}, {_shown(lon)}.")
    possible = abs(y) <= 90 and abs(x) <= 180
    if bounds is None:
        if not possible:
            raise SetAside("impossible_point", f"Its coordinates are on no map: {y:g}, {x:g}.")
        return x, y
    if possible and bounds.hold(x, y):
        return x, y
    if bounds.hold(y, x):
        notes.repaired("swapped", f"Latitude and longitude were swapped: {y:g}, {x:g}.")
        return y, x
    signs = [(sx * x, sy * y) for sx, sy in ((-1, 1), (1, -1), (-1, -1)) if bounds.hold(sx * x, sy * y)]
    if len(signs) == 1:
        notes.repaired("sign", f"A sign was lost: {y:g}, {x:g}.")
        return signs[0]
    if not possible:
        raise SetAside("impossible_point", f"Its coordinates are on no map: {y:g}, {x:g}.")
    raise SetAside("outside_region", f"It lies outside the region: {y:g}, {x:g}.")


def _absent(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value)) or str(value).strip() == ""


def _shown(value: Any) -> str:
    return repr(text(value, 40))
