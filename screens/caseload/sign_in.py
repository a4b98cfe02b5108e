"""Optional sign-in by OpenID Connect: who may come as far as the vault's door, and for how long.

Streamlit speaks with the agency's own provider (`st.login`); it lets anybody in whom the provider knows, for 30 days.
What is added here: only the accounts that the agency named, only for some hours, and none that signed out. The vault
itself still opens by each user's passphrase alone: nobody at the provider can read it.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import streamlit as st
from streamlit import config

from geo.errors import InputError, VaultError
from geo.toml_table import read_toml
from screens.shared.frame import LOOPBACK_HOSTS
from sources.formats.private_files import check_closed

Standing = Literal["in", "out", "over", "stranger"]
"""Signed in; not signed in; signed in for longer than allowed; signed in with an account that wasn't named."""

CALLBACK = "/oauth2callback"
USUAL_HOURS, MOST_HOURS = 8.0, 24.0
LEAST_SECRET = 32
CLOCKS_DIFFER_SECONDS = 300
"""How far ahead of this machine's clock the provider's may be."""
OVER = "Your sign-in is over, so nothing was done: sign in again."
_TEXTS = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_OPTIONAL = "client_kwargs"


@dataclass(frozen=True)
class SignIn:
    """Who may sign in (in lower case), for how many hours, and at which address the provider sends them back."""

    file: Path
    users: frozenset[str]
    hours: float
    redirect_uri: str

    @property
    def origin(self) -> str:
        """The address at which the app is opened, without a path."""
        return self.redirect_uri.removesuffix(CALLBACK)

    @property
    def host(self) -> str:
        """The name in that address."""
        return str(urlsplit(self.redirect_uri).hostname)


_ASKED: list[SignIn] = []
_SIGNED_OUT: dict[tuple[str, object], float] = {}
"""Sign-ins that were ended (whose, and since when they held), and when: a cookie may be kept, another tab be open."""


def read_sign_in(path: Path) -> SignIn:
    """Return what a sign-in file says: `[caseload]` with `users` and `hours`, `[auth]` as Streamlit's documents tell.

    Raises
    ------
    InputError
        It can't be read, or lacks something, or would send secrets unprotected; says what and where.
    VaultError
        Others on this machine may read it.
    """
    if not (find_spec("authlib") and find_spec("httpx")):
        raise InputError("A sign-in needs two more libraries: install them with `pip install 'recovery-reach[auth]'`.")
    if path.suffix != ".toml":
        raise InputError(f"A sign-in file ends with .toml, not {path.name!r}.")
    if not path.is_file():
        raise InputError(f"There is no sign-in file at {path}; check the path.")
    check_closed(path, 0o600, VaultError)
    try:
        document = read_toml(path)
    except (OSError, ValueError) as problem:
        raise InputError(f"{path} can't be read as a sign-in file: {problem}.") from None
    auth, caseload = (_table(document, name, path) for name in ("auth", "caseload"))
    for name in _TEXTS:
        if not isinstance(auth.get(name), str) or not auth[name].strip():
            raise InputError(f"{path}: [auth] needs {name}, a text; docs/trust.md shows a whole file.")
    if others := sorted(set(auth) - {*_TEXTS, _OPTIONAL}):
        raise InputError(f"{path}: [auth] holds {', '.join((*_TEXTS, _OPTIONAL))}, not {', '.join(others)}.")
    if not isinstance(auth.get(_OPTIONAL, {}), dict):
        raise InputError(f'{path}: {_OPTIONAL} is a table, e.g. {{ prompt = "login" }}.')
    for name in ("redirect_uri", "server_metadata_url"):
        _check_protected(name, auth[name], path)
    if not re.fullmatch(rf"https?://[\w.:\[\]-]+{CALLBACK}", auth["redirect_uri"]):
        raise InputError(
            f"{path}: redirect_uri is the app's own address and {CALLBACK}, like "
            f"https://reach.agency.example{CALLBACK}, not {auth['redirect_uri']!r}."
        )
    if len(auth["cookie_secret"]) < LEAST_SECRET:
        raise InputError(f"{path}: cookie_secret needs {LEAST_SECRET} random characters or more.")
    return SignIn(path, _users(caseload, path), _hours(caseload, path), auth["redirect_uri"])


def use_sign_in(sign_in: SignIn | None) -> None:
    """Ask for this sign-in before the caseload, or for none; no other file of secrets is ever read."""
    _ASKED[:] = [sign_in] if sign_in else []
    config.set_option("secrets.files", [str(sign_in.file)] if sign_in else [])


def asked() -> SignIn | None:
    """Return the sign-in that stands before the caseload; None where the vault's passphrase alone does."""
    return _ASKED[0] if _ASKED else None


def standing() -> Standing:
    """Return how this visit stands now; `in` where no sign-in is asked for."""
    sign_in = asked()
    if sign_in is None:
        return "in"
    claims = st.user.to_dict()
    stands = standing_of(claims, sign_in, time.time())
    return "out" if stands == "in" and _sign_in_of(claims) in _SIGNED_OUT else stands


def check_signed_in() -> None:
    """Refuse to go on for somebody whose sign-in is over.

    Raises
    ------
    VaultError
        It is over, or was ended in another tab.
    """
    if standing() != "in":
        raise VaultError(OVER)


def end_sign_in() -> None:
    """End this visit's sign-in in every tab, and for a cookie that somebody kept."""
    now = time.time()
    for one in [one for one, at in _SIGNED_OUT.items() if now - at > MOST_HOURS * 3600 + CLOCKS_DIFFER_SECONDS]:
        del _SIGNED_OUT[one]
    _SIGNED_OUT[_sign_in_of(st.user.to_dict())] = now
    st.logout()


def standing_of(claims: Mapping[str, Any], sign_in: SignIn, now: float) -> Standing:
    """Return how someone with these claims of an ID token stands at a moment (seconds since 1970).

    The hours are counted from when they signed in at the provider (`auth_time`) where it says so, else from when it
    issued the token (`iat`, which OpenID Connect asks for). An address that the provider says it hasn't verified says
    nothing of who it is.
    """
    if not claims.get("is_logged_in"):
        return "out"
    is_verified = claims.get("email_verified", True) in (True, "true")
    if str(claims.get("email", "")).casefold() not in sign_in.users or not is_verified:
        return "stranger"
    issued = claims.get("iat")
    since = claims.get("auth_time", issued)
    if not (_is_time(issued) and _is_time(since)):
        return "over"
    if not -CLOCKS_DIFFER_SECONDS <= now - since < sign_in.hours * 3600:
        return "over"
    return "in"


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _sign_in_of(claims: Mapping[str, Any]) -> tuple[str, object]:
    return str(claims.get("email", "")).casefold(), claims.get("iat")


def _table(document: Mapping[str, Any], name: str, path: Path) -> Mapping[str, Any]:
    table = document.get(name)
    if not isinstance(table, dict):
        raise InputError(f"{path} needs a table [{name}]; docs/trust.md shows a whole file.")
    return table


def _check_protected(name: str, address: str, path: Path) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in (*LOOPBACK_HOSTS, "::1")):
        raise InputError(f"{path}: {name} begins with https:// (http:// on this machine alone), not {address!r}.")


def _users(caseload: Mapping[str, Any], path: Path) -> frozenset[str]:
    users = caseload.get("users")
    if not isinstance(users, list) or not users or not all(re.fullmatch(r"[^@\s]+@[^@\s]+", str(one)) for one in users):
        raise InputError(f'{path}: [caseload] needs users, e.g. ["ana@agency.example"]: who may sign in.')
    return frozenset(str(one).casefold() for one in users)


def _hours(caseload: Mapping[str, Any], path: Path) -> float:
    hours = caseload.get("hours", USUAL_HOURS)
    if isinstance(hours, bool) or not isinstance(hours, int | float) or not 0 < hours <= MOST_HOURS:
        raise InputError(f"{path}: [caseload] hours are more than 0 and at most {MOST_HOURS:g}, not {hours!r}.")
    return float(hours)
