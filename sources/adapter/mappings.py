"""The mapping file beside a list: what may stand in it, checked before anything is read by it."""

from collections.abc import Mapping
from typing import Any

from geo.errors import InputError
from sources.formats.near import near

MAPPING_KEYS = ("category", "columns", "categories", "title", "publisher", "license", "attribution", "url")
_TABLES = {
    "columns": ("open_beds", "a heading of the list", "Beds open"),
    "categories": ('"Soup line"', "one of our kinds of support", "food"),
}
"""Key → an example of what stands in it: a key, what its value is, and such a value."""


def check_mapping(mapping: Mapping[str, Any], where: str) -> None:
    """Refuse a mapping that can't be what a person meant.

    Parameters
    ----------
    where
        What the sentence calls it.

    Raises
    ------
    InputError
        It has a key that isn't one of `MAPPING_KEYS`; `columns` or `categories` is no table of texts; or another value
        is no text.
    """
    if unknown := sorted(set(mapping) - set(MAPPING_KEYS)):
        raise InputError(f"{where} has the unknown key {unknown[0]!r}. {near(unknown[0], MAPPING_KEYS)}")
    for key, value in mapping.items():
        if key not in _TABLES:
            if not isinstance(value, str):
                raise InputError(f'{where}: {key} must be text in quotation marks, like {key} = "…", not {value!r}.')
            continue
        name, what, example = _TABLES[key]
        if not isinstance(value, Mapping):
            raise InputError(
                f'{where}: {key} must be a table, a line [{key}] and below it lines like {name} = "{example}", not '
                f"{value!r}."
            )
        for ours, said in value.items():
            if not isinstance(said, str):
                raise InputError(
                    f'{where}: under [{key}], {ours} must be {what} in quotation marks, like {name} = "{example}", '
                    f"not {said!r}."
                )
