"""The papers of a person: consents, what was handed out, their own copy, who looked."""

import datetime as dt
import io
import json
from html import unescape

import pytest
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from geo.needs.needs import Needs
from people.caseload import add_person
from people.consent import NOTICE, add_consent, consents, disclose, revoke_consent
from people.person_needs import save_needs
from people.progress import add_engagement
from people.settings import VaultSettings
from people.short_list import put_on_short_list
from people.trail import read_trail
from people.users import add_user
from people.vault import Vault, open_vault
from screens.shared.words import Say
from tests.people.conftest import BEN, BENS
from tests.screens.caseload.conftest import Visit, everything_held, pick, press, shown, unlock

SAY, DIGA = Say("en"), Say("es")
ONE, COURT = "Person One", "Example County Court"
CONSENT = {
    "recipient": COURT, "what": "letter on homes", "purpose": "hearing",
    "given_on": "2026-11-01", "expires_on": "2027-05-01",
}  # fmt: skip


@pytest.fixture
def one(vault: Vault) -> str:
    return add_person(vault, {"name": ONE, "phone": "202-555-0101"})


def papers(page: AppTest, person_id: str) -> AppTest:
    """Open a person's papers by the list."""
    page.selectbox("cl_chosen").select(person_id).run()
    return pick(page, "cl_part", "papers")


def text(page: AppTest) -> str:
    return unescape(shown(page))


def kept(page: AppTest, name: str) -> bytes:
    """Return a file that the page hands out."""
    content: bytes = page.session_state[f"cl_file_{name}"][1]
    return content


def printed(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_a_consent_is_recorded_and_says_until_when_it_holds(vault: Vault, one: str, visit: Visit) -> None:
    page = papers(unlock(visit()), one)
    assert SAY("papers_no_consent") in text(page)
    for name in ("recipient", "what", "purpose"):
        page.text_input(f"cl_consent_{name}").input(CONSENT[name])
    page.date_input("cl_consent_given_on").set_value(dt.date(2026, 11, 1))
    press(page, SAY("papers_add_consent"))
    assert "A consent says who may receive what" in text(page)
    assert page.text_input("cl_consent_recipient").value == COURT, "what was typed is still there"
    page.date_input("cl_consent_expires_on").set_value(dt.date(2026, 10, 1))
    press(page, SAY("papers_add_consent"))
    assert "can't end before it was given" in text(page)
    page.date_input("cl_consent_expires_on").set_value(dt.date(2027, 5, 1))
    press(page, SAY("papers_add_consent"))
    assert not page.exception
    assert SAY("papers_in_force", day="May 1, 2027") in text(page)
    assert page.text_input("cl_consent_recipient").value == ""
    assert consents(vault, one)["in_force"].tolist() == [True]


def test_a_consent_is_revoked_and_that_is_undone(vault: Vault, one: str, visit: Visit) -> None:
    add_consent(vault, one, CONSENT)
    page = press(papers(unlock(visit()), one), SAY("papers_revoke"))
    assert SAY("papers_revoked", day="November 29, 2026") in text(page)
    assert not consents(vault, one)["in_force"].any()
    press(page, SAY("case_undo"))
    assert SAY("case_undone") in text(page)
    assert SAY("papers_in_force", day="May 1, 2027") in text(page)


def test_what_has_ended_and_what_is_not_yet_are_told_apart(vault: Vault, one: str, visit: Visit) -> None:
    add_consent(vault, one, CONSENT | {"expires_on": "2026-11-28"})
    add_consent(vault, one, CONSENT | {"given_on": "2026-12-01"})
    page = papers(unlock(visit()), one)
    assert SAY("papers_ended", day="November 28, 2026") in text(page)
    assert SAY("papers_not_yet", day="December 1, 2026", end="May 1, 2027") in text(page)


def test_what_was_handed_out_stands_on_the_page_in_a_table_and_on_a_paper_with_the_notice(
    vault: Vault, one: str, visit: Visit
) -> None:
    consent = add_consent(vault, one, CONSENT | {"purpose": "=hearing"})
    disclose(vault, one, consent, "letter on homes")
    page = papers(unlock(visit()), one)
    assert SAY("papers_count", count=1) in text(page)
    page.button("cl_file_disclosures_csv_make").click().run()
    table = kept(page, "disclosures_csv").decode()
    assert COURT in table
    assert "'=hearing" in table, "a cell that a spreadsheet would run is quoted"
    page.button("cl_file_disclosures_pdf_make").click().run()
    paper = printed(kept(page, "disclosures_pdf"))
    assert NOTICE in paper
    assert COURT in paper
    assert ONE not in page.get("download_button")[0].proto.label
    disclose(vault, one, consent, "another letter")
    page.run()
    assert not page.get("download_button"), "a file that lacks what was handed out since is not handed out"


def test_the_whole_record_is_made_for_the_person_as_a_file_and_a_paper(vault: Vault, one: str, visit: Visit) -> None:
    save_needs(vault, one, Needs(weekly_budget_usd=150, medications=("methadone",)))
    put_on_short_list(vault, one, "house:1", "Example House", "asked")
    disclose(vault, one, add_consent(vault, one, CONSENT), "letter on homes")
    add_engagement(vault, one, {"asked_on": "2026-11-20", "asked_by": "Example Ana", "meetings_attended": 12})
    page = papers(unlock(visit()), one)
    page.button("cl_file_record_json_make").click().run()
    document = json.loads(kept(page, "record_json"))
    assert document["person"][0]["name"] == ONE
    page.button("cl_file_record_pdf_make").click().run()
    paper = printed(kept(page, "record_pdf"))
    for words in (ONE, "202-555-0101", "$150", "Methadone", "Example House", COURT, "letter on homes", "12"):
        assert words.casefold() in paper.casefold()
    exports = read_trail(vault, one)["action"].value_counts()["export"]
    assert exports == 2, "each file that was made is on record"


def test_a_supervisor_sees_who_looked_and_a_case_manager_does_not(
    vault: Vault, visit: Visit, settings: VaultSettings
) -> None:
    add_user(vault, BEN, "case_manager", BENS)
    bens = open_vault(vault.place, BEN, BENS, settings)
    his = add_person(bens, {"name": ONE})
    ben = papers(unlock(visit(), BEN, BENS), his)
    assert SAY("papers_looks") not in text(ben)
    ana = papers(unlock(visit()), his)
    assert SAY("papers_looks") in text(ana)
    assert f'<td data-label="{SAY("trail_who")}">{BEN}</td>' in text(ana)
    assert SAY("trail_did_view") in text(ana)


def test_nothing_of_the_papers_is_in_the_session_after_locking(vault: Vault, one: str, visit: Visit) -> None:
    add_consent(vault, one, CONSENT)
    page = papers(unlock(visit()), one)
    page.text_input("cl_consent_note").input("drawer of Aunt Invented")
    page.button("cl_file_record_json_make").click().run()
    assert COURT in everything_held(page), "else the search proves nothing"
    page.button("case_lock").click().run()
    held = everything_held(page)
    for words in (ONE, COURT, "Aunt Invented"):
        assert words not in held
    assert not page.get("download_button")


def test_the_papers_of_somebody_else_are_refused_and_recorded(vault: Vault, one: str, visit: Visit) -> None:
    add_user(vault, BEN, "case_manager", BENS)
    page = unlock(visit(), BEN, BENS)
    page.session_state["cl_person"] = one
    page.session_state["cl_part"] = "papers"
    page.run()
    assert "isn't yours to see" in text(page)
    assert ONE not in text(page)
    assert (read_trail(vault, one)["action"] == "refused").any()


def test_the_papers_speak_spanish(vault: Vault, one: str, visit: Visit) -> None:
    revoked = add_consent(vault, one, CONSENT)
    revoke_consent(vault, revoked)
    page = visit("es")
    page.text_input("cl_name").input("Example Ana")
    next(field for field in page.text_input if field.key.startswith("cl_phrase")).input("correct horse battery staple")
    press(page, DIGA("case_unlock"))
    papers(page, one)
    assert DIGA("papers_revoked", day=DIGA.day("2026-11-29")) in text(page)
    press(page, DIGA("papers_add_consent"))
    assert "Un consentimiento dice quién puede recibir qué" in text(page)
    page.button("cl_file_record_pdf_make").click().run()
    assert DIGA("papers_record_of", name=ONE) in printed(kept(page, "record_pdf"))
