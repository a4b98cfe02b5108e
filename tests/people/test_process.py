"""What the process leaves on the disk by itself: nothing that the system doesn't force on it."""

import subprocess
import sys

import pytest

from people import process

HEADER = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
LOCKED = """
from people.process import leave_nothing_on_disk, may_lock, STATUS

def locked():
    return next(int(line.split()[1]) for line in STATUS.read_text().splitlines() if line.startswith("VmLck:"))

before = locked()
leave_nothing_on_disk()
kept = bytearray(b"name" * 2_000_000)  # what comes later stays in memory too
print(may_lock(), before, locked())
"""


@pytest.fixture
def linux(tmp_path, monkeypatch):
    """Return what writes the system's own words on swap, capabilities and devices, as this process then reads them."""
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("SWAPS", "STATUS", "DEVICES"):
        monkeypatch.setattr(process, name, tmp_path / name)
    resource = pytest.importorskip("resource")

    def told(swaps="", *, capabilities=0, limit=8 << 20, enciphered=()):
        (tmp_path / "SWAPS").write_text(HEADER + swaps)
        (tmp_path / "STATUS").write_text(f"Name:\tpython\nCapEff:\t{capabilities:016x}\n")
        for device, uuid in enciphered:
            (tmp_path / "DEVICES" / device / "dm").mkdir(parents=True)
            (tmp_path / "DEVICES" / device / "dm" / "uuid").write_text(uuid)
        monkeypatch.setattr(resource, "getrlimit", lambda which: (limit, limit))

    return told


@pytest.mark.parametrize(
    ("swaps", "may"),
    [
        ("", False),
        ("/dev/sda2  partition\t8388604\t\t0\t\t-2\n", True),
        ("/swapfile  file\t8388604\t\t0\t\t-2\n", True),
        ("/dev/zram0  partition\t8388604\t\t0\t\t100\n", False),
        ("/dev/dm-0  partition\t8388604\t\t0\t\t-2\n", False),
        ("/dev/dm-1  partition\t8388604\t\t0\t\t-2\n", True),
        ("/dev/zram0  partition\t8388604\t\t0\t\t100\n/swapfile  file\t8388604\t\t0\t\t-2\n", True),
    ],
)
def test_swap_on_a_plain_disk_may_hold_names_where_nothing_can_be_locked(linux, swaps, may):
    linux(swaps, enciphered=[("dm-0", "CRYPT-PLAIN-swap"), ("dm-1", "LVM-swap")])
    assert process.may_be_swapped() is may


def test_who_may_lock_all_memory_leaves_nothing_in_swap(linux):
    swap = "/swapfile  file\t8388604\t\t0\t\t-2\n"
    linux(swap, capabilities=process.MAY_LOCK)
    assert process.may_lock()
    assert not process.may_be_swapped()
    linux(swap, limit=-1)  # RLIM_INFINITY, as `LimitMEMLOCK=infinity` of systemd sets it
    assert not process.may_be_swapped()
    linux(swap, capabilities=process.MAY_LOCK - 1)
    assert process.may_be_swapped()


@pytest.mark.parametrize(("system", "may"), [("darwin", False), ("win32", True)])
def test_other_systems_are_taken_as_they_are_delivered(monkeypatch, system, may):
    monkeypatch.setattr(sys, "platform", system)
    assert not process.may_lock()
    assert process.may_be_swapped() is may


def test_the_process_stays_in_memory_where_the_system_allows_it():
    run = subprocess.run([sys.executable, "-c", LOCKED], capture_output=True, text=True, check=True)
    may_lock, before, after = run.stdout.split()
    assert int(before) == 0
    assert (int(after) > 8_000) == (may_lock == "True"), run.stdout
