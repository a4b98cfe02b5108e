"""Entries: what the vault holds now, how each came to be so, and every edit taken back.

An edit goes from one state of some entries to another, all at once: a *batch*. Each state before and after is kept, so
that undoing is one rule for every kind of edit: where nothing was changed since, the states before come back, as
an edit of its own that can be undone too.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.errors import EditConflictError, InputError
from geo.tables import DTYPES
from people import audit
from people.kinds import COMPARISON, FIXED, KINDS, PERSON, SHARED, checked, only_one
from people.settings import VIEW_SECONDS
from people.vault import Vault, moment, reading, record, refuse, writing

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

COMMON = ("entry_id", "person_id", "version", "changed_at", "changed_by")
"""Columns of every table of entries, before those of its kind."""
CHANGED = "Somebody changed this while you were typing; what you typed is not saved. Look at it again, then save."
TAKEN_AWAY = "This was taken away meanwhile; undo that to change it."


@dataclass(frozen=True)
class State:
    """What is true of an entry: whose it is (None: nobody's), its fields, and whether it was removed."""

    kind: str
    person_id: str | None
    fields: Mapping[str, Any]
    removed: bool = False

    def __repr__(self) -> str:
        return f"State({self.kind})"


def add_entry(vault: Vault, kind: str, values: Mapping[str, Any], person_id: str | None = None) -> str:
    """Add an entry, of a person unless its kind is about nobody, and return its id.

    Raises
    ------
    InputError
        A field can't be used, or the person has one of a kind that everybody has once.
    EditConflictError
        The person was taken away or merged into another meanwhile.
    NotAllowedError
        The person is not on this user's caseload.
    """
    if kind == PERSON.name:
        raise InputError("A person is added by people.caseload.add_person.")
    _check_owner(vault, kind, person_id)
    entry_id = secrets.token_hex(16)
    state = State(kind, person_id, checked(kind, values))
    with writing(vault) as connection:
        if person_id is not None:
            _present(connection, person_id, None)
        one = only_one(kind, state.fields)
        if one is not None and person_id is not None and one in _only_ones(vault, person_id):
            raise InputError("There is one already; edit that.")
        save(vault, "add", {entry_id: state})
    return entry_id


def edit_entry(vault: Vault, entry_id: str, values: Mapping[str, Any], seen: int | None = None) -> None:
    """Change some fields of an entry; None empties one.

    Parameters
    ----------
    seen
        The version that was on the screen; an entry that was changed since is left as it is.

    Raises
    ------
    InputError
        A field can't be used, or entries of this kind are never edited.
    EditConflictError
        Somebody changed it since, or took it away.
    NotAllowedError
        It isn't this user's.
    """
    kind, person_id = owner_of(vault, entry_id)
    _check_owner(vault, kind, person_id)
    _check_editable(kind)
    with writing(vault) as connection:
        state = _present(connection, entry_id, person_id, seen)
        save(vault, "edit", {entry_id: replace(state, fields=checked(kind, {**state.fields, **values}))})


def remove_entry(vault: Vault, entry_id: str, seen: int | None = None) -> None:
    """Take an entry away; undoing brings it back.

    Raises
    ------
    InputError, EditConflictError, NotAllowedError
        As `edit_entry`.
    """
    kind, person_id = owner_of(vault, entry_id)
    _check_owner(vault, kind, person_id)
    _check_editable(kind)
    with writing(vault) as connection:
        save(vault, "remove", {entry_id: replace(_present(connection, entry_id, person_id, seen), removed=True)})


def read_entries(vault: Vault, kind: str, person_id: str | None = None) -> pd.DataFrame:
    """Return the entries of a kind of one person, or all of a kind about nobody, oldest first: COMMON, then its fields.

    Reading a person's is a view, and in the audit trail.

    Raises
    ------
    NotAllowedError
        The person is not on this user's caseload.
    """
    _check_owner(vault, kind, person_id)
    if person_id is not None:
        note_view(vault, person_id)
    with reading(vault) as connection:
        rows = connection.execute(
            "SELECT entry_id, person_id, version, changed_at, changed_by, body FROM entries "
            "WHERE kind = ? AND person_id IS ? AND NOT removed ORDER BY rowid",
            (kind, person_id),
        ).fetchall()
    return as_table(kind, rows)


def entries_of_caseload(vault: Vault, kind: str) -> pd.DataFrame:
    """Return the entries of a kind of everybody whose record this user may see, as `read_entries` does; no view."""
    with reading(vault) as connection:
        rows = connection.execute(
            "SELECT entry_id, person_id, version, changed_at, changed_by, body FROM entries "
            "WHERE kind = ? AND NOT removed AND (? OR person_id IN (SELECT entry_id FROM entries "
            "WHERE kind = 'person' AND NOT removed AND body ->> 'manager' = ?)) ORDER BY rowid",
            (kind, vault.user.is_supervisor, vault.user.user_id),
        ).fetchall()
    return as_table(kind, rows)


def history(vault: Vault, person_id: str | None) -> pd.DataFrame:
    """Return every edit of a person's record, or (None) of what the agency shares, newest first.

    Returns
    -------
    DataFrame
        `change_id`, `batch` (edits made at once), `at`, `by` (user id), `what` (add, edit, remove, archive, unarchive,
        assign, merge, import, undo), `kind`, `entry_id`, and `before` and `after`: dicts of the fields that changed.
    """
    if person_id is not None:
        require_person(vault, person_id)
        note_view(vault, person_id)
    with reading(vault) as connection:
        rows = connection.execute(
            "SELECT change_id, batch, at, by, what, kind, entry_id, before, after FROM changes WHERE entry_id IN "
            "(SELECT entry_id FROM entries WHERE person_id IS ?) ORDER BY change_id DESC",
            (person_id,),
        ).fetchall()
    columns = ["change_id", "batch", "at", "by", "what", "kind", "entry_id", "before", "after"]
    table = pd.DataFrame(rows, columns=columns)
    differing = [_differing(row[7], row[8]) for row in rows]
    return table.assign(before=[pair[0] for pair in differing], after=[pair[1] for pair in differing])


def undo(vault: Vault, change_id: int) -> None:
    """Take back an edit, with everything that was done at once with it; undoing an undo does it again.

    Raises
    ------
    EditConflictError
        Something of it was changed since: undo that first; or somebody worked on a person who would be gone.
    InputError
        There is no such edit, or it can't be taken back.
    NotAllowedError
        It isn't this user's.
    """
    with reading(vault) as connection:
        changes = connection.execute(
            "SELECT entry_id, kind, before, after FROM changes WHERE batch = "
            "(SELECT batch FROM changes WHERE change_id = ?) ORDER BY change_id DESC",
            (change_id,),
        ).fetchall()
    if not changes:
        raise InputError("There is no such edit.")
    for _, kind, before, after in changes:
        if not (before and _parsed(kind, before).fields == _parsed(kind, after).fields):  # more than whose it is
            _check_editable(kind)
        for owner in {_parsed(kind, text).person_id for text in (before, after) if text}:
            _check_owner(vault, kind, owner)
    with writing(vault) as connection:
        states: dict[str, State] = {}
        for entry_id, kind, before, after in changes:
            if _text(_state(connection, entry_id)) != after:
                raise EditConflictError("This was changed again since: undo the later edit first.")
            states[entry_id] = _parsed(kind, before) if before else replace(_parsed(kind, after), removed=True)
        _check_nobody_worked_on(connection, states)
        save(vault, "undo", states)


def _check_nobody_worked_on(connection: "Connection", states: Mapping[str, State]) -> None:
    """Refuse states in which a person is gone, but something that was entered of them since is not.

    A comparison is kept by looking alone, and is no work.
    """
    gone = [entry_id for entry_id, state in states.items() if state.kind == PERSON.name and state.removed]
    for person_id in gone:
        rows = connection.execute(
            "SELECT entry_id FROM entries WHERE kind NOT IN (?, ?) AND person_id = ? AND NOT removed",
            (PERSON.name, COMPARISON.name, person_id),
        ).fetchall()
        if any(entry_id not in states for (entry_id,) in rows):
            raise EditConflictError(
                "Somebody worked on these people since; move those who don't belong to the archive."
            )


def save(vault: Vault, what: str, states: Mapping[str, State]) -> None:
    """Bring entries into new states at once, with their history and audit rows; those that are in them already stay.

    Rights are checked by who calls it. Within `writing`, or in a transaction of its own.
    """
    at, batch = moment(vault.settings), secrets.token_hex(8)
    with writing(vault) as connection:
        for entry_id, state in states.items():
            before = _stored(connection, entry_id)
            after = _text(state)
            if before == after:
                continue
            connection.execute(
                "INSERT INTO entries (entry_id, kind, person_id, body, removed, version, changed_at, changed_by) "
                "VALUES (?, ?, ?, ?, ?, 1, ?, ?) ON CONFLICT (entry_id) DO UPDATE SET person_id = excluded.person_id, "
                "body = excluded.body, removed = excluded.removed, version = version + 1, "
                "changed_at = excluded.changed_at, changed_by = excluded.changed_by",
                (
                    entry_id,
                    state.kind,
                    state.person_id,
                    _json(state.fields),
                    int(state.removed),
                    at,
                    vault.user.user_id,
                ),
            )
            cursor = connection.execute(
                "INSERT INTO changes (batch, what, entry_id, kind, before, after, at, by) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (batch, what, entry_id, state.kind, before, after, at, vault.user.user_id),
            )
            record(
                vault,
                "undo" if what == "undo" else "edit",
                person_id=state.person_id,
                subject=f"{what} {state.kind} {entry_id}",
                change_id=cursor.lastrowid,
                digest=audit.change_digest(vault.secret, before, after),
            )


def states_of(vault: Vault, person_id: str) -> dict[str, State]:
    """Return the state of every entry of a person that isn't removed, their own first, by entry id."""
    with reading(vault) as connection:
        rows = connection.execute(
            "SELECT entry_id, kind, person_id, body FROM entries WHERE person_id = ? AND NOT removed "
            "ORDER BY kind <> 'person', rowid",
            (person_id,),
        ).fetchall()
    return {row[0]: State(row[1], row[2], json.loads(row[3])) for row in rows}


def unlike_their_history(vault: Vault) -> list[int]:
    """Return the last change of each entry that isn't as that change left it: something else changed it."""
    with reading(vault) as connection:
        rows = connection.execute(
            "SELECT kind, person_id, body, removed, after, max(change_id) FROM entries LEFT JOIN "
            "(SELECT change_id, entry_id, after FROM changes) USING (entry_id) GROUP BY entry_id"
        ).fetchall()
    return [
        change_id or 0
        for kind, person_id, body, removed, after, change_id in rows
        if after != _text(State(kind, person_id, json.loads(body), bool(removed)))
    ]


def owner_of(vault: Vault, entry_id: str) -> tuple[str, str | None]:
    """Return an entry's kind, and whose it is.

    Raises
    ------
    NotAllowedError
        There is none; the same as for one that isn't this user's, so that no one learns which there are.
    """
    with reading(vault) as connection:
        row = connection.execute("SELECT kind, person_id FROM entries WHERE entry_id = ?", (entry_id,)).fetchone()
    if row is None:
        raise refuse(vault, "an entry that isn't there")
    return str(row[0]), row[1]


def require_person(vault: Vault, person_id: str) -> None:
    """Refuse a person who isn't on this user's caseload, whether or not there is one.

    Raises
    ------
    NotAllowedError
        The attempt is in the audit trail.
    """
    with reading(vault) as connection:
        row = connection.execute(
            "SELECT body ->> 'manager' FROM entries WHERE entry_id = ? AND kind = 'person'", (person_id,)
        ).fetchone()
    if row is None or not (vault.user.is_supervisor or row[0] == vault.user.user_id):
        raise refuse(vault, "a person's record", person_id)


def note_view(vault: Vault, person_id: str | None) -> None:
    """Record that a person's record (None: the list) was looked at; once for all that a page reads of it at a time."""
    now, key = vault.settings.uptime(), person_id or ""
    if now - vault.use.viewed.get(key, -VIEW_SECONDS) < VIEW_SECONDS:
        return
    with writing(vault):
        record(vault, "view" if person_id else "list", person_id=person_id)
    vault.use.viewed[key] = now


def as_table(kind: str, rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    """Return rows of `entries` as a table: COMMON, then the fields of the kind in their declared types."""
    common = pd.DataFrame([row[:-1] for row in rows], columns=list(COMMON))
    bodies = [json.loads(row[-1]) for row in rows]
    fields = {
        column.name: pd.Series([body.get(column.name) for body in bodies], dtype=DTYPES[column.kind])
        for column in KINDS[kind].columns
    }
    text = [name for name in COMMON if name != "version"]
    return pd.concat([common.astype(dict.fromkeys(text, "string")), pd.DataFrame(fields)], axis=1)


def _check_owner(vault: Vault, kind: str, person_id: str | None) -> None:
    if (kind in SHARED) != (person_id is None):
        raise InputError("A {kind} entry is {whose}.", kind=kind, whose="nobody's" if kind in SHARED else "a person's")
    if person_id is not None:
        require_person(vault, person_id)


def _check_editable(kind: str) -> None:
    if kind in FIXED:
        raise InputError("A {kind} is never edited: it is what was done.", kind=kind)


def _only_ones(vault: Vault, person_id: str) -> set[tuple[Any, ...] | None]:
    return {only_one(state.kind, state.fields) for state in states_of(vault, person_id).values()}


def _present(connection: "Connection", entry_id: str, person_id: str | None, seen: int | None = None) -> State:
    """Return the state of an entry that is to be changed.

    Raises
    ------
    EditConflictError
        It, or the person whose it is, was taken away or merged into another meanwhile; or its version isn't `seen`.
    """
    state = _state(connection, entry_id, seen)
    if state.removed or (person_id not in (None, entry_id) and _state(connection, str(person_id)).removed):
        raise EditConflictError(TAKEN_AWAY)
    return state


def _state(connection: "Connection", entry_id: str, seen: int | None = None) -> State:
    kind, person_id, body, removed, version = connection.execute(
        "SELECT kind, person_id, body, removed, version FROM entries WHERE entry_id = ?", (entry_id,)
    ).fetchone()
    if seen is not None and seen != version:
        raise EditConflictError(CHANGED)
    return State(kind, person_id, json.loads(body), bool(removed))


def _stored(connection: "Connection", entry_id: str) -> str | None:
    there = connection.execute("SELECT 1 FROM entries WHERE entry_id = ?", (entry_id,)).fetchone()
    return None if there is None else _text(_state(connection, entry_id))


def _text(state: State) -> str:
    return _json({"person_id": state.person_id, "fields": dict(state.fields), "removed": state.removed})


def _parsed(kind: str, text: str) -> State:
    document = json.loads(text)
    return State(kind, document["person_id"], document["fields"], document["removed"])


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, allow_nan=False)


def _differing(before: str | None, after: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the fields that differ between two states, as they were and as they became."""
    one, other = (
        {**doc["fields"], "removed": doc["removed"], "person_id": doc["person_id"]} if doc else {}
        for doc in (json.loads(before) if before else None, json.loads(after))
    )
    names = [name for name in {**one, **other} if one.get(name) != other.get(name)]
    return {name: one.get(name) for name in names}, {name: other.get(name) for name in names}
