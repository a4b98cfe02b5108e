"""What a region is built from: the files a person names, told apart, checked and ready to be kept as raw bytes."""

import datetime
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from geo.errors import InputError
from geo.tables import CATEGORIES
from sources.formats.zip_archive import pack
from sources.registry import HEAD_BYTES, SOURCES, recognize, source_called
from sources.resources.table import category_of

Role = Literal["osm", "elevation", "gtfs", "resources", "zones"]
_LISTS = (".csv", ".tsv", ".json", ".jsonl", ".geojson", ".gpkg")
_SIDECARS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


@dataclass(frozen=True)
class InputFile:
    """One file: where it is, what it is for, how it is read, and what it is called in reports and ids.

    Of a file that was fetched, `retrieved_on` is the day on which its publisher last said that it is the newest,
    `asked_of` where, and `stale` why it is the last good copy in place of a newer one, if it is.
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

    @property
    def stored_name(self) -> str:
        """The name under which its bytes are kept: a folder, or the parts of a shapefile, become one zip."""
        return f"{self.path.stem}.zip" if self.is_packed else self.path.name

    @property
    def is_packed(self) -> bool:
        """Whether several files make it."""
        return self.path.is_dir() or self.path.suffix.lower() == ".shp"


@dataclass(frozen=True)
class RegionInputs:
    """Files and settings of a region.

    `elevation` is a GeoTIFF of heights; without one everything is flat. `resources` are paths or `SOURCE=path`
    texts; a folder stands for the lists in it. `date` is the service date to use where none is asked for (the
    timetable's most usual Wednesday without one); `retrieved_on` the date on which the files were fetched, if
    known. `fetched` are files that this software fetched for `place`, which is what
    `sources.places.place_lookup.Place.as_dict` tells.
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
        files += _resources(str(text))
    for path in inputs.zones:
        files += _zones(Path(path))
    return _labeled(files, inputs.fetched)


def read_input(file: InputFile) -> bytes:
    """Return a file's bytes; those of a folder, or the parts of a shapefile, as a zip of their content alone.

    Raises
    ------
    InputError
        One can't be read.
    """
    try:
        if not file.is_packed:
            return file.path.read_bytes()
        if file.path.is_dir():
            paths = [p for p in file.path.iterdir() if p.is_file() and not p.name.startswith(".")]
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
    mapping = _mapping(path) if source == "table" else {}
    return InputFile(path, role, source, source, category, mapping)


def _streets(path: Path) -> InputFile:
    if Path(path).is_dir():
        raise InputError(f"{path} is a folder where an .osm.pbf, .osm or .graphml file was expected.")
    return _existing(Path(path), "osm", "osm")


def _resources(text: str) -> list[InputFile]:
    name, _, rest = text.partition("=")
    path = Path(text)
    if rest and not path.exists():
        path = Path(rest)
        given: str | None = name.strip()
    else:
        given = None
    if path.is_dir() and any((path / name).is_file() for name in ("services.csv", "service.csv")):
        return [_existing(path, "resources", "hsds")]  # its tables are one list together
    if path.is_dir():
        inside = sorted(p for p in path.iterdir() if p.suffix.lower() in _LISTS and not p.name.startswith("."))
        if not inside:
            raise InputError(f"The folder {path} holds no CSV, JSON, GeoJSON or GeoPackage file.")
        return [_resource(p, given) for p in inside]
    return [_resource(path, given)]


def _resource(path: Path, given: str | None) -> InputFile:
    if not path.is_file():
        raise InputError(f"There is no file at {path}; check the path.")
    if given:
        source = source_called("osm_features" if given == "osm" else given)  # streets come by another option
        if source is not None and source.kind == "resources":
            return _existing(path, "resources", source.name)
        if category := category_of(given):
            return _existing(path, "resources", "table", category)
    elif path.with_suffix(".toml").is_file() and path.suffix.lower() in (".csv", ".tsv", ".geojson", ".json"):
        return _existing(path, "resources", "table")
    if given:
        raise InputError(
            f"{given!r} is neither a source ({', '.join(s.name for s in SOURCES if s.kind == 'resources')}) "
            f"nor a kind of place ({', '.join(CATEGORIES)})."
        )
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    source = recognize(path, "resources", head)
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
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    return [_existing(path, "zones", recognize(path, "zones", head).name)]


def _mapping(path: Path) -> dict[str, Any]:
    beside = path.with_suffix(".toml")
    if not beside.is_file():
        return {}
    try:
        mapping = tomllib.loads(beside.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise InputError(f"The mapping {beside} is not readable TOML: {problem}.") from None
    return {"license" if key == "licence" else key: value for key, value in mapping.items()}  # codespell:ignore


def _labeled(given: list[InputFile], fetched: Sequence[InputFile]) -> list[InputFile]:
    """Give each file a label: its source's name, with the file's where two would share it; own lists go by theirs.

    Fetched files have labels of their own.
    """
    shared = [file.source for file in given]
    wanted = [*(_label(file, shared.count(file.source) > 1) for file in given), *(file.label for file in fetched)]
    return [replace(f, label=label) for f, label in zip([*given, *fetched], _unique(wanted), strict=True)]


def _label(file: InputFile, is_shared: bool) -> str:
    stem = file.path.name.split(".")[0]
    if file.source == "table" or file.role == "gtfs":
        return stem
    return f"{file.source}.{stem}" if is_shared else file.source


def _unique(labels: Iterable[str]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        yield label if seen[label] == 1 else f"{label}-{seen[label]}"
