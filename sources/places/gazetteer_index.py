"""What makes a gazetteer quick to search: its words, the rows that hold each, and the numbers of its addresses.

Made once for a gazetteer and kept as long as that is, so that a query costs a few milliseconds however large the
region is.
"""

import re
import weakref
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from sources.cleaning.normalize import LONG

Ints = NDArray[np.int64]
KINDS = ("crossing", "address", "place", "zip")
_ALIKE = 55.0
_MOST_WORDS = 25
_ROW_WORD = 0.05
"""Of rows that hold the same words of a query, the one with fewer besides goes first."""


@dataclass(frozen=True)
class Index:
    """`words[k]` stands in the rows `rows[start[k]:start[k + 1]]`; `spelled` are its writings → its number.

    `of_kind` tells the rows of each kind; `number` and `street` are an address's own (-1 and the code of a name in
    `streets`), for every row.
    """

    size: int
    words: dict[str, int]
    spelled: list[str]
    spelled_word: list[int]
    start: Ints
    rows: Ints
    length: NDArray[np.float64]
    of_kind: dict[str, NDArray[np.bool_]]
    number: Ints
    street: Ints
    streets: list[str] = field(repr=False)


_KEPT: dict[int, tuple["weakref.ref[pd.DataFrame]", Index]] = {}


def index_of(gazetteer: pd.DataFrame) -> Index:
    """Return the index of a gazetteer; made once, and given up with it."""
    key = id(gazetteer)
    kept = _KEPT.get(key)
    if kept is not None and kept[0]() is gazetteer:
        return kept[1]
    made = _made(gazetteer)
    _KEPT[key] = weakref.ref(gazetteer, lambda _: _KEPT.pop(key, None)), made
    return made


def preselect(index: Index, words: list[str], allowed: NDArray[np.bool_] | None, most: int) -> Ints:
    """Return the rows that hold most of the words, or words much like them (longer ones count more), best first.

    `allowed` are the rows that may come (None: any).
    """
    rows_of_words, weights = [], []
    for word in dict.fromkeys(words):
        for number, likeness in _similar(index, word):
            rows = index.rows[index.start[number] : index.start[number + 1]]
            rows_of_words.append(rows)
            weights.append(np.full(len(rows), min(len(word), 8) * likeness / 100))
    if not rows_of_words:
        return np.empty(0, np.int64)
    total = np.bincount(np.concatenate(rows_of_words), np.concatenate(weights), minlength=index.size)
    total = np.where(total > 0, total - _ROW_WORD * index.length, 0.0)
    if allowed is not None:
        total = np.where(allowed, total, 0.0)
    best = np.argpartition(-total, min(most, index.size - 1))[:most] if index.size > most else np.arange(index.size)
    best = best[total[best] > 0]
    return best[np.lexsort((best, -total[best]))]


def rows_with(index: Index, word: str) -> Ints:
    """Return the rows that hold a word."""
    number = index.words.get(word)
    return index.rows[:0] if number is None else index.rows[index.start[number] : index.start[number + 1]]


def _similar(index: Index, word: str) -> list[tuple[int, float]]:
    """Return the words like one, with their likeness (0–100); numbers are like themselves alone."""
    if re.fullmatch(r"\d+(st|nd|rd|th)?", word):
        return [(index.words[word], 100.0)] if word in index.words else []
    near = process.extract(word, index.spelled, scorer=fuzz.ratio, limit=_MOST_WORDS, score_cutoff=_ALIKE)
    best: dict[int, float] = {}
    for _, likeness, position in near:
        number = index.spelled_word[position]
        best[number] = max(best.get(number, 0.0), likeness)
    return list(best.items())


def _made(gazetteer: pd.DataFrame) -> Index:
    searched = gazetteer["search"].to_numpy(dtype=object)
    kind = gazetteer["kind"].to_numpy(dtype=object)
    split = [text.split() for text in searched]
    words: dict[str, int] = {}
    numbers = np.fromiter((words.setdefault(word, len(words)) for row in split for word in row), np.int64)
    length = np.fromiter(map(len, split), np.int64, len(split))
    row = np.repeat(np.arange(len(split)), length)
    order = np.argsort(numbers, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(numbers, minlength=len(words)))]).astype(np.int64)
    long = [(LONG[word], number) for word, number in words.items() if word in LONG]
    number, street, streets = _addresses(searched, kind)
    return Index(
        size=len(split),
        words=words,
        spelled=[*words, *(text for text, _ in long)],
        spelled_word=[*words.values(), *(n for _, n in long)],
        start=start,
        rows=row[order],
        length=length.astype(np.float64),
        of_kind={name: np.asarray(kind == name, bool) for name in KINDS},
        number=number,
        street=street,
        streets=streets,
    )


def _addresses(searched: NDArray[np.object_], kind: NDArray[np.object_]) -> tuple[Ints, Ints, list[str]]:
    """Return each row's house number (-1: none), the code of what follows it, and what the codes stand for."""
    number = np.full(len(searched), -1, np.int64)
    street = np.full(len(searched), -1, np.int64)
    codes: dict[str, int] = {}
    for row in np.flatnonzero(kind == "address"):
        own, _, name = searched[row].partition(" ")
        digits = own.rstrip("abcdefghijklmnopqrstuvwxyz")
        if digits.isdecimal() and len(digits) < 10:
            number[row], street[row] = int(digits), codes.setdefault(name, len(codes))
    return number, street, list(codes)
