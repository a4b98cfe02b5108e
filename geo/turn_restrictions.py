"""Turn restrictions of OpenStreetMap → the turns a car may not make; those that can't be applied are told."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.osm_elements import OsmElements
from geo.street_topology import Topology

Array = npt.NDArray[Any]

_ALWAYS = (
    "no_left_turn", "no_right_turn", "no_straight_on", "no_u_turn", "no_entry", "no_exit",
    "only_left_turn", "only_right_turn", "only_straight_on", "only_u_turn",
)  # fmt: skip


def banned_turns(elements: OsmElements, topology: Topology, tail: Array, head: Array) -> tuple[Array, pd.DataFrame]:
    """Return the turns that restrictions over a node forbid, and which restrictions are not applied.

    Parameters
    ----------
    tail, head
        int[2m]: junction at a directed link's start and at its end.

    Returns
    -------
    turns
        int64[k]: ``from · 2m + to`` over directed links.
    notices
        `row`, `code`, `reason`: a row for each relation that is not applied; those that spare cars are not told.
    """
    table = elements.restrictions
    table = table[~table["except"].str.contains(r"\b(?:motorcar|motor_vehicle|vehicle)\b")]
    lasting = table[table["kind"].isin(_ALWAYS)]
    vias = lasting[lasting["role"] == "via"]
    over_node = vias.groupby("relation")["member"].agg(lambda kinds: list(kinds) == ["n"])
    over_node = over_node.index[over_node.to_numpy(np.bool_)]
    pairs, leaving = _turns(lasting[lasting["relation"].isin(over_node)], elements, topology, tail, head)

    count = len(tail)
    pairs["code"] = pairs["link_x"] * count + pairs["link_y"]
    no = pairs.loc[pairs["kind"].str.startswith("no_"), "code"].to_numpy()
    only = pairs[pairs["kind"].str.startswith("only_")]
    fan = only[["relation", "node", "link_x"]].drop_duplicates().merge(leaving, on="node")
    others = np.setdiff1d(fan["link_x"].to_numpy() * count + fan["link"].to_numpy(), only["code"].to_numpy())
    applied = pairs["relation"].unique()
    return np.union1d(no, others).astype(np.int64), _not_applied(table, over_node, applied)


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


def _not_applied(table: pd.DataFrame, over_node: pd.Index, applied: Array) -> pd.DataFrame:
    """Return `row`, `code`, `reason` for each restriction without effect."""
    rows = []
    for relation, kind in table.groupby("relation")["kind"].first().drop(applied).items():
        if kind not in _ALWAYS:
            code, why = "restriction_kind", "is not a ban at all hours, or not a kind known here"
        elif relation not in over_node:
            roles = table.loc[(table["relation"] == relation) & (table["role"] == "via"), "member"]
            if (roles == "w").any():
                code, why = "restriction_via_way", "leads over another way, which is not modelled"
            else:
                code, why = "restriction_without_via", "has no single node at which it holds"
        else:
            code, why = "restriction_unresolved", "names streets that don't meet where it says, or that are not here"
        rows.append((str(relation), code, f"The turn restriction {kind or 'without a kind'} {why}; not applied."))
    return pd.DataFrame(rows, columns=["row", "code", "reason"], dtype="string")
