"""Who looked at a person's record, and what they did there: for a supervisor."""

from layers.escaping import html
from people.trail import read_trail
from people.vault import Vault
from screens.caseload.trail_text import trail_table
from screens.shared import frame
from screens.shared.words import Say

SHOWN = 50
"""Rows, latest first."""


def show(vault: Vault, person_id: str, say: Say) -> None:
    """Show the latest rows of the audit trail about a person."""
    title, why = say("papers_looks"), say("papers_looks_why")
    frame.show(html('<h2>{title}</h2><p class="rr-muted">{why}</p>', title=title, why=why), say)
    frame.show(trail_table(read_trail(vault, person_id).head(SHOWN), say), say)
