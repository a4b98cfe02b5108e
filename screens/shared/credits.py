"""Whose the data is and under which license, in the language of the page."""

from collections.abc import Iterable, Mapping
from typing import Any

from screens.shared.words import Say


def named(text: str, say: Say) -> str:
    """Return a source's title, publisher or license; one that is no name but a description, in the page's language."""
    return say.or_else(text, text)


def map_credit(sources: Iterable[Mapping[str, Any]], say: Say) -> str:
    """Return whom to name below what is worked out from a region's map and timetables, as they ask for it."""
    texts = (named(source["attribution"], say) for source in sources if source["role"] in ("osm", "gtfs"))
    return f"{'; '.join(dict.fromkeys(texts))}."


def credits_of(sources: Iterable[Mapping[str, Any]], say: Say) -> list[str]:
    """Return a line for each source of a region, `title: license`, each once."""
    lines = (f"{named(source['title'], say)}: {named(source['license'], say)}" for source in sources)
    return list(dict.fromkeys(lines))
