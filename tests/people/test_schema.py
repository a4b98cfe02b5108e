"""Versions: a vault of each version that was ever released opens, and one of a newer version is refused."""

import pytest

from geo.errors import VaultError
from people import audit
from people.backup import restore
from people.caseload import caseload
from people.consent import accounting
from people.notebook import house_calls
from people.person_needs import read_needs_of
from people.progress import barc10
from people.schema import VERSION
from people.short_list import short_list
from people.vault import lock, open_vault, reading
from tests.people.conftest import ANA, PASSPHRASE
from tests.people.record_vault import VAULTS, record, recorded


def check_content(opened, place):
    """Hold what `record_vault` put into a vault against what is read from it."""
    people = caseload(opened).set_index("name")["person_id"]
    one = people["Person One"]
    assert set(people.index) == {"Person One", "Person Two"}
    assert read_needs_of(opened, one)[0].medications == ("methadone",)
    assert accounting(opened, one)["recipient"].tolist() == ["Example Court"]
    assert house_calls(opened)["free_beds"].tolist() == [2]
    assert short_list(opened, one)["state"].tolist() == ["asked"]
    assert barc10(opened, one)["total"].tolist() == [40]
    with reading(opened) as connection:
        assert audit.verify(connection, opened.secret, place).is_whole
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)


@pytest.mark.parametrize("version", range(1, VERSION + 1))
def test_a_vault_of_every_released_version_opens(place, settings, version):
    opened, proof = restore(place, recorded(version), ANA, PASSPHRASE, settings)
    assert proof.people == 2
    check_content(opened, place)
    lock(opened)


def test_a_vault_of_this_version_can_be_recorded_and_is_never_written_over(tmp_path, place, settings):
    out = tmp_path / "now.backup"
    record(tmp_path / "made", out)
    with pytest.raises(FileExistsError):
        record(tmp_path / "again", out)
    opened, _ = restore(place, out, ANA, PASSPHRASE, settings)
    check_content(opened, place)
    lock(opened)


def test_a_vault_of_a_newer_version_is_refused_and_left_as_it_is(vault, place):
    vault.connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(VaultError, match="newer version"):
        open_vault(place, ANA, PASSPHRASE, vault.settings)
    assert vault.connection.execute("PRAGMA user_version").fetchone() == (VERSION + 1,)


def test_every_version_has_a_recorded_vault():
    assert sorted(path.name for path in VAULTS.glob("*.backup")) == [
        recorded(version).name for version in range(1, VERSION + 1)
    ]
