"""The caseload: what is due, the archive, two entries made one, erasing."""

import datetime as dt

import pandas as pd
import pytest

from geo.errors import EditConflictError, InputError, NotAllowedError, VaultError
from geo.needs.needs import Needs
from people import caseload as c
from people.backup import write_backup
from people.cipher import connect
from people.consent import add_consent, consents, disclose
from people.entries import history, read_entries, undo
from people.erasing import erase_person
from people.last_comparison import HOMES, keep_comparison, read_comparison
from people.notebook import add_call
from people.person_needs import read_needs_of, save_needs
from people.settings import DueSettings
from people.short_list import put_on_short_list, short_list
from people.trail import read_trail, verify_trail
from tests.people.conftest import TODAY

CONSENT = {"recipient": "Example Court", "what": "plan", "purpose": "housing", "given_on": "2026-01-01"}


def day(days):
    return (TODAY + dt.timedelta(days=days)).isoformat()


def due(vault, **settings):
    table = c.due(vault, TODAY, DueSettings(**settings))
    return list(zip(table["what"], table["days"], table["about"].fillna(""), strict=True))


def test_discharges_come_two_weeks_ahead_and_stay_when_they_have_passed(vault):
    for days in (-3, 0, 14, 15):
        c.add_person(vault, {"name": f"Person {days}", "discharge_on": day(days)})
    assert [one[1] for one in due(vault)] == [-3, 0, 14]
    assert [one[1] for one in due(vault, discharge_days=20)] == [-3, 0, 14, 15]


def test_consents_that_end_soon_are_due_while_they_hold(vault):
    person = c.add_person(vault, {"name": "Person One"})
    for days in (-1, 0, 30, 31):
        add_consent(vault, person, CONSENT | {"expires_on": day(days), "recipient": f"Example {days}"})
    add_consent(vault, person, CONSENT | {"expires_on": day(5), "revoked_on": day(-2)})
    assert due(vault) == [("consent", 0, "Example 0"), ("consent", 30, "Example 30")]


def test_houses_on_a_short_list_are_called_again_after_a_week(vault):
    person = c.add_person(vault, {"name": "Person One"})
    call = {"resource_id": "x:1", "house": "Example House"}
    put_on_short_list(vault, person, "x:1", "Example House", on=TODAY - dt.timedelta(days=20))
    assert due(vault) == [("stale_call", -13, "Example House")]
    add_call(vault, call | {"called_on": day(-6), "ask_again_on": day(-5), "hold_until": day(1)})
    assert due(vault) == [("ask_again", -5, "Example House"), ("hold_ends", 1, "Example House")]
    add_call(vault, call | {"called_on": day(-4)})
    assert due(vault) == [("hold_ends", 1, "Example House")]
    put_on_short_list(vault, person, "x:1", "Example House", "refused", "no bed")
    assert due(vault) == []


def test_a_bed_that_was_held_is_asked_about_until_the_next_call(vault):
    person = c.add_person(vault, {"name": "Person One"})
    call = {"resource_id": "x:1", "house": "Example House"}
    put_on_short_list(vault, person, "x:1", "Example House", on=TODAY)
    add_call(vault, call | {"called_on": day(-4), "hold_until": day(-2)})
    assert due(vault) == [("hold_ends", -2, "Example House")]
    add_call(vault, call | {"called_on": day(-1)})
    assert due(vault) == []


def test_the_list_shows_the_nearest_first_then_names_and_who_is_archived_apart(vault):
    for name, days in (("Person C", 9), ("Person A", None), ("Person B", 2)):
        c.add_person(vault, {"name": name, "discharge_on": None if days is None else day(days)})
    listed = c.caseload(vault, TODAY)
    assert listed["name"].tolist() == ["Person B", "Person C", "Person A"]
    assert listed["due"].tolist() == [1, 1, 0]
    assert listed["due_what"].iloc[0] == "discharge"
    c.archive(vault, listed["person_id"][0])
    assert c.caseload(vault, TODAY)["name"].tolist() == ["Person C", "Person A"]
    assert c.caseload(vault, TODAY, archived=True)["name"].tolist() == ["Person B"]
    assert len(c.due(vault, TODAY)) == 1
    c.unarchive(vault, listed["person_id"][0])
    assert len(c.caseload(vault, TODAY)) == 3


def test_what_is_due_of_one_person_and_what_is_at_hand_is_not_worked_out_again(vault):
    people = [c.add_person(vault, {"name": f"Person {one}", "discharge_on": day(3)}) for one in ("One", "Two")]
    assert c.due(vault, TODAY, person_id=people[1])["name"].tolist() == ["Person Two"]
    one = c.due(vault, TODAY, person_id=people[1])
    assert c.caseload(vault, TODAY, what=one)["due"].tolist() == [1, 0]
    c.archive(vault, people[1])
    assert c.due(vault, TODAY, person_id=people[1]).empty


def test_an_empty_caseload_is_an_empty_table(vault):
    assert c.caseload(vault).empty
    assert c.due(vault).empty


def test_two_entries_made_one_keep_everything(vault, person):
    other = c.add_person(vault, {"name": "Person 1", "goes_by": "Uno", "phone": "202-555-0199"})
    save_needs(vault, person, Needs(medications=("methadone",)))
    save_needs(vault, other, Needs(languages=("es",)))
    add_consent(vault, other, CONSENT | {"expires_on": day(90)})
    put_on_short_list(vault, other, "x:1", "Example House")
    c.merge(vault, person, other)
    kept = c.read_person(vault, person)
    assert (kept["name"], kept["phone"], kept["goes_by"]) == ("Person One", "202-555-0101", "Uno")
    assert len(consents(vault, person)) == len(short_list(vault, person)) == 1
    assert read_needs_of(vault, person)[0].medications == ("methadone",)
    assert c.caseload(vault)["name"].tolist() == ["Person One"]
    with pytest.raises(EditConflictError, match="merged"):
        c.read_person(vault, other)
    with pytest.raises(EditConflictError):
        c.merge(vault, person, other)


def test_a_merge_takes_needs_where_the_kept_one_has_none(vault, person):
    other = c.add_person(vault, {"name": "Person 1"})
    save_needs(vault, other, Needs(languages=("es",)))
    c.archive(vault, other)
    c.merge(vault, person, other)
    assert read_needs_of(vault, person)[0].languages == ("es",)
    assert c.caseload(vault)["name"].tolist() == ["Person One"]


def test_nobody_is_merged_with_themselves(vault, person):
    with pytest.raises(InputError):
        c.merge(vault, person, person)


def test_whose_and_the_archive_have_functions_of_their_own(vault, person):
    for values in ({"manager": "somebody"}, {"archived_on": "2026-01-01"}):
        with pytest.raises(InputError, match="assign"):
            c.edit_person(vault, person, values)


def test_people_are_found_by_name_id_or_number(vault, person):
    other = c.add_person(vault, {"name": "Person  one", "agency_number": "A-7"})
    assert set(c.find_people(vault, "person ONE")["person_id"]) == {person, other}
    assert c.find_people(vault, "a-7")["person_id"].tolist() == [other]
    assert c.find_people(vault, person)["person_id"].tolist() == [person]


@pytest.mark.parametrize("text", ["", "  "])
def test_nobody_is_found_by_nothing(vault, person, text):
    assert c.find_people(vault, text).empty


def test_erasing_leaves_nothing_and_tells_of_backups(vault, person, tmp_path, clock):
    write_backup(vault, tmp_path / "before.backup")
    clock.pass_by(60)
    other = c.add_person(vault, {"name": "Person Two"})
    clock.pass_by(60)
    write_backup(vault, tmp_path / "between.backup")
    add_consent(vault, other, CONSENT | {"expires_on": day(90)})
    told = erase_person(vault, other)
    assert told["file"].tolist() == [str(tmp_path / "between.backup")]
    for table in ("entries", "changes"):
        assert "Person Two" not in str(vault.connection.execute(f"SELECT * FROM {table}").fetchall())
    with pytest.raises(NotAllowedError):
        read_entries(vault, "consent", other)
    assert c.caseload(vault)["name"].tolist() == ["Person One"]


def test_erasing_takes_along_who_was_merged_into_them(vault, person):
    other = c.add_person(vault, {"name": "Person Uno"})
    add_consent(vault, other, CONSENT | {"expires_on": day(90)})
    c.merge(vault, person, other)
    erase_person(vault, person)
    for table in ("entries", "changes"):
        assert vault.connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    assert verify_trail(vault).is_whole


def test_erasing_one_after_a_merge_was_undone_leaves_the_other_and_a_whole_trail(vault, person):
    other = c.add_person(vault, {"name": "Person Uno"})
    consent_id = add_consent(vault, other, CONSENT | {"expires_on": day(90)})
    disclose(vault, other, consent_id, "letter")
    c.merge(vault, person, other)
    undo(vault, int(history(vault, person)["change_id"][0]))
    erase_person(vault, other)
    assert c.caseload(vault)["name"].tolist() == ["Person One"]
    assert verify_trail(vault).is_whole


def held(vault):
    """Return every text that the vault's tables hold."""
    rows = (vault.connection.execute(f"SELECT * FROM {table}").fetchall() for table in ("entries", "changes", "audit"))
    return str(list(rows))


def test_erasing_after_a_merge_was_undone_leaves_nothing_in_the_other_s_history(vault, person):
    other = c.add_person(vault, {"name": "Person Uno", "note": "unmistakable"})
    c.edit_person(vault, person, {"goes_by": "One"})
    for again in ("Uno", "Primo"):
        c.merge(vault, person, other)
        merged = last_change(vault)
        c.edit_person(vault, person, {"phone": "202-555-0102"})
        undo(vault, last_change(vault))
        undo(vault, merged)
        c.edit_person(vault, person, {"goes_by": again})
    assert "unmistakable" in held(vault)
    erase_person(vault, other)
    assert "unmistakable" not in held(vault)
    assert verify_trail(vault).is_whole
    assert [after.get("goes_by") for after in history(vault, person)["after"]] == ["Primo", "Uno", "One", None]


def last_change(vault):
    return vault.connection.execute("SELECT max(change_id) FROM changes").fetchone()[0]


def test_who_is_merged_into_somebody_is_not_erased_alone(vault, person):
    other = c.add_person(vault, {"name": "Person Uno"})
    c.merge(vault, person, other)
    with pytest.raises(EditConflictError, match="merged"):
        erase_person(vault, other)


def test_erasing_says_where_the_log_still_holds_them(vault, person):
    vault.connection.execute("PRAGMA busy_timeout = 50")
    reader = connect(vault.place.database, vault.secret, vault.settings)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM entries").fetchone()
    with pytest.raises(VaultError, match="another session was reading"):
        erase_person(vault, person)
    reader.close()
    assert c.caseload(vault).empty


def test_only_a_supervisor_erases(bens):
    with pytest.raises(NotAllowedError):
        erase_person(bens, c.add_person(bens, {"name": "Person One"}))


def test_people_are_handed_over_all_at_once_or_none(vault, bens, person):
    his, ben, ana = c.add_person(bens, {"name": "Person Two"}), bens.user.user_id, vault.user.user_id
    with pytest.raises(NotAllowedError):
        c.assign_all(bens, [his, person], ana)
    assert c.read_person(vault, his)["manager"] == ben
    assert (read_trail(vault, person)["action"] == "refused").any()
    c.assign_all(vault, [his, person], ben)
    assert {c.read_person(vault, one)["manager"] for one in (his, person)} == {ben}
    undo(vault, last_change(vault))
    assert [c.read_person(vault, one)["manager"] for one in (his, person)] == [ben, ana]


def test_of_two_merged_people_one_comparison_of_each_region_stands(vault, person):
    other = c.add_person(vault, {"name": "Person Uno"})
    homes = pd.DataFrame(columns=list(HOMES)).astype(HOMES)
    keep_comparison(vault, person, homes, Needs(), "demo", "kept")
    for region in ("demo", "next county"):
        keep_comparison(vault, other, homes, Needs(), region, "other")
    assert c.preview_merge(vault, person, other).dropped == ("comparison",)
    c.merge(vault, person, other)
    kept = [read_comparison(vault, person, region).region_hash for region in ("demo", "next county")]
    assert kept == ["kept", "other"]
    assert len(read_entries(vault, "comparison", person)) == 2


def test_a_merge_is_looked_at_before_it_and_saves_nothing(vault, person):
    other = c.add_person(vault, {"name": "Person Uno", "goes_by": "Uno"})
    for one in (person, other):
        save_needs(vault, one, Needs(age=40))
    add_consent(vault, other, CONSENT | {"expires_on": day(30)})
    before = last_change(vault)
    seen = c.preview_merge(vault, person, other)
    assert last_change(vault) == before
    rows = {row.pop("field"): row for row in seen.fields.to_dict("records")}
    assert rows["name"] == {"kept": "Person One", "other": "Person Uno", "result": "Person One"}
    assert rows["goes_by"]["result"] == "Uno"
    assert (dict(seen.moved), seen.dropped) == ({"consent": 1}, ("needs",))
    c.merge(vault, person, other)
    merged = c.read_person(vault, person)
    assert {name: merged[name] for name in rows} == {name: row["result"] for name, row in rows.items()}
