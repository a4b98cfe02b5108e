"""Loops compiled by numba and kept on the disk between runs, each held against its checksum before it is run.

Numba's own cache reads what it finds: a flipped byte there ends in a crash of the process, or in wrong numbers. It also
keeps a loop when another file's loop that was compiled into it has changed.
"""

import hashlib
import importlib
import io
import logging
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from typing import Any

import numpy as np
import xxhash
from numba import njit
from numba.core.caching import FunctionCache, IndexDataCacheFile
from numba.core.dispatcher import Dispatcher

from geo.library_parts import LibraryPart

_SEAL = xxhash.xxh3_128().digest_size
_loops: list[Any] = []
_log = logging.getLogger(__name__)


def _cache_is_as_known() -> bool:
    """Return whether numba's cache reads and writes through what is replaced here."""
    reads, writes = IndexDataCacheFile.load.__code__.co_names, IndexDataCacheFile._save_data.__code__.co_names
    made = FunctionCache(_cache_is_as_known)
    return (
        {"_load_index", "_load_data"} <= set(reads)
        and "_open_for_write" in writes
        and hasattr(made, "_cache_path")
        and hasattr(made, "_cache_file")
        and hasattr(made._impl, "filename_base")
        and hasattr(njit(_cache_is_as_known), "_cache")
    )


LIBRARY_PARTS = (LibraryPart("numba", "0.68.1", "What keeps damaged loops from being run", _cache_is_as_known),)


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a loop at its first call, or take it from the disk; it lets other threads run meanwhile.

    A file of the cache that isn't as it was written is not run: the loop is compiled again, over it, with a note.
    """
    loop: Any = njit(nogil=True)(function)
    if hasattr(loop, "_cache"):  # it hasn't, where NUMBA_DISABLE_JIT is set
        try:
            loop._cache = _SealedCache(function)
        except RuntimeError:
            _log.warning("No folder can be written that would keep compiled loops; each start takes longer.")
    _loops.append(loop)
    return loop


@dataclass(frozen=True)
class LoopsOnDisk:
    """The files of compiled loops, those that are not as they were written, and how many loops no folder keeps."""

    files: int
    damaged: tuple[Path, ...]
    not_kept: int


def loops_on_disk() -> LoopsOnDisk:
    """Return what is kept of every compiled loop of this software on this machine; nothing is compiled or removed."""
    for module in pkgutil.walk_packages([str(Path(__file__).parent)], "geo."):
        importlib.import_module(module.name)
    kept = [loop._cache for loop in _loops if isinstance(getattr(loop, "_cache", None), _SealedCache)]
    files = sorted({path for one in kept for path in one.files()})
    return LoopsOnDisk(len(files), tuple(path for path in files if not _is_sealed(path)), len(_loops) - len(kept))


class _SealedFiles(IndexDataCacheFile):
    """A loop's files: each ends with its own checksum, and names what it was compiled for."""

    def load(self, key: object) -> Any:
        kept_for, loop = super().load(key) or (key, None)
        return loop if kept_for == key else None  # two processes that compiled at once may have taken one name

    def save(self, key: object, data: object) -> None:
        super().save(key, (key, data))

    def _load_index(self) -> Any:
        path = Path(self._index_path)
        return super()._load_index() if path.exists() and _is_whole(path) else {}

    def _load_data(self, name: str) -> Any:
        path = Path(self._data_path(name))
        if not _is_whole(path):
            raise FileNotFoundError(path)
        return super()._load_data(name)

    @contextmanager
    def _open_for_write(self, filepath: str) -> Iterator[io.BytesIO]:
        content = io.BytesIO()
        yield content
        with super()._open_for_write(filepath) as file:
            file.write(content.getvalue() + xxhash.xxh3_128_digest(content.getvalue()))


class _SealedCache(FunctionCache):
    """The cache of one loop, in which nothing that goes wrong keeps the loop from being compiled."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        self.stamp = _stamp(function, self._impl.locator.get_source_stamp())
        self._cache_file = _SealedFiles(self._cache_path, f"{self._impl.filename_base}-sealed", self.stamp)

    def files(self) -> list[Path]:
        """Return the loop's files on the disk."""
        return list(Path(self._cache_path).glob(f"{escape(self._impl.filename_base)}-sealed*.nb[ic]"))

    def load_overload(self, sig: object, target_context: object) -> Any:
        try:
            return super().load_overload(sig, target_context)
        except Exception as problem:
            _log.warning(
                "A compiled loop can't be read from the disk (%s: %s); it is compiled again.",
                type(problem).__name__,
                str(problem),
            )
            return None

    def save_overload(self, sig: object, data: object) -> None:
        try:
            super().save_overload(sig, data)
        except OSError as problem:
            _log.warning("A compiled loop can't be kept (%s); the next start takes longer.", str(problem))


def _stamp(function: Callable[..., Any], own: object) -> str:
    """Return the digest of what a loop is compiled of: its file, the loops of other files, and numbers it may hold."""
    known = function.__globals__
    loops: list[Any] = [value for value in known.values() if isinstance(value, Dispatcher)]
    others = {
        loop._cache.stamp
        for loop in loops
        if isinstance(loop._cache, _SealedCache) and loop.py_func.__code__.co_filename != function.__code__.co_filename
    }
    numbers = [f"{name}={value!r}" for name, value in known.items() if isinstance(value, int | float | np.generic)]
    return hashlib.sha256(repr((own, sorted(others), sorted(numbers))).encode()).hexdigest()


def _is_whole(path: Path) -> bool:
    """Return whether a file is as it was written, having said so if it isn't."""
    whole = _is_sealed(path)
    if not whole:
        _log.warning("A compiled loop on the disk is not as it was written (%s); it is compiled again.", path)
    return whole


def _is_sealed(path: Path) -> bool:
    content = path.read_bytes()
    return xxhash.xxh3_128_digest(content[:-_SEAL]) == content[-_SEAL:]
