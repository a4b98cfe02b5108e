"""`recovery-reach sources new`: begins a source in a checkout: adapter, recording, test and documents."""

import keyword
import re
from pathlib import Path

from geo.errors import InputError
from geo.tables import CATEGORIES
from layers.export import write_whole
from sources.registry import source_called

NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
WRITE_THIS = "WRITE THIS"
_REGISTRY = "sources/registry.py"
_IMPORTS = re.compile(r"(from sources\.resources import \(\n)((?:    \w+,\n)+)(\))")
_LAST = "    table.SOURCE,\n"
"""Tables of any kind stand behind the feeds: they would take a file that a feed knows as its own."""

ADAPTER = '''"""{name}: WRITE THIS: what it lists, and who publishes it."""

from functools import partial
from typing import Any

from geo.errors import SourceError
from sources.adapter.resource_rows import ResourceRow, point_or_address, read_rows
from sources.adapter.source import ParseContext, Source
from sources.cleaning import clean
from sources.cleaning.report import Notes, Parsed, SetAside
from sources.formats.json_strict import read_json

_ROWS = "{name}_places"
_ADDRESS = ("address", "city", "state", "zip")


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return its places as `resources`.

    Raises
    ------
    SourceError
        The bytes are no such list.
    """
    document = read_json(raw, context.file_name)
    rows = document.get(_ROWS) if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise SourceError(f"{{context.file_name}} should hold a JSON object with the list {{_ROWS}}.")
    return read_rows(SOURCE.name, rows, partial(_read, context=context), context)


def _read(row: dict[str, Any], notes: Notes, context: ParseContext) -> ResourceRow:
    name = clean.text(row.get("name"))
    if name is None:
        raise SetAside("no_name", "It has no name.")
    street, town, state, code = (clean.text(row.get(key)) for key in _ADDRESS)
    address = ", ".join(part for part in (street, town, state, code) if part) or None
    given, about = (row.get("lat"), row.get("lon")), (name, address)
    lon, lat, looked_up = point_or_address(*given, (street, town, code), about, context, notes)
    cells = {{
        "resource_id": clean.text(row.get("id")),
        "name": name,
        "category": "food",
        "lon": lon,
        "lat": lat,
        "location_precision": "street" if looked_up else "rooftop",
        "address": address,
        "phone": clean.phone(row.get("phone")),
        "attendance": "in_person",
        "license": SOURCE.license,
    }}
    return ResourceRow(cells)


SOURCE = Source(
    name="{name}",
    title="WRITE THIS: title",
    publisher="WRITE THIS: publisher",
    license="WRITE THIS: license",
    attribution="WRITE THIS: attribution",
    url="",
    freshness="WRITE THIS: how often it changes",
    precision="WRITE THIS: how exact its places are",
    kind="resources",
    parse=parse,
    recognizes=lambda _name, head: b'"{name}_places"' in head,
    trust=50,
)
'''

RECORDING = """{{
  "{name}_places": [
    {{"id": "1", "name": "Example Pantry", "address": "12 Invented Street", "city": "Lowtown", "state": "MA",
     "zip": "01999", "lat": 42.3, "lon": -71.1, "phone": "617-555-0111"}},
    {{"id": "2", "name": "", "lat": 42.3, "lon": -71.1}},
    7
  ]
}}
"""

TEST = '''"""{name}: its recording, row by row."""

from dataclasses import asdict
from pathlib import Path

import pytest

from geo.errors import SourceError
from geo.tables import RESOURCES, validate
from sources.adapter.source import ParseContext
from sources.cleaning.report import count
from sources.registry import recognize
from sources.resources import {name}

RECORDING = Path(__file__).parent / "recordings" / "{name}.json"


def test_the_recording_is_read_row_by_row() -> None:
    parsed = {name}.parse(RECORDING.read_bytes(), ParseContext(RECORDING.name))
    validate(parsed.tables["resources"], RESOURCES)
    counts = count(parsed)
    assert (counts.rows_in, counts.set_aside) == (3, 2)
    row = parsed.tables["resources"].iloc[0]
    assert (row["resource_id"], row["name"], row["category"]) == ("{name}:1", "Example Pantry", "food")
    assert (row["lon"], row["lat"], row["location_precision"]) == (-71.1, 42.3, "rooftop")
    assert parsed.set_aside["code"].tolist() == ["no_name", "not_an_object"]


def test_its_file_is_known_by_its_content() -> None:
    assert recognize(Path("saved.json"), "resources", RECORDING.read_bytes()).name == "{name}"


@pytest.mark.parametrize("raw", [b"{{}}", b"[]", b'{{"{name}_places": 1}}'])
def test_what_is_not_its_list_is_told(raw: bytes) -> None:
    with pytest.raises(SourceError, match="{name}_places"):
        {name}.parse(raw, ParseContext("x.json"))


def test_nothing_is_left_to_write() -> None:
    """A source is done when its facts, its adapter and its documents are; delete this test then."""
    root = Path(__file__).parents[3]
    facts = [f"{{key}} of SOURCE" for key, fact in asdict({name}.SOURCE).items() if "WRITE THIS" in str(fact)]
    pages = [page for page in ("sources/resources/{name}.py", "docs/sources.md", "docs/data-sources.md")
             if "WRITE THIS" in (root / page).read_text("utf-8")]  # fmt: skip
    assert not facts + pages, "write this: " + ", ".join(facts + pages)
'''

ABOUT = """
## {name}

WRITE THIS: how to get the file of `{name}` and give it (`--resources {name}=FILE`), what is kept,
what is set aside, and the limits.
"""

FACTS = (
    "| `{name}` WRITE THIS: title | WRITE THIS: publisher | WRITE THIS: license | WRITE THIS: attribution | "
    "WRITE THIS: how often it changes; called old after 90 days | WRITE THIS: how exact its places are |\n"
)


def make_source(name: str, checkout: Path) -> list[Path]:
    """Write a new source into a checkout, ready to run on its small recording, and return the files made or changed.

    Raises
    ------
    InputError
        The name can't be a source's or is taken, or the folder is no checkout of the project. Nothing is written then.
    """
    _check_name(name)
    texts = _changed(name, checkout)
    made = {
        f"sources/resources/{name}.py": ADAPTER,
        f"tests/sources/resources/test_{name}.py": TEST,
        f"tests/sources/resources/recordings/{name}.json": RECORDING,
    }
    taken = [path for path in made if (checkout / path).exists()]
    if taken:
        raise InputError(f"{taken[0]} is there already; choose another name, or take the file away.")
    texts |= {path: text.format(name=name) for path, text in made.items()}
    for path, text in texts.items():
        (checkout / path).parent.mkdir(parents=True, exist_ok=True)
        write_whole(checkout / path, text.encode())
    return [checkout / path for path in texts]


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise InputError(
            f"A source's name has 2 to 40 small letters, digits and _, a letter first, as food_finder; not {name!r}."
        )
    if source_called(name) is not None or name in CATEGORIES:
        what = "a source" if source_called(name) is not None else "a kind of support"
        raise InputError(f"{name} is the name of {what} already; choose another.")


def _changed(name: str, checkout: Path) -> dict[str, str]:
    """Return the checkout's own files with the new source in them."""
    pages = (_REGISTRY, "docs/sources.md", "docs/data-sources.md")
    missing = [path for path in (*pages, "tests/sources/resources") if not (checkout / path).exists()]
    if missing:
        raise InputError(
            f"{checkout} is no checkout of Recovery Reach: it lacks {missing[0]}. Run this at the top of one, "
            "or name it with --checkout."
        )
    registry, about, facts = ((checkout / path).read_text("utf-8") for path in pages)
    imports, row = _IMPORTS.search(registry), re.search(r"^\| `table` ", facts, re.MULTILINE)
    if imports is None or row is None or _LAST not in registry:
        raise InputError(f"{checkout / _REGISTRY} or {pages[2]} lists its sources in another way than known here.")
    if f"    {name},\n" in imports[2]:
        raise InputError(f"{checkout / _REGISTRY} lists {name} already; choose another name.")
    modules = "".join(sorted([*imports[2].splitlines(keepends=True), f"    {name},\n"]))
    registry = registry.replace(imports[0], f"{imports[1]}{modules}{imports[3]}", 1)
    registry = registry.replace(_LAST, f"    {name}.SOURCE,\n{_LAST}", 1)
    row_added = facts[: row.start()] + FACTS.format(name=name) + facts[row.start() :]
    return dict(zip(pages, (registry, about.rstrip("\n") + "\n" + ABOUT.format(name=name), row_added), strict=True))
