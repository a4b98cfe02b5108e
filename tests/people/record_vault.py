"""Records a vault of this version, for later ones to open: `python -m tests.people.record_vault`, once a version."""

import shutil
import tempfile
from pathlib import Path

from geo.needs.needs import Needs
from people.backup import write_backup
from people.caseload import add_person
from people.consent import add_consent, disclose
from people.folders import VaultPlace
from people.notebook import add_call
from people.person_needs import save_needs
from people.progress import DOMAINS, add_barc10
from people.schema import VERSION
from people.short_list import put_on_short_list
from people.vault import create_vault, lock
from tests.people.conftest import ANA, PASSPHRASE, Clock, cheap

VAULTS = Path(__file__).parent / "vaults"


def recorded(version: int) -> Path:
    """Return where the vault of a version is kept."""
    return VAULTS / f"version-{version}.backup"


def record(folder: Path, out: Path) -> None:
    """Make a vault with something of everything in a folder, and write it to a file that isn't there yet."""
    if out.exists():
        raise FileExistsError(out)
    place = VaultPlace(folder / "vault" / "people.db", folder / "keys")
    vault, _ = create_vault(place, ANA, PASSPHRASE, cheap(Clock()))
    person = add_person(vault, {"name": "Person One", "discharge_on": "2026-12-04"})
    save_needs(vault, person, Needs(medications=("methadone",)))
    consent = {"recipient": "Example Court", "what": "plan", "purpose": "housing", "given_on": "2026-11-01"}
    disclose(vault, person, add_consent(vault, person, consent | {"expires_on": "2036-11-01"}), "letter")
    add_call(vault, {"resource_id": "x:1", "house": "Example House", "called_on": "2026-11-20", "free_beds": 2})
    put_on_short_list(vault, person, "x:1", "Example House")
    add_barc10(vault, person, "2026-11-29", ANA, dict.fromkeys(DOMAINS, 4))
    add_person(vault, {"name": "Person Two"})
    made = folder / "recorded.backup"
    write_backup(vault, made)  # in a folder of no meaning: the vault keeps where its backups went
    lock(vault)
    shutil.copyfile(made, out)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        record(Path(folder), recorded(VERSION))
