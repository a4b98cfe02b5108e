"""A person's own list on the page: uploaded, its headings matched and changed, read; rows that can't be, to mend."""

import tempfile
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from geo.errors import RecoveryReachError
from geo.tables import CATEGORIES
from layers.escaping import html, plain
from layers.export import quoted
from screens.shared import frame, progress
from screens.shared.advice import advice
from screens.shared.uploads import MOST_MEGABYTES, tell_gone
from screens.shared.words import Say
from sources.adapter.headings import Headings
from sources.formats import spreadsheets
from sources.region.ended import seen_on
from sources.region.model import Region
from sources.region.own_lists import columns_read, mapping_text, match_list
from sources.region.problems import listed_problems, problem_rows
from sources.region.update import add_list, added_label
from sources.resources import recovery_residences
from sources.resources.table import category_of

WORK = "list_work"
ENDINGS = ("csv", "tsv", "xlsx")
SAYS_ITSELF = "list_kind_column"
HOUSES = "recovery_residence"
SHEET = "list_sheet"


def show(region: Region, say: Say) -> None:
    """Offer to read a list, and the rows of earlier ones that couldn't be."""
    frame.show(
        html('<h2>{title}</h2><p class="rr-lead">{lead}</p>', title=say("list_title"), lead=say("list_lead")), say
    )
    file = st.file_uploader(say("list_file"), type=list(ENDINGS), key="list_file", max_upload_size=MOST_MEGABYTES)
    tell_gone("list_file", say)
    if file is None:
        st.session_state.pop(SHEET, None)
    else:
        try:
            name, raw = as_table(file)
            _ask(region.facts.name, name, raw, say)
        except RecoveryReachError as problem:
            frame.notice(say.why(problem), "", say)
    _tell_what_was_read(region, say)
    _problems(region, say)


def as_table(file: UploadedFile) -> tuple[str, bytes]:
    """Return an uploaded list's name and bytes; a workbook, read once while it is on the page, as CSV."""
    path = Path(file.name)
    if path.suffix.lower() != spreadsheets.ENDING:
        return path.name, file.getvalue()
    known = st.session_state.get(SHEET)
    if known is None or known[0] != file.file_id:
        known = (file.file_id, spreadsheets.sheet_as_csv(file.getvalue(), path.name))
        st.session_state[SHEET] = known
    return path.with_suffix(".csv").name, known[1]


def _ask(name: str, file_name: str, raw: bytes, say: Say) -> None:
    """Ask what kind of list it is and which heading each column has; read it once that was agreed to."""
    kinds = [SAYS_ITSELF, *CATEGORIES]
    usual = HOUSES if recovery_residences.SOURCE.recognizes(file_name, raw) else category_of(Path(file_name).stem)
    kind = st.selectbox(
        say("list_kind"), kinds, index=kinds.index(usual or SAYS_ITSELF), format_func=say, key="list_kind"
    )
    source = "recovery_residences" if kind == HOUSES else "table"
    matched = match_list(raw, file_name, source, {})
    _show_matches(matched, say)
    with st.form("list_columns", border=True):
        columns = _columns(matched, source, say)
        sent = st.form_submit_button(say("list_accept"), type="primary")
    undecided = [ours for ours, heading in columns.items() if heading is None]
    mapping = {"columns": {ours: heading for ours, heading in columns.items() if heading is not None}} | (
        {} if kind in (SAYS_ITSELF, HOUSES) else {"category": kind}
    )
    st.download_button(
        say("list_mapping"),
        mapping_text(mapping | ({"category": kind} if kind == HOUSES else {})),
        file_name=f"{Path(file_name).stem}.toml",
        mime="application/toml",
        on_click="ignore",
        key="list_mapping",
    )
    if sent and undecided:
        names = say.habits.listed([say(f"column_{ours}") for ours in undecided])
        frame.notice(say("list_choose_first", columns=names), "", say)
    elif sent:
        st.session_state["list_wanted"] = (name, file_name)
        progress.again(WORK)
    if st.session_state.get("list_wanted") == (name, file_name):
        _read(name, file_name, raw, source, mapping, say)


def _show_matches(matched: Headings, say: Say) -> None:
    for ours, headings in matched.twice.items():
        both = say.habits.listed([plain(heading) for heading in headings])
        frame.notice(say("list_twice", headings=both, column=say(f"column_{ours}")), say("list_twice_hint"), say)
    if matched.unmatched:
        unmatched = ", ".join(plain(heading) for heading in matched.unmatched)
        frame.show(html('<p data-health="unmatched">{text}</p>', text=say("list_unmatched", headings=unmatched)), say)


def _columns(matched: Headings, source: str, say: Say) -> dict[str, str | None]:
    """Ask for each column's heading (None: not decided); those that are matched first, the others folded away."""
    headings = [*matched.columns.values(), *(one for two in matched.twice.values() for one in two), *matched.unmatched]
    options = ["", *dict.fromkeys(headings)]
    likely = {ours: heading for heading, ours in matched.likely.items()}
    first = [*matched.columns, *matched.twice, *likely]
    chosen = _boxes(first, options, matched, likely, say)
    with st.expander(say("list_others")):
        rest = [ours for ours in columns_read(source) if ours not in first]
        chosen |= {ours: heading for ours, heading in _boxes(rest, options, matched, likely, say).items() if heading}
    return chosen


def _boxes(
    columns: list[str], options: list[str], matched: Headings, likely: dict[str, str], say: Say
) -> dict[str, str | None]:
    chosen: dict[str, str | None] = {}
    for number, box in enumerate(st.columns(3) if columns else ()):
        for ours in columns[number::3]:
            label = say(f"column_{ours}")
            if ours in likely:
                label = say("list_likely", column=label, heading=plain(likely[ours]))
            usual = None if ours in matched.twice else options.index(matched.columns.get(ours, ""))
            chosen[ours] = box.selectbox(
                label,
                options,
                index=usual,
                placeholder=say("list_choose"),
                format_func=lambda option: plain(option) or say("list_not_read"),
                key=f"list_{ours}",
            )
    return chosen


def _read(name: str, file_name: str, raw: bytes, source: str, mapping: dict[str, Any], say: Say) -> None:
    """Build the region anew with the list in it."""

    def work(step: Any) -> Any:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / Path(file_name).name
            path.write_bytes(raw)
            return add_list(name, path, source, mapping, lambda share, _text: step(share))

    report = progress.run_with_progress(WORK, work, say("update_working"), say, once=True)
    if not progress.is_stopped(WORK):
        st.session_state.pop("list_wanted", None)
    if report is not None:
        st.session_state["list_read"] = (name, added_label(file_name))
        st.rerun()


def _tell_what_was_read(region: Region, say: Say) -> None:
    """Say how many rows of the list that was read last are in the region now."""
    read = st.session_state.get("list_read")
    for source in region.facts.sources:
        if read == (region.facts.name, source["label"]) and (outcome := source.get("outcome")):
            kept, rows = outcome["rows_in"] - outcome["set_aside"], outcome["rows_in"]
            text = say("list_read", name=plain(source["file"]), kept=kept, rows=rows)
            frame.show(html('<p data-health="read" data-news><strong>{text}</strong></p>', text=text), say)


def _problems(region: Region, say: Say) -> None:
    """Offer the rows of own lists that couldn't be used, with what to do."""
    labels = listed_problems(region)
    if not labels:
        return
    files = {source["label"]: str(source["file"]) for source in region.facts.sources}
    frame.show(html("<h3>{title}</h3><p>{lead}</p>", title=say("list_problems"), lead=say("list_problems_lead")), say)
    for label in labels:
        table = problem_rows(region, label, lambda code: advice(code, say))
        if table.empty:
            continue  # all that is wrong is with rows whose place is hidden
        st.download_button(
            say("list_problems_of", name=plain(files[label]), count=len(table)),
            quoted(table).to_csv(index=False).encode("utf-8-sig"),
            file_name=f"{region.facts.name}-{label}-to-mend-{seen_on(region.facts)}.csv",
            mime="text/csv",
            on_click="ignore",
            key=f"list_problems_{label}",
        )
