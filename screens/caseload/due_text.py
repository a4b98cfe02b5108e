"""What is due for a person, in words."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from layers.escaping import html, joined, plain
from screens.shared.words import Say


def due_text(row: Mapping[str, Any], say: Say) -> str:
    """Return one row of `people.caseload.due` as a sentence, with when it is or was due."""
    day = say.habits.date(dt.date.fromisoformat(str(row["on"])))
    key = f"case_due_{row['what']}"
    if row["what"] == "hold_ends" and row["days"] < 0:
        key = "case_due_hold_ended"
    sentence = say(key, day=day) if pd.isna(row["about"]) else say(key, day=day, about=plain(row["about"]))
    return f"{sentence} ({say('val_today') if row['days'] == 0 else say.habits.ago(-int(row['days']))})"


def due_list(due: pd.DataFrame, say: Say) -> Markup:
    """Return what is due as a list; what has passed is marked."""
    rows = joined(
        html('<li class="{kind}">{text}</li>', kind="rr-low" if row["days"] < 0 else "rr-ok", text=due_text(row, say))
        for row in due.to_dict("records")
    )
    return html('<ul class="rr-why">{rows}</ul>', rows=rows)
