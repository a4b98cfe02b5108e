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

FORMAT = 12
"""Of a region's folder; a region of another format is built again from its raw files."""
Array = npt.NDArray[Any]
_BUILDING, _OLD, _SWAP_LOCK = ".building-", ".old-", ".swap.lock"
_WRITING = ".writing-"
_LEAVING, _LAST = ".leaving-", ".last-"
"""What a folder is called between two renames where it is to be kept, and where it is kept then."""
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


def put_document(path: Path, document: dict[str, Any]) -> None:
    """Write a JSON document that holds its own checksum, under another name that is then given up for its own.

    Raises
    ------
    RegionError
        The disk is full or can't be written.
    """
    aside = _named(path, _WRITING)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with hold_lock(path.parent / _SWAP_LOCK):
            write_document(aside, document)
            _flush_file(aside)
            aside.replace(path)
        _flush_folder(path.parent)
    except OSError as problem:
        raise _unwritable(path.parent, problem) from problem


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
def replacing(folder: Path, *, keep: bool = False) -> Iterator[Path]:
    """Give an empty folder beside `folder` that takes its place once the block ends without an error.

    Until then `folder` stays as it is; a block that fails, or a process that is killed, leaves it so. What killed
    processes left behind is cleared the next time. With `keep`, what is replaced stays at hand for `swap_back`, in
    place of what was kept there before.

    Raises
    ------
    RegionError
        The disk is full or can't be written.
    """
    base = folder.parent
    with ExitStack() as stack:
        try:
            aside = stack.enter_context(_aside(base, folder.name))
            yield aside
            _flush(aside)
            with hold_lock(base / _SWAP_LOCK):
                _swap(aside, folder, keep)
        except OSError as problem:
            raise _unwritable(base, problem) from problem


@contextmanager
def scratch(base: Path) -> Iterator[Path]:
    """Give an empty folder in `base` that is gone once the block ends; of killed processes, the next time.

    Raises
    ------
    RegionError
        The disk is full or can't be written.
    """
    try:
        with _aside(base, "scratch") as aside:
            yield aside
    except OSError as problem:
        raise _unwritable(base, problem) from problem


@contextmanager
def _aside(base: Path, name: str) -> Iterator[Path]:
    with ExitStack() as stack:
        base.mkdir(parents=True, exist_ok=True)
        with hold_lock(base / _SWAP_LOCK):
            _clear_leftovers(base)
            aside = Path(tempfile.mkdtemp(prefix=f"{_BUILDING}{name}-", dir=base))
            stack.enter_context(hold_lock(_lock_path(aside)))
        stack.callback(_discard, aside)
        yield aside


def last_kept(folder: Path) -> Path | None:
    """Return where what a folder last replaced is kept; None where nothing is."""
    kept = _named(folder, _LAST)
    return kept if kept.is_dir() else None


def swap_back(folder: Path) -> None:
    """Put what a folder last replaced back in its place, and keep what was there in its stead: twice changes nothing.

    A process that is killed leaves one or the other whole.

    Raises
    ------
    RegionError
        Nothing is kept, or the disk can't be written.
    """
    kept = _named(folder, _LAST)
    try:
        with hold_lock(folder.parent / _SWAP_LOCK):
            _clear_leftovers(folder.parent)
            if not kept.is_dir():
                raise RegionError("No build before this one is kept; there is nothing to go back to.")
            folder.rename(_named(folder, _LEAVING))
            kept.rename(folder)
            _flush_folder(folder.parent)
            _named(folder, _LEAVING).rename(kept)
    except OSError as problem:
        raise _unwritable(folder.parent, problem) from None


def remove_folder(folder: Path) -> bool:
    """Remove a folder, and what it last replaced, so that it is gone at once, even if its files take a while.

    What killed processes left beside it is cleared too: a removal that was cut off can be asked for again.

    Returns
    -------
    bool
        Whether there was anything to remove.

    Raises
    ------
    RegionError
        The disk can't be written.
    """
    base = folder.parent
    if not base.is_dir():
        return False
    try:
        with hold_lock(base / _SWAP_LOCK):
            _clear_leftovers(base)
            there = [path for path in (_named(folder, _LAST), folder) if path.is_dir()]
            if not there:
                return False
            gone = Path(tempfile.mkdtemp(prefix=f"{_BUILDING}{folder.name}-", dir=base))
            for path in there:
                path.rename(gone / path.name)
    except OSError as problem:
        raise _unwritable(base, problem) from None
    shutil.rmtree(gone, ignore_errors=True)
    return True


def put_back(base: Path) -> None:
    """Put back what a process that was killed while replacing or building left; costs a listing of the folder.

    Raises
    ------
    RegionError
        The disk can't be written.
    """
    if not base.is_dir() or not any(path for prefix in (_OLD, _LEAVING) for path in base.glob(f"{prefix}*")):
        return
    try:
        with hold_lock(base / _SWAP_LOCK):
            _clear_leftovers(base)
    except OSError as problem:
        raise _unwritable(base, problem) from None


def clear_leftovers(base: Path) -> None:
    """Remove what killed processes left in a folder, and put back what they took out of its place.

    Raises
    ------
    RegionError
        The disk can't be written.
    """
    if not base.is_dir():
        return
    try:
        with hold_lock(base / _SWAP_LOCK):
            _clear_leftovers(base)
            for begun in base.glob(f"{_WRITING}*"):  # whoever writes one holds the lock
                begun.unlink(missing_ok=True)
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
    for leaving in base.glob(f"{_LEAVING}*"):
        _settle(leaving, base / leaving.name.removeprefix(_LEAVING))
    for aside in base.glob(f"{_BUILDING}*/"):
        if not _is_locked(_lock_path(aside)):
            _discard(aside)
    for lock in base.glob(f"{_BUILDING}*.lock"):
        if not lock.with_suffix("").exists() and not _is_locked(lock):
            lock.unlink(missing_ok=True)


def _discard(aside: Path) -> None:
    shutil.rmtree(aside, ignore_errors=True)
    with suppress(OSError):
        _lock_path(aside).unlink(missing_ok=True)


def _swap(aside: Path, folder: Path, keep: bool) -> None:
    """Rename `aside` to `folder`; a kill in between leaves the old one under a name that `_clear_leftovers` knows."""
    old = _named(folder, _LEAVING if keep else _OLD)
    if folder.exists():
        shutil.rmtree(old, ignore_errors=True)
        folder.rename(old)
    aside.rename(folder)
    _flush_folder(folder.parent)
    if keep and old.exists():
        _settle(old, folder)
    else:
        shutil.rmtree(old, ignore_errors=True)


def _settle(leaving: Path, folder: Path) -> None:
    """Keep what a folder replaced; put it back where nothing took its place."""
    if not folder.exists():
        leaving.rename(folder)
        return
    kept = _named(folder, _LAST)
    shutil.rmtree(kept, ignore_errors=True)
    leaving.rename(kept)


def _named(folder: Path, prefix: str) -> Path:
    return folder.with_name(f"{prefix}{folder.name}")


def _flush(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            _flush_file(path)
        else:
            _flush_folder(path)
    _flush_folder(folder)


def _flush_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


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
def hold_lock(path: Path) -> Iterator[None]:
    """Hold a lock (a file beside what it guards) that the system lets go when the process ends, however it ends."""
    with path.open("w") as file:
        _take_lock(file.fileno(), wait=True)
        yield


@contextmanager
def try_lock(path: Path) -> Iterator[bool]:
    """Hold a lock as `hold_lock` does, and give whether it was free; where another process holds it, nothing waits.

    Raises
    ------
    RegionError
        The disk can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("w")
    except OSError as problem:
        raise _unwritable(path.parent, problem) from problem
    with file:
        yield _take_lock(file.fileno(), wait=False)


@contextmanager
def take_turns(path: Path) -> Iterator[bool]:
    """Hold a lock as `hold_lock` does, and give whether another process, or thread, had it until now.

    Raises
    ------
    RegionError
        The disk can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("w")
    except OSError as problem:
        raise _unwritable(path.parent, problem) from problem
    with file:
        was_free = _take_lock(file.fileno(), wait=False)
        if not was_free:
            _take_lock(file.fileno(), wait=True)
        yield not was_free


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
