"""What a source is: facts about it, `fetch` → bytes (the only part that may touch the network), `parse` → tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sources.clean import Bounds
from sources.report import Parsed

Kind = Literal["resources", "zones", "network"]


@dataclass(frozen=True)
class ParseContext:
    """What a parser may know besides the bytes.

    `source` names this input where the source's own name would not tell two files apart; `bounds` is the region's
    extent (None = anywhere on Earth); `category` and `mapping` are the caller's word on a table of their own.
    """

    file_name: str = "the file"
    source: str | None = None
    bounds: Bounds | None = None
    time_zone: str = "UTC"
    retrieved_on: str | None = None
    category: str | None = None
    mapping: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """Facts about a feed, and its functions.

    `precision` says how exact its locations are, `freshness` how often it changes, in words for people. `parse` is
    None for networks, which `sources.networks` reads into arrays. `recognises(file name, first bytes)` tells
    whether a file looks like this feed. `trust` decides whose word holds where feeds differ (higher wins).
    """

    name: str
    title: str
    publisher: str
    licence: str
    attribution: str
    url: str
    freshness: str
    precision: str
    kind: Kind
    parse: Callable[[bytes, ParseContext], Parsed] | None
    recognises: Callable[[str, bytes], bool] = lambda _name, _head: False
    fetch: Callable[..., bytes] | None = None
    trust: int = 0
