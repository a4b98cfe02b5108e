"""A person's whole record, for the person."""

import json

from geo.needs.needs import Needs
from people.consent import add_consent, disclose
from people.export import export_json
from people.kinds import KINDS, SHARED
from people.person_needs import save_needs
from people.progress import DOMAINS, add_barc10


def test_everything_kept_of_a_person_is_in_it_with_names_of_users(vault, person):
    save_needs(vault, person, Needs(languages=("es",)))
    consent = {"recipient": "Example Court", "what": "plan", "purpose": "housing", "given_on": "2026-11-01"}
    disclose(vault, person, add_consent(vault, person, consent | {"expires_on": "2027-11-01"}), "letter")
    add_barc10(vault, person, "2026-11-29", "Example Ana", dict.fromkeys(DOMAINS, 4))
    text = export_json(vault, person)
    document = json.loads(text)
    assert {kind: len(document[kind]) for kind in KINDS if kind not in SHARED} == {
        "person": 1, "needs": 1, "consent": 1, "disclosure": 1, "short_list": 0, "barc10": 1, "engagement": 0,
        "home_score": 0, "comparison": 0,
    }  # fmt: skip
    assert document["person"][0]["name"] == "Person One"
    assert document["person"][0]["manager"] == "Example Ana"
    assert len(document["history"]) == 5
    assert document["history"][-1]["after"]["phone"] == "202-555-0101"
    assert document["accounting_of_disclosures"][0]["by"] == "Example Ana"
    assert vault.user.user_id.encode() not in text


def test_an_export_is_in_the_trail(vault, person):
    export_json(vault, person)
    rows = vault.connection.execute("SELECT person_id FROM audit WHERE action = 'export'").fetchall()
    assert rows == [(person,)]
