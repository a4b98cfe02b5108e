"""GTFS files as text tables: any encoding, line end or cell count that real feeds have; every repair is noted.

pyarrow reads a sound file fast; a file with quoted line breaks or rows of another length goes through the
standard library's csv, row by row. gtfs-kit and plain pandas give up on such files (UTF-16, NULs, extra
cells), or drop their rows without a word.
"""

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from geo.errors import SourceError
from sources.cleaning.report import Notes, SetAside
from sources.formats.csv_text import MOST_COLUMNS
from sources.formats.zip_archive import MAX_BYTES, unzip

FILES = (
    "agency.txt", "stops.txt", "routes.txt", "trips.txt", "stop_times.txt", "calendar.txt",
    "calendar_dates.txt", "frequencies.txt", "transfers.txt", "pathways.txt", "shapes.txt",
    "location_groups.txt", "location_group_stops.txt", "booking_rules.txt", "locations.geojson",
)  # fmt: skip
MAX_CELL = 120
"""Longer texts are cut: no name of a stop, route or trip needs more; ids as `short_id` does it."""

MAX_NOTES = 1_000
"""Rows named one by one for one problem in one file; the rest is counted in one more note."""

_MAX_QUOTED_LINES = 10
_SPARE_CELLS = 1_000_000
"""So many may lack: a cell that is there takes a byte or more, and one that isn't takes memory all the same."""
_WHOLE = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "start_date", "end_date", "date",
    "exception_type", "stop_sequence", "pickup_type", "drop_off_type", "location_type", "wheelchair_boarding",
    "route_type", "wheelchair_accessible", "headway_secs", "transfer_type", "min_transfer_time", "pathway_mode",
    "is_bidirectional", "shape_pt_sequence", "booking_type", "prior_notice_duration_min", "prior_notice_last_day",
)  # fmt: skip
"""Columns of whole numbers; spreadsheets and data frames like to write them as 1.0."""


def read_folder(source: bytes | Path, where: str, notes: Notes) -> dict[str, bytes]:
    """Return the GTFS files in a zip archive (bytes or path) or a folder, by their plain names.

    Raises
    ------
    SourceError
        There is no such file or folder, the archive can't be used, or it holds no stop_times.txt.
    """
    if isinstance(source, Path) and source.is_dir():
        paths = [p for p in sorted(source.rglob("*")) if p.name.lower() in FILES and p.is_file()]
        if sum(path.stat().st_size for path in paths) > MAX_BYTES:
            raise SourceError(f"{where} holds more than {MAX_BYTES:,} bytes; that is no feed that can be read here.")
        files = {path.relative_to(source).as_posix(): path.read_bytes() for path in paths}
    else:
        try:
            raw = source.read_bytes() if isinstance(source, Path) else source
        except OSError:
            raise SourceError(f"There is no timetable at {where}; check the path.") from None
        files = {
            name: data
            for name, data in unzip(raw, where, {*FILES, *(name.upper() for name in FILES)}).items()
            if "__MACOSX" not in name
        }
    homes = sorted(
        (PurePosixPath(name).parent for name in files if PurePosixPath(name).name.lower() == "stop_times.txt"),
        key=lambda home: (len(home.parts), str(home)),
    )
    if not homes:
        inner = _archives(source)
        what = f"but other archives ({', '.join(inner)}): unpack it, and give each of them that is a timetable"
        what = what if inner else "so it has no timetable; a GTFS feed must have one"
        raise SourceError(f"{where} holds no stop_times.txt, {what}.")
    for home in homes[1:]:
        notes.row = str(home)
        reason = f"Another feed lies in the folder {str(home)[:80]!r}; give it as a timetable of its own."
        notes.set_aside(SetAside("second_feed", reason))
    if homes[0].parts:
        notes.row = str(homes[0])
        notes.notice("nested_folder", f"The feed lies in the folder {str(homes[0])[:80]!r} and is read from there.")
    return {PurePosixPath(n).name.lower(): data for n, data in files.items() if PurePosixPath(n).parent == homes[0]}


def _archives(source: bytes | Path) -> list[str]:
    """Return the names of the first few zip archives in a folder or in an archive that can be read."""
    if isinstance(source, Path) and source.is_dir():
        names = [path.name for path in source.rglob("*")]
    else:
        with zipfile.ZipFile(source if isinstance(source, Path) else io.BytesIO(source)) as archive:
            names = archive.namelist()
    return [name[-60:] for name in sorted(names) if name.lower().endswith(".zip")][:5]


def read_table(raw: bytes, file: str, notes: Notes) -> pd.DataFrame:
    """Return a CSV file as a table of categorical text, cells stripped, with the column `line` (1 = the header).

    Raises
    ------
    SourceError
        It names far more columns than its rows have cells.
    """
    data = _clean_bytes(raw, file, notes)
    header, _, body = data.partition(b"\n")
    names = [name.strip().strip('"').strip().lower() for name in _one_row(header.decode())]
    if len(names) > MOST_COLUMNS or len(names) * body.count(b"\n") > _SPARE_CELLS + 2 * len(body):
        raise SourceError(f"{file} has {len(names):,} columns, more than its rows have cells; it is no timetable.")
    if not any(names) or not body.strip():
        notes.row = file
        notes.notice("empty_file", f"{file} holds no rows.")
        return _frame({name: [] for name in names if name}, np.empty(0, np.int64))
    keep = [i for i, name in enumerate(names) if name and name not in names[:i]]
    if len(keep) < len([name for name in names if name]):
        note_rows(notes, "notice", "repeated_column", file, [1], "A column is named twice; the first one is used.")
    table = _read_fast(body, names)
    lines = np.arange(2, 2 + (0 if table is None else len(table[0])))
    if table is None:
        table, lines = _read_row_by_row(body.decode(), len(names), file, notes)
    return _cut(_as_whole(_frame({names[i]: table[i] for i in keep}, lines), file, notes), file, notes)


def note_rows(
    notes: Notes, outcome: str, code: str, file: str, lines: Iterable[int] | npt.NDArray[Any], reason: str
) -> None:
    """Note a problem for each line of a file, up to a thousand; the others are counted in one more note."""
    lines = list(lines)
    notes.entries.extend((f"{file}:{line}", outcome, code, reason) for line in lines[:MAX_NOTES])
    if len(lines) > MAX_NOTES:
        notes.entries.append((file, outcome, code, f"{reason} (and {len(lines) - MAX_NOTES:,} more rows)"))


def column(table: pd.DataFrame, name: str, convert: Callable[[str], Any], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """Return a column with each distinct text converted once; an absent column is all empty text."""
    if name not in table:
        return np.full(len(table), convert(""), dtype)
    values = table[name].cat.categories
    converted = np.empty(len(values) + 1, dtype)
    converted[:-1] = [convert(value) for value in values]
    chosen: npt.NDArray[Any] = converted[table[name].cat.codes.to_numpy()]
    return chosen


def texts(table: pd.DataFrame, name: str) -> npt.NDArray[np.str_]:
    """Return a column as text; an absent column is all empty."""
    values = table[name].astype(str).to_numpy(dtype=str) if name in table else np.full(len(table), "", str)
    return values if len(values) else np.empty(0, "<U1")


def _clean_bytes(raw: bytes, file: str, notes: Notes) -> bytes:
    """Return the file as UTF-8 with plain line ends."""
    notes.row = file
    data = raw
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16", "replace").encode()
        notes.repaired("utf16", f"{file} is in UTF-16; GTFS asks for UTF-8.")
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        data = data.replace(b"\0", b"")
        note_rows(notes, "repaired", "nul_bytes", file, [line], f"{file} holds NUL bytes; they are taken out.")
    if b"\r" in data:
        pairs = data.count(b"\r\n")
        if sum(count > 0 for count in (pairs, data.count(b"\n") - pairs, data.count(b"\r") - pairs)) > 1:
            notes.repaired("mixed_line_ends", f"{file} mixes kinds of line ends.")
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        data.decode()
    except UnicodeDecodeError:
        lines = data.split(b"\n")
        wrong = [i for i, line in enumerate(lines) if not _is_utf8(line)]
        for i in wrong:
            lines[i] = lines[i].decode("cp1252", "replace").encode()
        reason = "The line is not UTF-8; it is read as Windows text."
        note_rows(notes, "repaired", "not_utf8", file, [i + 1 for i in wrong], reason)
        data = b"\n".join(lines)
    # the marks of a cell that blanks precede would be taken for a part of it
    return re.sub(rb',[ \t]+"', b',"', data) if b'"' in data else data


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _read_fast(body: bytes, names: list[str]) -> list[pa.ChunkedArray] | None:
    """Return the columns, or None if any row needs a closer look."""
    if b"\n\n" in body or (b'"' in body and any(line.count(b'"') % 2 for line in body.split(b"\n"))):
        return None
    numbered = [str(i) for i in range(len(names))]
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(body),
            read_options=pyarrow.csv.ReadOptions(use_threads=False, column_names=numbered),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(numbered, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    return [pa.compute.utf8_trim_whitespace(table[name]) for name in numbered]


def _read_row_by_row(body: str, width: int, file: str, notes: Notes) -> tuple[list[list[str]], npt.NDArray[np.int64]]:
    rows = _csv_rows(body, width)
    if rows is None:
        reason = "A quotation mark is never closed; every line is read by itself."
        note_rows(notes, "repaired", "broken_quotes", file, [1], reason)
        rows = [(i, _one_row(text)) for i, text in enumerate(body.split("\n"), 2)]
    rows = [(line, cells) for line, cells in rows if any(cell.strip() for cell in cells)]
    too_many = [line for line, cells in rows if len(cells) > width]
    too_few = [line for line, cells in rows if len(cells) < width]
    reason = "The row has more cells than the header; those beyond it are not used."
    note_rows(notes, "repaired", "extra_cells", file, too_many, reason)
    reason = "The row has fewer cells than the header; the missing ones are empty."
    note_rows(notes, "repaired", "missing_cells", file, too_few, reason)
    columns = [[cells[i].strip() if i < len(cells) else "" for _, cells in rows] for i in range(width)]
    return columns, np.array([line for line, _ in rows], np.int64)


def _csv_rows(body: str, width: int) -> list[tuple[int, list[str]]] | None:
    """Return (first line, cells) of each row, or None if a quotation mark swallows lines that are rows."""
    reader = csv.reader(io.StringIO(body, newline=""))
    rows, line = [], 2
    try:
        for cells in reader:
            lines = reader.line_num + 2 - line
            if lines > _MAX_QUOTED_LINES or (lines > 1 and len(cells) != width):
                return None
            rows.append((line, cells))
            line = reader.line_num + 2
    except csv.Error:
        return None
    return rows


def _one_row(text: str) -> list[str]:
    if text.count('"') % 2:
        return text.replace('"', "").split(",")
    try:
        return next(csv.reader([text]), [])
    except csv.Error:
        return text.split(",")


def _frame(columns: dict[str, Any], lines: npt.NDArray[np.int64]) -> pd.DataFrame:
    series = {}
    for name, values in columns.items():
        array = values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([pa.array(values, pa.string())])
        encoded = array.dictionary_encode().combine_chunks()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.chunk(0) if encoded.num_chunks else pa.array([], pa.string()).dictionary_encode()
        words = np.array(encoded.dictionary.to_pylist(), object)
        series[name] = pd.Categorical.from_codes(encoded.indices.to_numpy(zero_copy_only=False), words)
    return pd.DataFrame({**series, "line": lines})


def _as_whole(table: pd.DataFrame, file: str, notes: Notes) -> pd.DataFrame:
    """Take the `.0` off whole numbers."""
    for name in (name for name in _WHOLE if name in table):
        values = [str(value) for value in table[name].cat.categories]
        plain = [re.sub(r"^(\d+)\.0+$", r"\1", value) for value in values]
        if plain != values:
            reason = f"Whole numbers in {name} are written with a decimal point (1.0); it is taken off."
            note_rows(notes, "repaired", "float_text", file, [1], reason)
            table = table.assign(**{name: pd.Categorical(table[name].map(dict(zip(values, plain, strict=True))))})
    return table


def _cut(table: pd.DataFrame, file: str, notes: Notes) -> pd.DataFrame:
    """Cut texts that are longer than any honest name; of two ids that differ none becomes the other."""
    for name in table.columns.drop("line"):
        values = table[name].cat.categories
        long = np.array([len(value) > MAX_CELL for value in values], bool)
        if long.any():
            rows = table.loc[long[table[name].cat.codes], "line"]
            reason = f"The text in {name[:40]} is longer than {MAX_CELL} characters and is cut."
            note_rows(notes, "repaired", "long_text", file, rows, reason)
            is_id = name.endswith("_id") or name == "parent_station"
            cut = {value: short_id(value) if is_id else value[:MAX_CELL] for value in values}
            table = table.assign(**{name: pd.Categorical(table[name].astype(object).map(cut))})
    return table


def short_id(text: str) -> str:
    """Return an id in at most `MAX_CELL` characters: the end of a longer one becomes its digest."""
    if len(text) <= MAX_CELL:
        return text
    end = hashlib.sha256(text.encode()).hexdigest()[:16]
    return text[: MAX_CELL - len(end)] + end
