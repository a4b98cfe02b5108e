"""Text made comparable: names and addresses that differ only in how they are written become equal."""

import re
import unicodedata

_SHORT = {
    "street": "st", "avenue": "ave", "av": "ave", "road": "rd", "drive": "dr", "boulevard": "blvd", "lane": "ln",
    "court": "ct", "place": "pl", "highway": "hwy", "parkway": "pkwy", "square": "sq", "circle": "cir",
    "terrace": "ter", "trail": "trl", "north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne",
    "northwest": "nw", "southeast": "se", "southwest": "sw", "saint": "st", "mount": "mt", "fort": "ft",
    "junior": "jr", "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th", "sixth": "6th",
    "seventh": "7th", "eighth": "8th", "ninth": "9th", "tenth": "10th", "eleventh": "11th", "twelfth": "12th",
}  # fmt: skip

LONG = {short: word for word, short in reversed(_SHORT.items())}
"""A short form → the first word that it stands for, so that a misspelt long word is known too."""


_OWN = r"(?:[a-z]?-?\d[\w-]*|[a-z])\b"
_UNIT = re.compile(
    r"[,;]?(?:(?<!\s)\s++)?(?:"
    r"\b(?:apt|apartment|apto|depto|dpto|unit|ste|suite|rm|room|bldg|building|lot|trlr|trailer|spc|space|oficina|piso)\b"
    rf"\.?\s*+(?:no\.?\s*+|[#№]\s*+)?{_OWN}"
    r"|\bfl(?:oor)?\b\.?\s*+\d{1,2}(?!\w)|\b\d{1,2}(?:st|nd|rd|th)\s++fl(?:oor)?\b\.?"
    rf"|[#№]\s*+{_OWN})",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s*(\d+)\s*[-–/]\s*(\d+)\s+(?=\S*[^\W\d])")


def without_unit(text: str) -> tuple[str, str]:
    """Return an address without the apartment, suite, room or floor behind its house number, and that unit's words."""
    if not re.match(r"\s*\d", text):
        return text, ""
    units = [unit[0].strip(" ,;") for unit in _UNIT.finditer(text)]
    return _UNIT.sub("", text).strip(), ", ".join(units)


def house_numbers(text: str) -> list[str]:
    """Return an address as it is, and where it begins with a range of numbers, like 100-102, with the first and last.

    What it is comes first: in Queens, 37-12 is the number of one house.
    """
    span = _RANGE.match(text)
    return [text] if not span else [text, *(f"{number} {text[span.end() :]}" for number in span.groups())]


def normalize(text: str) -> str:
    """Return text for comparing: lower case, no accents or punctuation, street words and directions shortened."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(_SHORT.get(word, word) for word in re.sub(r"[^a-z0-9 ]", " ", plain.replace("'", "")).split())
