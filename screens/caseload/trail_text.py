"""Rows of the audit trail in words: who did what, when."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from layers.escaping import plain
from screens.caseload.history_part import when_text
from screens.caseload.table import table
from screens.shared.words import Say

_EDITS = ("edit", "undo")


def trail_table(rows: pd.DataFrame, say: Say, people: Mapping[str, str] | None = None) -> Markup:
    """Return rows of `people.trail.read_trail` as a table; `people`: names by id, for a column that says of whom."""
    heads = [say("trail_when"), say("trail_who"), say("trail_what")]
    heads += [] if people is None else [say("trail_whom")]
    cells = [
        [
            when_text(row["at"], say),
            "" if pd.isna(row["who"]) else plain(row["who"]),
            _what(row, say),
            *([] if people is None else [_whom(row["person_id"], people, say)]),
        ]
        for row in rows.to_dict("records")
    ]
    return table(say("trail_rows", count=len(rows)), heads, cells)


def _what(row: Mapping[Any, Any], say: Say) -> str:
    if row["action"] in _EDITS:
        what, _, rest = str(row["subject"]).partition(" ")
        return say("case_edit", what=say(f"case_what_{what}"), kind=say(f"case_kind_{rest.partition(' ')[0]}"))
    return say(f"trail_did_{row['action']}")


def _whom(person_id: object, people: Mapping[str, str], say: Say) -> str:
    return "" if pd.isna(person_id) else people.get(str(person_id), say("trail_gone"))
