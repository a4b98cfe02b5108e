"""What a person needs, kept as a needs file."""

from geo.errors import EditConflictError
from geo.needs.needs import Needs, needs_from_toml
from geo.needs.toml_writer import needs_toml
from people.entries import add_entry, edit_entry, read_entries, require_person
from people.kinds import NEEDS
from people.vault import Vault, writing

_NOTHING = "# Asks for nothing.\n"
"""A needs file of needs that were all taken back: no field of the vault is empty."""


def read_needs_of(vault: Vault, person_id: str) -> tuple[Needs, int]:
    """Return a person's needs and their version for `save_needs`; `Needs()` and 0 where none were saved yet.

    Raises
    ------
    NotAllowedError
        The person isn't on this user's caseload.
    """
    table = read_entries(vault, NEEDS.name, person_id)
    if table.empty:
        return Needs(), 0
    return needs_from_toml(str(table["toml"].iloc[0]).encode()), int(table["version"].iloc[0])


def save_needs(vault: Vault, person_id: str, needs: Needs, seen: int | None = None) -> int:
    """Save a person's needs and return their version, which is `seen` for the next time.

    Parameters
    ----------
    seen
        The version that was on the screen (0: none), so that a colleague's edit meanwhile isn't lost.

    Raises
    ------
    EditConflictError
        Somebody saved other needs meanwhile.
    NeedsError
        They contradict themselves, such as a curfew's exception for a place that isn't saved.
    """
    require_person(vault, person_id)
    text = needs_toml(needs) or _NOTHING
    needs_from_toml(text.encode())
    with writing(vault):
        table = read_entries(vault, NEEDS.name, person_id)
        if table.empty:
            if seen:
                raise EditConflictError("Somebody took these needs away while you were typing; look again, then save.")
            add_entry(vault, NEEDS.name, {"toml": text}, person_id)
        else:
            edit_entry(vault, str(table["entry_id"].iloc[0]), {"toml": text}, seen)
        return int(read_entries(vault, NEEDS.name, person_id)["version"].iloc[0])
