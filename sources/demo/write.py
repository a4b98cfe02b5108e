"""Bytes that are the same each time: JSON, CSV, gzip and zip without clocks or locales in them."""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

_STAMP = (2026, 1, 1, 0, 0, 0)


def json_bytes(value: Any, *, lines: bool = False) -> bytes:
    """Return JSON as UTF-8; with `lines`, each item of the outermost list (or of its first list) on its own line."""
    if not lines:
        return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
    rows = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in value]
    return ("[\n" + ",\n".join(rows) + "\n]\n").encode()


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Any]], *, quote_all: bool = False) -> bytes:
    """Return a table as UTF-8 CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def gzip_bytes(raw: bytes) -> bytes:
    """Return the bytes gzipped, without name or time."""
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=packed, mtime=0) as file:
        file.write(raw)
    return packed.getvalue()


def zip_bytes(members: dict[str, bytes]) -> bytes:
    """Return a zip archive of the members in their order, all stamped with one fixed time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, raw in members.items():
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, raw, compresslevel=9)
    return packed.getvalue()
