"""What a source is: facts about it, `fetch` → bytes (the only part that may touch the network), `parse` → tables."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sources.cleaning.bounds import Bounds
from sources.cleaning.report import Parsed
from sources.web.http import Fetched, Policy

Locate = Callable[[str, str, str], tuple[float, float] | None]
"""Street, town and postal code → (lon, lat), or None where there is doubt."""
Kind = Literal["resources", "zones", "network", "catalogue", "places"]


@dataclass(frozen=True)
class ParseContext:
    """What a parser may know besides the bytes.

    `source` names this input where the source's own name would not tell two files apart; `bounds` is the region's
    extent (None = anywhere on Earth); `category` and `mapping` are the caller's word on a table of their own.
    `locate(street, town, postal code)` gives the (lon, lat) of an address in the region, for feeds without points.
    `seconds` is the processor time that the rows of a file may take (`seconds_for`); those left over are set aside.
    """

    file_name: str = "the file"
    source: str | None = None
    bounds: Bounds | None = None
    time_zone: str = "UTC"
    retrieved_on: str | None = None
    category: str | None = None
    mapping: Mapping[str, Any] = field(default_factory=dict)
    locate: Locate | None = None
    seconds: float = math.inf


def seconds_for(raw: bytes) -> float:
    """Return the processor time that reading a file of this size may take: many times what any honest one does."""
    return 60.0 + 30.0 * len(raw) / 1e6


@dataclass(frozen=True)
class FetchContext:
    """What a fetch may know: the limits, the place, and what a person says about it.

    `endpoint` replaces the source's own address; `state` is a two-letter code, `year` that of yearly data, `town` a
    place in words for services that know no coordinates. `keys` are the accounts at hand (see
    `sources.fetching.read_keys`); `have` is the last good copy by file name. `operator_consents` is a person's word
    that the operator of a site allows to be asked by software. `counties` are five-digit FIPS codes; `addresses`
    those of one timetable, the best first, and `feed` its id.
    """

    policy: Policy
    endpoint: str = ""
    bounds: Bounds | None = None
    state: str | None = None
    year: int | None = None
    postal_codes: tuple[str, ...] = ()
    town: str = ""
    operator_consents: bool = False
    counties: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    feed: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    have: Mapping[str, Fetched] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """Facts about a feed, and its functions.

    `precision` says how exact its locations are, `freshness` how often it changes, in words for people; after
    `fresh_days` a copy of it counts as old. `parse` is None for networks, which `sources.networks` reads into arrays
    (`tally` counts what a fetched one holds), and for services that only say where a place is.
    `recognizes(file name, first bytes)` tells whether a file looks like this feed; a table no larger than an agency's
    list comes whole. `trust` decides whose word holds where feeds differ (higher wins).

    `strip` takes out contacts of persons, where `sources.cleaning.redaction` doesn't know how.

    `fetch` gives file name → what was fetched. `endpoint` is the address that it starts from, empty where each
    publisher has one of their own; `probe` is what follows it in a small question that shows whether it answers.
    `keys` names the accounts that it needs. `is_whole` says that what it gives doesn't hang on the place, so that
    places share one copy.
    """

    name: str
    title: str
    publisher: str
    license: str
    attribution: str
    url: str
    freshness: str
    precision: str
    kind: Kind
    parse: Callable[[bytes, ParseContext], Parsed] | None
    recognizes: Callable[[str, bytes], bool] = lambda _name, _head: False
    trust: int = 0
    fetch: Callable[[FetchContext], dict[str, Fetched]] | None = None
    endpoint: str = ""
    probe: str = ""
    keys: tuple[str, ...] = ()
    is_whole: bool = False
    tally: Callable[[bytes, str], int] | None = None
    fresh_days: int = 90
    strip: Callable[[bytes, str], bytes] | None = None
