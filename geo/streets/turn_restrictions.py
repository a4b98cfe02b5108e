"""Turn restrictions of OpenStreetMap → the turns a car may not make; those that can't be applied are reported."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.streets.elements import OsmElements
from geo.streets.topology import Topology

Array = npt.NDArray[Any]

_MOST_LINKS = 12
"""Links that a restriction may lead over; a longer way is a mistake."""

_ALWAYS = (
    "no_left_turn", "no_right_turn", "no_straight_on", "no_u_turn", "no_entry", "no_exit",
    "only_left_turn", "only_right_turn", "only_straight_on", "only_u_turn",
)  # fmt: skip


def banned_turns(
    elements: OsmElements, topology: Topology, tail: Array, head: Array
) -> tuple[Array, tuple[tuple[int, ...], ...], pd.DataFrame]:
    """Return what restrictions forbid over a node and over other ways, and which restrictions are not applied.

    Parameters
    ----------
    tail, head
        int[2m]: junction at a directed link's start and at its end.

    Returns
    -------
    turns
        int64[k]: ``from · 2m + to`` over directed links.
    sequences
        Three or more directed links each that may not follow one another.
    notices
        `row`, `code`, `reason`: a row for each relation that is not applied; those that spare cars are not told.
    """
    table = elements.restrictions
    table = table[~table["except"].str.contains(r"\b(?:motorcar|motor_vehicle|vehicle)\b")]
    lasting = table[table["kind"].isin(_ALWAYS)]
    vias = lasting[lasting["role"] == "via"]
    over_node = vias.groupby("relation")["member"].agg(lambda kinds: list(kinds) == ["n"])
    over_node = over_node.index[over_node.to_numpy(np.bool_)]
    over_way = vias.loc[vias["member"] == "w", "relation"].unique()
    pairs, leaving = _turns(lasting[lasting["relation"].isin(over_node)], elements, topology, tail, head)

    count = len(tail)
    pairs["code"] = pairs["link_x"] * count + pairs["link_y"]
    no = pairs.loc[pairs["kind"].str.startswith("no_"), "code"].to_numpy()
    only = pairs[pairs["kind"].str.startswith("only_")]
    fan = only[["relation", "node", "link_x"]].drop_duplicates().merge(leaving, on="node")
    others = np.setdiff1d(fan["link_x"].to_numpy() * count + fan["link"].to_numpy(), only["code"].to_numpy())
    order = np.argsort(tail, kind="stable") if len(over_way) else np.empty(0, np.int64)
    offset = np.searchsorted(tail[order], np.arange(max(tail.max(initial=0), head.max(initial=0)) + 2))

    def out_of(node: int) -> list[int]:
        """Return the links that leave a junction."""
        links: list[int] = order[offset[node] : offset[node + 1]].tolist()
        return links

    longer = _over_ways(lasting[lasting["relation"].isin(over_way)], topology, head, out_of) if len(over_way) else {}
    forbidden = {way for kind, ways in longer.values() for way in _forbidden(kind, ways, head, out_of)}
    short = [start * count + end for start, end, *rest in forbidden if not rest]
    turns = np.unique(np.concatenate([no, others, np.array(short, np.int64)])).astype(np.int64)
    sequences = tuple(sorted(way for way in forbidden if len(way) > 2))
    applied = np.union1d(pairs["relation"].to_numpy(), np.array(list(longer), np.int64))
    return turns, sequences, _not_applied(table, np.union1d(over_node, over_way), applied)


def via_way_ends(elements: OsmElements) -> Array:
    """Return the OSM nodes at both ends of the ways that restrictions lead over: links end there."""
    table = elements.restrictions
    over = table.loc[(table["role"] == "via") & (table["member"] == "w"), "ref"]
    ways = np.flatnonzero(np.isin(elements.ways, over.to_numpy()) & (np.diff(elements.way_offset) > 0))
    first, last = elements.way_offset[ways], elements.way_offset[ways + 1] - 1
    return np.asarray(elements.way_nodes[np.concatenate([first, last])])


def _over_ways(
    table: pd.DataFrame, topology: Topology, head: Array, leaving: Callable[[int], list[int]]
) -> dict[int, tuple[str, list[tuple[int, ...]]]]:
    """Return relation → kind, and the sequences of directed links from its first way over its others to its last."""
    starts = np.stack([topology.way_at_start, topology.way_at_end], axis=1).reshape(-1)
    ends = np.stack([topology.way_at_end, topology.way_at_start], axis=1).reshape(-1)
    by_way = np.argsort(ends, kind="stable")
    sorted_ways = ends[by_way]
    sequences = {}
    for relation, members in table[table["member"] == "w"].groupby("relation"):
        ways = {role: set(own["ref"]) for role, own in members.groupby("role")}
        over, last = ways.get("via", set()), ways.get("to", set())
        complete: list[tuple[int, ...]] = []
        growing: list[tuple[int, ...]] = []
        for way in ways.get("from", ()):
            span = slice(*np.searchsorted(sorted_ways, (way, way + 1)))
            growing += [(int(link),) for link in by_way[span]]
        while growing:
            driven = growing.pop()
            for link in leaving(head[driven[-1]]):
                new = link not in driven and link != driven[-1] ^ 1
                if starts[link] in last and over <= {ends[one] for one in driven[1:]}:
                    complete.append((*driven, link))
                elif new and starts[link] in over and ends[link] in over and len(driven) <= _MOST_LINKS:
                    growing.append((*driven, link))
        if complete:
            sequences[int(relation)] = (str(members["kind"].iloc[0]), complete)
    return sequences


def _forbidden(
    kind: str, ways: list[tuple[int, ...]], head: Array, leaving: Callable[[int], list[int]]
) -> list[tuple[int, ...]]:
    """Return the sequences that a restriction forbids: its own, or (``only_``) those that leave it on the way."""
    if kind.startswith("no_"):
        return ways
    kept = {way[:k] for way in ways for k in range(2, len(way) + 1)}
    branches = {way[:k] for way in ways for k in range(1, len(way))}
    onward = [(*start, link) for start in branches for link in leaving(head[start[-1]])]
    return [way for way in onward if way not in kept]


def _turns(
    table: pd.DataFrame, elements: OsmElements, topology: Topology, tail: Array, head: Array
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the turns of each relation (relation, kind, node, link_x, link_y), and the links out of junctions."""
    junction = pd.Series(np.arange(len(topology.osm_node)), index=np.unique(elements.node_id)[topology.osm_node])
    way_out = np.stack([topology.way_at_start, topology.way_at_end], axis=1).reshape(-1)
    way_in = np.stack([topology.way_at_end, topology.way_at_start], axis=1).reshape(-1)
    leaving = pd.DataFrame({"link": np.arange(len(tail)), "node": tail, "way": way_out})
    coming = pd.DataFrame({"link": np.arange(len(tail)), "node": head, "way": way_in})
    via = table[table["role"] == "via"].set_index("relation")["ref"].map(junction)
    via = via.dropna().astype(np.int64).rename("node")

    def links(role: str, ends: pd.DataFrame) -> pd.DataFrame:
        members = table[(table["role"] == role) & (table["member"] == "w")].join(via, on="relation", how="inner")
        return members.merge(ends, left_on=["ref", "node"], right_on=["way", "node"])[
            ["relation", "kind", "node", "link"]
        ]

    return links("from", coming).merge(links("to", leaving), on=["relation", "kind", "node"]), leaving


def _not_applied(table: pd.DataFrame, with_via: Array, applied: Array) -> pd.DataFrame:
    """Return `row`, `code`, `reason` for each restriction without effect."""
    rows = []
    for relation, kind in table.groupby("relation")["kind"].first().drop(applied).items():
        if kind not in _ALWAYS:
            code, why = "restriction_kind", "is not a ban at all hours, or not a kind known here"
        elif relation not in with_via:
            code, why = "restriction_without_via", "has no single node or way over which it holds"
        else:
            code, why = "restriction_unresolved", "names streets that don't meet where it says, or that are not here"
        rows.append((str(relation), code, f"The turn restriction {kind or 'without a kind'} {why}; not applied."))
    return pd.DataFrame(rows, columns=["row", "code", "reason"], dtype="string")
