"""A population grid or list of zone points: a CSV with `lon`, `lat` and what lives or works there."""

import pandas as pd

from geo.errors import SourceError
from sources.adapter.source import ParseContext, Source
from sources.cleaning.report import Notes, Parsed
from sources.formats.csv_text import plain_name, read_csv
from sources.zones.measures import recognize, zones_from

_LON, _LAT = ("lon", "lng", "longitude", "x"), ("lat", "latitude", "y")


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return the `zones` of a CSV with columns for longitude, latitude and at least one measure.

    Raises
    ------
    SourceError
        It lacks these columns.
    """
    where = context.file_name
    rows = read_csv(raw, where)
    header = list(rows[0]) if rows else []
    plain = {plain_name(name): name for name in header}
    lon = next((plain[name] for name in _LON if name in plain), None)
    lat = next((plain[name] for name in _LAT if name in plain), None)
    columns = recognize(header)
    if lon is None or lat is None or not set(columns) - {"zone_id"}:
        raise SourceError(
            f"{where} is no table of zones: it needs columns lon, lat and population (or people, workers, jobs, need)."
        )
    table = pd.DataFrame(rows, dtype="string")
    frame = pd.DataFrame({"row": range(1, len(rows) + 1), "zone_id": pd.NA, "lon": table[lon], "lat": table[lat]})
    for ours, theirs in columns.items():
        frame[ours] = table[theirs]
    return zones_from(frame, Notes(context.source or SOURCE.name), len(rows))


def _recognizes(file_name: str, head: bytes) -> bool:
    header = {plain_name(name) for name in head.split(b"\n", 1)[0].decode("utf-8", "replace").split(",")}
    return (
        file_name.lower().endswith(".csv")
        and bool(header & set(_LON))
        and bool(header & set(_LAT))
        and bool(set(recognize(header)) - {"zone_id"})
    )


SOURCE = Source(
    name="grid",
    title="Population grid or zone points (CSV)",
    publisher="Whoever made the file",
    license="As its publisher says",
    attribution="Population: own file",
    url="",
    freshness="As given",
    precision="Cell centers",
    kind="zones",
    parse=parse,
    recognizes=_recognizes,
    trust=50,
    fresh_days=3650,
)
