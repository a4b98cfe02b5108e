"""Wrong passphrases: each wait longer than the last, none for good, and no turning of the clock helps."""

import datetime as dt

import pytest

from geo.errors import PassphraseError
from people.folders import write_private
from people.vault import lock, open_vault
from tests.people.conftest import ANA, BEN, BENS, PASSPHRASE


def wrong(vault, name=ANA):
    with pytest.raises(PassphraseError) as raised:
        open_vault(vault.place, name, "not the passphrase", vault.settings)
    return raised.value.seconds


def test_each_wrong_passphrase_waits_longer_up_to_five_minutes(vault, clock):
    waits = []
    for _ in range(70):
        waits.append(wrong(vault))
        clock.pass_by(waits[-1])
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, *[300] * 61]
    open_vault(vault.place, ANA, PASSPHRASE, vault.settings)
    assert wrong(vault) == 1


def test_the_right_passphrase_waits_too(vault, clock):
    clock.pass_by(wrong(vault))
    wrong(vault)
    with pytest.raises(PassphraseError, match="wait 2 s"):
        open_vault(vault.place, ANA, PASSPHRASE, vault.settings)
    clock.pass_by(2)
    open_vault(vault.place, ANA, PASSPHRASE, vault.settings)


@pytest.mark.parametrize("days", [-400, -1, 1, 400])
def test_turning_the_clock_shortens_nothing(vault, clock, days):
    for _ in range(5):
        clock.pass_by(wrong(vault))
    wrong(vault)
    clock.at += dt.timedelta(days=days)
    for _ in range(31):
        with pytest.raises(PassphraseError, match="has to wait"):
            open_vault(vault.place, ANA, PASSPHRASE, vault.settings)
        clock.pass_by(1)
    clock.pass_by(1)
    open_vault(vault.place, ANA, PASSPHRASE, vault.settings)


def test_starting_the_computer_anew_neither_shortens_nor_lengthens_it(vault, clock):
    for _ in range(5):
        clock.pass_by(wrong(vault))
    wrong(vault)
    clock.at += dt.timedelta(seconds=20)
    clock.up = 5.0
    with pytest.raises(PassphraseError, match="wait 12 s"):
        open_vault(vault.place, ANA, PASSPHRASE, vault.settings)
    clock.pass_by(12)
    open_vault(vault.place, ANA, PASSPHRASE, vault.settings)


def test_an_attempt_that_is_cut_off_counts(vault, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("people.vault.unwrap", killed)
        with pytest.raises(KeyboardInterrupt):
            open_vault(vault.place, ANA, PASSPHRASE, vault.settings)
    with pytest.raises(PassphraseError, match="has to wait"):
        open_vault(vault.place, ANA, PASSPHRASE, vault.settings)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"slots": [], "failed": []}', b'{"slots": {"x": {}}, "failed": []}', b'{"slots": 1}']
)
def test_a_damaged_count_keeps_nobody_out(vault, content):
    write_private(vault.place.attempts_file, content)
    lock(open_vault(vault.place, ANA, PASSPHRASE, vault.settings))


def test_one_user_s_wait_is_not_another_s(vault, bens, clock):
    wrong(vault)
    open_vault(vault.place, BEN, BENS, vault.settings)


def test_an_unknown_name_waits_and_is_not_kept(vault):
    typed = "a passphrase in the wrong field"
    assert wrong(vault, typed) == 1
    with pytest.raises(PassphraseError, match="has to wait"):
        open_vault(vault.place, "Nobody", "whatever it may be", vault.settings)
    assert typed.encode() not in vault.place.attempts_file.read_bytes()


def test_failures_are_in_the_audit_trail_after_the_next_unlocking(vault, clock):
    clock.pass_by(wrong(vault))
    wrong(vault, "Nobody")
    opened = open_vault(vault.place, ANA, PASSPHRASE, vault.settings)
    rows = opened.connection.execute("SELECT subject FROM audit WHERE action = 'unlock_failed'").fetchall()
    assert [row[0].split()[1] for row in rows] == [vault.user.user_id, "unknown"]
