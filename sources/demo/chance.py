"""Repeatable chance: one stream of numbers a subject, the same on every machine.

Only `Generator.random` is used: its bits are fixed by PCG64, while numpy's other distributions may change
between versions.
"""

import math
import zlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")
SEED = 20260101


def stream(subject: str) -> np.random.Generator:
    """Return the subject's own stream, so that more draws in one part change nothing in another."""
    return np.random.Generator(np.random.PCG64([SEED, zlib.crc32(subject.encode())]))


def between(rng: np.random.Generator, low: float, high: float) -> float:
    """Draw evenly from [low, high)."""
    return low + (high - low) * float(rng.random())


def whole(rng: np.random.Generator, low: int, high: int) -> int:
    """Draw an integer evenly from low … high, both included."""
    return low + math.floor(float(rng.random()) * (high - low + 1))


def chance(rng: np.random.Generator, probability: float) -> bool:
    """Draw true with the probability."""
    return float(rng.random()) < probability


def pick(rng: np.random.Generator, items: Sequence[T]) -> T:
    """Draw one of the items."""
    return items[whole(rng, 0, len(items) - 1)]


def weighted(rng: np.random.Generator, items: Sequence[T], weights: Sequence[float]) -> T:
    """Draw one of the items, in proportion to the weights."""
    mark = float(rng.random()) * sum(weights)
    for item, weight in zip(items, weights, strict=True):
        mark -= weight
        if mark < 0:
            return item
    return items[-1]


def shuffled(rng: np.random.Generator, items: Sequence[T]) -> list[T]:
    """Return the items in drawn order."""
    order = sorted(range(len(items)), key=[float(rng.random()) for _ in items].__getitem__)
    return [items[index] for index in order]
