"""Edits: every kind of them taken back, nobody's edit lost, all at once or nothing."""

import contextlib
import itertools
import random

import pandas as pd
import pytest

from geo.errors import EditConflictError, InputError, NotAllowedError
from geo.needs.needs import Needs, SavedPlace, StayAway
from people import caseload as c
from people.consent import add_consent, disclose, revoke_consent
from people.entries import add_entry, edit_entry, history, read_entries, remove_entry, undo
from people.importing import import_people, preview
from people.notebook import add_call, house_calls
from people.person_needs import save_needs
from people.progress import DOMAINS, add_barc10, add_engagement
from people.short_list import put_on_short_list
from people.users import add_user
from people.vault import writing
from tests.people.conftest import BEN, BENS, TODAY

CONSENT = {"recipient": "Example Court", "what": "plan", "purpose": "housing", "given_on": "2026-11-01",
           "expires_on": "2027-11-01"}  # fmt: skip
CALL = {"resource_id": "x:1", "house": "Example House", "called_on": "2026-11-20", "free_beds": 2}


def contents(vault):
    """Return what the vault holds now, without who changed it when."""
    rows = vault.connection.execute("SELECT entry_id, person_id, body FROM entries WHERE NOT removed ORDER BY entry_id")
    return rows.fetchall()


def ready(vault, person):
    """Return a person with one entry of each kind."""
    other = c.add_person(vault, {"name": "Person Two", "note": "came back"})
    place = SavedPlace("court", 39.0, -84.0)
    save_needs(
        vault, person, Needs(medications=("methadone",), saved_places=(place,), stay_away=(StayAway(39, -84, 90),))
    )
    save_needs(vault, other, Needs(languages=("es",)))
    consent = add_consent(vault, person, CONSENT)
    disclose(vault, person, consent, "letter")
    return {
        "other": other,
        "consent": consent,
        "call": add_call(vault, CALL),
        "listed": put_on_short_list(vault, person, "x:1", "Example House"),
        "colleague": add_user(vault, BEN, "case_manager", BENS),
    }


EDITS = {
    "add person": lambda v, p, r: c.add_person(v, {"name": "Person Three"}),
    "edit person": lambda v, p, r: c.edit_person(v, p, {"goes_by": "One", "phone": None}),
    "archive": lambda v, p, r: c.archive(v, p),
    "assign": lambda v, p, r: c.assign(v, p, r["colleague"]),
    "merge": lambda v, p, r: c.merge(v, p, r["other"]),
    "merge the other way": lambda v, p, r: c.merge(v, r["other"], p),
    "needs": lambda v, p, r: save_needs(v, p, Needs(profile="wheelchair")),
    "consent": lambda v, p, r: add_consent(v, p, CONSENT | {"recipient": "Example Payer"}),
    "revoke": lambda v, p, r: revoke_consent(v, r["consent"]),
    "call": lambda v, p, r: add_call(v, CALL | {"called_on": "2026-11-21"}),
    "edit call": lambda v, p, r: edit_entry(v, r["call"], {"free_beds": 0}),
    "remove call": lambda v, p, r: remove_entry(v, r["call"]),
    "short list": lambda v, p, r: put_on_short_list(v, p, "x:2", "Example Hall"),
    "state": lambda v, p, r: put_on_short_list(v, p, "x:1", "Example House", "refused", "no bed"),
    "off the list": lambda v, p, r: remove_entry(v, r["listed"]),
    "barc10": lambda v, p, r: add_barc10(v, p, "2026-11-29", "Example Ana", dict.fromkeys(DOMAINS, 4)),
    "engagement": lambda v, p, r: add_engagement(v, p, {"asked_on": "2026-11-29", "asked_by": "Example Ana"}),
    "import": lambda v, p, r: import_people(v, preview(v, pd.DataFrame({"name": ["Person Four", "Person Five"]}),
                                                       {"name": "name"})),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_every_kind_of_edit_is_undone_and_done_again(vault, person, edit):
    made = ready(vault, person)
    before = contents(vault)
    EDITS[edit](vault, person, made)
    after = contents(vault)
    assert after != before
    undo(vault, last_change(vault))
    assert contents(vault) == before
    undo(vault, last_change(vault))
    assert contents(vault) == after


def last_change(vault):
    return vault.connection.execute("SELECT max(change_id) FROM changes").fetchone()[0]


def test_unarchive_is_undone(vault, person):
    c.archive(vault, person)
    before = contents(vault)
    c.unarchive(vault, person)
    undo(vault, last_change(vault))
    assert contents(vault) == before


def test_an_edit_that_was_built_on_is_undone_last(vault, person):
    c.edit_person(vault, person, {"goes_by": "One"})
    first = last_change(vault)
    c.edit_person(vault, person, {"goes_by": "Two"})
    with pytest.raises(EditConflictError, match="later edit first"):
        undo(vault, first)
    undo(vault, last_change(vault))
    undo(vault, first)
    assert c.read_person(vault, person)["goes_by"] is None


def test_a_colleague_s_edit_in_between_is_not_overwritten(vault, person):
    seen = c.read_person(vault, person)["version"]
    c.edit_person(vault, person, {"goes_by": "One"})
    with pytest.raises(EditConflictError, match="not saved"):
        c.edit_person(vault, person, {"goes_by": "Two"}, seen)
    assert c.read_person(vault, person)["goes_by"] == "One"


def test_history_tells_who_did_what_when_and_what_changed(vault, person, clock):
    clock.pass_by(60)
    c.edit_person(vault, person, {"goes_by": "One", "phone": "202-555-0102"})
    last = history(vault, person).iloc[0]
    assert (last["what"], last["kind"], last["by"], last["at"]) == (
        "edit", "person", vault.user.user_id, "2026-11-29T15:01:00Z",
    )  # fmt: skip
    assert last["before"] == {"goes_by": None, "phone": "202-555-0101"}
    assert last["after"] == {"goes_by": "One", "phone": "202-555-0102"}


def test_history_of_what_the_agency_shares(vault):
    add_call(vault, CALL)
    assert history(vault, None)["kind"].tolist() == ["house_call"]
    undo(vault, last_change(vault))
    assert house_calls(vault).empty


def test_what_was_taken_away_is_not_edited(vault, person):
    consent_id = add_consent(vault, person, CONSENT)
    remove_entry(vault, consent_id)
    for change in (lambda: edit_entry(vault, consent_id, {"note": "late"}), lambda: remove_entry(vault, consent_id)):
        with pytest.raises(EditConflictError, match="taken away"):
            change()


def test_nothing_is_added_to_who_was_merged_or_whose_adding_was_undone(vault, person):
    made = ready(vault, person)
    c.merge(vault, made["other"], person)
    with pytest.raises(EditConflictError, match="taken away"):
        add_consent(vault, person, CONSENT)
    undo(vault, last_change(vault))
    add_consent(vault, person, CONSENT)
    alone = c.add_person(vault, {"name": "Person Three"})
    adding = last_change(vault)
    listed = put_on_short_list(vault, alone, "x:1", "Example House")
    with pytest.raises(EditConflictError, match="worked on these people"):
        undo(vault, adding)
    edit_entry(vault, listed, {"state": "waiting"})
    nobody = c.add_person(vault, {"name": "Person Four"})
    undo(vault, last_change(vault))
    with pytest.raises(EditConflictError, match="taken away"):
        put_on_short_list(vault, nobody, "x:1", "Example House")


def test_saving_what_is_there_already_is_no_edit(vault, person):
    before = last_change(vault)
    c.edit_person(vault, person, {"phone": "202-555-0101"})
    assert last_change(vault) == before


def test_what_was_done_is_never_edited_or_undone(vault, person):
    consent_id = add_consent(vault, person, CONSENT)
    made = disclose(vault, person, consent_id, "letter")
    with pytest.raises(InputError, match="never edited"):
        edit_entry(vault, made.disclosure_id, {"recipient": "Nobody"})
    with pytest.raises(InputError, match="never edited"):
        remove_entry(vault, made.disclosure_id)
    with pytest.raises(InputError, match="never edited"):
        undo(vault, last_change(vault))


def test_what_belongs_to_nobody_and_what_belongs_to_a_person(vault, person):
    with pytest.raises(InputError, match="nobody's"):
        add_entry(vault, "house_call", CALL, person)
    with pytest.raises(InputError, match="a person's"):
        add_entry(vault, "consent", CONSENT)
    with pytest.raises(InputError, match="add_person"):
        add_entry(vault, "person", {"name": "Person Two"}, person)
    with pytest.raises(InputError, match="no such edit"):
        undo(vault, 9999)
    save_needs(vault, person, Needs(languages=("es",)))
    with pytest.raises(InputError, match="one already"):
        add_entry(vault, "needs", {"toml": "x"}, person)


def test_each_edit_is_one_row_of_the_trail_with_the_seal_of_its_change(vault, person):
    rows = vault.connection.execute(
        "SELECT a.action, c.what FROM changes c LEFT JOIN audit a ON a.change_id = c.change_id AND a.digest IS NOT NULL"
    ).fetchall()
    assert rows == [("edit", "add")]


def test_a_record_that_is_read_is_viewed_once_a_minute(vault, person, clock):
    def views():
        return vault.connection.execute("SELECT count(*) FROM audit WHERE action = 'view'").fetchone()[0]

    for _ in range(3):
        read_entries(vault, "consent", person)
        c.read_person(vault, person)
    assert views() == 1
    clock.pass_by(61)
    history(vault, person)
    assert views() == 2


def test_two_edits_at_once_are_both_kept_or_neither(vault, person):

    def both():
        with writing(vault):
            c.edit_person(vault, person, {"goes_by": "One"})
            c.edit_person(vault, person, {"born_on": "soon"})

    with pytest.raises(InputError):
        both()
    assert c.read_person(vault, person)["goes_by"] is None
    assert c.caseload(vault, TODAY)["goes_by"].isna().all()


@pytest.mark.parametrize("seed", range(6))
def test_any_row_of_edits_is_taken_back_one_by_one(vault, person, seed):
    made, chance = ready(vault, person), random.Random(seed)  # noqa: S311
    states = [(last_change(vault), contents(vault))]
    for name in chance.sample(sorted(EDITS), 6):
        with contextlib.suppress(InputError, EditConflictError, NotAllowedError):  # what it edits may be gone by now
            EDITS[name](vault, person, made)
        if last_change(vault) != states[-1][0]:
            states.append((last_change(vault), contents(vault)))
    assert len(states) > 3
    for (_, before), (change, _) in reversed(list(itertools.pairwise(states))):
        undo(vault, change)
        assert contents(vault) == before
