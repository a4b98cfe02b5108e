"""What the process that holds people's records leaves on the disk by itself: no core dump, and no page in swap.

Linux may write any page of a process to swap. Where it lets us, all of ours are kept from that from the first vault
that is opened until the process ends, since what Python lets go isn't wiped.
"""

import ctypes
import sys
from pathlib import Path

SWAPS = Path("/proc/swaps")
STATUS = Path("/proc/self/status")
DEVICES = Path("/sys/block")
MAY_LOCK = 1 << 14
"""CAP_IPC_LOCK, Linux's capabilities(7)."""
PRESENT, LATER, AS_USED = 1, 2, 4
"""Which pages mlockall(2) keeps: those that are there, those that will be, each only once it is used."""


def leave_nothing_on_disk() -> None:
    """Turn core dumps off, and keep the process out of swap where that is allowed."""
    try:
        import resource
    except ImportError:
        return  # Windows writes no dump unless asked to, and locks no whole process
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if may_lock():
        ctypes.CDLL(None).mlockall(PRESENT | LATER | AS_USED)


def may_lock() -> bool:
    """Return whether this process may lock as much memory as it likes; with a limit, it would run into it."""
    if sys.platform != "linux":
        return False
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    return limit == resource.RLIM_INFINITY or bool(_capabilities() & MAY_LOCK)


def may_be_swapped() -> bool:
    """Return whether what this process holds may be written to swap that anybody with the disk could read.

    On Linux, where there is swap on a plain disk and the process can't be kept out of it. macOS enciphers its swap.
    Of Windows it isn't known, so it may.
    """
    if sys.platform == "darwin":
        return False
    if sys.platform != "linux":
        return True
    return not may_lock() and any(map(_is_plain, _swaps()))


def _capabilities() -> int:
    lines = STATUS.read_text("utf-8").splitlines() if STATUS.exists() else []
    return next((int(line.split()[1], 16) for line in lines if line.startswith("CapEff:")), 0)


def _swaps() -> list[str]:
    """Return the files and devices that hold swap."""
    lines = SWAPS.read_text("utf-8").splitlines()[1:] if SWAPS.exists() else []
    return [line.split()[0] for line in lines if line.strip()]


def _is_plain(swap: str) -> bool:
    """Return whether swap lies on a disk as it is: neither in memory (zram) nor on an enciphered device (dm-crypt)."""
    name = Path(swap).name
    kind = DEVICES / name / "dm" / "uuid"
    return not name.startswith("zram") and not (kind.exists() and kind.read_text("utf-8").startswith("CRYPT-"))
