"""Where regions lie on this machine."""

import os
import re
from pathlib import Path

from geo.errors import InputError

HOME = "RECOVERY_REACH_HOME"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_RESERVED = re.compile(r"(?i)con|prn|aux|nul|(com|lpt)\d")


def data_folder() -> Path:
    """Return the folder that holds everything of ours: RECOVERY_REACH_HOME, else the user's own data folder."""
    if home := os.environ.get(HOME):
        return Path(home)
    import platformdirs

    return platformdirs.user_data_path("recovery-reach", appauthor=False)


def region_folder(name: str) -> Path:
    """Return where a region of that name is, or would be.

    Raises
    ------
    InputError
        The name can't be a file's name everywhere.
    """
    if not _NAME.fullmatch(name) or _RESERVED.fullmatch(name):
        raise InputError(
            f"{name!r} can't be a region's name; use up to 64 letters, digits, - and _, not beginning with a mark."
        )
    return data_folder() / "regions" / name
