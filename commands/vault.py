"""`recovery-reach vault`: make, check, back up, restore and delete the encrypted caseload, and read its audit trail.

Passphrases and recovery codes are asked for, or read from standard input, a line each; never taken from an option or
the environment, which other programs can read.
"""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.arguments import agreed
from commands.options import Json
from commands.output import deliver
from geo.errors import InputError, RecoveryReachError, VaultError
from geo.plurals import Plural
from layers.terminal import print_json, print_json_text, print_lines, print_rows, say, typed_line

if TYPE_CHECKING:
    from people.importing import Preview
    from people.vault import Vault

app = typer.Typer(help="Keep a caseload, encrypted, on this machine.", no_args_is_help=True)

User = Annotated[str | None, typer.Option("--user", metavar="NAME", help="Who unlocks it; asked for without.")]
Person = Annotated[
    str, typer.Argument(metavar="PERSON", help="Id, agency number or name; - to be asked, so that no shell keeps it.")
]


@app.command("create")
def vault_create(user: User = None) -> None:
    """Make a vault with its first user, a supervisor, and show the recovery code to print."""
    from people.folders import vault_place
    from people.vault import create_vault, lock

    name = _name(user)
    vault, code = create_vault(vault_place(), name, _new_passphrase(name))
    lock(vault)
    say(f"The vault lies at {vault.place.database}, its keys at {vault.place.keys}.")
    _show_code(code)


@app.command("unlock-check")
def vault_unlock_check(user: User = None, as_json: Json = False) -> None:
    """Unlock the vault and check every page of it and the end of its audit trail."""
    from people.caseload import caseload
    from people.process import may_be_swapped

    with _unlocked(user) as vault:
        facts = {"database": str(vault.place.database), "user": vault.user.name, "role": vault.user.role}
        facts["memory"] = "may be written to swap, unencrypted" if may_be_swapped() else "kept out of plain swap"
        found = facts | {"people": len(caseload(vault)), "archived": len(caseload(vault, archived=True))}
    if as_json:
        print_json(found)
    else:
        say("The vault opens, and every page of it is as it was written.")
        print_rows([found])


@app.command("passwd")
def vault_passwd(
    user: User = None,
    recovery_code: Annotated[
        bool, typer.Option("--recovery-code", help="The passphrase is lost: use the printed recovery code.")
    ] = False,
) -> None:
    """Change your passphrase; the data stays as it is, and other users' passphrases too."""
    from people.folders import vault_place
    from people.users import change_passphrase
    from people.vault import lock, open_vault, recover

    name = _name(user)
    if recovery_code:
        code = _secret("Recovery code: ")
        vault, renewed = recover(vault_place(), name, code, _new_passphrase(name))
        lock(vault)
        _show_code(renewed)
        return
    old = _secret("Passphrase: ")
    vault = open_vault(vault_place(), name, old)
    try:
        change_passphrase(vault, old, _new_passphrase(name))
    finally:
        lock(vault)
    say("The passphrase is changed. Backups made before open with the one of when they were made.")


@app.command("backup")
def vault_backup(out: Annotated[Path, typer.Argument(metavar="F", help="File to write.")], user: User = None) -> None:
    """Write a backup, open it again and check all of it."""
    from layers.export import check_folder
    from people.backup import write_backup

    check_folder(out)
    with _unlocked(user) as vault:
        proof = write_backup(vault, out)
    say(
        f"{out} holds {_people(proof.people)}; it was opened, and every page and audit row of it is whole. It is "
        "encrypted, and as safe as the weakest passphrase."
    )
    print_lines([proof.head])


@app.command("restore")
def vault_restore(
    file: Annotated[Path, typer.Argument(metavar="F", help="A backup.")],
    user: User = None,
    replace: Annotated[bool, typer.Option("--replace", help="Put it in the place of the vault that is there.")] = False,
) -> None:
    """Put a backup in the vault's place, once it has been opened and found whole; close the app before."""
    from people.backup import restore
    from people.folders import vault_place
    from people.vault import lock

    name = _name(user)
    vault, proof = restore(vault_place(), file, name, _secret("Passphrase: "), replace=replace)
    lock(vault)
    say(f"Restored: {_people(proof.people)}, every page and audit row as it was written.")


@app.command("delete")
def vault_delete(
    user: User = None,
    without_unlocking: Annotated[
        bool, typer.Option(help="No passphrase opens it any more; what backups hold can't be told then.")
    ] = False,
) -> None:
    """Delete the vault for good, its keys first, and tell which backups still hold it."""
    from people.backup import delete_files, delete_vault
    from people.folders import vault_place

    if without_unlocking:
        _confirm("delete", "delete the vault for good", "Nothing was deleted.")
        delete_files(vault_place())
        say("The vault is deleted. Backups, if any were made, still hold it: delete those too.")
        return
    with _unlocked(user) as vault:
        _confirm("delete", "delete the vault for good", "Nothing was deleted.")
        backups = delete_vault(vault)
    say("The vault is deleted." if backups.empty else "The vault is deleted. These backups still hold it:")
    if len(backups):
        print_rows(backups.to_dict("records"))


@app.command("audit")
def vault_audit(
    user: User = None,
    verify: Annotated[bool, typer.Option("--verify", help="Check that every row is as it was written.")] = False,
    expect: Annotated[
        str | None, typer.Option(metavar="END", help="The end of the trail as --verify printed it once.")
    ] = None,
    accept_break: Annotated[
        bool, typer.Option("--accept-break", help="Go on with a trail that was cut off; recorded in it.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show the latest rows of the audit trail, or verify all of it; supervisors only."""
    from people.trail import read_trail, verify_trail

    with _unlocked(user, accept_break=accept_break) as vault:
        if verify or expect:
            verdict = verify_trail(vault, expect)
            if not verdict.is_whole:
                raise VaultError(
                    "The audit trail is broken at row {row}. {problem}",
                    row=verdict.first_broken, problem=verdict.problem,
                )  # fmt: skip
            say(f"All {verdict.rows} rows are as they were written. Keep this end of the trail in another place:")
            print_json({"rows": verdict.rows, "head": verdict.head}) if as_json else print_lines([verdict.head])
            return
        deliver(read_trail(vault), None, as_json, all_rows="--json")


@app.command("disclosures")
def vault_disclosures(
    person: Person,
    user: User = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="F.csv", help="Write here.")] = None,
    as_json: Json = False,
) -> None:
    """List what was handed out about a person in the last three years, to whom, and what for."""
    from layers.export import check_folder, quoted
    from people.consent import accounting
    from people.folders import write_private

    if out is not None:
        check_folder(out)
    with _unlocked(user) as vault:
        table = accounting(vault, _person_id(vault, person))
    if out is None:
        deliver(table, None, as_json)
    else:
        write_private(out, quoted(table).to_csv(index=False, lineterminator="\n").encode())
        say(f"Written to {out}, for you alone.")


@app.command("import")
def vault_import(
    file: Annotated[Path, typer.Argument(metavar="F", help="People, one a row: .csv or .xlsx.")],
    user: User = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN", help="Which column is what; again for each."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Import without asking.")] = False,
) -> None:
    """Put the people of a CSV or .xlsx on your caseload: shows what it would do, then asks; all of them, or nobody."""
    from people.importing import import_people, preview, read_people, suggest_columns

    try:
        table = read_people(file.read_bytes())
    except OSError as problem:
        raise InputError(f"{file} can't be read ({problem.strerror}).") from None
    chosen = suggest_columns(table) | dict(_pair(text) for text in columns or ())
    if "name" not in chosen:
        raise InputError(
            "No column of the file is known to hold the names; say which does, with --map name=COLUMN. Its columns "
            f"are {', '.join(map(str, table.columns))}."
        )
    with _unlocked(user) as vault:
        looked_at = preview(vault, table, chosen)
        _show_preview(looked_at)
        if looked_at.errors.empty and not (yes or (sys.stdin.isatty() and agreed("Import these people?"))):
            raise InputError("Nobody was imported: add --yes to import what is shown.")
        people = import_people(vault, looked_at)
    say(f"Imported: {_people(len(people))}.")


@app.command("undo-import")
def vault_undo_import(user: User = None) -> None:
    """Take back your last import, everybody of it at once, while nobody has worked on them."""
    from people.importing import undo_import

    with _unlocked(user) as vault:
        count = undo_import(vault)
    say(f"Taken back: {_people(count)}.")


@app.command("export")
def vault_export(
    person: Person,
    user: User = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="F.json", help="Write here, for you alone.")] = None,
) -> None:
    """Give a person's whole record as JSON, for the person; anybody else needs a consent in force."""
    from layers.export import check_folder
    from people.export import export_json
    from people.folders import write_private

    if out is not None:
        check_folder(out)
    with _unlocked(user) as vault:
        content = export_json(vault, _person_id(vault, person))
    if out is None:
        print_json_text(content.decode())
    else:
        write_private(out, content)
        say(f"Written to {out}, unencrypted; give it to the person, then delete it.")


@app.command("users")
def vault_users(user: User = None, as_json: Json = False) -> None:
    """List who has or had a passphrase."""
    from people.users import list_users

    with _unlocked(user) as vault:
        deliver(list_users(vault), None, as_json, all_rows="--json")


@app.command("add-user")
def vault_add_user(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The colleague's name.")],
    role: Annotated[str, typer.Option(help="case_manager or supervisor.")] = "case_manager",
    user: User = None,
) -> None:
    """Give a colleague a passphrase of their own, which they type; supervisors only."""
    from people.users import add_user
    from people.vault import ROLES

    if role not in ROLES:
        raise InputError(f"--role is {' or '.join(ROLES)}.")
    with _unlocked(user) as vault:
        add_user(vault, name, "supervisor" if role == "supervisor" else "case_manager", _new_passphrase(name))
    say("They can unlock the vault now.")


@app.command("remove-user")
def vault_remove_user(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The colleague's name.")], user: User = None
) -> None:
    """Take a colleague's passphrase away; their people stay. Supervisors only."""
    from people.users import remove_user

    with _unlocked(user) as vault:
        remove_user(vault, _user_id(vault, name))
    say("Their passphrase opens nothing any more. `recovery-reach vault assign` hands their people to a colleague.")


@app.command("reset")
def vault_reset(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The colleague's name.")], user: User = None
) -> None:
    """Give a colleague who lost their passphrase a new one, which they type; supervisors only."""
    from people.users import reset_passphrase

    with _unlocked(user) as vault:
        reset_passphrase(vault, _user_id(vault, name), _new_passphrase(name))
    say("They can unlock the vault with it now; the old one opens nothing any more.")


@app.command("assign")
def vault_assign(
    person: Person,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The colleague's name.")],
    user: User = None,
) -> None:
    """Hand a person over to a colleague: who has them may, or a supervisor."""
    from people.caseload import assign

    with _unlocked(user) as vault:
        assign(vault, _person_id(vault, person), _user_id(vault, name))
    say("They are on that colleague's caseload now.")


@app.command("erase")
def vault_erase(person: Person, user: User = None) -> None:
    """Erase a person and their whole history for good, and list the backups that still hold them; supervisors only."""
    from people.erasing import erase_person

    with _unlocked(user) as vault:
        person_id = _person_id(vault, person)
        _confirm("erase", "erase this person for good", "Nobody was erased.")
        backups = erase_person(vault, person_id)
    say("The person is erased." if backups.empty else "The person is erased. These backups still hold them:")
    if len(backups):
        print_rows(backups.to_dict("records"))


@contextmanager
def _unlocked(user: str | None, *, accept_break: bool = False) -> "Iterator[Vault]":
    """Unlock the vault, and lock it whatever happens; an error nobody foresaw is told without what it holds."""
    from people.folders import vault_place
    from people.vault import lock, open_vault

    name = _name(user)
    vault = open_vault(vault_place(), name, _secret("Passphrase: "), accept_break=accept_break)
    try:
        yield vault
    except (RecoveryReachError, BrokenPipeError, typer.Exit, typer.Abort):
        raise
    except Exception as problem:
        where = traceback.extract_tb(problem.__traceback__)[-1]
        raise VaultError(
            "Something failed that we did not foresee ({kind} in {file}, line {line}); the vault is locked again. "
            "Please report this sentence and what you did, without any names.",
            kind=type(problem).__name__, file=Path(where.filename).name, line=where.lineno,
        ) from None  # fmt: skip
    finally:
        lock(vault)


def _name(user: str | None) -> str:
    return user if user is not None else _line("Your name: ")


def _secret(prompt: str) -> str:
    """Ask for a passphrase without showing it, or read a line of standard input where that is no terminal."""
    import getpass

    return getpass.getpass(prompt, sys.stderr) if sys.stdin.isatty() else _line("")


def _line(prompt: str) -> str:
    sys.stderr.write(prompt)
    sys.stderr.flush()
    typed = typed_line()
    if not typed:
        raise InputError("Standard input ended where a name, passphrase or code was expected; give each on a line.")
    return typed.rstrip("\r\n")


def _new_passphrase(name: str) -> str:
    """Ask for a new passphrase twice, tell how strong it is, and refuse one that is guessed too soon."""
    from people.keys import check_passphrase
    from people.strength import passphrase_strength

    passphrase = _secret("New passphrase: ")
    check_passphrase(passphrase)
    strength = passphrase_strength(passphrase, (name,))
    say(f"This passphrase is {strength.word}.")
    if not strength.is_enough:
        raise InputError("That passphrase is guessed too soon; four or five random words are easy to remember.")
    if _secret("Once more: ") != passphrase:
        raise InputError("The two passphrases differ; nothing was changed. Try again.")
    return passphrase


def _show_code(code: str) -> None:
    say(
        "Print this recovery code and lock it away: it opens the vault if a passphrase is lost, and is shown only now. "
        "Without it and without any passphrase, nobody can open the vault, neither can we."
    )
    print_lines([code])


def _confirm(word: str, what: str, otherwise: str) -> None:
    if _line(f"Type {word} to {what}: ").strip() != word:
        raise InputError(otherwise)


def _user_id(vault: "Vault", name: str) -> str:
    from people.users import list_users

    users = list_users(vault)
    there = users.loc[(users["name"].str.casefold() == name.casefold()) & users["removed_at"].isna(), "user_id"]
    if there.empty:
        raise InputError("There is no user of that name; `recovery-reach vault users` lists them.")
    return str(there.iloc[0])


def _person_id(vault: "Vault", text: str) -> str:
    from people.caseload import find_people

    found = find_people(vault, _line("Person: ") if text == "-" else text)
    if len(found) == 1:
        return str(found["person_id"].iloc[0])
    if found.empty:
        raise InputError("Nobody of that id, number or name is on your caseload.")
    print_rows(found[["person_id", "name", "born_on", "agency_number"]].to_dict("records"))
    raise InputError("Several people have that name; give the id of the one you mean.")


def _people(count: int) -> str:
    return Plural("{count} person", "{count} people").format(count=count)


def _pair(text: str) -> tuple[str, str]:
    field, mark, column = text.partition("=")
    if not mark:
        raise InputError("--map is written FIELD=COLUMN, like discharge_on='Leaves on'.")
    return field.strip(), column.strip()


def _show_preview(looked_at: "Preview") -> None:
    print_rows(looked_at.rows.head(40).replace("", None).to_dict("records"))
    if len(looked_at.rows) > 40:
        say(f"… {len(looked_at.rows) - 40} more rows.")
    for row, other in looked_at.same_names.itertuples(index=False):
        where = "on the caseload already" if not str(other).isdigit() else f"in row {other}"
        say(f"Row {row}: somebody of that name is {where}; they stay two people unless you merge them.")
    for row, column, problem in looked_at.errors.itertuples(index=False):
        say(f"Row {row}, column {column}: {problem}")
    if looked_at.unused:
        say(f"Columns not taken: {', '.join(looked_at.unused)}.")
