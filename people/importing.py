"""People from a CSV or Excel workbook: which column is what, a look first, errors by row; all of it or nothing.

Nobody is taken for somebody else: two people of one name stay two, and are pointed out.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from geo.errors import InputError
from people.caseload import comparable, new_person
from people.entries import entries_of_caseload, save, undo
from people.kinds import PERSON, checked
from people.vault import Vault, reading
from sources.formats.csv_text import plain_name, read_csv
from sources.formats.spreadsheets import is_workbook, sheet_as_csv

FIELDS = tuple(name for name in PERSON.names if name not in ("manager", "archived_on"))
"""What a file may tell of a person."""
MOST_ROWS = 10_000
_NAMES: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "fullname", "clientname", "client", "participant", "nombre"),
    "goes_by": ("goesby", "preferredname", "nickname"),
    "born_on": ("bornon", "dateofbirth", "dob", "birthdate", "birthday"),
    "phone": ("phone", "telephone", "phonenumber", "mobile", "cell"),
    "language": ("language", "preferredlanguage"),
    "agency_number": ("agencynumber", "clientid", "id", "mrn", "casenumber"),
    "discharge_on": ("dischargeon", "dischargedate", "discharge", "expecteddischarge"),
    "lives_at": ("livesat", "address", "currentaddress", "house"),
    "note": ("note", "notes", "comment", "comments"),
}
"""Names that columns have in other systems' files, as `plain_name` gives them."""


@dataclass(frozen=True, repr=False)
class Preview:
    """What an import would do.

    `rows`: a row per person, with `row` (of the file's table, the first being 1) and FIELDS; `errors`: `row`,
    `column` (the file's own) and `problem`, an InputError that says what was expected, never what stood there;
    `same_names`: `row`
    and `other`, the row or `on the caseload`, of people of one name; `unused`: columns that no field takes.
    """

    rows: pd.DataFrame
    errors: pd.DataFrame
    same_names: pd.DataFrame
    unused: tuple[str, ...]


def read_people(content: bytes) -> pd.DataFrame:
    """Return the rows of a CSV, or of the first sheet of an Excel workbook, as text, whatever its columns.

    Raises
    ------
    InputError
        It holds nobody, or too many.
    SourceError
        It is no table.
    """
    rows = read_csv(sheet_as_csv(content, "The file") if is_workbook(content) else content, "The file")
    if not 0 < len(rows) <= MOST_ROWS:
        raise InputError("The file holds {count} rows; 1 to {most} can be imported.", count=len(rows), most=MOST_ROWS)
    return pd.DataFrame(rows, dtype="string").fillna("")


def suggest_columns(table: pd.DataFrame) -> dict[str, str]:
    """Return field → column for the columns whose names say what they are; the person may change it."""
    by_name = {plain_name(str(column)): str(column) for column in reversed(list(table.columns))}
    matches = {field: [by_name[name] for name in names if name in by_name] for field, names in _NAMES.items()}
    return {field: columns[0] for field, columns in matches.items() if columns}


def preview(vault: Vault, table: pd.DataFrame, columns: Mapping[str, str]) -> Preview:
    """Return what an import of a table would do, for a look before it; nothing is saved.

    Parameters
    ----------
    table
        As `read_people` gives it.
    columns
        Field (of FIELDS) → the table's column, as `suggest_columns` gives it or the person chose.

    Raises
    ------
    InputError
        A field or column isn't there, or no column holds the names; the sentence says which there are.
    """
    theirs = ", ".join(map(str, table.columns))
    for field, column in columns.items():
        if field not in FIELDS:
            raise InputError("There is no field {field}; fields are {fields}.", field=field, fields=", ".join(FIELDS))
        if column not in table:
            raise InputError(
                "The file has no column {column}, from which {field} was to be taken; its columns are {columns}.",
                field=field, column=column, columns=theirs,
            )  # fmt: skip
    if "name" not in columns:
        raise InputError(
            "Say which column holds the names; without one nobody can be imported. The file's columns are {columns}.",
            columns=theirs,
        )
    texts = table[list(columns.values())].set_axis(list(columns), axis=1)
    errors = [
        (row, columns[field], problem)
        for row, values in enumerate(texts.to_dict("records"), 1)
        for field, problem in _problems(values)
    ]
    rows = texts.reindex(columns=list(FIELDS)).assign(row=range(1, len(texts) + 1))
    unused = tuple(str(column) for column in table.columns if column not in columns.values())
    return Preview(
        rows[["row", *FIELDS]],
        pd.DataFrame(errors, columns=["row", "column", "problem"]),
        _same_names(rows, entries_of_caseload(vault, PERSON.name)["name"]),
        unused,
    )


def import_people(vault: Vault, looked_at: Preview) -> list[str]:
    """Put everybody of a preview on this user's caseload, as one edit that can be undone; return their ids by row.

    Raises
    ------
    InputError
        A row has an error; then nobody is imported.
    """
    if len(looked_at.errors):
        raise InputError(
            "Nobody was imported: {count} cells can't be used. Mend them in the file, then import it again.",
            count=len(looked_at.errors),
        )
    people = [{field: row[field] for field in FIELDS if row[field]} for row in _records(looked_at.rows)]
    states = {
        person_id: new_person(vault, person_id, values)
        for person_id, values in ((secrets.token_hex(16), values) for values in people)
    }
    save(vault, "import", states)
    return list(states)


def undo_import(vault: Vault) -> int:
    """Take back this user's last import, everybody of it at once, and return how many people that was.

    Raises
    ------
    InputError
        This user imported nobody.
    EditConflictError
        Somebody worked on one of them since, or it is undone already.
    """
    with reading(vault) as connection:
        change_id, people = connection.execute(
            "SELECT max(change_id), count(*) FROM changes WHERE batch = "
            "(SELECT batch FROM changes WHERE what = 'import' AND by = ? ORDER BY change_id DESC LIMIT 1)",
            (vault.user.user_id,),
        ).fetchone()
    if not people:
        raise InputError("You imported nobody yet, so there is nothing to undo.")
    undo(vault, change_id)
    return int(people)


def _records(rows: pd.DataFrame) -> list[dict[str, str]]:
    filled = rows[list(FIELDS)].astype("string").fillna("")
    return [{str(name): str(value) for name, value in row.items()} for row in filled.to_dict("records")]


def _problems(values: Mapping[str, str]) -> list[tuple[str, InputError]]:
    """Return each field that can't be used, and what was expected."""
    problems = []
    for field in ("name", *(name for name in values if name != "name")):
        try:
            checked(PERSON.name, {"name": "somebody", "manager": "somebody", field: values[field]})
        except InputError as problem:
            problems.append((field, problem))
    return problems


def _same_names(rows: pd.DataFrame, there: pd.Series) -> pd.DataFrame:
    """Return pairs of people of one name: each row with the first of its name, or with one on the caseload."""
    names = rows["name"].fillna("").map(comparable)
    first = rows.groupby(names)["row"].transform("first")
    known = names.isin({comparable(name) for name in there})
    pairs = rows[["row"]].assign(other=first.astype("string"))
    doubled = pairs[(first != rows["row"]) & (names != "")]
    listed = pairs[known & (names != "")].assign(other="on the caseload")
    return pd.concat([doubled, listed]).sort_values("row", ignore_index=True)
