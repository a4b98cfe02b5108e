"""Signing in before the caseload: what its file must say, who may come in, for how long, and what its cookies are."""

import time
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from geo.errors import InputError, VaultError
from screens.caseload import sign_in
from screens.caseload.sign_in import CALLBACK, SignIn, read_sign_in, standing_of
from screens.caseload.sign_in_answers import SignInAnswers

WHOLE = """
[caseload]
users = ["Ana@agency.example", "ben@agency.example"]
hours = 8

[auth]
redirect_uri = "https://reach.agency.example/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"
client_id = "reach"
client_secret = "secret"
server_metadata_url = "https://login.agency.example/.well-known/openid-configuration"
"""
NOW = 1_800_000_000.0
ANA = {"is_logged_in": True, "email": "ANA@agency.example", "iat": NOW - 60}


@pytest.fixture
def written(tmp_path):
    def write(text, mode=0o600):
        path = tmp_path / "sign-in.toml"
        path.write_text(text)
        path.chmod(mode)
        return path

    return write


def test_a_whole_file(written):
    path = written(WHOLE)
    users = frozenset({"ana@agency.example", "ben@agency.example"})
    assert read_sign_in(path) == SignIn(path, users, 8.0, "https://reach.agency.example/oauth2callback")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("[caseload]", "[people]", r"table \[caseload\]"),
        ('client_secret = "secret"', "", "needs client_secret"),
        ('client_id = "reach"', "client_id = 3", "needs client_id"),
        ("https://reach", "http://reach", "redirect_uri begins with https"),
        ("https://login", "ftp://login", "server_metadata_url begins with https"),
        ("/oauth2callback", "/back", "own address and /oauth2callback"),
        ("/oauth2callback", "/oauth2callback?next=x", "own address and /oauth2callback"),
        ("reach.agency.example/", "ana:secret@reach.agency.example/", "own address and /oauth2callback"),
        ("reach.agency.example/", "reach.agency.example:{port}/", "own address and /oauth2callback"),
        ('client_id = "reach"', 'client_id = "reach"\nexpose_tokens = "refresh"', "not expose_tokens"),
        ('client_id = "reach"', 'client_id = "reach"\nclient_kwargs = "login"', "client_kwargs is a table"),
        ('"ben@agency.example"', '"@agency.example"', "needs users"),
        ("0123456789abcdef0123456789abcdef", "short", "32 random characters"),
        ("hours = 8", "hours = 25", "at most 24"),
        ("hours = 8", "hours = true", "at most 24"),
        ("hours = 8", 'hours = "8"', "at most 24"),
        ('users = ["Ana@agency.example", "ben@agency.example"]', "users = []", "needs users"),
        ('users = ["Ana@agency.example", "ben@agency.example"]', 'users = "ana@agency.example"', "needs users"),
        ("[auth]", "[auth", "can't be read as a sign-in file"),
    ],
)
def test_a_file_that_is_not_whole_says_what_it_lacks(written, old, new, why):
    assert old in WHOLE
    with pytest.raises(InputError, match=why):
        read_sign_in(written(WHOLE.replace(old, new)))


def test_a_file_that_streamlit_would_not_read_is_refused(written):
    path = written(WHOLE)
    with pytest.raises(InputError, match=r"ends with \.toml"):
        read_sign_in(path.rename(path.with_suffix(".conf")))


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(InputError, match="no sign-in file"):
        read_sign_in(tmp_path / "sign-in.toml")


def test_a_file_that_others_may_read_is_refused(written):
    with pytest.raises(VaultError, match="can open"):
        read_sign_in(written(WHOLE, 0o644))


def test_a_file_on_this_machine_alone_needs_no_tls(written):
    text = WHOLE.replace("https://reach.agency.example", "http://127.0.0.1:8501")
    assert read_sign_in(written(text)).redirect_uri == "http://127.0.0.1:8501/oauth2callback"


@pytest.mark.parametrize(
    ("claims", "standing"),
    [
        ({}, "in"),
        ({"is_logged_in": False}, "out"),
        ({"email": "eve@agency.example"}, "stranger"),
        ({"email": None}, "stranger"),
        ({"email_verified": False}, "stranger"),
        ({"email_verified": True}, "in"),
        ({"email_verified": "true"}, "in"),
        ({"email_verified": "false"}, "stranger"),
        ({"email_verified": 0}, "stranger"),
        ({"email_verified": None}, "stranger"),
        ({"auth_time": NOW - 9 * 3600}, "over"),
        ({"auth_time": NOW - 3600}, "in"),
        ({"auth_time": NOW - 3600, "iat": None}, "over"),
        ({"auth_time": "now"}, "over"),
        ({"iat": NOW - 8 * 3600 + 1}, "in"),
        ({"iat": NOW - 8 * 3600}, "over"),
        ({"iat": NOW + 200}, "in"),
        ({"iat": NOW + 400}, "over"),
        ({"iat": None}, "over"),
        ({"iat": "now"}, "over"),
    ],
)
def test_who_may_come_in_and_for_how_long(written, claims, standing):
    assert standing_of(ANA | claims, read_sign_in(written(WHOLE)), NOW) == standing


@pytest.mark.parametrize(("address", "is_secure"), [("https://reach.example", True), ("http://127.0.0.1:8501", False)])
def test_a_cookie_lasts_as_long_as_the_hours(written, address, is_secure):
    asked = read_sign_in(written(WHOLE.replace("https://reach.agency.example", address)))

    def back(_):
        answer = RedirectResponse("/", 302)
        answer.set_cookie("_streamlit_user", "a", max_age=2_592_000)
        answer.set_cookie("_streamlit_user_tokens", "b", max_age=2_592_000)
        answer.set_cookie("other", "c", max_age=5)
        answer.delete_cookie("_streamlit_user_1")
        return answer

    served = SignInAnswers(Starlette(routes=[Route(CALLBACK, back), Route("/elsewhere", back)]), asked)
    client = TestClient(served, follow_redirects=False)
    answer = client.get(CALLBACK)
    user, tokens, other, gone = answer.headers.get_list("set-cookie")
    assert answer.headers["location"] == "/caseload"
    assert client.get(f"{CALLBACK}?code=1").headers["location"] == "/caseload"
    assert client.get("/elsewhere").headers["location"] == "/"
    assert all("Max-Age=28800" in one and ("; Secure" in one) == is_secure for one in (user, tokens))
    assert "Max-Age=5" in other
    assert "Secure" not in other
    assert "Max-Age=0" in gone


@pytest.mark.parametrize(
    ("path", "status", "cookie", "location"),
    [
        ("/auth/login", 302, "", "/"),
        ("/auth/login", 400, "", "/caseload?sign_in=failed"),
        ("/oauth2callback?error=access_denied", 302, "", "/caseload?sign_in=failed"),
        ("/oauth2callback?code=1", 302, "_streamlit_user=; Max-Age=0", "/caseload?sign_in=failed"),
        ("/oauth2callback?code=1", 302, "_streamlit_user=a; Max-Age=9", "/caseload"),
        ("/oauth2callback", 302, "", "/caseload"),
    ],
)
def test_who_could_not_sign_in_comes_back_to_a_page_that_says_so(written, path, status, cookie, location):
    def answer(_):
        headers = {"location": "/"} | ({"set-cookie": cookie} if cookie else {})
        return PlainTextResponse("Authentication error", status, headers)

    served = Starlette(routes=[Route("/auth/login", answer), Route(CALLBACK, answer)])
    client = TestClient(SignInAnswers(served, read_sign_in(written(WHOLE))), follow_redirects=False)
    came = client.get(path)
    assert (came.status_code, came.headers["location"]) == (302, location)
    assert bool(came.text) == ("failed" not in location)


def test_who_signed_out_is_out_in_every_tab(written, monkeypatch):
    user = dict(ANA, iat=time.time())
    monkeypatch.setattr(sign_in.st, "user", SimpleNamespace(to_dict=lambda: user))
    monkeypatch.setattr(sign_in.st, "logout", lambda: None)
    sign_in.use_sign_in(read_sign_in(written(WHOLE)))
    try:
        assert sign_in.standing() == "in"
        sign_in.check_signed_in()
        sign_in.end_sign_in()
        assert sign_in.standing() == "out"
        with pytest.raises(VaultError, match="sign in again"):
            sign_in.check_signed_in()
        user["iat"] = time.time() + 1
        assert sign_in.standing() == "in"
    finally:
        sign_in.use_sign_in(None)
    assert sign_in.standing() == "in"
