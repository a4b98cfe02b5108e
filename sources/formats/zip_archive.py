"""Zip archives: those of strangers are read on counted bytes, never written to disk, never trusted about sizes."""

import io
import lzma
import zipfile
import zlib
from collections.abc import Collection, Mapping
from pathlib import PurePosixPath

from geo.errors import SourceError

MAX_MEMBERS = 2_000
MAX_BYTES = 2_000_000_000
"""More than this, unpacked, is no feed of ours."""

FREE_BYTES = 96_000_000
MAX_RATIO = 60
"""Text packs 5 to 20 times smaller; what unpacks to more than 96 MB and 60 times the archive is a bomb."""

_CHUNK = 1 << 20


def unzip(raw: bytes, where: str, wanted: Collection[str] | None = None) -> dict[str, bytes]:
    """Return the files in a zip archive by their path inside it, `/`-separated.

    Parameters
    ----------
    raw : the archive
    where : what to call it in a message
    wanted : file names (the last part of a path) to unpack; None = all

    Raises
    ------
    SourceError
        It is no zip archive, is damaged or encrypted, holds a path that leads out of its folder or more than
        2,000 members, or unpacks to too much; told from the bytes as they come, before they fill the memory.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = archive.infolist()
            _check_members([member.filename for member in members], where)
            limit = min(MAX_BYTES, max(FREE_BYTES, MAX_RATIO * len(raw)))
            files: dict[str, bytes] = {}
            for member in members:
                if not member.is_dir() and (wanted is None or PurePosixPath(member.filename).name in wanted):
                    files[member.filename] = _read(archive, member, where, limit)
                    limit -= len(files[member.filename])
            return files
    except SourceError:
        raise
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, OSError, ValueError) as problem:
        raise SourceError(f"{where} is not a zip archive that can be read ({problem}); fetch it again.") from None


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return files as a zip archive that depends on their names and content alone."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _check_members(names: list[str], where: str) -> None:
    if len(names) > MAX_MEMBERS:
        raise SourceError(f"{where} holds {len(names):,} files; a feed holds at most {MAX_MEMBERS:,}.")
    for name in names:
        path = name.replace("\\", "/")
        if path.startswith("/") or ":" in path.split("/")[0] or ".." in path.split("/") or "\0" in path:
            raise SourceError(f"{where} holds the path {name[:100]!r}, which leads out of its folder; it is not used.")


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str, limit: int) -> bytes:
    parts, size = [], 0
    with archive.open(member) as stream:
        while part := stream.read(_CHUNK):
            size += len(part)
            if size > limit:
                raise SourceError(
                    f"{where} unpacks to far more than an honest feed of its size (at {member.filename[:100]!r}); "
                    "it is not used."
                )
            parts.append(part)
    return b"".join(parts)
