"""Headings of a list that anyone made, matched to our columns: what is matched, what isn't, and where two claim one."""

import difflib
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from geo.errors import InputError
from sources.adapter.mappings import check_mapping
from sources.formats.csv_text import plain_name
from sources.formats.embedded import embedded
from sources.formats.near import near

_ALIKE = 0.8
"""Share of letters that two words have in common where one may be a slip of the other; it is offered, never used."""
_SHORTEST = 4


@dataclass(frozen=True)
class Headings:
    """How a list's headings are read.

    `columns` is our column → its heading, `twice` our column → the headings that each mean it, of which none is taken,
    `unmatched` the headings that nothing reads, and `likely` those of them → the column that a slip of the pen may
    hide.
    """

    columns: Mapping[str, str]
    twice: Mapping[str, tuple[str, ...]]
    unmatched: tuple[str, ...]
    likely: Mapping[str, str]

    @property
    def renamed(self) -> dict[str, str]:
        """Our column → its heading, where that is another word: what a person should say yes to."""
        return {ours: heading for ours, heading in self.columns.items() if plain_name(heading) != plain_name(ours)}

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        twice = {ours: list(headings) for ours, headings in self.twice.items()}
        agreed = {"columns": dict(self.columns), "twice": twice, "unmatched": list(self.unmatched)}
        return agreed | {"likely": dict(self.likely)}

    def lines(self) -> list[str]:
        """Return the matches as lines for people."""
        wide = max(map(len, self.columns.values()), default=0)
        lines = [f"  {heading:<{wide}}  is read as {ours}" for ours, heading in self.columns.items()]
        lines += [f"  {' and '.join(two)} both mean {ours}: say which holds" for ours, two in self.twice.items()]
        for heading in self.unmatched:
            ours = self.likely.get(heading)
            lines.append(f"  {heading:<{wide}}  is not read{f'; is it {ours}?' if ours else ''}")
        return lines


@cache
def declared() -> dict[str, dict[str, Any]]:
    """Return what `data/mappings/table.toml` says: `columns` and `stand_ins` (ours → plain headings), `categories`."""
    return tomllib.loads(embedded("mappings", "table.toml").read_text(encoding="utf-8"))


def match_headings(
    headings: Iterable[str],
    given: Mapping[str, str] | None = None,
    also: Mapping[str, Sequence[str]] | None = None,
    wanted: Collection[str] | None = None,
) -> Headings:
    """Return how a list's headings are read: by a person's word first, then by the declared words; nothing is guessed.

    Parameters
    ----------
    given
        Our column → heading, as a person says; an empty heading says that nothing is read as this column.
    also
        Our column → further plain headings that stand in for it in this kind of list.
    wanted
        Our columns that this kind of list is read for; all without.
    """
    known = {ours: words for ours, words in declared()["columns"].items() if wanted is None or ours in wanted}
    theirs = [heading for heading in headings if heading.strip()]
    plain = {heading: plain_name(heading) for heading in theirs}
    given, also = given or {}, also or {}
    columns: dict[str, str] = {}
    twice: dict[str, tuple[str, ...]] = {}
    taken = {plain_name(heading) for heading in given.values()}
    for ours, words in known.items():
        if ours in given:
            if given[ours]:
                columns[ours] = given[ours]
            continue
        meant = [one for one in theirs if plain[one] in words and plain[one] not in taken]
        if len(meant) > 1:
            twice[ours] = tuple(meant)
            continue
        stand_ins = (*declared()["stand_ins"].get(ours, ()), *also.get(ours, ()))
        meant = meant or [one for word in stand_ins for one in theirs if plain[one] == word and word not in taken]
        if meant:
            columns[ours] = meant[0]
    read = {*map(plain_name, columns.values()), *(plain[heading] for two in twice.values() for heading in two)}
    unmatched = tuple(heading for heading in theirs if plain[heading] not in read)
    free = [ours for ours in known if ours not in columns and ours not in twice]
    likely = {heading: slip for heading in unmatched if (slip := _slip_of(plain[heading], free))}
    return Headings(columns, twice, unmatched, likely)


def columns_of(
    headings: Iterable[str],
    mapping: Mapping[str, Any],
    where: str,
    also: Mapping[str, Sequence[str]] | None = None,
    wanted: Collection[str] | None = None,
) -> dict[str, str]:
    """Return our column → the list's heading.

    Parameters
    ----------
    mapping
        The file beside the list; its `columns` hold first.
    also, wanted
        As in `match_headings`.

    Raises
    ------
    InputError
        Two headings mean one column, or the mapping names a column or a heading that isn't there; near ones are named.
    """
    check_mapping(mapping, f"The mapping of {where}")
    theirs = list(headings)
    by_word = {plain_name(heading): heading for heading in reversed(theirs)} | {heading: heading for heading in theirs}
    given = {}
    for ours, said in dict(mapping.get("columns", {})).items():
        if ours not in declared()["columns"]:
            raise InputError(
                f"The mapping of {where} says which column is {ours!r}, which is none of ours. "
                f"{near(ours, declared()['columns'])}"
            )
        heading = by_word.get(str(said)) or by_word.get(plain_name(str(said)))
        if said and theirs and heading is None:
            raise InputError(
                f"The mapping of {where} names the column {said!r} as {ours}, which the file doesn't have, or which is "
                f"left out because it holds contacts of persons. {near(str(said), theirs)}"
            )
        given[ours] = heading or ""
    matched = match_headings(theirs, given, also, wanted)
    refuse_twice(matched, where)
    return dict(matched.columns) | {ours: heading for ours, heading in given.items() if heading}


def refuse_twice(headings: Headings, where: str) -> None:
    """Refuse a list of which two headings mean one column.

    Raises
    ------
    InputError
        It names both.
    """
    if headings.twice:
        ours, (first, second, *_) = next(iter(headings.twice.items()))
        raise InputError(
            f"In {where} the columns {first!r} and {second!r} both mean {ours}. Take one out, or say which holds in a "
            f'mapping file beside the list: under [columns], {ours} = "{first}".'
        )


def _slip_of(plain: str, free: Sequence[str]) -> str | None:
    """Return the column of which a heading may be a slip of the pen; None where no word is close."""
    words = {word: ours for ours in free for word in declared()["columns"][ours] if len(word) >= _SHORTEST}
    close = difflib.get_close_matches(plain, words, n=1, cutoff=_ALIKE)
    return words[close[0]] if close else None
