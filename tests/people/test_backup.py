"""Backups: proven by opening them, restored, and never in place of what is there unasked."""

import json
import os
import zipfile
from pathlib import Path

import pytest

from geo.errors import NotAllowedError, PassphraseError, VaultError
from people import backup as b
from people.caseload import add_person, caseload
from people.folders import VaultPlace
from people.vault import create_vault, lock, open_vault
from tests.people.conftest import ANA, PASSPHRASE


@pytest.fixture
def file(vault, person, tmp_path):
    path = tmp_path / "away" / "people.backup"
    path.parent.mkdir()
    b.write_backup(vault, path)
    return path


@pytest.fixture
def elsewhere(tmp_path):
    return VaultPlace(tmp_path / "new" / "vault" / "people.db", tmp_path / "new" / "keys")


def test_a_backup_holds_everything_and_opens_elsewhere(vault, file, elsewhere):
    opened, proof = b.restore(elsewhere, file, ANA, PASSPHRASE, vault.settings)
    assert proof.people == 1
    assert caseload(opened)["name"].tolist() == ["Person One"]
    assert b.list_backups(opened)["file"].tolist() == [str(file)]
    actions = [row[0] for row in opened.connection.execute("SELECT action FROM audit ORDER BY number")]
    assert "restore" in actions
    lock(opened)
    lock(open_vault(elsewhere, ANA, PASSPHRASE, vault.settings))


def test_a_backup_is_enciphered_and_its_owner_s_alone(vault, file):
    assert file.stat().st_mode & 0o777 == 0o600
    content = file.read_bytes()
    assert b"Person One" not in content
    assert vault.secret.raw() not in content


def test_nothing_is_left_beside_the_vault(vault, file):
    names = {path.name for path in vault.place.database.parent.iterdir()}
    assert names == {"people.db", "people.db-wal", "people.db-shm"}


def test_a_vault_that_is_there_is_replaced_only_when_asked(vault, file):
    add_person(vault, {"name": "Person Two"})
    lock(vault)
    with pytest.raises(VaultError, match="--replace"):
        b.restore(vault.place, file, ANA, PASSPHRASE, vault.settings)
    opened, _ = b.restore(vault.place, file, ANA, PASSPHRASE, vault.settings, replace=True)
    assert caseload(opened)["name"].tolist() == ["Person One"]
    lock(opened)


def test_a_wrong_passphrase_changes_nothing(vault, file):
    with pytest.raises(PassphraseError, match="backup's"):
        b.restore(vault.place, file, ANA, "not the passphrase", vault.settings, replace=True)
    assert caseload(vault)["name"].tolist() == ["Person One"]


def test_a_backup_that_does_not_prove_whole_leaves_the_one_before(vault, file, monkeypatch):
    before = file.read_bytes()

    def damaged(*_):
        raise VaultError("damaged")

    monkeypatch.setattr(b, "check_pages", damaged)
    with pytest.raises(VaultError, match="damaged"):
        b.write_backup(vault, file)
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_where_a_backup_lies_is_kept_whole(vault, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    b.write_backup(vault, Path("people.backup"))
    assert b.list_backups(vault)["file"].tolist() == [str(tmp_path / "people.backup")]


def files_of(place):
    return {path.name: path.read_bytes() for folder in (place.database.parent, place.keys) for path in folder.iterdir()}


@pytest.mark.parametrize("renames", range(9))
def test_a_restore_that_cannot_be_ended_leaves_the_vault_that_was_there(vault, file, monkeypatch, renames):
    add_person(vault, {"name": "Person Two"})
    lock(vault)
    before, done, replace = files_of(vault.place), [], Path.replace

    def full(self, target):
        if not self.name.endswith(".replaced") and Path(target).parent != file.parent:
            done.append(target)
            if len(done) == renames + 1:
                raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(VaultError, match="No space left"):
        b.restore(vault.place, file, ANA, PASSPHRASE, vault.settings, replace=True)
    monkeypatch.undo()
    left = files_of(vault.place)
    assert {name: left.get(name) for name in before} == before
    opened = open_vault(vault.place, ANA, PASSPHRASE, vault.settings)
    assert len(caseload(opened)) == 2
    lock(opened)


def test_a_restore_that_was_killed_is_put_back_by_the_next(vault, file, monkeypatch):
    add_person(vault, {"name": "Person Two"})
    lock(vault)
    before = files_of(vault.place)
    for path in (vault.place.database, vault.place.key_file):
        path.replace(path.with_name(f".{path.name}.replaced"))
    vault.place.database.with_name(".people.db.new").write_bytes(b"half")
    with pytest.raises(VaultError, match="restore was cut off"):
        create_vault(vault.place, ANA, PASSPHRASE, vault.settings)

    def refused(*_, **__):
        raise VaultError("refused")

    with monkeypatch.context() as patched:
        patched.setattr(b, "open_vault", refused)
        with pytest.raises(VaultError, match="refused"):
            b.restore(vault.place, file, ANA, PASSPHRASE, vault.settings, replace=True)
    assert {name: files_of(vault.place).get(name) for name in before} == before
    lock(b.restore(vault.place, file, ANA, PASSPHRASE, vault.settings, replace=True)[0])
    assert {path for path in files_of(vault.place) if "replaced" in path or "new" in path} == set()


def test_deleted_keys_are_written_over_where_they_lie(vault, monkeypatch):
    key_file = vault.place.key_file
    content, held = key_file.read_bytes(), key_file.open("rb")
    flushed, fsync = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (flushed.append(os.fstat(handle).st_ino), fsync(handle)))
    inode = os.fstat(held.fileno()).st_ino
    b.delete_files(vault.place)
    after = held.read()
    held.close()
    assert (len(after), after == content) == (len(content), False)
    assert inode in flushed


def test_a_backup_has_the_passphrases_of_when_it_was_made(vault, file, elsewhere):
    from people.users import change_passphrase

    change_passphrase(vault, PASSPHRASE, "eleven green lamps hum")
    opened, _ = b.restore(elsewhere, file, ANA, PASSPHRASE, vault.settings)
    lock(opened)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.7, 0.9, 0.97])
def test_a_damaged_backup_is_refused_and_the_vault_stays(vault, file, share):
    content = bytearray(file.read_bytes())
    content[int(share * len(content))] ^= 1
    file.write_bytes(content)
    with pytest.raises(VaultError):
        b.restore(vault.place, file, ANA, PASSPHRASE, vault.settings, replace=True)
    assert caseload(vault)["name"].tolist() == ["Person One"]


@pytest.mark.parametrize("content", [b"", b"PK", b"people" * 100])
def test_what_is_no_backup(elsewhere, settings, tmp_path, content):
    file = tmp_path / "other"
    file.write_bytes(content)
    with pytest.raises(VaultError, match="no backup"):
        b.restore(elsewhere, file, ANA, PASSPHRASE, settings)
    with pytest.raises(VaultError, match="can't be read"):
        b.restore(elsewhere, tmp_path / "missing", ANA, PASSPHRASE, settings)


def parts_of(file):
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed_anew(file, **changed):
    """Write a backup with another part in it, as whoever knows what a zip is can."""
    parts = parts_of(file) | {name.replace("_", "."): content for name, content in changed.items()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_a_backup_whose_trail_was_cut_off_is_refused(vault, file, elsewhere):
    earlier = parts_of(file)["people.db"]
    add_person(vault, {"name": "Person Two"})
    b.write_backup(vault, file)
    packed_anew(file, people_db=earlier)
    with pytest.raises(VaultError, match="isn't whole"):
        b.restore(elsewhere, file, ANA, PASSPHRASE, vault.settings)
    assert not elsewhere.database.exists()


def test_a_damaged_page_that_nothing_reads_is_found(vault, file, elsewhere):
    for page in range(1, len(parts_of(file)["people.db"]) // 4096):
        pages = bytearray(parts_of(file)["people.db"])
        pages[page * 4096 + 100] ^= 1
        packed_anew(file, people_db=bytes(pages))
        with pytest.raises(VaultError, match="damaged"):
            b.restore(elsewhere, file, ANA, PASSPHRASE, vault.settings)
        pages[page * 4096 + 100] ^= 1
        packed_anew(file, people_db=bytes(pages))
    lock(b.restore(elsewhere, file, ANA, PASSPHRASE, vault.settings)[0])


def test_keys_that_were_changed_are_refused(vault, file, elsewhere):
    keys = json.loads(parts_of(file)["vault.key"])
    keys["slots"]["recovery"]["memory_kib"] *= 2
    packed_anew(file, vault_key=json.dumps(keys).encode())
    with pytest.raises(VaultError, match="changed"):
        b.restore(elsewhere, file, ANA, PASSPHRASE, vault.settings)
    assert not elsewhere.database.exists()


def test_a_deleted_vault_is_gone_and_its_backups_are_named(vault, file, elsewhere):
    (vault.place.database.parent / ".proof-0" / "x").mkdir(parents=True)  # as killed processes leave them
    (vault.place.keys / ".vault.key.abc").write_text("")
    (vault.place.database.parent / ".people.db.new").write_text("")
    told = b.delete_vault(vault)
    assert told["file"].tolist() == [str(file)]
    left = [path for folder in (vault.place.database.parent, vault.place.keys) for path in folder.iterdir()]
    assert left == []
    opened, _ = b.restore(vault.place, file, ANA, PASSPHRASE, vault.settings)
    lock(opened)


@pytest.mark.parametrize(
    "use",
    [
        b.write_backup,
        lambda v, path: b.make_backup(v, path.name),
        lambda v, _: b.delete_vault(v),
    ],
)
def test_only_supervisors_back_up_and_delete(bens, tmp_path, use):
    with pytest.raises(NotAllowedError):
        use(bens, tmp_path / "x")
