"""The vault: made, unlocked, locked, recovered; nothing readable without its key; nothing half-saved."""

import base64
import gc
import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from sqlcipher3 import dbapi2

from geo.errors import InputError, NotAllowedError, PassphraseError, VaultError
from people import vault as v
from people.caseload import add_person, caseload
from people.consent import add_consent
from people.entries import read_entries
from people.importing import import_people, preview
from people.notebook import add_call
from people.users import renew_recovery_code
from tests.people.conftest import ANA, BEN, BENS, PASSPHRASE

TYPED = {"name": "Person Unmistakable", "phone": "202-555-0173", "lives_at": "1 Nowhere Plaza", "born_on": "1980-02-03"}


def files_of(place):
    return [path for folder in (place.database.parent, place.keys) for path in folder.rglob("*") if path.is_file()]


def spellings(text):
    """Return a text in the forms in which a careless program would leave it behind."""
    raw = text.encode()
    return raw, text.encode("utf-16-le"), raw.hex().encode(), base64.b64encode(raw)


def test_nothing_that_was_typed_is_readable_in_any_file(vault, place, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    person_id = add_person(vault, TYPED)
    add_consent(vault, person_id, {"recipient": "Example Court of Nowhere", "what": "plan", "purpose": "housing",
                                   "given_on": "2026-11-01", "expires_on": "2027-11-01"})  # fmt: skip
    add_call(vault, {"resource_id": "x:1", "house": "Example House Zephyr", "called_on": "2026-11-20"})
    secrets = (*TYPED.values(), "Court of Nowhere", "House Zephyr", PASSPHRASE, ANA, vault.secret.raw().hex())
    assert {path.name for path in files_of(place)} >= {"people.db", "people.db-wal", "people.db-shm", "vault.key"}
    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        content = path.read_bytes()
        assert vault.secret.raw() not in content, path
        for text in secrets:
            assert not any(spelled in content for spelled in spellings(text)), (path, text)


def test_stock_sqlite_no_key_and_a_wrong_key_read_nothing(vault, place):
    for connection in (sqlite3.connect(place.database), dbapi2.connect(str(place.database))):
        with pytest.raises((sqlite3.DatabaseError, dbapi2.DatabaseError)):
            connection.execute("SELECT * FROM entries").fetchall()
        connection.close()
    wrong = dbapi2.connect(str(place.database))
    wrong.execute("PRAGMA cipher_log_level = NONE")
    wrong.execute(f"PRAGMA key = \"x'{'0' * 64}'\"")
    with pytest.raises(dbapi2.DatabaseError):
        wrong.execute("SELECT * FROM entries").fetchall()
    wrong.close()


def test_key_file_and_database_are_apart_and_their_owner_s_alone(vault, place):
    assert place.database.parent != place.keys
    assert {path.stat().st_mode & 0o777 for path in (place.database.parent, place.keys)} == {0o700}
    kept = (*place.database_files, *(path for path in place.key_files if path.exists()))
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}


@pytest.mark.parametrize("what", ["database", "keys", "key_file"])
def test_a_vault_that_others_can_read_is_refused(vault, place, what):
    path = getattr(place, what)
    path.chmod(0o755 if path.is_dir() else 0o644)
    with pytest.raises(VaultError, match="chmod"):
        v.open_vault(place, ANA, PASSPHRASE, vault.settings)


def test_a_second_vault_is_refused_in_the_same_place(vault, place):
    with pytest.raises(VaultError, match="already"):
        v.create_vault(place, BEN, BENS, vault.settings)


@pytest.mark.parametrize(("name", "passphrase"), [(" ", PASSPHRASE), (ANA, "short")])
def test_what_no_vault_is_made_with(place, settings, name, passphrase):
    with pytest.raises(InputError):
        v.create_vault(place, name, passphrase, settings)
    assert not place.database.exists()


def test_a_locked_vault_gives_nothing_and_says_so(vault, person):
    v.lock(vault)
    assert not v.is_open(vault)
    for use in (
        lambda: caseload(vault),
        lambda: add_person(vault, TYPED),
        lambda: read_entries(vault, "needs", person),
    ):
        with pytest.raises(VaultError, match="locked"):
            use()


def test_it_locks_after_idle_minutes_and_a_use_starts_them_anew(vault, person, clock):
    clock.pass_by(14 * 60)
    caseload(vault)
    clock.pass_by(14 * 60)
    assert v.is_open(vault)
    clock.pass_by(61)
    with pytest.raises(VaultError, match="locked"):
        caseload(vault)
    assert not v.is_open(vault)


def test_that_it_locked_by_itself_is_in_the_trail(vault, place, clock):
    clock.pass_by(15 * 60 + 1)
    assert not v.is_open(vault)
    again = v.open_vault(place, ANA, PASSPHRASE, vault.settings)
    rows = again.connection.execute("SELECT action, subject FROM audit ORDER BY number").fetchall()
    assert rows[-2:] == [("lock", "idle"), ("unlock", None)]
    v.lock(again)


def test_a_vault_that_nobody_holds_any_more_is_closed_and_its_key_forgotten(vault, place):
    other = v.open_vault(place, ANA, PASSPHRASE, vault.settings)
    connection, secret = other.connection, other.secret
    del other
    gc.collect()
    assert not secret.is_known
    with pytest.raises(dbapi2.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def test_a_mistake_of_ours_is_not_said_to_be_a_locked_vault(vault):
    with pytest.raises(VaultError) as refused, v.reading(vault) as connection:
        connection.execute("SELECT ?", (object(),))
    assert "locked" not in str(refused.value)


def test_asking_whether_it_is_open_keeps_nothing_open(vault, clock):
    for _ in range(15):
        clock.pass_by(61)
        v.is_open(vault)
    assert not v.is_open(vault)


def test_a_clock_set_back_or_a_lid_that_was_closed_keeps_nothing_open(vault, clock):
    start = clock.at
    clock.pass_by(15 * 60)
    clock.at = start
    assert not v.is_open(vault)


def test_a_second_session_survives_the_logout_of_the_first(vault, place, person):
    other = v.open_vault(place, ANA, PASSPHRASE, vault.settings)
    v.lock(vault)
    assert len(caseload(other)) == 1
    v.lock(other)


def test_the_recovery_code_gives_a_new_passphrase_and_is_used_up(place, settings):
    made, code = v.create_vault(place, ANA, PASSPHRASE, settings)
    add_person(made, TYPED)
    v.lock(made)
    recovered, renewed = v.recover(place, ANA, code.lower().replace("-", " "), BENS, settings)
    assert len(caseload(recovered)) == 1
    v.lock(v.open_vault(place, ANA, BENS, settings))
    with pytest.raises(PassphraseError):
        v.open_vault(place, ANA, PASSPHRASE, settings)
    with pytest.raises(PassphraseError):
        v.recover(place, ANA, code, PASSPHRASE, settings)
    assert renewed != code
    v.lock(recovered)


def test_a_renewed_recovery_code_replaces_the_printed_one(vault, place, clock):
    code, later = renew_recovery_code(vault), renew_recovery_code(vault)
    with pytest.raises(PassphraseError):
        v.recover(place, ANA, code, BENS, vault.settings)
    clock.pass_by(1)
    v.lock(v.recover(place, ANA, later, BENS, vault.settings)[0])


def test_recovery_of_nobody_is_refused(vault, place):
    with pytest.raises(PassphraseError, match="Nobody"):
        v.recover(place, "Example Zoe", "A" * 32, BENS, vault.settings)


def test_a_block_that_fails_saves_nothing(vault, person):
    def half():
        with v.writing(vault):
            add_person(vault, TYPED)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()
    assert len(caseload(vault)) == 1
    assert vault.connection.execute("SELECT count(*) FROM audit WHERE action = 'edit'").fetchone() == (1,)


def people_of(count):
    return pd.DataFrame({"name": [f"Person {number}" for number in range(count)], "note": "n" * 8000})


def test_a_full_disk_loses_nothing_and_says_what_to_do(vault, place, person):
    pages = vault.connection.execute("PRAGMA page_count").fetchone()[0]
    tight = v.open_vault(place, ANA, PASSPHRASE, replace(vault.settings, max_pages=pages + 2))
    with pytest.raises(VaultError, match="Make room"):
        import_people(tight, preview(tight, people_of(100), {"name": "name", "note": "note"}))
    assert len(caseload(vault)) == 1
    with pytest.raises(VaultError, match="Make room"):
        [add_person(tight, TYPED | {"note": "n" * 8000}) for _ in range(100)]
    kept = len(caseload(vault))
    assert v.is_open(tight)
    v.lock(tight)
    roomy = v.open_vault(place, ANA, PASSPHRASE, vault.settings)
    add_person(roomy, TYPED)
    assert len(caseload(roomy)) == kept + 1
    v.lock(roomy)


FULL = """
import resource, sys
from pathlib import Path
from geo.errors import VaultError
from people.caseload import add_person, caseload
from people.folders import VaultPlace
from people.settings import VaultSettings
from people.vault import create_vault
home, name, passphrase = Path(sys.argv[1]), *sys.argv[2:]
settings = VaultSettings(memory_kib=8, passes=1, lanes=1)
made, _ = create_vault(VaultPlace(home / "vault" / "people.db", home / "keys"), name, passphrase, settings)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
saved = 0
try:
    for _ in range(200):
        add_person(made, {"name": "Person One", "note": "n" * 8000})
        saved += 1
except VaultError as problem:
    print(problem)
print(saved)
"""


def test_a_file_that_cannot_grow_is_one_sentence(tmp_path):
    """The system itself refuses to write on: what was saved before stays, what was not says so."""
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path), ANA, PASSPHRASE],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True,
    )  # fmt: skip
    said, saved = done.stdout.strip().splitlines()
    assert "Make room" in said
    place = v.VaultPlace(tmp_path / "vault" / "people.db", tmp_path / "keys")
    again = v.open_vault(place, ANA, PASSPHRASE, v.VaultSettings(memory_kib=8, passes=1, lanes=1))
    assert len(caseload(again)) == int(saved) > 1
    v.lock(again)


def crashed(vault, target):
    """Copy a vault's files as a process that was killed leaves them, its log not yet in the database."""
    for source, folder in ((vault.place.database.parent, "vault"), (vault.place.keys, "keys")):
        (target / folder).mkdir(mode=0o700)
        for path in (path for path in source.iterdir() if path.is_file()):
            (target / folder / path.name).write_bytes(path.read_bytes())
            (target / folder / path.name).chmod(0o600)
    return v.VaultPlace(target / "vault" / "people.db", target / "keys")


@pytest.mark.parametrize("name", ["people.db", "people.db-wal", "vault.key", "audit.head"])
def test_a_flipped_bit_is_detected_or_loses_nothing(vault, person, tmp_path, name):
    v.lock(v.open_vault(vault.place, ANA, PASSPHRASE, vault.settings))
    vault.connection.execute("PRAGMA wal_checkpoint")
    for number in range(3):
        add_person(vault, TYPED | {"name": f"Person {number}"})
    (tmp_path / "copy").mkdir()
    place = crashed(vault, tmp_path / "copy")
    path = next(path for path in files_of(place) if path.name == name)
    whole = {path: path.read_bytes() for path in files_of(place)}
    size, detected = len(whole[path]), 0
    steps = sorted({0, 15, 16, 17, size - 1, *range(0, size, max(1, size // 20))})
    for at in steps:
        for one in files_of(place):
            one.unlink()
        for one, content in whole.items():
            one.write_bytes(content)
            one.chmod(0o600)
        path.write_bytes(whole[path][:at] + bytes([whole[path][at] ^ 4]) + whole[path][at + 1 :])
        try:
            opened = v.open_vault(place, ANA, PASSPHRASE, vault.settings)
        except VaultError:
            detected += 1
            continue
        assert len(caseload(opened)) == 4, at
        v.lock(opened)
    assert detected >= (len(steps) if name in ("people.db", "audit.head") else len(steps) // 2)


def test_an_older_copy_of_the_database_is_detected_and_a_supervisor_may_go_on(vault, bens, person, tmp_path):
    v.lock(bens)
    (tmp_path / "copy").mkdir()
    place = crashed(vault, tmp_path / "copy")
    add_person(vault, TYPED)
    place.head_file.write_bytes(vault.place.head_file.read_bytes())
    with pytest.raises(VaultError, match="rows had been written"):
        v.open_vault(place, ANA, PASSPHRASE, vault.settings)
    with pytest.raises(NotAllowedError):
        v.open_vault(place, BEN, BENS, vault.settings, accept_break=True)
    opened = v.open_vault(place, ANA, PASSPHRASE, vault.settings, accept_break=True)
    assert opened.connection.execute("SELECT count(*) FROM audit WHERE action = 'break_accepted'").fetchone() == (1,)
    v.lock(opened)
    v.lock(v.open_vault(place, ANA, PASSPHRASE, vault.settings))


def test_a_missing_database_or_key_file_says_what_to_do(vault, place):
    v.lock(vault)
    place.database.rename(place.database.with_suffix(".away"))
    with pytest.raises(VaultError, match="restore a backup"):
        v.open_vault(place, ANA, PASSPHRASE, vault.settings)
    place.key_file.unlink()
    with pytest.raises(VaultError, match="vault create"):
        v.open_vault(place, ANA, PASSPHRASE, vault.settings)


def test_every_page_is_enciphered_and_sealed_and_what_is_deleted_wiped(vault):
    kept = {row[0] for row in vault.connection.execute("PRAGMA cipher_settings")}
    assert {"PRAGMA cipher_use_hmac = 1;", "PRAGMA cipher_hmac_algorithm = HMAC_SHA512;"} <= kept
    assert "PRAGMA cipher_page_size = 4096;" in kept
    assert vault.connection.execute("PRAGMA secure_delete").fetchone() == (1,)
    assert vault.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert vault.connection.execute("PRAGMA temp_store").fetchone() == (2,)
    assert str(vault.connection.execute("PRAGMA cipher_memory_security").fetchone()[0]) == "1"


def test_errors_and_printed_vaults_hold_no_value(vault, person):
    assert repr(vault) == "Vault(…)"
    with pytest.raises(InputError) as raised:
        add_person(vault, {"name": "Person Two", "born_on": "very secret"})
    assert "very secret" not in f"{raised.value} {vars(raised.value)}"

    def against_the_rules():
        with v.writing(vault) as connection:
            v.add_user_row(connection, v.User("Person Two", "Person Two", "nobody"), "now")

    with pytest.raises(VaultError) as broken:
        against_the_rules()
    assert "Person Two" not in str(broken.value)
    assert broken.value.__cause__ is None


def test_no_core_is_dumped(vault, place):
    resource = pytest.importorskip("resource")
    most = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))
    v.lock(v.open_vault(place, ANA, PASSPHRASE, vault.settings))
    assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0


def test_nothing_of_the_vault_is_in_the_environment(vault, person):
    text = " ".join(os.environ.values())
    assert PASSPHRASE not in text
    assert vault.secret.raw().hex() not in text
