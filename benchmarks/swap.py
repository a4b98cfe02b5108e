"""Swap searched for people's names: two processes are pushed out to it, one as any program, one with a vault open.

    sudo python -m benchmarks.swap

A file of swap is made, switched on, and read as bytes at the end. That the plain process's text is in it shows that
the search finds what is there. Linux only, as root (swapon). The people in it are invented.
"""

import ctypes
import mmap
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from people.caseload import add_person, caseload
from people.folders import VaultPlace
from people.process import STATUS
from people.settings import VaultSettings
from people.vault import create_vault

SWAP_MIB = 512
PAGE_OUT = 21
"""MADV_PAGEOUT, Linux's madvise(2)."""
COPIES = 2_000
CHEAP = VaultSettings(memory_kib=8, passes=1, lanes=1)


def hold(vault_folder: str | None) -> None:
    """Hold a name that comes by the pipe, push all pages out, say so, and wait until the reader has searched."""
    name = sys.stdin.readline().strip()
    if vault_folder is None:
        held = [f"{name} {number}" for number in range(COPIES)]
    else:
        folder = Path(vault_folder)
        place = VaultPlace(folder / "data" / "vault.db", folder / "keys" / "vault.key")
        vault, _ = create_vault(place, "Example Ana", "correct horse kettle staple", CHEAP)
        add_person(vault, {"name": name})
        name = caseload(vault)["name"].iloc[0]
        held = [f"{name} {number}" for number in range(COPIES)]
    page_out()
    print(len(held), swapped_kb(), flush=True)
    sys.stdin.readline()


def page_out() -> None:
    """Ask the system to write every private page of this process to swap; locked ones it keeps."""
    libc = ctypes.CDLL(None, use_errno=True)
    for line in Path("/proc/self/maps").read_text("utf-8").splitlines():
        span = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw.p", line)
        if span:
            begin, end = (int(part, 16) for part in span.groups())
            libc.madvise(ctypes.c_void_p(begin), ctypes.c_size_t(end - begin), PAGE_OUT)


def swapped_kb() -> int:
    """Return how much of this process is in swap."""
    return next(int(row.split()[1]) for row in STATUS.read_text("utf-8").splitlines() if row.startswith("VmSwap:"))


def make_file(path: Path) -> None:
    """Make a file whose every byte is on the disk, and nowhere else: read again, it is what the disk holds."""
    path.touch(mode=0o600)
    with path.open("wb") as file:
        for _ in range(SWAP_MIB):
            file.write(bytes(1 << 20))
        file.flush()
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def run(program: str, *arguments: str | Path) -> None:
    """Run one of the system's programs."""
    path = shutil.which(program)
    if path is None:
        raise SystemExit(f"{program} was not found; this needs Linux, and root.")
    subprocess.run([path, *arguments], check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Push both processes out, search, and print what was found."""
    print("| process | texts held | in swap, kB | found in swap |\n| --- | --- | --- | --- |")
    for title, has_vault in (("any program", False), ("an open vault", True)):
        with tempfile.TemporaryDirectory() as name:
            swap = Path(name) / "swap"
            make_file(swap)
            run("mkswap", "--quiet", swap)
            run("swapon", swap)
            try:
                print(f"| {title} | {' | '.join(map(str, pushed_out(name if has_vault else None, swap)))} |")
            finally:
                run("swapoff", swap)


def pushed_out(vault_folder: str | None, swap: Path) -> tuple[int, int, int]:
    """Return how many texts a process held, how many kB of it are in swap, and how often the name is there."""
    command = [sys.executable, "-m", "benchmarks.swap", "hold", *([vault_folder] if vault_folder else [])]
    name = f"Example {secrets.token_hex(12)}"
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        print(name, file=process.stdin, flush=True)
        held, swapped = map(int, process.stdout.readline().split())
        os.sync()
        with swap.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as pages:
            times = sum(1 for _ in re.finditer(re.escape(name.encode()), pages))
        process.communicate("\n")
    return held, swapped, times


if __name__ == "__main__":
    if sys.argv[1:2] == ["hold"]:
        hold(sys.argv[2] if len(sys.argv) > 2 else None)
    else:
        main()
