"""What a file to take along is called: what it holds, the day, and digits by which no two that differ share a name."""

import datetime
import hashlib
import secrets

import streamlit as st

_SALT = "file_name_salt"


def file_name(kind: str, day: datetime.date, holds: object, ending: str) -> str:
    """Return a name for a file: what it holds, the day, and six digits of its own (`homes-2026-11-29-3f2a1c.pdf`).

    The digits are those of everything that the file depends on, salted by the visit: two files that differ don't get
    one name, and a name tells nothing of the person.
    """
    salt: bytes = st.session_state.setdefault(_SALT, secrets.token_bytes(16))
    digits = hashlib.blake2b(repr(holds).encode(), key=salt, digest_size=3).hexdigest()
    return f"{kind}-{day.isoformat()}-{digits}.{ending}"


def forget_names() -> None:
    """Forget by what this visit's names are made, so that those of the next have nothing in common with them."""
    st.session_state.pop(_SALT, None)
