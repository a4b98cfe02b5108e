"""`docs/licenses.md` names every library installed with this software, with its license; `make docs` writes it."""

import os
import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "licenses.md"
MARKS = re.compile(r"(<!-- libraries:start -->\n).*(<!-- libraries:end -->)", re.DOTALL)
ONLY_BUILT_WITH = {"editables", "hatchling", "pathspec", "pluggy", "trove-classifiers"}

IN_ITS_FILES = {
    "colorama": "BSD-3-Clause",
    "sqlcipher3": "Zlib; SQLCipher in its wheels: BSD-3-Clause; OpenSSL in its wheels: Apache-2.0",
    "streamlit-folium": "MIT",
    "timezonefinder": "MIT",
    "timezonefinder-data": "ODbL-1.0",
    "xstatic-leaflet": "BSD-2-Clause (Leaflet)",
    "numba": "BSD-2-Clause",
    "scipy": "BSD-3-Clause",
    "matplotlib": "Matplotlib license (based on PSF-2.0)",
}
"""What says nothing where programs look for it, or only a word, or is for Windows alone: as read in its own files."""


def license_of(name: str) -> str | None:
    """Return the license of a library; None where it isn't known and the library not installed on this system."""
    if name in IN_ITS_FILES:
        return IN_ITS_FILES[name]
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return None
    classified = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier") or [] if one.startswith("License")]
    written = (about.get("License") or "").strip()
    in_a_line = [written] if written and "\n" not in written else []
    return about.get("License-Expression") or "; ".join(in_a_line or classified)


def licenses() -> dict[str, str]:
    names = re.findall(r"^([a-z0-9.-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    known = {name: license_of(name) for name in sorted(set(names) - ONLY_BUILT_WITH)}
    return {name: text for name, text in known.items() if text is not None}


def test_every_library_and_its_license_is_on_the_page() -> None:
    known = licenses()
    assert len(known) > 80
    if os.environ.get("RECOVERY_REACH_WRITE_DOCS"):
        rows = "".join(f"| {name} | {text} |\n" for name, text in known.items())
        table = f"| library | license |\n| --- | --- |\n{rows}"
        PAGE.write_text(MARKS.sub(rf"\1{table}\2", PAGE.read_text("utf-8")), "utf-8")
    told = dict(re.findall(r"^\| ([a-z0-9.-]+) \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE))
    assert {name: told.get(name) for name in known} == known
    assert "" not in known.values()
