"""The part of a person's page that holds their papers."""

import streamlit as st

from people.vault import Vault
from screens.caseload.papers import consents, disclosures, looks, record
from screens.shared.words import Say


def papers_part(vault: Vault, person_id: str, say: Say) -> None:
    """Show consents, what was handed out by them, the person's own copy, and (a supervisor) who looked."""
    consents.show(vault, person_id, say)
    st.divider()
    disclosures.show(vault, person_id, say)
    st.divider()
    record.show(vault, person_id, say)
    if vault.user.is_supervisor:
        st.divider()
        looks.show(vault, person_id, say)
