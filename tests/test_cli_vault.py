"""`recovery-reach vault` as a case manager meets it: from no vault to a backup, passphrases on standard input alone."""

import io
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import typer

import people.vault
from people.vault import USUAL
from tests.command_line import called

ANA, PASSPHRASE, OTHER = "Example Ana", "correct horse kettle staple", "seven purple kettles sing"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs `recovery-reach vault` with words and typed lines: exit code, output, errors."""
    cheap = replace(USUAL, memory_kib=8, passes=1, lanes=1, first_wait_seconds=0.0)
    for function in (people.vault.create_vault, people.vault.open_vault, people.vault.recover):
        defaults = tuple(cheap if value is USUAL else value for value in function.__defaults__ or ())
        monkeypatch.setattr(function, "__defaults__", defaults)
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def call(*words: str, typed: tuple[str, ...] = (PASSPHRASE,), user: bool = True) -> tuple[int, str, str]:
        who = ("--user", ANA) if user else ()
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
        code, out, err = called(("vault", *words, *who), monkeypatch, capsys)
        assert not any(secret in out + err for secret in (PASSPHRASE, OTHER))
        return code, out, err

    return call


@pytest.fixture
def made(run: Run) -> str:
    """Return the recovery code of a vault that was made."""
    code, output, _ = run("create", typed=(ANA, PASSPHRASE, PASSPHRASE), user=False)
    assert code == 0
    return output.strip()


@pytest.fixture
def person(run: Run, made: str, tmp_path: Path) -> str:
    """Return the id of somebody who was imported."""
    (tmp_path / "people.csv").write_text("Name,DOB\nPerson One,1980-02-03\n")
    assert run("import", "people.csv", "--yes")[0] == 0
    document: dict[str, str] = json.loads(run("export", "Person One")[1])
    return document["person_id"]


def test_from_no_vault_to_an_open_one(run: Run, made: str) -> None:
    assert len(made.replace("-", "")) == 32
    code, output, _ = run("unlock-check", "--json")
    assert code == 0
    assert json.loads(output)["role"] == "supervisor"


def test_strength_is_shown_and_what_is_guessed_too_soon_refused(run: Run) -> None:
    code, _, errors = run("create", typed=("passwordpassword1",))
    assert (code, "is weak" in errors or "is very weak" in errors) == (2, True)
    code, _, errors = run("create", typed=(PASSPHRASE, OTHER))
    assert "This passphrase is strong." in errors
    assert (code, "differ" in errors) == (2, True)
    assert run("unlock-check")[0] == 2


def test_a_passphrase_is_never_an_option(run: Run, made: str) -> None:
    for words in (("unlock-check", "--passphrase", "x"), ("create", "x"), ("passwd", "x")):
        assert run(*words)[0] == 2


def test_a_wrong_passphrase_is_one_sentence(run: Run, made: str) -> None:
    code, output, errors = run("unlock-check", typed=("not the passphrase",))
    assert (code, output) == (2, "")
    assert errors.count("\n") == 1
    assert "wrong" in errors
    assert run("unlock-check", typed=())[0] == 2


def test_a_passphrase_is_changed_and_a_lost_one_recovered(run: Run, made: str) -> None:
    assert run("passwd", typed=(PASSPHRASE, OTHER, OTHER))[0] == 0
    assert run("unlock-check")[0] == 2
    assert run("unlock-check", typed=(OTHER,))[0] == 0
    code, output, _ = run("passwd", "--recovery-code", typed=(made, PASSPHRASE, PASSPHRASE))
    assert code == 0
    assert output.strip() != made
    assert run("unlock-check")[0] == 0


def test_backup_delete_restore(run: Run, person: str, tmp_path: Path) -> None:
    code, _, errors = run("backup", "one.backup")
    assert (code, "1 person" in errors) == (0, True)
    assert run("restore", "one.backup")[0] == 2
    assert run("delete", typed=(PASSPHRASE, "yes"))[0] == 2
    code, output, errors = run("delete", typed=(PASSPHRASE, "delete"))
    assert (code, "one.backup" in output) == (0, True)
    assert run("unlock-check")[0] == 2
    assert run("restore", "one.backup")[0] == 0
    assert json.loads(run("unlock-check", "--json")[1])["people"] == 1
    assert run("delete", "--without-unlocking", typed=("delete",))[0] == 0
    assert run("unlock-check")[0] == 2


def test_the_trail_is_verified_against_the_end_that_was_kept(run: Run, person: str) -> None:
    code, head, errors = run("audit", "--verify")
    assert (code, "as they were written" in errors) == (0, True)
    assert run("audit", "--verify", "--expect", head.strip())[0] == 0
    assert run("audit", "--verify", "--expect", head.strip()[:-1] + ("0" if head.strip()[-1] != "0" else "1"))[0] == 2
    assert "import person" in run("audit")[1]
    for _ in range(10):  # each unlocking adds a row, and each locking
        run("unlock-check")
    errors = run("audit")[2]
    assert "more rows; --json gives them all" in errors  # there is no other option that would


def test_disclosures_as_a_file(run: Run, person: str, tmp_path: Path) -> None:
    assert run("disclosures", person, "--out", "told.csv")[0] == 0
    assert (tmp_path / "told.csv").read_text().startswith("disclosed_on,recipient,what,purpose,by")
    assert (tmp_path / "told.csv").stat().st_mode & 0o777 == 0o600
    assert run("disclosures", "Nobody")[0] == 2
    assert json.loads(run("disclosures", person, "--json")[1]) == []


def test_an_import_shows_errors_by_row_and_imports_nobody(run: Run, made: str, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("Name,DOB,Leaves\nPerson One,soon,2026-12-03\nPerson Two,,x\n")
    code, _, errors = run("import", "people.csv", "--yes", "--map", "discharge_on=Leaves")
    assert code == 2
    assert "Row 1, column DOB: born_on must be a date" in errors
    assert "Row 2, column Leaves" in errors
    (tmp_path / "people.csv").write_text("Name\nPerson One\nPerson One\n")
    code, _, errors = run("import", "people.csv")
    assert (code, "stay two people" in errors) == (2, True)
    assert json.loads(run("unlock-check", "--json")[1])["people"] == 0
    assert run("import", "people.csv", "--yes")[0] == 0
    code, _, errors = run("undo-import")
    assert (code, "Taken back: 2 people." in errors) == (0, True)
    assert json.loads(run("unlock-check", "--json")[1])["people"] == 0


def test_an_import_without_a_column_of_names_says_how_to_name_it(run: Run, made: str, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("Who,DOB\nPerson One,1980-02-03\n")
    code, _, errors = run("import", "people.csv", "--yes")
    assert (code, "--map name=COLUMN" in errors, "Who, DOB" in errors) == (2, True, True)
    code, _, errors = run("import", "people.csv", "--yes", "--map", "name=Wo")
    assert (code, "no column Wo" in errors, "Who, DOB" in errors) == (2, True, True)
    assert run("import", "people.csv", "--yes", "--map", "name=Who")[0] == 0


def test_somebody_whose_name_two_have_is_asked_for_by_id(run: Run, person: str, tmp_path: Path) -> None:
    run("import", "people.csv", "--yes")
    code, output, _ = run("export", "Person One")
    assert (code, person in output) == (2, True)
    code, _, _ = run("export", "-", "--out", "one.json", typed=(PASSPHRASE, person))
    assert code == 0
    assert (tmp_path / "one.json").stat().st_mode & 0o777 == 0o600


def test_colleagues(run: Run, made: str) -> None:
    assert run("add-user", "Example Ben", typed=(PASSPHRASE, OTHER, OTHER))[0] == 0
    assert run("unlock-check", "--user", "Example Ben", typed=(OTHER,), user=False)[0] == 0
    assert run("audit", "--user", "Example Ben", typed=(OTHER,), user=False)[0] == 2
    assert [row["name"] for row in json.loads(run("users", "--json")[1])] == [ANA, "Example Ben"]
    assert run("remove-user", "example ben")[0] == 0
    assert run("unlock-check", "--user", "Example Ben", typed=(OTHER,), user=False)[0] == 2
    assert run("add-user", "Example Dan", "--role", "funder")[0] == 2


def test_what_nobody_foresaw_is_told_without_what_it_holds(
    run: Run, person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bytes:
        raise KeyError("Person One")

    monkeypatch.setattr("people.export.export_json", broken)
    monkeypatch.setenv("RECOVERY_REACH_DEBUG", "1")
    code, output, errors = run("export", person)
    assert (code, output) == (2, "")
    assert "KeyError in test_cli_vault.py, line" in errors
    assert "Person One" not in errors


def test_who_gives_up_while_it_is_open_is_told_nothing_failed(
    run: Run, person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def given_up(*_: object) -> bytes:
        raise typer.Abort

    monkeypatch.setattr("people.export.export_json", given_up)
    assert "foresee" not in run("export", person)[2]


def test_a_person_is_handed_over_and_erased_for_good(run: Run, person: str) -> None:
    assert run("add-user", "Example Ben", typed=(PASSPHRASE, OTHER, OTHER))[0] == 0
    assert run("assign", person, "Nobody")[0] == 2
    assert run("assign", person, "example ben")[0] == 0
    ben = {"typed": (OTHER,), "user": False}
    assert json.loads(run("unlock-check", "--json", "--user", "Example Ben", **ben)[1])["people"] == 1
    assert run("erase", person, "--user", "Example Ben", typed=(OTHER, "erase"), user=False)[0] == 2
    assert run("backup", "one.backup")[0] == 0
    code, _, errors = run("erase", person, typed=(PASSPHRASE, "yes"))
    assert (code, "Nobody was erased" in errors) == (2, True)
    code, output, errors = run("erase", person, typed=(PASSPHRASE, "erase"))
    assert (code, "one.backup" in output) == (0, True)
    assert json.loads(run("unlock-check", "--json")[1])["people"] == 0


def test_a_supervisor_gives_a_new_passphrase_to_who_lost_theirs(run: Run, made: str) -> None:
    run("add-user", "Example Ben", typed=(PASSPHRASE, OTHER, OTHER))
    new = "nine yellow lanterns hum"
    assert run("reset", ANA, "--user", "Example Ben", typed=(OTHER, new, new), user=False)[0] == 2
    assert run("reset", "example ben", typed=(PASSPHRASE, new, new))[0] == 0
    assert run("unlock-check", "--user", "Example Ben", typed=(OTHER,), user=False)[0] == 2
    assert run("unlock-check", "--user", "Example Ben", typed=(new,), user=False)[0] == 0


def test_nobody_is_found_by_an_empty_answer(run: Run, person: str) -> None:
    code, output, _ = run("export", "-", typed=(PASSPHRASE, ""))
    assert (code, output) == (2, "")
