"""The short list: states that a colleague can carry on from."""

import pytest

from geo.errors import EditConflictError, InputError
from people import short_list as s
from people.entries import history, remove_entry


def test_a_house_moves_from_state_to_state_with_who_and_when(vault, person, clock):
    s.put_on_short_list(vault, person, "x:1", "Example House")
    clock.pass_by(60)
    s.put_on_short_list(vault, person, "x:1", "Example House", "waiting")
    s.put_on_short_list(vault, person, "x:2", "Example Hall", "refused", "no methadone")
    s.put_on_short_list(vault, person, "x:1", "Example House", "moved_in", "near work, bus until 23:00")
    listed = s.short_list(vault, person).set_index("resource_id")
    assert listed["state"].to_dict() == {"x:1": "moved_in", "x:2": "refused"}
    assert listed.loc["x:1", "changed_by"] == vault.user.user_id
    changes = history(vault, person)
    states = [after["state"] for after in changes.loc[changes["kind"] == "short_list", "after"]]
    assert states == ["moved_in", "refused", "waiting", "asked"]


def test_a_reason_is_not_carried_to_the_next_state(vault, person):
    s.put_on_short_list(vault, person, "x:1", "Example House", "refused", "no bed")
    s.put_on_short_list(vault, person, "x:1", "Example House", "asked")
    assert s.short_list(vault, person)["why"].isna().all()


def test_a_colleague_s_move_in_between_is_not_overwritten(vault, person):
    s.put_on_short_list(vault, person, "x:1", "Example House", seen=0)
    s.put_on_short_list(vault, person, "x:1", "Example House", "waiting", seen=1)
    for seen in (0, 1):
        with pytest.raises(EditConflictError):
            s.put_on_short_list(vault, person, "x:1", "Example House", "refused", "no bed", seen=seen)
    remove_entry(vault, s.short_list(vault, person)["entry_id"][0])
    with pytest.raises(EditConflictError):
        s.put_on_short_list(vault, person, "x:1", "Example House", "refused", "no bed", seen=2)
    assert s.short_list(vault, person).empty


@pytest.mark.parametrize(("state", "why"), [("refused", None), ("moved_in", " "), ("maybe", "x")])
def test_what_no_state_is(vault, person, state, why):
    with pytest.raises(InputError):
        s.put_on_short_list(vault, person, "x:1", "Example House", state, why)
    assert s.short_list(vault, person).empty
