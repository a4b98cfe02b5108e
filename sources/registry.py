"""The one list of sources; a source that isn't here doesn't exist."""

from pathlib import Path

from geo.errors import InputError
from geo.tables import CATEGORIES
from sources.adapter.source import Source
from sources.cleaning.redaction import without_contacts
from sources.networks import elevation, gtfs_feeds, mobility_database, overpass
from sources.places.place_lookup import NOMINATIM, TIGERWEB
from sources.resources import (
    adzuna,
    bmlt,
    findtreatment,
    hrsa,
    hsds,
    job_centers,
    located,
    mash,
    meeting_guide,
    nppes,
    osm,
    osm_features,
    oxford_house,
    recovery_residences,
    table,
    usajobs,
)
from sources.zones import acs, blocks, grid, lodes, overdose, population, vulnerability

SOURCES: tuple[Source, ...] = (
    meeting_guide.SOURCE,
    bmlt.SOURCE,
    findtreatment.SOURCE,
    hrsa.SOURCE,
    nppes.SOURCE,
    job_centers.SOURCE,
    hsds.SOURCE,
    recovery_residences.SOURCE,
    mash.SOURCE,
    oxford_house.SOURCE,
    usajobs.SOURCE,
    adzuna.SOURCE,
    osm_features.SOURCE,
    located.SOURCE,
    table.SOURCE,
    lodes.SOURCE,
    blocks.SOURCE,
    grid.SOURCE,
    population.SOURCE,
    acs.SOURCE,
    vulnerability.SOURCE,
    overdose.SOURCE,
    osm.SOURCE,
    elevation.SOURCE,
    gtfs_feeds.SOURCE,
    overpass.SOURCE,
    mobility_database.SOURCE,
    NOMINATIM,
    TIGERWEB,
)
HEAD_BYTES = 65_536


def source_called(name: str) -> Source | None:
    """Return the source of that name, if there is one."""
    return next((source for source in SOURCES if source.name == name), None)


def redact_contacts(name: str, raw: bytes, where: str) -> bytes:
    """Return a file's bytes as a region may keep them: without the contacts of persons."""
    source = source_called(name)
    return source.strip(raw, where) if source is not None and source.strip is not None else without_contacts(raw, where)


def recognize(path: Path, kind: str, head: bytes) -> Source:
    """Return the source that a file looks like: the first of the list that knows its name or its first bytes.

    Raises
    ------
    InputError
        None does; the sentence lists what can be said instead.
    """
    for source in SOURCES:
        if source.kind == kind and source.recognizes(path.name, head):
            return source
    names = ", ".join(s.name for s in SOURCES if s.kind == kind)
    if kind == "zones":
        raise InputError(f"{path.name} is not recognized as zones; known are {names}.")
    raise InputError(
        f"{path.name} is not recognized as a list known here, and no column `category` says what kind of support each "
        f"place is. Say what kind they all are, as pharmacy={path.name} ({', '.join(CATEGORIES)}), or which list it "
        f"is, as meeting_guide={path.name} ({names})."
    )


def facts_table() -> str:
    """Return the facts of every source as a Markdown table; `docs/data-sources.md` holds it."""
    lines = [
        "| source | publisher | license | attribution | how fresh | how exact |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for source in SOURCES:
        title = f"[{source.title}]({source.url})" if source.url else source.title
        fresh = f"{source.freshness}; called old after {source.fresh_days} days"
        facts = (
            f"`{source.name}` {title}",
            source.publisher,
            source.license,
            source.attribution,
            fresh,
            source.precision,
        )
        lines.append(f"| {' | '.join(facts)} |")
    return "\n".join(lines)
