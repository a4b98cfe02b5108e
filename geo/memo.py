"""What was derived once and may be asked for again, kept in a dict of the thing it was derived from."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


def remember(memo: dict[Hashable, Any], key: Hashable, make: Callable[[], T], most: int) -> T:
    """Return what was made for this key before, or make it; of too many, the one longest unused is forgotten."""
    value: T | None = memo.pop(key, None)
    if value is None:
        value = make()
    memo[key] = value
    for oldest in list(memo)[:-most]:
        memo.pop(oldest, None)
    return value
