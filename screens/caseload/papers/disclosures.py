"""The accounting of disclosures: what was handed out about a person in three years, on the page, as CSV and PDF."""

import pandas as pd
import streamlit as st

from layers.escaping import html, plain
from layers.export import quoted
from layers.pdf import Part, Table, Text, pdf
from people.consent import ACCOUNTING_YEARS, NOTICE, accounting
from people.export import export_accounting
from people.vault import Vault, today
from screens.caseload.papers.keep import File, keep
from screens.caseload.papers.paper import paper
from screens.caseload.table import table
from screens.shared import frame
from screens.shared.words import Say

WHERE = "disclosures"
CSV = File(WHERE, "csv", "text/csv", "papers_make_csv", "papers_get_csv")
PDF = File(WHERE, "pdf", "application/pdf", "papers_make_pdf", "papers_get_pdf")
_HEADS = ("papers_disclosed_on", "papers_recipient", "papers_what", "papers_purpose", "papers_by")


def show(vault: Vault, person_id: str, say: Say) -> None:
    """Show what was handed out, with the two files that hold it."""
    title, why = say("papers_disclosures"), say("papers_disclosures_why", years=ACCOUNTING_YEARS)
    frame.show(html('<h2>{title}</h2><p class="rr-muted">{why}</p>', title=title, why=why), say)
    rows = accounting(vault, person_id)
    if rows.empty:
        frame.show(html("<p>{text}</p>", text=say("papers_none_disclosed", years=ACCOUNTING_YEARS)), say)
    else:
        frame.show(table(say("papers_count", count=len(rows)), [say(head) for head in _HEADS], cells(rows, say)), say)
    asked = (person_id, rows.to_csv(), say)

    def as_csv() -> bytes:
        named = quoted(export_accounting(vault, person_id)).set_axis([say(head) for head in _HEADS], axis=1)
        return bytes(named.to_csv(index=False, lineterminator="\n").encode())

    def as_pdf() -> bytes:
        return disclosures_paper(vault, export_accounting(vault, person_id), say)

    with st.container(horizontal=True, gap="small"):
        keep(CSV, today(vault), asked, as_csv, say)
        keep(PDF, today(vault), asked, as_pdf, say)


def cells(rows: pd.DataFrame, say: Say) -> list[tuple[str, ...]]:
    """Return rows of `people.consent.accounting` as the cells of a table."""
    return [
        (
            say.day(row["disclosed_on"]),
            *(plain(row[name]) for name in ("recipient", "what", "purpose")),
            "" if pd.isna(row["by"]) else plain(row["by"]),
        )
        for row in rows.to_dict("records")
    ]


def disclosures_table(rows: pd.DataFrame, say: Say) -> Part:
    """Return the same, printed."""
    if rows.empty:
        return Text(say("papers_none_disclosed", years=ACCOUNTING_YEARS))
    return Table(tuple(say(head) for head in _HEADS), (26, 44, 44, 44, 28), tuple(cells(rows, say)))


def disclosures_paper(vault: Vault, rows: pd.DataFrame, say: Say) -> bytes:
    """Return the accounting as a PDF, under the notice of 42 CFR 2.32."""
    parts = [disclosures_table(rows, say), Text(say("papers_disclosures_why", years=ACCOUNTING_YEARS), muted=True)]
    return pdf(paper(vault, say("papers_disclosures"), parts, say, limit=NOTICE))
