"""LODES 8: jobs where they are (WAC), workers where they live (RAC), and the crosswalk that places the blocks."""

import io
import re
import zlib

import pandas as pd

from geo.errors import InputError, SourceError
from geo.tables import SECTORS
from sources.adapter import paging
from sources.adapter.source import FetchContext, ParseContext, Source
from sources.cleaning.report import Notes, Parsed
from sources.formats.csv_text import check_columns
from sources.web.http import Fetched, GoneError
from sources.zones.measures import set_aside_rows

ENDPOINT = "https://lehd.ces.census.gov/data/lodes/LODES8"
LATEST_YEAR = 2023
_YEARS_BEHIND = 8
MOST_BYTES = 2_000_000_000
_JOBS = {"C000": "jobs", "CE01": "jobs_low_wage", "CE02": "jobs_mid_wage", "CE03": "jobs_high_wage"} | {
    name[5:].upper(): name for name in SECTORS
}
_WORKERS = {
    "C000": "workers",
    "CE01": "workers_low_wage",
    "CE02": "workers_mid_wage",
    "CE03": "workers_high_wage",
    "CR01": "workers_white",
    "CR02": "workers_black",
    "CR03": "workers_native",
    "CR04": "workers_asian",
    "CR05": "workers_pacific",
    "CR07": "workers_several",
    "CT02": "workers_hispanic",
}
_KINDS = {
    "w_geocode": ("jobs", _JOBS),
    "h_geocode": ("workers", _WORKERS),
    "tabblk2020": ("crosswalk", {"blklondd": "lon", "blklatdd": "lat"}),
}
_HEAD = re.compile(rb'^\s*"?(w_geocode|h_geocode|tabblk2020)"?,')


def fetch(context: FetchContext) -> dict[str, Fetched]:
    """Return a state's jobs, workers and crosswalk, packed as published, each only if newer than the copy at hand.

    Without a year it is the latest that the state has: some publish years after the others.

    Raises
    ------
    InputError, SourceError
        No state was given, or not as two letters; a file can't be fetched.
    """
    state = (context.state or "").lower()
    if not re.fullmatch("[a-z]{2}", state):
        raise InputError("LODES is fetched by state: give --state with two letters, like ky.")
    root = (context.endpoint or ENDPOINT).rstrip("/")
    years = [context.year] if context.year else newest_years()
    crosswalk = f"{state}_xwalk.csv.gz"
    for year in years:
        files = yearly_files(root, state, year) | {crosswalk: f"{root}/{state}/{crosswalk}"}
        try:
            return {name: paging.fetch_data(url, context, name) for name, url in files.items()}
        except GoneError:
            if year == years[-1]:
                raise
    raise AssertionError("There is a year.")


def newest_years() -> list[int]:
    """Return the years that a state may be at, the newest first."""
    return list(range(LATEST_YEAR, LATEST_YEAR - _YEARS_BEHIND - 1, -1))


def yearly_files(root: str, state: str, year: int) -> dict[str, str]:
    """Return file name → address of a state's jobs and workers of a year."""
    kinds = {f"{state}_{kind}_S000_JT00_{year}.csv.gz": kind for kind in ("wac", "rac")}
    return {name: f"{root}/{state}/{kind}/{name}" for name, kind in kinds.items()}


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return `jobs`, `workers` or `crosswalk`: `zone_id` (a block's 15-digit GEOID, text) and its columns.

    Raises
    ------
    SourceError
        It is none of the three, or damaged.
    """
    where = context.file_name
    raw = gunzip(raw, where)
    head = _HEAD.match(raw)
    if not head:
        raise SourceError(f"{where} is no LODES file: its first column should be w_geocode, h_geocode or tabblk2020.")
    geocode = head[1].decode()
    kind, columns = _KINDS[geocode]
    check_columns(raw, where)
    try:
        table = pd.read_csv(io.BytesIO(raw), dtype="string", usecols=[geocode, *columns])
    except (ValueError, UnicodeDecodeError):
        raise SourceError(f"{where} lacks columns of a LODES file, or is damaged: {', '.join(columns)}.") from None
    notes = Notes(context.source or SOURCE.name)
    table["row"] = range(1, len(table) + 1)
    geoids = table[geocode].str.strip()
    short = geoids.str.fullmatch(r"\d{14}").fillna(False)  # spreadsheets take the leading zero of nine states
    table["zone_id"] = geoids.where(~short, "0" + geoids)
    for theirs, ours in columns.items():
        table[ours] = pd.to_numeric(table[theirs], errors="coerce").astype("float64")
    bad = ~table["zone_id"].str.fullmatch(r"\d{15}").fillna(False) | table[list(columns.values())].isna().any(axis=1)
    repeats = ~bad & table.duplicated("zone_id")
    set_aside_rows(table.loc[bad, "row"], "bad_row", "Its GEOID is not 15 digits, or a number is missing.", notes)
    set_aside_rows(table.loc[repeats, "row"], "duplicate", "Another row has its GEOID.", notes)
    for notes.row in table.loc[short & ~bad & ~repeats, "zone_id"]:
        notes.repaired("leading_zero", "Its GEOID had lost its leading zero.")
    kept = table.loc[~bad & ~repeats, ["zone_id", *columns.values()]].sort_values("zone_id")
    return Parsed({kind: kept.reset_index(drop=True)}, notes.table(), len(table))


def gunzip(raw: bytes, where: str) -> bytes:
    """Return the content of gzip bytes (others as they are), counted while it unpacks.

    Raises
    ------
    SourceError
        It is damaged, or unpacks to more than 2 GB or 200 times its size.
    """
    if raw[:2] != b"\x1f\x8b":
        return raw
    limit = min(MOST_BYTES, 200 * max(len(raw), 100_000))
    pieces, left = [], limit
    while raw.strip(b"\0"):  # gzip files may follow one another, and tapes pad them
        try:
            unpacker = zlib.decompressobj(wbits=31)
            pieces.append(unpacker.decompress(raw, left + 1))
        except zlib.error:
            raise SourceError(f"{where} is a damaged gzip file.") from None
        left -= len(pieces[-1])
        if unpacker.unconsumed_tail or left < 0:
            raise SourceError(f"{where} would unpack to over {limit // 1_000_000} MB; it was not read.")
        if not unpacker.eof:
            raise SourceError(f"{where} is cut off: the gzip file has no end.")
        raw = unpacker.unused_data
    return b"".join(pieces)


def _recognizes(_file_name: str, head: bytes) -> bool:
    if head[:2] == b"\x1f\x8b":
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, 256)
        except zlib.error:
            return False
    return bool(_HEAD.match(head))


SOURCE = Source(
    name="lodes",
    title="LODES 8: jobs and workers by census block",
    publisher="US Census Bureau, Longitudinal Employer-Household Dynamics",
    license="Public domain (US federal government)",
    attribution="Jobs and workers: US Census Bureau, LODES 8",
    url="https://lehd.ces.census.gov/data/",
    freshness="Yearly, two to three years behind",
    precision="Census blocks, with noise added by the Bureau",
    kind="zones",
    parse=parse,
    recognizes=_recognizes,
    trust=80,
    fetch=fetch,
    endpoint=ENDPOINT,
    is_whole=True,
    probe="/dc/dc_xwalk.csv.gz",
    fresh_days=1100,
)
