"""A person's whole record, for the person: as a file that programs read, and as a paper that people read."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from geo.needs.needs import needs_from_toml
from layers.escaping import html, plain
from layers.pdf import Heading, Part, Table, Text, pdf
from people.consent import ACCOUNTING_COLUMNS, in_force
from people.entries import history
from people.export import export_json, export_person
from people.kinds import BARC10_COLUMNS, CONSENT
from people.vault import Vault, today
from screens.case_manager.needs_text import describe
from screens.caseload.papers.consents import state_text
from screens.caseload.papers.disclosures import disclosures_table
from screens.caseload.papers.keep import File, keep
from screens.caseload.papers.paper import paper
from screens.shared import frame
from screens.shared.words import Say

WHERE = "record"
PDF = File(WHERE, "pdf", "application/pdf", "papers_make_pdf", "papers_get_pdf")
JSON = File(WHERE, "json", "application/json", "papers_make_json", "papers_get_json")
_DATES = ("born_on", "discharge_on", "archived_on")
_PERSON = (
    "name", "goes_by", "born_on", "phone", "language", "agency_number", "discharge_on", "lives_at",
    "archived_on", "note",
)  # fmt: skip

_ENGAGED = {
    "meetings_attended": "progress_meetings_attended",
    "sponsor_or_mentor": "progress_sponsor",
    "role_models": "progress_role_models",
    "groups": "progress_groups",
    "service_given": "progress_service_given",
}
"""Field of `people.kinds.ENGAGEMENT` → what it is called."""


def show(vault: Vault, person_id: str, say: Say) -> None:
    """Show the two files that hold the record."""
    title, why = say("papers_record"), say("papers_record_why")
    frame.show(html('<h2>{title}</h2><p class="rr-muted">{why}</p>', title=title, why=why), say)
    asked = (person_id, int(history(vault, person_id)["change_id"].max()), say)

    def as_pdf() -> bytes:
        return record_paper(vault, export_person(vault, person_id), say)

    with st.container(horizontal=True, gap="small"):
        keep(PDF, today(vault), asked, as_pdf, say)
        keep(JSON, today(vault), asked, lambda: export_json(vault, person_id), say)


def record_paper(vault: Vault, document: Mapping[str, Any], say: Say) -> bytes:
    """Return a record (`people.export.export_person`) as a PDF in plain words."""
    person = document["person"][0]
    parts: list[Part] = [_facts(person, say)]
    parts += [Heading(say("papers_needs")), Text(_needs(document["needs"], say))]
    parts += [Heading(say("papers_short_list")), _short_list(document["short_list"], say)]
    parts += [Heading(say("papers_consents")), _consents(vault, document["consent"], say)]
    told = pd.DataFrame(document["accounting_of_disclosures"], columns=list(ACCOUNTING_COLUMNS))
    parts += [Heading(say("papers_disclosures")), disclosures_table(told, say)]
    parts += [Heading(say("papers_progress")), *_progress(document, say)]
    parts += [Text(say("papers_record_end", count=len(document["history"])), muted=True)]
    return pdf(paper(vault, say("papers_record_of", name=plain(person["name"])), parts, say))


def _facts(person: Mapping[str, Any], say: Say) -> Table:
    rows = [
        (say(f"case_field_{name}"), say.day(person[name]) if name in _DATES else plain(person[name]))
        for name in _PERSON
        if name in person
    ]
    rows.append((say("case_field_manager"), plain(person["manager"])))
    return Table(("", ""), (50, 136), tuple(rows))


def _needs(rows: Sequence[Mapping[str, Any]], say: Say) -> str:
    return describe(needs_from_toml(rows[0]["toml"].encode()), say) if rows else say("papers_nothing")


def _short_list(rows: Sequence[Mapping[str, Any]], say: Say) -> Part:
    cells = tuple(
        (plain(row["house"]), say(f"case_state_{row['state']}"), say.day(row["on"]), plain(row.get("why", "")))
        for row in rows
    )
    heads = (say("col_home"), say("case_state"), say("trail_when"), say("case_why"))
    return Table(heads, (50, 34, 34, 68), cells) if cells else Text(say("papers_nothing"))


def _consents(vault: Vault, rows: Sequence[Mapping[str, Any]], say: Say) -> Part:
    if not rows:
        return Text(say("papers_no_consent"))
    table = pd.DataFrame(rows).reindex(columns=list(CONSENT.names)).astype("string")
    table = table.assign(in_force=in_force(table, today(vault)))
    cells = tuple(
        (plain(row["recipient"]), plain(row["what"]), plain(row["purpose"]), state_text(row, today(vault), say))
        for row in table.to_dict("records")
    )
    heads = (say("papers_recipient"), say("papers_what"), say("papers_purpose"), say("papers_holds"))
    return Table(heads, (44, 46, 46, 50), cells)


def _progress(document: Mapping[str, Any], say: Say) -> list[Part]:
    """Return recovery capital, the last 30 days as they were asked, and the score of the home."""
    rows = [
        (
            say.day(row["asked_on"]),
            say("progress_kept_barc10", total=sum(row[name] for name in BARC10_COLUMNS.values())),
            "\n".join(f"{say(f'domain_{name}')}: {row[name]}" for name in BARC10_COLUMNS.values()),
        )
        for row in document["barc10"]
    ]
    rows += [
        (
            say.day(row["asked_on"]),
            say("progress_kept_engagement"),
            "\n".join(f"{say(_ENGAGED[name])}: {_value(row[name], say)}" for name in _ENGAGED if name in row),
        )
        for row in document["engagement"]
    ]
    rows += [
        (say.day(row["scored_on"]), say("progress_homes"), f"{row['total']:.0f}" if "total" in row else "–")
        for row in document["home_score"]
    ]
    heads = (say("trail_when"), say("trail_what"), "")
    return [Table(heads, (36, 60, 90), tuple(rows))] if rows else [Text(say("papers_nothing"))]


def _value(value: object, say: Say) -> str:
    return say("progress_yes" if value else "progress_no") if isinstance(value, bool) else str(value)
