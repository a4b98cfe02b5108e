"""What changed since homes were last compared for a person: beds, rents, scores, houses that came and went."""

import io
from dataclasses import dataclass

import pandas as pd

from geo.needs.needs import Needs
from geo.needs.toml_writer import needs_toml
from people.entries import add_entry, edit_entry, read_entries
from people.kinds import COMPARISON
from people.vault import Vault, today, writing

HOMES = {"resource_id": "string", "house": "string", "total": "Float64", "open_beds": "Int64",
         "weekly_rent_usd": "Float64"}  # fmt: skip
"""Columns of compared homes: `total` 0–100, each empty where it isn't known."""
CHANGES = ("resource_id", "house", "what", "before", "after")
LEAST_POINTS = 1.0
"""A score that moved by less is the same to a reader of whole numbers."""


@dataclass(frozen=True)
class LastComparison:
    """Homes as they were compared: `homes` as HOMES, for which needs, on which ISO date, by which state of a region."""

    compared_on: str
    region: str
    region_hash: str
    needs: str
    homes: pd.DataFrame


def read_comparison(vault: Vault, person_id: str, region: str) -> LastComparison | None:
    """Return the comparison that was kept of a person in a region; None where there is none.

    Raises
    ------
    NotAllowedError
        The person isn't on this user's caseload.
    """
    table = _kept(vault, person_id, region)
    if table.empty:
        return None
    homes = pd.read_csv(io.StringIO(str(table["homes"].iloc[0])), dtype=HOMES)
    row = table.iloc[0].fillna("")
    on, state, needs = (str(row[name]) for name in ("compared_on", "region_hash", "needs"))
    return LastComparison(on, region, state, needs, homes)


def keep_comparison(
    vault: Vault, person_id: str, homes: pd.DataFrame, needs: Needs, region: str, region_hash: str
) -> None:
    """Keep homes (HOMES) as they are today, in place of those of the same region that were kept before.

    Raises
    ------
    NotAllowedError
        The person isn't on this user's caseload.
    """
    values = {
        "compared_on": today(vault).isoformat(),
        "region": region,
        "region_hash": region_hash,
        "needs": needs_toml(needs),
        "homes": homes[list(HOMES)].to_csv(index=False, lineterminator="\n"),
    }
    with writing(vault):
        table = _kept(vault, person_id, region)
        if table.empty:
            add_entry(vault, COMPARISON.name, values, person_id)
        else:
            edit_entry(vault, str(table["entry_id"].iloc[0]), values)


def _kept(vault: Vault, person_id: str, region: str) -> pd.DataFrame:
    """Return the entry of a person's last comparison in a region: one row, or none."""
    table = read_entries(vault, COMPARISON.name, person_id)
    return table[table["region"] == region].head(1)


def is_for(before: LastComparison, needs: Needs) -> bool:
    """Return whether homes were compared for just these needs."""
    return before.needs.strip() == needs_toml(needs).strip()  # the vault keeps no space at the ends


def changes_since(before: LastComparison, homes: pd.DataFrame, needs: Needs) -> pd.DataFrame:
    """Return what is otherwise than it was, houses by name.

    Parameters
    ----------
    homes
        The homes as they are now, as HOMES.
    needs
        Those they are compared for: scores of other needs, and which houses fit them, say nothing of what changed.

    Returns
    -------
    DataFrame
        CHANGES: `what` is `gone` or `new` (of the homes that fit), or the column of HOMES whose value changed, with the
        value `before` and `after` as numbers, missing where it wasn't or isn't known.
    """
    is_same = is_for(before, needs)
    both = before.homes.merge(homes, on="resource_id", how="outer", suffixes=("_before", ""), indicator="side")
    both["house"] = both["house"].fillna(both["house_before"])
    parts = []
    if is_same:
        for side, what in (("left_only", "gone"), ("right_only", "new")):
            parts.append(both[both["side"] == side].assign(what=what, before=pd.NA, after=pd.NA))
    both = both[both["side"] == "both"]
    for name in ("total", "open_beds", "weekly_rent_usd") if is_same else ("open_beds", "weekly_rent_usd"):
        was, now = (both[column].astype("Float64") for column in (f"{name}_before", name))
        least = LEAST_POINTS if name == "total" else 0.005
        differs = ((was - now).abs() >= least).fillna(False) | (was.isna() != now.isna())
        parts.append(both[differs].assign(what=name, before=was[differs], after=now[differs]))
    return pd.concat(parts)[list(CHANGES)].sort_values(["house", "what"], kind="stable", ignore_index=True)
