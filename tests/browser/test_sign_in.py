"""Signing in at a provider on loopback: two colleagues in two browsers, a stranger, one who stayed too long."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from people.caseload import add_person
from people.folders import VaultPlace
from people.users import add_user
from people.vault import create_vault, lock, open_vault
from tests.browser.steps import EN, NewPage, serious_findings, settled

pytestmark = pytest.mark.browser
ANA, BEN, PASSPHRASE = "Example Ana", "Example Ben", "correct horse battery staple"
OF_ANA, OF_BEN = "Persona Uno", "Persona Dos"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.browser.provider", str(port)])
    try:
        for _ in range(600):
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def app(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory, provider: str) -> str:
    """Return the address of an app that asks for a sign-in; in its vault two colleagues have a person each."""
    tmp_path = tmp_path_factory.mktemp("signed-in")
    place = VaultPlace(tmp_path / "vault" / "people.db", tmp_path / "keys")
    vault, _ = create_vault(place, ANA, PASSPHRASE)
    add_person(vault, {"name": OF_ANA})
    add_user(vault, BEN, "case_manager", PASSPHRASE)
    lock(vault)
    vault = open_vault(place, BEN, PASSPHRASE)
    add_person(vault, {"name": OF_BEN})
    lock(vault)
    port, file = free_port(), tmp_path / "sign-in.toml"
    file.write_text(
        '[caseload]\nusers = ["ana@agency.example", "ben@agency.example"]\nhours = 8\n[auth]\n'
        f'redirect_uri = "http://127.0.0.1:{port}/oauth2callback"\ncookie_secret = "{"s" * 40}"\n'
        'client_id = "reach"\nclient_secret = "x"\n'
        f'server_metadata_url = "{provider}/.well-known/openid-configuration"\n'
    )
    file.chmod(0o600)
    return serve(
        "from pathlib import Path\nimport app\nfrom people.folders import VaultPlace\n"
        "from screens.caseload import door\n"
        f"place = VaultPlace(Path({str(place.database)!r}), Path({str(place.keys)!r}))\n"
        "door.vault_place = lambda: place\n"
        "tell = lambda address: print(address, flush=True)\n"
        f"app.serve(None, {port}, announce=tell, sign_in=Path({str(file)!r}))"
    )


def sign_in(page: Page, app: str, name: str) -> None:
    page.goto(f"{app}caseload")
    page.get_by_role("button", name=EN("case_sign_in"), exact=True).click()
    page.get_by_role("link", name=name, exact=True).click()
    page.wait_for_url("**/caseload**")


def unlock(page: Page, name: str) -> None:
    page.get_by_label(EN("case_your_name")).first.fill(name)
    page.get_by_label(EN("case_passphrase"), exact=True).first.fill(PASSPHRASE)
    page.get_by_role("button", name=EN("case_unlock"), exact=True).click()


def test_two_colleagues_in_two_browsers_never_see_each_others_people(new_page: NewPage, app: str) -> None:
    anas, bens = new_page(), new_page(390, 844)
    anas.goto(f"{app}caseload")
    expect(anas.get_by_text(EN("case_sign_in_out"))).to_be_visible()
    expect(anas.get_by_label(EN("case_passphrase"), exact=True)).to_have_count(0)
    settled(anas)
    assert serious_findings(anas) == []
    sign_in(anas, app, "Ana")
    sign_in(bens, app, "Ben")
    unlock(anas, ANA)
    unlock(bens, BEN)
    expect(bens.get_by_text(OF_BEN).first).to_be_visible()
    expect(anas.get_by_text(OF_ANA).first).to_be_visible()
    assert OF_ANA not in bens.inner_text("body")
    for cookie in anas.context.cookies():
        assert cookie["httpOnly"] or not cookie["name"].startswith("_streamlit_user")
        assert cookie.get("expires", 0) <= time.time() + 8 * 3600 + 60
    again = anas.context.new_page()
    again.goto(f"{app}caseload")
    unlock(again, ANA)
    expect(again.get_by_text(OF_ANA).first).to_be_visible()
    again.get_by_role("button", name=re.compile(EN("case_sign_out", name="").strip())).click()
    expect(again.get_by_text(EN("case_sign_in_out"))).to_be_visible()
    expect(anas.get_by_text(EN("case_locked_signed_out"))).to_be_visible()
    assert OF_ANA not in anas.inner_text("body")
    for view in ("office", "people"):
        bens.get_by_role("radio", name=EN(f"case_view_{view}"), exact=True).click()
    expect(bens.get_by_text(OF_BEN).first).to_be_visible()
    assert OF_ANA not in bens.inner_text("body")


@pytest.mark.parametrize(("name", "why"), [("Stranger", "case_sign_in_stranger"), ("Late", "case_sign_in_over")])
def test_who_may_not_come_in_sees_no_door(new_page: NewPage, app: str, name: str, why: str) -> None:
    page = new_page()
    sign_in(page, app, name)
    expect(page.get_by_text(EN(why))).to_be_visible()
    expect(page.get_by_label(EN("case_passphrase"), exact=True)).to_have_count(0)
    page.goto(f"{app}?full=1")
    expect(page.locator(".rr-brand")).to_be_visible()
