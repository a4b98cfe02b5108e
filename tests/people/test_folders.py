"""Where the vault lies."""

import os

import pytest

from geo.errors import VaultError
from people.folders import KEYS, VaultPlace, make_folders, vault_place, write_private


def test_it_lies_in_the_data_folder_with_its_keys_apart(tmp_path, monkeypatch):
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path))
    assert vault_place() == VaultPlace(tmp_path / "vault" / "people.db", tmp_path / "vault-keys")
    monkeypatch.setenv(KEYS, str(tmp_path / "stick"))
    assert vault_place().keys == tmp_path / "stick"


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(VaultError, match="can't be written"):
        make_folders(VaultPlace(tmp_path / "taken" / "people.db", tmp_path / "keys"))


def test_a_private_file_is_written_whole_or_stays_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_private(path, b"one")

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(VaultError, match="No space left"):
        write_private(path, b"two")
    assert path.read_bytes() == b"one"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_a_private_file_and_its_name_are_both_flushed(tmp_path, monkeypatch):
    flushed, fsync = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (flushed.append(os.fstat(handle).st_ino), fsync(handle)))
    write_private(tmp_path / "file", b"one")
    assert flushed == [(tmp_path / "file").stat().st_ino, tmp_path.stat().st_ino]
