"""Where the files that come with the software are: in the installed wheel, else in the checkout."""

from pathlib import Path

from geo.errors import RegionError


def embedded(*parts: str) -> Path:
    """Return the path of a file or folder of `data/`.

    Raises
    ------
    RegionError
        This installation lacks it.
    """
    sources = Path(__file__).parents[1]
    for base in (sources / "_data", sources.parent / "data"):
        path = base.joinpath(*parts)
        if path.exists():
            return path
    raise RegionError(f"This installation lacks its file {'/'.join(parts)}; install Recovery Reach again.")
