"""Files that hold what is secret, for their owner's eyes alone."""

import os
import stat
from pathlib import Path

from geo.errors import InputError, RecoveryReachError


def check_closed(path: Path, mode: int, refuse: type[RecoveryReachError] = InputError) -> None:
    """Refuse a file or folder, where it exists, that lets others do more than a mode.

    Raises
    ------
    InputError
        Or the error that is given: names it, and the command that closes it.
    """
    if os.name == "nt":
        return  # a user's own folders are closed to others there
    if path.exists() and stat.S_IMODE(path.stat().st_mode) & ~mode:
        raise refuse(
            "Others on this computer can open {path}: close it with `chmod {mode:o} {path}`, then try again.",
            path=path,
            mode=mode,
        )
