"""The audit trail: what somebody with the key edits, deletes, reorders or cuts off is told, by its first row."""

import json

import pytest

from geo.errors import VaultError
from people import audit
from people.caseload import add_person, edit_person
from people.erasing import erase_person
from people.vault import lock, open_vault, reading, record, writing
from tests.people.conftest import ANA, PASSPHRASE


@pytest.fixture
def trail(vault, person, clock):
    """Return a vault with twenty rows more in its trail, written at different seconds."""
    for _ in range(20):
        clock.pass_by(1)
        with writing(vault):
            record(vault, "view", person_id=person)
    return vault


def verify(vault, **kept):
    with reading(vault) as connection:
        return audit.verify(connection, vault.secret, vault.place, **kept)


def count(vault):
    return vault.connection.execute("SELECT count(*) FROM audit").fetchone()[0]


def test_an_untouched_trail_is_whole(trail):
    verdict = verify(trail)
    assert verdict.is_whole
    assert verdict.rows == count(trail)
    assert verdict.head.startswith(f"{verdict.rows}:")


@pytest.mark.parametrize("column", ["at", "actor", "action", "person_id", "subject", "hash"])
def test_an_edited_row_is_the_first_broken(trail, column):
    value = b"x" * 32 if column == "hash" else "another"
    trail.connection.execute(f"UPDATE audit SET {column} = ? WHERE number = 7", (value,))
    assert verify(trail).first_broken == 7


def test_a_deleted_row_is_named(trail):
    trail.connection.execute("DELETE FROM audit WHERE number = 9")
    verdict = verify(trail)
    assert (verdict.first_broken, str(verdict.problem)) == (9, "Row 9 is missing.")


def test_a_deleted_row_whose_followers_moved_up_is_told(trail):
    trail.connection.execute("DELETE FROM audit WHERE number = 9")
    for number in range(10, count(trail) + 2):
        trail.connection.execute("UPDATE audit SET number = number - 1 WHERE number = ?", (number,))
    assert verify(trail).first_broken == 9


def test_two_rows_that_changed_places_are_told(trail):
    for old, new in ((5, -1), (8, 5), (-1, 8)):
        trail.connection.execute("UPDATE audit SET number = ? WHERE number = ?", (new, old))
    assert verify(trail).first_broken == 5


@pytest.mark.parametrize("rows", [1, 5])
def test_rows_cut_off_at_the_end_are_told(trail, rows):
    last = count(trail)
    trail.connection.execute("DELETE FROM audit WHERE number > ?", (last - rows,))
    verdict = verify(trail)
    assert verdict.first_broken == last - rows + 1
    assert f"{last} rows had been written" in str(verdict.problem)


def test_all_rows_deleted_is_told(trail):
    trail.connection.execute("DELETE FROM audit")
    assert verify(trail).first_broken == 1


def test_a_note_of_the_end_that_is_gone_or_forged_is_told(trail):
    path, last = trail.place.head_file, count(trail)
    trail.connection.execute("DELETE FROM audit WHERE number = ?", (last,))
    document = json.loads(path.read_bytes())
    path.write_text(json.dumps(document | {"rows": last - 1}))
    assert "missing or changed" in str(verify(trail).problem)
    path.unlink()
    assert "missing or changed" in str(verify(trail).problem)


def test_a_trail_written_anew_with_the_key_is_told_by_the_end_that_was_kept(trail):
    kept = verify(trail).head
    rows = trail.connection.execute("SELECT at, actor, action, person_id FROM audit ORDER BY number").fetchall()
    trail.connection.execute("DELETE FROM audit")
    for at, actor, action, person_id in rows:
        audit.append(trail.connection, trail.secret, at=at, actor=actor, action=action, person_id=person_id)
    audit.note_head(trail.connection, trail.secret, trail.place)
    assert verify(trail).is_whole
    verdict = verify(trail, expected_head=kept)
    assert verdict.first_broken == len(rows)
    assert "not the one that you kept" in str(verdict.problem)


def test_an_end_that_was_kept_fits_a_trail_that_went_on(trail, person):
    kept = verify(trail).head
    edit_person(trail, person, {"goes_by": "One"})
    assert verify(trail, expected_head=kept).is_whole


@pytest.mark.parametrize("text", ["", "12", "12:zz", "x:" + "0" * 64])
def test_what_is_no_end_of_a_trail(trail, text):
    with pytest.raises(VaultError, match="as it was printed"):
        verify(trail, expected_head=text)


@pytest.mark.parametrize("column", ["before", "after"])
def test_a_changed_history_is_told(trail, person, column):
    edit_person(trail, person, {"goes_by": "One"})
    trail.connection.execute(f"UPDATE changes SET {column} = '{{}}' WHERE change_id = 2")
    assert "change" in str(verify(trail).problem)


def test_a_history_that_was_deleted_is_told_unless_the_person_was_erased(trail, person):
    other = add_person(trail, {"name": "Person Two"})
    erase_person(trail, other)
    assert verify(trail).is_whole
    trail.connection.execute("DELETE FROM changes")
    assert not verify(trail).is_whole


def test_a_note_older_than_the_trail_is_no_break(trail, person):
    """A process killed between a commit and its note leaves that behind."""
    noted = trail.place.head_file.read_bytes()
    edit_person(trail, person, {"goes_by": "One"})
    trail.place.head_file.write_bytes(noted)
    assert verify(trail).is_whole
    lock(open_vault(trail.place, ANA, PASSPHRASE, trail.settings))


def test_rows_hold_no_name_and_nothing_typed(trail, person):
    edit_person(trail, person, {"note": "a very private note"})
    rows = json.dumps([[str(cell) for cell in row] for row in trail.connection.execute("SELECT * FROM audit")])
    assert "Person One" not in rows
    assert "private" not in rows
    assert "Ana" not in rows
