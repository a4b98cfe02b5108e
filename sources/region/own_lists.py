"""A person's own lists: how their headings are read, shown before anything is; and what a person says of them, kept.

What was agreed to is kept in one form everywhere: the mapping file beside a list (`LIST.toml`), whose `[columns]` say
which heading each of our columns has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.errors import InputError
from geo.toml_table import read_toml
from sources.adapter.headings import Headings, declared, match_headings
from sources.formats.csv_text import plain_name, read_headings
from sources.region.inputs import OWN_LISTS, InputFile, read_input
from sources.registry import redact_contacts
from sources.resources import recovery_residences
from sources.resources.table import list_headings


@dataclass(frozen=True)
class OwnList:
    """A list in someone's own words, and how its headings are read."""

    file: InputFile
    headings: Headings

    @property
    def is_plain(self) -> bool:
        """Whether nothing needs a yes: every heading that is read is our own word, or its mapping file says it."""
        said = self.file.mapping.get("columns", {})
        return not self.headings.twice and not set(self.headings.renamed) - set(said)

    def lines(self) -> list[str]:
        """Return the matches as lines for people."""
        return [f"{self.file.path.name}:", *self.headings.lines()]


def own_lists(files: Sequence[InputFile]) -> list[OwnList]:
    """Return those of a region's inputs that are lists in someone's own words.

    Raises
    ------
    SourceError
        One is no table.
    """
    return [OwnList(file, headings_of(file)) for file in files if file.role == "resources" and file.source in OWN_LISTS]


def headings_of(file: InputFile) -> Headings:
    """Return how the headings of a list are read, what its mapping says included.

    Raises
    ------
    SourceError
        It is no table.
    """
    return match_list(read_input(file), file.stored_name, file.source, file.mapping.get("columns", {}))


def still_agreed(file: InputFile, agreed: Mapping[str, str]) -> dict[str, str]:
    """Return what a person agreed to of a list's headings, without those that it lost where others now say the same.

    One that nothing stands in for stays, so that the reader refuses the list and says so.

    Raises
    ------
    SourceError
        It is no table.
    """
    anew = match_list(read_input(file), file.stored_name, file.source, {})
    headings = {*anew.columns.values(), *anew.unmatched, *(one for two in anew.twice.values() for one in two)}
    plain = {*map(plain_name, headings)}
    return {
        ours: heading
        for ours, heading in agreed.items()
        if not heading or plain_name(heading) in plain or not (ours in anew.columns or ours in anew.twice)
    }


def match_list(raw: bytes, where: str, source: str, said: Mapping[str, str]) -> Headings:
    """Return how the headings of a list's bytes are read by a source of `OWN_LISTS`, as `match_headings`.

    Those of contacts of persons are not among them: a region doesn't keep these.

    Raises
    ------
    SourceError
        It is no table.
    """
    raw = redact_contacts(source, raw, where)
    if source == "recovery_residences":
        names = read_headings(raw, where)
        return match_headings(names, said, recovery_residences.ALSO, recovery_residences.HEADER)
    return match_headings(list_headings(raw, where), said)


def columns_read(source: str) -> list[str]:
    """Return our columns that a source of `OWN_LISTS` reads and that a heading may be matched to."""
    wanted = recovery_residences.HEADER if source == "recovery_residences" else declared()["columns"]
    return [ours for ours in declared()["columns"] if ours in wanted]


def mapping_file(path: Path) -> Path:
    """Return where the mapping of a list is kept: beside it."""
    return path.with_suffix(".toml")


def mapping_text(mapping: Mapping[str, Any]) -> str:
    """Return a mapping as the TOML file that it is read from."""
    import tomli_w

    return tomli_w.dumps(mapping)


def save_mapping(file: InputFile, columns: Mapping[str, str]) -> Path:
    """Write what a person says of a list's headings beside it, with all else that its mapping file says already.

    Raises
    ------
    InputError
        The folder can't be written to.
    """
    path = mapping_file(file.path)
    kept = read_toml(path) if path.is_file() else {}
    if file.category and "category" not in kept:
        kept = {"category": file.category} | kept
    text = mapping_text(kept | {"columns": dict(kept.get("columns", {})) | dict(columns)})
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise InputError(f"The mapping {path} can't be written: {problem.strerror}.") from None
    return path
