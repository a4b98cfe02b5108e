"""The caseload in a real browser: a vault made, a person added, their needs saved, homes compared for them, locked."""

import contextlib
import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as NotInTime
from pypdf import PdfReader

from geo.needs.needs import Needs
from people.caseload import add_person
from people.folders import VaultPlace
from people.person_needs import save_needs
from people.progress import DOMAINS, add_barc10, add_engagement, add_home_score
from people.short_list import put_on_short_list
from people.vault import create_vault, lock
from screens.shared.near_text import capitalized
from screens.shared.words import Say
from tests.browser.steps import EN, ES, MAP, NewPage, english_on, scrolls_sideways, serious_findings, settled, shot

pytestmark = pytest.mark.browser

ANA, PASSPHRASE, ONE = "Example Ana", "correct horse battery staple", "Persona Uno"
FIRST_TIME = 240_000
TRIES = 6
WHY = "near the evening meeting and the bus"
FROM = "253 Dovetail Street"
WAYS = [(1280, EN), (390, ES)]


@pytest.fixture(scope="module")
def whose(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file that names the folder in which the app's vault lies."""
    return tmp_path_factory.mktemp("whose") / "folder"


@pytest.fixture(scope="module")
def served(serve: Callable[..., str], whose: Path) -> str:
    """Return the address of one app for all of this file: a server takes longer to start than most tests take."""
    return serve(
        "from pathlib import Path\nfrom people.folders import VaultPlace\nfrom screens.caseload import door\n"
        f"whose = Path({str(whose)!r})\n"
        "door.vault_place = lambda: VaultPlace(Path(whose.read_text(), 'vault', 'people.db'),"
        " Path(whose.read_text(), 'keys'))\n"
    )


@pytest.fixture
def app(served: str, whose: Path, tmp_path: Path) -> str:
    """Return the address of an app whose vault, when one is made, lies in a folder of this test's."""
    whose.write_text(str(tmp_path))
    return served


@pytest.mark.parametrize(("width", "say"), WAYS, ids=lambda one: one.language if isinstance(one, Say) else str(one))
def test_from_a_blank_vault_to_a_printed_plan(
    new_page: NewPage, app: str, tmp_path: Path, width: int, say: Say
) -> None:
    """The steps of docs/case-manager.md, with pictures; what is typed reaches no browser storage and no file."""
    page = new_page(width=width, height=900 if width > 600 else 844)
    name = f"{'desktop' if width > 600 else 'phone'}-{say.language}"
    page.goto(f"{app}caseload?language={say.language}")
    shot(page, f"discharge-1-{name}")
    _make(page, say)
    page.get_by_label(say("case_field_name"), exact=True).fill(ONE)
    page.get_by_role("button", name=say("case_add"), exact=True).click()
    compare = page.get_by_role("button", name=say("case_compare", name=ONE), exact=True)
    expect(compare).to_be_visible(timeout=FIRST_TIME)
    expect(page.get_by_role("heading", name=ONE, exact=True)).to_be_in_viewport()
    page.get_by_role("radio", name=say("gender_men"), exact=True).click()
    expect(page.locator("[data-saved]")).to_contain_text(say("case_saved", time="!").split()[0])
    page.get_by_label(say("need_curfew"), exact=True).fill("10 pm")
    page.keyboard.press("Enter")
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_have_count(1)
    page.wait_for_timeout(500)
    settled(page)
    assert serious_findings(page) == []
    assert not scrolls_sideways(page)
    assert say is EN or english_on(page, [ONE, ANA]) == []
    shot(page, f"caseload-{name}")
    compare.click()
    expect(page.get_by_role("heading", name=say("homes_whose", name=ONE), exact=True)).to_be_visible()
    expect(page.locator(".rr-homes")).to_be_attached(timeout=FIRST_TIME)
    assert "Persona" not in page.url
    expect(page.locator("[data-answer]")).to_be_in_viewport()
    page.frame_locator(MAP).locator("canvas.leaflet-tile-loaded").first.wait_for()
    settled(page)
    shot(page, f"discharge-3-{name}")
    house = _offered(page, say)
    shot(page, f"discharge-4-{name}")
    page.get_by_role("button", name=say("case_call"), exact=True).click()
    expect(page.get_by_role("cell", name=WHY)).to_be_visible()
    _called(page, house, say)
    settled(page)
    assert serious_findings(page) == []
    shot(page, f"discharge-5-{name}")
    page.get_by_role("button", name=say("case_part_along"), exact=True).click()
    expect(page.get_by_role("combobox", name=say("along_home"), exact=True)).to_be_in_viewport()
    page.get_by_label(say("along_from_where"), exact=True).fill(FROM)
    page.keyboard.press("Tab")
    settled(page)
    page.get_by_role("button", name=say("along_make_pocket"), exact=True).click()
    ready = page.get_by_role("button", name=say("along_get_pocket"), exact=True)
    expect(ready).to_be_visible(timeout=FIRST_TIME)
    shot(page, f"discharge-6-{name}")
    with page.expect_download() as plan:
        ready.click()
    text = "".join(sheet.extract_text() for sheet in PdfReader(plan.value.path()).pages)
    assert house in text
    assert "988" in text
    assert ONE not in text, "who finds the sheet learns an address, not whose"
    page.get_by_role("button", name=say("case_lock"), exact=True).last.click()
    expect(page.get_by_label(say("case_your_name")).first).to_be_visible()
    expect(page.get_by_text(ONE)).to_have_count(0)
    settled(page)
    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    kept = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert kept, "else the search proves nothing"
    for secret in (ONE, PASSPHRASE, WHY, FROM):
        assert secret not in stored
        assert not any(secret.encode() in content for content in kept)


def choose(page: Page, box: Locator, option: str) -> None:
    """Choose an option of a list as one does without a mouse; a page that is drawn meanwhile may fold the list."""
    offered = page.get_by_role("option", name=option).first
    for _ in range(TRIES):
        box.scroll_into_view_if_needed()
        box.click()
        box.fill(option)
        with contextlib.suppress(NotInTime):
            offered.wait_for(timeout=5000)
            break
    page.keyboard.press("Enter")
    expect(box).to_have_value(option)


def _offered(page: Page, say: Say) -> str:
    """Record on the comparison that the best home offers a place, and why it is the one; return its name."""
    looked = page.locator(".rr-homes tr.rr-looked .rr-name").inner_text()
    house = re.sub(r"^\d+\s*", "", looked).splitlines()[0]
    choose(
        page, page.get_by_role("combobox", name=say("case_state"), exact=True), capitalized(say("case_state_offered"))
    )
    page.get_by_label(say("case_why"), exact=True).fill(WHY)
    page.get_by_role("button", name=say("case_save"), exact=True).click()
    expect(page.get_by_text(WHY)).to_be_visible()
    settled(page)
    return house


def _called(page: Page, house: str, say: Say) -> None:
    """Note what a call learned from the house that was just looked at."""
    expect(page.get_by_role("combobox", name=say("col_home"), exact=True).first).to_have_value(house)
    expect(page.locator("[data-number] a[href^='tel:']")).to_be_visible()
    page.get_by_label(say("case_call_free_beds"), exact=True).fill("1")
    page.keyboard.press("Tab")
    page.get_by_role("button", name=say("case_call_save"), exact=True).click()
    expect(page.get_by_role("heading", name=say("case_calls"), exact=True)).to_be_visible()


def _make(page: Page, say: Say) -> None:
    """Make a vault, and put its recovery code away."""
    page.get_by_label(say("case_your_name")).first.fill(ANA)
    page.get_by_label(say("case_passphrase"), exact=True).fill(PASSPHRASE)
    page.keyboard.press("Tab")
    expect(page.get_by_text(say("case_strength", word=say("case_strength_strong")))).to_be_visible()
    page.get_by_label(say("case_again")).fill(PASSPHRASE)
    page.keyboard.press("Tab")
    settled(page)
    page.get_by_role("button", name=say("case_create"), exact=True).click()
    expect(page.locator(".rr-code")).to_be_visible()
    _prints_the_code_alone(page, say)
    page.get_by_role("button", name=say("case_code_done"), exact=True).click()
    expect(page.get_by_text(say("case_no_people"))).to_be_visible()


def _prints_the_code_alone(page: Page, say: Say) -> None:
    """Press the button that prints, and look at what a printer would get: the code, and what it is for."""
    expect(page.get_by_text(say("case_code_paper"), exact=True)).to_be_hidden()
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name=say("case_code_print"), exact=True).click()
    assert page.evaluate("window.printed") is True
    page.emulate_media(media="print")
    expect(page.locator(".rr-code")).to_be_visible()
    expect(page.get_by_text(say("case_code_paper"), exact=True)).to_be_visible()
    for text in (say("case_code"), say("case_code_how"), say("tagline"), say("case_promise"), say("case_code_print")):
        expect(page.get_by_text(text, exact=True).first).to_be_hidden()
    page.emulate_media(media="screen")


@pytest.mark.parametrize(("width", "say"), WAYS, ids=lambda one: one.language if isinstance(one, Say) else str(one))
def test_how_it_went_is_one_picture(new_page: NewPage, app: str, tmp_path: Path, width: int, say: Say) -> None:
    _with_progress(tmp_path)
    page = new_page(width=width, height=1300 if width > 600 else 844)
    page.goto(f"{app}caseload?language={say.language}")
    page.get_by_label(say("case_your_name")).first.fill(ANA)
    page.get_by_label(say("case_passphrase"), exact=True).fill(PASSPHRASE)
    page.keyboard.press("Tab")
    settled(page)
    page.get_by_role("button", name=say("case_unlock"), exact=True).click()
    page.get_by_role("combobox", name=say("case_choose")).click()
    page.keyboard.type(ONE)
    page.get_by_role("option", name=ONE).click()
    page.get_by_role("radio", name=say("case_part_progress"), exact=True).click()
    expect(page.locator(".rr-time")).to_be_visible(timeout=FIRST_TIME)
    expect(page.get_by_role("heading", name=say("reach_title"), exact=True)).to_be_visible(timeout=FIRST_TIME)
    settled(page)
    assert page.locator(".rr-through").count() == 2, "a line for the total, and one for the first home"
    assert page.locator(".rr-through").first.evaluate("line => getComputedStyle(line).clipPath").startswith("polygon")
    assert not scrolls_sideways(page)
    assert serious_findings(page) == []
    assert say is EN or english_on(page, [ONE, ANA]) == []
    page.locator(".rr-time").scroll_into_view_if_needed()
    shot(page, f"caseload-progress-{'desktop' if width > 600 else 'phone'}-{say.language}")


def _with_progress(folder: Path) -> None:
    """Make a vault with a person who was asked three times and moved once."""
    place = VaultPlace(folder / "vault" / "people.db", folder / "keys")
    vault, _ = create_vault(place, ANA, PASSPHRASE)
    one = add_person(vault, {"name": ONE})
    save_needs(vault, one, Needs(formats=("women",), gender="women"))
    houses = (("recovery_residences:RR-002", "Comfrey House 2"), ("recovery_residences:RR-012", "Rush House 12"))
    for (house, name), day in zip(houses, (dt.date(2026, 5, 4), dt.date(2026, 9, 20)), strict=True):
        put_on_short_list(vault, one, house, f"{name} (fictional)", "moved_in", "near work", day)
    for number, day in enumerate(("2026-05-12", "2026-08-03", "2026-11-20")):
        answers = {domain: 2 + (number + k) % 4 for k, domain in enumerate(DOMAINS)}
        add_barc10(vault, one, day, ANA, answers)
        engaged = {"asked_on": day, "asked_by": ANA, "meetings_attended": 8 + 4 * number, "groups": number}
        add_engagement(vault, one, engaged | {"sponsor_or_mentor": number > 1})
    for day, number, total in (("2026-05-05", 0, 58), ("2026-07-02", 0, 61), ("2026-09-21", 1, 54)):
        scored = {"scored_on": day, "lives_at": houses[number][0], "region": "demo", "region_hash": "0" * 64}
        parts = {"d_health": total + 6, "d_home": total + 12, "d_purpose": total - 9, "d_community": total - 10}
        add_home_score(vault, one, scored | parts | {"total": total})
    lock(vault)


@pytest.mark.parametrize(("width", "say"), WAYS, ids=lambda one: one.language if isinstance(one, Say) else str(one))
def test_what_goes_along_is_made_and_kept(new_page: NewPage, app: str, width: int, say: Say) -> None:
    page = new_page(width=width, height=900 if width > 600 else 844)
    page.goto(f"{app}caseload?language={say.language}")
    _make(page, say)
    page.get_by_label(say("case_field_name"), exact=True).fill(ONE)
    page.get_by_role("button", name=say("case_add"), exact=True).click()
    page.get_by_role("radio", name=say("case_part_along"), exact=True).click()
    home = page.get_by_role("combobox", name=say("along_home"), exact=True)
    expect(home).to_be_visible(timeout=FIRST_TIME)
    house = "Comfrey House 2 (fictional)"
    choose(page, home, house)
    page.get_by_role("button", name=say("along_make_pocket"), exact=True).click()
    ready = page.get_by_role("button", name=say("along_get_pocket"), exact=True)
    expect(ready).to_be_visible(timeout=FIRST_TIME)
    page.get_by_role("button", name=say("along_make_letter"), exact=True).click()
    expect(page.get_by_text(say("Write why this home: whoever reads the letter will ask."))).to_be_visible()
    settled(page)
    assert serious_findings(page) == []
    assert not scrolls_sideways(page)
    assert say is EN or english_on(page, [ONE, ANA, house]) == []
    shot(page, f"along-{'desktop' if width > 600 else 'phone'}-{say.language}")
    with page.expect_download() as download:
        ready.click()
    assert download.value.suggested_filename.startswith("week-")
    assert ONE.split(maxsplit=1)[0].lower() not in download.value.suggested_filename.lower()


@pytest.mark.parametrize(("width", "say"), WAYS, ids=lambda one: one.language if isinstance(one, Say) else str(one))
def test_papers_of_a_person_and_the_office(new_page: NewPage, app: str, width: int, say: Say, tmp_path: Path) -> None:
    page = new_page(width=width, height=900 if width > 600 else 844)
    name = f"{'desktop' if width > 600 else 'phone'}-{say.language}"
    page.goto(f"{app}caseload?language={say.language}")
    _make(page, say)
    page.get_by_label(say("case_field_name"), exact=True).fill(ONE)
    page.get_by_role("button", name=say("case_add"), exact=True).click()
    page.get_by_role("radio", name=say("case_part_papers"), exact=True).click(timeout=FIRST_TIME)
    for field, text in (("recipient", "Example Court"), ("what", "carta"), ("purpose", "audiencia")):
        page.get_by_label(say(f"papers_{field}"), exact=True).fill(text)
    for field, day in (("given_on", "11012026"), ("expires_on", "05012099")):
        dated = page.get_by_role("group", name=say("date_field", label=say(f"papers_{field}")), exact=True)
        dated.get_by_role("spinbutton").first.click()
        page.keyboard.type(day)
    page.get_by_role("button", name=say("papers_add_consent"), exact=True).click()
    expect(page.get_by_text(say("papers_in_force", day=say.day("2099-05-01")))).to_be_visible()
    expect(page.get_by_label(say("papers_recipient"), exact=True)).to_have_value("")
    page.get_by_role("button", name=say("papers_make_pdf"), exact=True).last.click()
    with page.expect_download() as download:
        page.get_by_role("button", name=say("papers_get_pdf"), exact=True).click()
    assert download.value.suggested_filename.startswith("record-20")
    page.get_by_role("heading", name=ONE, exact=True).scroll_into_view_if_needed()
    _looked_at(page, say, f"caseload-papers-{name}")
    page.get_by_role("button", name=say("case_back"), exact=True).click()
    page.get_by_role("radio", name=say("case_view_office"), exact=True).click()
    content = f"Nombre,DOB\n{ONE},1990-02-03\nPersona Dos,en mayo\n".encode()
    page.locator('input[type="file"]').set_input_files({"name": "x.csv", "mimeType": "text/csv", "buffer": content})
    expect(page.get_by_text(say("office_same_there", row=1))).to_be_visible()
    _looked_at(page, say, f"caseload-office-{name}")
    page.get_by_role("radio", name=say("office_task_trail"), exact=True).click()
    page.get_by_role("button", name=say("office_verify"), exact=True).click()
    expect(page.get_by_text(say("office_keep_end"))).to_be_visible()
    _looked_at(page, say, f"caseload-trail-{name}")
    assert "Persona" not in page.url


def _looked_at(page: Page, say: Say, name: str) -> None:
    """Look at a page as its readers do: with a screen reader, without scrolling sideways, in their language."""
    settled(page)
    assert serious_findings(page) == []
    assert not scrolls_sideways(page)
    assert say is EN or english_on(page, [ONE, ANA]) == []
    shot(page, name)
