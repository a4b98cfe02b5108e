"""Files of a region on disk: arrays, tables and documents with checksums, written aside and swapped in whole.

Arrays are `.npy` files in a folder, so that large ones can be mapped instead of read; tables are Parquet. Nothing
is pickled. Every write is flushed to the disk before a folder takes its place.

A file's checksum (XXH3, 128 bits) tells whether it is as it was written, and is checked at every opening: it goes as
fast as memory does. Its digest (SHA-256) names its content to others, and is counted once, when a region is built.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xxhash

from geo.errors import RegionError
from sources.formats.json_strict import read_json

if TYPE_CHECKING:
    import geopandas as gpd

FORMAT = 9
"""Of a region's folder; a region of another format is built again from its raw files."""
Array = npt.NDArray[Any]
_BUILDING, _OLD, _SWAP_LOCK = ".building-", ".old-", ".swap.lock"
_MAP_BYTES = 1 << 16
_COPY_BYTES = 1 << 20
_READ_BYTES = 1 << 17


def write_arrays(folder: Path, arrays: dict[str, Array]) -> None:
    """Write each array as `<key>.npy`; object arrays are refused, because only pickle could hold them."""
    folder.mkdir(parents=True, exist_ok=True)
    for key, array in arrays.items():
        with (folder / f"{key}.npy").open("wb") as file:
            np.save(file, np.ascontiguousarray(array) if np.ndim(array) else array, allow_pickle=False)


def read_arrays(folder: Path) -> dict[str, Array]:
    """Return the arrays of a folder; large ones are mapped (copy on write), so that they cost memory only when used."""
    arrays: dict[str, Array] = {}
    for path in sorted(folder.glob("*.npy")):
        mapped = np.load(path, mmap_mode="c" if path.stat().st_size > _MAP_BYTES else None, allow_pickle=False)
        arrays[path.stem] = np.asarray(mapped)
    return arrays


def write_table(path: Path, table: "pd.DataFrame | gpd.GeoDataFrame") -> None:
    """Write a table as Parquet (GeoParquet where it has geometry)."""
    table.to_parquet(path, index=False, compression="zstd")


def read_table(path: Path) -> pd.DataFrame:
    """Return a table of `write_table` without geometry."""
    return pd.read_parquet(path)


def write_document(path: Path, document: dict[str, Any]) -> None:
    """Write a JSON document that holds its own checksum."""
    whole = document | {"checksum": digest_of(document)}
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False), "utf-8")


def read_document(path: Path) -> dict[str, Any] | None:
    """Return a document of `write_document`, or None where it is missing or damaged."""
    try:
        document = read_json(path.read_bytes(), path.name)
    except (OSError, ValueError):
        return None
    if not isinstance(document, dict) or document.pop("checksum", None) != digest_of(document):
        return None
    return document


def digest_of(document: object) -> str:
    """Return the SHA-256 of plain values, whatever order their keys are in."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_checksum(path: Path) -> str:
    """Return the XXH3 (128 bits) of a file."""
    checksum = xxhash.xxh3_128()
    piece = memoryview(bytearray(_READ_BYTES))
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(piece):
            checksum.update(piece[:size])
    return checksum.hexdigest()


def of_every_file(folder: Path, measure: Callable[[Path], str]) -> dict[str, str]:
    """Return path inside the folder (`/`-separated) → `file_checksum` or `file_digest` of every file in it."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    with ThreadPoolExecutor(2) as pool:
        measured = list(pool.map(measure, paths))
    return {path.relative_to(folder).as_posix(): digest for path, digest in zip(paths, measured, strict=True)}


def copy_file(source: Path, target: Path) -> None:
    """Copy bytes piece by piece, so that an extract of any size needs no memory."""
    with source.open("rb") as reader, target.open("wb") as writer:
        shutil.copyfileobj(reader, writer, _COPY_BYTES)


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Give an empty folder beside `folder` that takes its place once the block ends without an error.

    Until then `folder` stays as it is; a block that fails, or a process that is killed, leaves it so. What killed
    processes left behind is cleared the next time.

    Raises
    ------
    RegionError
        The disk is full or can't be written.
    """
    base = folder.parent
    with ExitStack() as stack:
        try:
            base.mkdir(parents=True, exist_ok=True)
            with _locked(base / _SWAP_LOCK):
                _clear_leftovers(base)
                aside = Path(tempfile.mkdtemp(prefix=f"{_BUILDING}{folder.name}-", dir=base))
                stack.enter_context(_locked(_lock_path(aside)))
            stack.callback(_discard, aside)
            yield aside
            _flush(aside)
            with _locked(base / _SWAP_LOCK):
                _swap(aside, folder)
        except OSError as problem:
            raise _unwritable(base, problem) from problem


def remove_folder(folder: Path) -> None:
    """Remove a folder so that it is gone at once, even if its files take a while.

    Raises
    ------
    RegionError
        The disk can't be written.
    """
    try:
        with _locked(folder.parent / _SWAP_LOCK):
            gone = Path(tempfile.mkdtemp(prefix=f"{_BUILDING}{folder.name}-", dir=folder.parent))
            folder.rename(gone / folder.name)
    except OSError as problem:
        raise _unwritable(folder.parent, problem) from None
    shutil.rmtree(gone, ignore_errors=True)


def put_back(base: Path) -> None:
    """Put back what a process that was killed while replacing or building left; costs a listing of the folder.

    Raises
    ------
    RegionError
        The disk can't be written.
    """
    if not base.is_dir() or not any(base.glob(f"{_OLD}*")):
        return
    try:
        with _locked(base / _SWAP_LOCK):
            _clear_leftovers(base)
    except OSError as problem:
        raise _unwritable(base, problem) from None


def _clear_leftovers(base: Path) -> None:
    """Put back a folder whose replacement was cut off between its two renames; remove what killed processes left."""
    for old in base.glob(f"{_OLD}*"):
        folder = base / old.name.removeprefix(_OLD)
        if folder.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(folder)
    for aside in base.glob(f"{_BUILDING}*/"):
        if not _is_locked(_lock_path(aside)):
            _discard(aside)


def _discard(aside: Path) -> None:
    shutil.rmtree(aside, ignore_errors=True)
    with suppress(OSError):
        _lock_path(aside).unlink(missing_ok=True)


def _swap(aside: Path, folder: Path) -> None:
    """Rename `aside` to `folder`; a kill in between leaves the old one under a name that `clear_leftovers` knows."""
    old = folder.parent / f"{_OLD}{folder.name}"
    if folder.exists():
        shutil.rmtree(old, ignore_errors=True)
        folder.rename(old)
    aside.rename(folder)
    _flush_folder(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


def _flush(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        else:
            _flush_folder(path)
    _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows keeps renames in order itself and opens no folders
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _lock_path(aside: Path) -> Path:
    return aside.with_name(f"{aside.name}.lock")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that the system lets go when the process ends, however it ends."""
    with path.open("w") as file:
        _take_lock(file.fileno(), wait=True)
        yield


def _is_locked(path: Path) -> bool:
    try:
        with path.open("r+") as file:
            return not _take_lock(file.fileno(), wait=False)
    except FileNotFoundError:
        return False


def _take_lock(handle: int, wait: bool) -> bool:
    try:
        import fcntl
    except ImportError:
        import msvcrt

        windows: Any = msvcrt
        try:
            windows.locking(handle, windows.LK_LOCK if wait else windows.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def _unwritable(base: Path, problem: OSError) -> RegionError:
    return RegionError(f"The region can't be written to {base} ({problem.strerror or problem}); is the disk full?")
