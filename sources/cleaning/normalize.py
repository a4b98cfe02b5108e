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


def normalize(text: str) -> str:
    """Return text for comparing: lower case, no accents or punctuation, street words and directions shortened."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(_SHORT.get(word, word) for word in re.sub(r"[^a-z0-9 ]", " ", plain.replace("'", "")).split())
