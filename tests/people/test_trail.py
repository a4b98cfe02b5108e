"""The audit trail as a supervisor reads it."""

import pytest

from geo.errors import NotAllowedError
from people.caseload import add_person, read_person
from people.trail import read_trail, verify_trail


def test_who_did_what_to_whom_latest_first(vault, bens, person):
    other = add_person(bens, {"name": "Person Two"})
    read_person(bens, other)
    of_other = read_trail(vault, other)
    assert of_other[["who", "action"]].to_numpy().tolist() == [["Example Ben", "view"], ["Example Ben", "edit"]]
    everything = read_trail(vault)
    assert everything["number"].is_monotonic_decreasing
    assert set(of_other["number"]) < set(everything["number"])


@pytest.mark.parametrize(
    "change",
    [
        "body = json_set(body, '$.phone', '202-555-0199')",
        "removed = 1",
        "person_id = 'another'",
        "entry_id = 'another'",
    ],
)
def test_a_record_that_was_changed_behind_its_history_is_told(vault, person, change):
    vault.connection.execute(f"UPDATE entries SET {change}")
    assert "not as the edit" in str(verify_trail(vault).problem)


def test_only_supervisors_read_and_verify_it_and_verifying_is_in_it(vault, bens):
    for use in (read_trail, verify_trail):
        with pytest.raises(NotAllowedError):
            use(bens)
    assert verify_trail(vault).is_whole
    assert read_trail(vault)[["action", "subject"]].iloc[0].tolist() == ["verify", "whole"]
    vault.connection.execute("DELETE FROM audit WHERE number = 2")
    assert verify_trail(vault).first_broken == 2
    assert read_trail(vault)["subject"].iloc[0] == "broken at row 2"
