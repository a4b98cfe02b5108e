"""The one door through which text of strangers enters a map or a page.

folium compiles what it renders as a template a second time, so `{{…}}` in a name would run on the server;
`${…}` inside a popup would run in the browser even after `html.escape`; NUL and right-to-left overrides
hide what a text says. So a text is first made plain (`plain`), and then every character that means
anything to HTML, Jinja, JavaScript or Markdown becomes a numeric reference (`escaped`), which a browser
shows as that very character. Nothing but `features` builds a folium layer from a table, and pages are put together
with `html`, which escapes whatever it is given.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
from markupsafe import Markup

_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""Control characters, and the marks that reorder what follows: shown as the replacement character."""

_MEANINGFUL = re.compile(r"[^\w ,.()-]|_")
"""Everything that is not a letter, a digit or harmless punctuation."""


def plain(value: object) -> str:
    """Return a value as one line of text that reads as it is stored; missing values are empty."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    text = str(value)
    if not text.isprintable():
        text = _INVISIBLE.sub("\N{REPLACEMENT CHARACTER}", text)
    return " ".join(text.split())


def escaped(value: object) -> Markup:
    """Return a value as markup that shows it as text, wherever it is put; markup stays as it is."""
    if isinstance(value, Markup):
        return value
    return Markup(_MEANINGFUL.sub(lambda match: f"&#{ord(match[0])};", plain(value)))  # noqa: S704  escaped here


def html(template: str, **values: object) -> Markup:
    """Fill our own markup with values, each of them escaped."""
    return Markup(template.format(**{name: escaped(value) for name, value in values.items()}))  # noqa: S704


def joined(pieces: Iterable[Markup]) -> Markup:
    """Return pieces of markup one after the other."""
    return Markup("").join(pieces)


def link(url: object) -> str | None:
    """Return a web address that may be followed: http or https with a host; anything else is None."""
    text = plain(url)
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return None
    return text if parts.scheme in {"http", "https"} and host else None


def followed(url: object, text: str) -> Markup:
    """Return a link to a web page of strangers, or nothing where the address is not one."""
    address = link(url)
    if address is None:
        return Markup("")
    return html('<a href="{address}" rel="noopener noreferrer nofollow">{text}</a>', address=address, text=text)


def telephone(number: object) -> str | None:
    """Return the digits of the first telephone number for a `tel:` link, or None where there are too few."""
    text = plain(number)
    digits = re.sub(r"[^\d+]", "", re.split(r"(?i)(?:ext|x)\.? ?\d|[,;|]|\s(?:or|o|and|y|/)\s", text)[0])
    return digits if sum(c.isdigit() for c in digits) >= 3 else None


def features(geometries: Iterable[Mapping[str, Any]], table: pd.DataFrame) -> dict[str, Any]:
    """Return a GeoJSON collection: one feature a row, texts escaped, numbers kept, missing values null."""
    names = [str(name) for name in table.columns]
    columns = [_properties(table[name]) for name in table.columns]
    rows = zip(*columns, strict=True) if columns else [()] * len(table)
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "geometry": geometry, "properties": dict(zip(names, row, strict=True))}
            for geometry, row in zip(geometries, rows, strict=True)
        ],
    }


def points(lon: Sequence[float], lat: Sequence[float]) -> list[dict[str, Any]]:
    """Return GeoJSON points, to a tenth of a meter."""
    places = np.round(np.column_stack([np.asarray(axis, dtype=np.float64) for axis in (lon, lat)]), 6)
    return [{"type": "Point", "coordinates": place} for place in places.tolist()]


def multipoint(lon: Sequence[float], lat: Sequence[float]) -> dict[str, Any]:
    """Return many points as one GeoJSON geometry."""
    return {"type": "MultiPoint", "coordinates": [point["coordinates"] for point in points(lon, lat)]}


def _properties(column: pd.Series) -> list[object]:
    values = column.tolist()
    if isinstance(column.dtype, pd.StringDtype):  # words that come again and again, as a category, are escaped once
        known = {value: _property(value) for value in set(values)}
        return [known[value] for value in values]
    return [_property(value) for value in values]


def _property(value: object) -> object:
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or value is pd.NA:
        return None
    return escaped(value)
