"""Before the vault's door, where the agency asks for it: signing in at its own provider, and out again."""

import streamlit as st

from layers.escaping import html, joined
from screens.caseload import session, sign_in
from screens.caseload.sign_in_answers import FAILED
from screens.shared import frame
from screens.shared.words import Say


def is_signed_in(say: Say) -> bool:
    """Show how to sign in to who isn't; return whether the vault's door may be shown."""
    standing = sign_in.standing()
    if standing == "in":
        return True
    texts = [say(f"case_sign_in_{standing}")]
    if session.why_locked() == "signed_out":
        texts.insert(0, say("case_locked_signed_out"))
    if standing == "out" and FAILED in st.query_params:
        texts.insert(0, say("case_sign_in_failed"))
    frame.show(
        html(
            '<section class="rr-card"><h2>{title}</h2><div role="status">{texts}</div></section>',
            title=say("case_sign_in"),
            texts=joined(html("<p>{text}</p>", text=text) for text in texts),
        ),
        say,
    )
    if standing == "stranger":
        sign_out_button(say)
    else:
        st.button(say("case_sign_in"), key=f"{session.PREFIX}sign_in", type="primary", on_click=st.login)
    return False


def sign_out_button(say: Say) -> None:
    """Offer to sign out, where there is a sign-in; the vault is locked first."""
    if sign_in.asked() is not None:
        name = say("case_sign_out", name=str(st.user.get("email", "")))
        st.button(name, key=f"{session.PREFIX}sign_out", on_click=_sign_out)


def _sign_out() -> None:
    session.lock_now()
    sign_in.end_sign_in()
