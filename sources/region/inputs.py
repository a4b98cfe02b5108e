"""What a region is built from: the files a person names, told apart, checked and ready to be kept as raw bytes."""

import datetime
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain, count
from pathlib import Path
from typing import Any, Literal

from geo.errors import InputError
from geo.tables import CATEGORIES
from geo.toml_table import read_toml
from sources.adapter.mappings import check_mapping
from sources.formats.near import near
from sources.formats.spreadsheets import ENDING, MAX_BYTES, sheet_as_csv
from sources.formats.zip_archive import pack
from sources.registry import HEAD_BYTES, SOURCES, recognize, source_called
from sources.resources import recovery_residences
from sources.resources.table import category_of

Role = Literal["osm", "elevation", "gtfs", "resources", "zones"]
OWN_LISTS = ("table", "recovery_residences")
"""Sources that are lists in anyone's own words: a mapping file beside one, or a person, may say what headings mean."""
_TABLES = (".csv", ".tsv", ENDING)
_LISTS = (*_TABLES, ".json", ".jsonl", ".geojson", ".gpkg")
_MAPPED = (*_TABLES, ".geojson", ".json")
_PASSED_OVER = (".", "~$")
"""How files begin that are hidden, or that Excel puts beside a workbook while somebody has it open."""
_SIDECARS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


@dataclass(frozen=True)
class InputFile:
    """One file: where it is, what it is for, how it is read, and what it is called in reports and ids.

    Of a file that was fetched, `retrieved_on` is the day on which its publisher last said that it is the newest,
    `asked_of` where, and `stale` why it is the last good copy in place of a newer one, if it is. One that `is_uploaded`
    lies nowhere on this machine but in the region.
    """

    path: Path
    role: Role
    source: str
    label: str
    category: str | None = None
    mapping: Mapping[str, Any] = field(default_factory=dict)
    retrieved_on: str | None = None
    asked_of: str = ""
    stale: str | None = None
    is_uploaded: bool = False

    @property
    def stored_name(self) -> str:
        """The name under which its bytes are kept: a folder, or the parts of a shapefile, become a zip, a sheet CSV."""
        if self.is_packed:
            return f"{self.path.stem}.zip"
        return f"{self.path.stem}.csv" if self.is_sheet else self.path.name

    @property
    def is_packed(self) -> bool:
        """Whether several files make it."""
        return self.path.is_dir() or self.path.suffix.lower() == ".shp"

    @property
    def is_sheet(self) -> bool:
        """Whether it is an Excel workbook, of which the first sheet is read."""
        return self.path.suffix.lower() == ENDING


@dataclass(frozen=True)
class RegionInputs:
    """Files and settings of a region.

    `elevation` is a GeoTIFF of heights; without one everything is flat. `resources` are paths or `SOURCE=path`
    texts; a folder stands for the lists in it. `date` is the service date to use where none is asked for (the
    timetable's most usual Wednesday without one); `retrieved_on` the date on which the files were fetched, if
    known. `fetched` are files that this software fetched for `place`, which is what
    `sources.places.place_lookup.Place.as_dict` tells. `columns` is what a person agreed to of a list's headings: its
    path → our column → heading, as `sources.region.own_lists` asks; a mapping file beside the list holds over it.
    `options` are those of `sources.region.options`, which the region remembers for `region update`; empty where what a
    person said isn't known any more. `labels` is (role, absolute path) → the label that a file had in the build before,
    which it keeps whatever files lie beside it.
    """

    osm: Path | None = None
    elevation: Path | None = None
    gtfs: tuple[Path, ...] = ()
    resources: tuple[str | Path, ...] = ()
    zones: tuple[Path, ...] = ()
    date: datetime.date | None = None
    title: str | None = None
    fictional: bool = False
    retrieved_on: str | None = None
    fetched: tuple[InputFile, ...] = ()
    place: Mapping[str, Any] | None = None
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    options: Mapping[str, Any] | None = None
    labels: Mapping[tuple[str, str], str] = field(default_factory=dict)


def split_source(text: str) -> tuple[str | None, Path]:
    """Return the source or category of `SOURCE=path`, None where there is only a path, and the path."""
    name, _, rest = text.partition("=")
    return (name.strip(), Path(rest)) if rest and not Path(text).exists() else (None, Path(text))


def input_files(inputs: RegionInputs, *, need_streets: bool = True) -> list[InputFile]:
    """Return every file that the inputs mean, in order, each with a label of its own.

    Raises
    ------
    InputError
        A file is missing, or isn't recognized; or there are no streets.
    """
    files = [_streets(inputs.osm)] if inputs.osm is not None else []
    if need_streets and not files and not any(file.role == "osm" for file in inputs.fetched):
        raise InputError(
            "A region needs streets: name a place, like 'Kenton County, Kentucky', for which they are fetched, or give "
            "--osm with an .osm.pbf file or a graph of osmnx (.graphml) of the area."
        )
    if inputs.elevation is not None:
        files.append(_existing(Path(inputs.elevation), "elevation", "elevation"))
    files += [_existing(Path(path), "gtfs", "gtfs") for path in inputs.gtfs]
    for text in inputs.resources:
        files += [_as_agreed(file, inputs.columns) for file in _resources(str(text))]
    for path in inputs.zones:
        files += _zones(Path(path))
    return _labeled(files, inputs.fetched, inputs.labels)


def read_input(file: InputFile) -> bytes:
    """Return a file's bytes; those of a folder, or the parts of a shapefile, as a zip of their content alone.

    Of an Excel workbook, the first sheet as CSV.

    Raises
    ------
    InputError
        One can't be read.
    SourceError
        A workbook can't be used.
    """
    try:
        if not file.is_packed:
            raw = file.path.read_bytes()
            return _sheet(raw, file.path.name) if file.is_sheet else raw
        if file.path.is_dir():
            paths = [p for p in file.path.iterdir() if p.is_file() and not p.name.startswith(_PASSED_OVER)]
        else:
            paths = [
                p for p in file.path.parent.iterdir() if p.stem == file.path.stem and p.suffix.lower() in _SIDECARS
            ]
        return pack({path.name: path.read_bytes() for path in sorted(paths)})
    except PermissionError:
        raise InputError(f"{file.path} can't be read; check its permissions.") from None
    except OSError as problem:
        raise InputError(f"{file.path} can't be read: {problem.strerror}.") from None


def _existing(path: Path, role: Role, source: str, category: str | None = None) -> InputFile:
    if not path.exists():
        raise InputError(f"There is no file at {path}; check the path.")
    mapping = _mapping(path) if source in OWN_LISTS else {}
    return InputFile(path, role, source, source, category, mapping)


def _as_agreed(file: InputFile, agreed: Mapping[str, Mapping[str, str]]) -> InputFile:
    """Return a list with the headings that a person agreed to; those of its mapping file hold over them."""
    columns = agreed.get(str(file.path))
    if columns is None or file.source not in OWN_LISTS:
        return file
    return replace(file, mapping=dict(file.mapping) | {"columns": {**columns, **file.mapping.get("columns", {})}})


def _streets(path: Path) -> InputFile:
    if Path(path).is_dir():
        raise InputError(f"{path} is a folder where an .osm.pbf, .osm or .graphml file was expected.")
    return _existing(Path(path), "osm", "osm")


def _resources(text: str) -> list[InputFile]:
    given, path = split_source(text)
    if path.is_dir() and any((path / name).is_file() for name in ("services.csv", "service.csv")):
        return [_existing(path, "resources", "hsds")]  # its tables are one list together
    if path.is_dir():
        inside = sorted(p for p in path.iterdir() if p.suffix.lower() in _LISTS and not p.name.startswith(_PASSED_OVER))
        if not inside:
            raise InputError(f"The folder {path} holds no CSV, Excel (.xlsx), JSON, GeoJSON or GeoPackage file.")
        return [_resource(p, given) for p in inside]
    return [_resource(path, given)]


def _resource(path: Path, given: str | None) -> InputFile:
    if not path.is_file():
        raise InputError(f"There is no file at {path}; check the path.")
    is_table = path.suffix.lower() in _TABLES
    beside = _mapping(path) if path.suffix.lower() in _MAPPED else {}
    category = category_of(given) if given else category_of(str(beside.get("category", "")))
    if given:
        source = source_called("osm_features" if given == "osm" else given)  # streets come by another option
        if source is not None and source.kind == "resources":
            return _existing(path, "resources", source.name)
    if category == "recovery_residence" and is_table:
        return _existing(path, "resources", "recovery_residences")
    if given and category:
        return _existing(path, "resources", "table", category)
    if given:
        raise InputError(
            f"{given!r} is neither a source ({', '.join(s.name for s in SOURCES if s.kind == 'resources')}) "
            f"nor a kind of place ({', '.join(CATEGORIES)})."
        )
    as_read = path
    if path.suffix.lower() == ENDING:
        as_read, head = path.with_suffix(".csv"), _sheet(path.read_bytes(), path.name)
    else:
        head = _head(path)
    if path.suffix.lower() in _MAPPED and path.with_suffix(".toml").is_file():
        houses = is_table and recovery_residences.SOURCE.recognizes(as_read.name, head)
        return _existing(path, "resources", "recovery_residences" if houses else "table")
    source = recognize(as_read, "resources", head)
    category = category_of(path.stem) if source.name == "table" else None
    return _existing(path, "resources", source.name, category)


def _zones(path: Path) -> list[InputFile]:
    if not path.exists():
        raise InputError(f"There is no file at {path}; check the path.")
    if path.is_dir():
        shapes = sorted(path.glob("*.shp"))
        others = sorted(p for p in path.iterdir() if p.name.lower().endswith((".csv", ".csv.gz", ".gpkg", ".geojson")))
        if not shapes and not others:
            raise InputError(f"The folder {path} holds no shapefile, GeoPackage, GeoJSON or CSV.")
        return [zone for inside in [*shapes, *others] for zone in _zones(inside)]
    head = _head(path)
    return [_existing(path, "zones", recognize(path, "zones", head).name)]


def _head(path: Path) -> bytes:
    """Return what a file is recognized by: a table that may be an agency's list whole, else the first bytes."""
    is_list = path.suffix.lower() in _TABLES and path.stat().st_size <= MAX_BYTES
    with path.open("rb") as file:
        return file.read() if is_list else file.read(HEAD_BYTES)


@lru_cache(maxsize=4)
def _sheet(raw: bytes, where: str) -> bytes:
    """Return a workbook's first sheet, which takes seconds to read, once for all steps from its headings to a build."""
    return sheet_as_csv(raw, where)


def _mapping(path: Path) -> dict[str, Any]:
    beside = path.with_suffix(".toml")
    if not beside.is_file():
        return {}
    try:
        mapping = read_toml(beside)
    except (OSError, ValueError) as problem:
        raise InputError(f"The mapping {beside} is not readable TOML: {problem}.") from None
    mapping = {"license" if key == "licence" else key: value for key, value in mapping.items()}  # codespell:ignore
    check_mapping(mapping, f"The mapping {beside}")
    for theirs, ours in mapping.get("categories", {}).items():
        if ours and category_of(ours) is None:
            raise InputError(
                f"The mapping {beside}: under [categories], {theirs!r} is said to be {ours!r}, which is no kind of "
                f"support. {near(ours, CATEGORIES)}"
            )
    return mapping


def _labeled(
    given: list[InputFile], fetched: Sequence[InputFile], known: Mapping[tuple[str, str], str]
) -> list[InputFile]:
    """Give each file a label that no other has: the one it had before, else its source's name; own lists go by theirs.

    Fetched files have labels of their own.
    """
    shared = Counter(file.source for file in given)
    before = [known.get((file.role, str(file.path.absolute()))) for file in given] + [file.label for file in fetched]
    labels: list[str] = []
    for file, label in zip([*given, *fetched], before, strict=True):
        wanted = label or _label(file, shared[file.source] > 1)
        labels.append(label if label and label not in labels else _free(wanted, {*labels, *before}))
    return [replace(file, label=label) for file, label in zip([*given, *fetched], labels, strict=True)]


def _label(file: InputFile, is_shared: bool) -> str:
    stem = file.path.name.split(".")[0]
    if file.source in OWN_LISTS or file.role == "gtfs":
        return stem
    return f"{file.source}.{stem}" if is_shared else file.source


def _free(label: str, taken: Collection[str | None]) -> str:
    """Return a label, with a number behind it where another file has it."""
    return next(one for one in chain([label], (f"{label}-{number}" for number in count(2))) if one not in taken)
