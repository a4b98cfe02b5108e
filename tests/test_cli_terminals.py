"""Terminals and pipes that aren't UTF-8: every command answers in their marks, and what machines read stays whole."""

import io
import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

import cli
import people.vault
from people.vault import USUAL
from tests.sources.networks.test_gtfs import SOUND, zipped
from tests.sources.region.test_manage import osm_xml

HOME = ("--at", "39.0831,-84.5072")
WALK = ("--from", "odd.csv", "--mode", "walk")
PASSPHRASE, OTHER = "correct horse kettle staple", "seven purple kettles sing"
WORD = (PASSPHRASE,)
ANA = ("--user", "Ana")

SCENARIO = (
    'title = "Später → mehr “Busse”"\n[[place.add]]\nid = "“neu” →"\ncategory = "food"\nlon = -84.507\nlat = 39.083\n'
)


@dataclass(frozen=True)
class Call:
    """Words of a command, what is typed into it, and the code that it ends with."""

    words: tuple[str, ...]
    typed: tuple[str, ...] = ()
    code: int = 0


CALLS: dict[str, tuple[Call, ...]] = {
    "doctor": (Call(()), Call(("--json",))),
    "demo": (Call(("--port", "99999"), code=2),),
    "app": (Call(("--host", "no such → host"), code=2),),
    "bench": (Call(("--list–",), code=2),),
    "times": (Call(("quay", *WALK, "--to", "odd.csv")), Call(("quay", *WALK, "--to", "odd.csv", "--json"))),
    "isochrones": (Call(("quay", *WALK, "--minutes", "5")),),
    "opportunities": (Call(("quay", *WALK, "--to", "odd.csv", "--weight", "people", "--cutoff", "9")),),
    "access": (Call(("--measure", "“cumulative”"), code=2),),
    "score": (
        Call(("quay", *HOME, "--journeys")),
        Call(("quay", *HOME, "--json")),
        Call(("quay", "--at", "Größe → Straße “9” Łódź 北京 \udcff"), code=2),
        Call(("nirgendwo–é", *HOME), code=2),
    ),
    "compare": (Call(("quay", "--at", "odd.csv")),),
    "plan": (Call(("quay", *HOME, "--date", "2024-03-04")), Call(("quay", *HOME, "--date", "2024-03–04"), code=2)),
    "print": (Call(("quay", *HOME, "--out", "fehlt–hier/x.pdf"), code=2),),
    "surface": (Call(("quay", "--profile", "no-car")),),
    "site": (Call(("quay", "--class", "food", "--candidates", "food", "--k", "1")),),
    "scenario": (Call(("quay", "später.toml")),),
    "report": (Call(("quay",)), Call(("quay", "--json"))),
    "changes": (Call(("quay", "--since", "gestern–"), code=2), Call(("quay", "--against", "quay"))),
    "sources list": (Call(()), Call(("--json",))),
    "sources check": (Call(("--soon–",), code=2),),
    "sources columns": (Call(("food=odd.csv",)), Call(("food=odd.csv", "--json"))),
    "sources fetch": (Call(("nichts–",), code=2),),
    "sources new": (Call(("süß–",), code=2), Call(("pantry", "--checkout", "süß–"), code=2)),
    "regions build": (Call(("--list", "süß–.toml"), code=2),),
    "regions surface": (Call(("--list", "süß–.toml"), code=2),),
    "region list": (Call(()), Call(("--json",))),
    "region show": (Call(("quay",)), Call(("quay", "--json"))),
    "region health": (Call(("quay",)),),
    "region locate": (Call(("quay",)),),
    "region problems": (Call(("quay", "--out", "rows.csv")),),
    "region check": (Call(("quay",)),),
    "region export": (Call(("quay", "--out", "quay.graphml")),),
}
"""Commands that change nothing which another of them needs."""

BUILD = ("--osm", "town.osm", "--gtfs", "gtfs.zip", "--resources", "food=odd.csv", "--zones", "people.csv")
REGION = {
    "region build": (Call(("other", *BUILD, "--title", "Ñ → “Ł”")), Call(("other", "--osm", "fehlt–hier.osm"), code=2)),
    "region update": (Call(("other", "--yes")), Call(("other", "--undo"))),
    "region remove": (Call(("other",)),),
}
VAULT = {
    "vault create": (Call((), ("Ana", PASSPHRASE, PASSPHRASE)),),
    "vault unlock-check": (Call(ANA, WORD), Call((*ANA, "--json"), WORD), Call(ANA, ("falsch-é–",), code=2)),
    "vault add-user": (Call(("Łucja", *ANA), (PASSPHRASE, OTHER, OTHER)),),
    "vault users": (Call(ANA, WORD), Call((*ANA, "--json"), WORD)),
    "vault import": (Call(("persons.csv", "--yes", *ANA), WORD),),
    "vault export": (Call(("“Lu” Ñandú", *ANA), WORD),),
    "vault assign": (Call(("“Lu” Ñandú", "Łucja", *ANA), WORD),),
    "vault disclosures": (Call(("“Lu” Ñandú", *ANA), WORD),),
    "vault undo-import": (Call(ANA, WORD, code=2),),
    "vault reset": (Call(("Łucja", *ANA), (PASSPHRASE, OTHER, OTHER)),),
    "vault backup": (Call(("sicher.bak", *ANA), WORD),),
    "vault erase": (Call(("“Lu” Ñandú", *ANA), (PASSPHRASE, "erase")),),
    "vault audit": (Call(ANA, WORD), Call((*ANA, "--json"), WORD), Call((*ANA, "--verify"), WORD)),
    "vault remove-user": (Call(("Łucja", *ANA), WORD),),
    "vault passwd": (Call(ANA, (PASSPHRASE, OTHER, OTHER)),),
    "vault restore": (Call(("sicher.bak", *ANA), ("nein–",), code=2),),
    "vault delete": (Call((), ("nein",), code=2),),
}
"""Commands in an order in which each finds what it needs."""


def commands(command: Any = None, path: tuple[str, ...] = ()) -> list[str]:
    """Return the words of every command."""
    command = command or get_command(cli.app)
    inner = getattr(command, "commands", None)
    if inner is None:
        return [" ".join(path)]
    return [name for word, one in inner.items() for name in commands(one, (*path, word))]


def run_in(encoding: str, words: tuple[str, ...], typed: tuple[str, ...] = ()) -> tuple[int, bytes, bytes]:
    """Return exit code, output and errors of `recovery-reach` where input and output have an encoding."""
    out, errors = io.BytesIO(), io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["recovery-reach", *words])
        patch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
        patch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding, write_through=True))
        patch.setattr(sys, "stderr", io.TextIOWrapper(errors, encoding, write_through=True))
        try:
            cli.main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        else:
            code = 0
        sys.stdout.flush()
        sys.stderr.flush()
        return code, out.getvalue(), errors.getvalue()


def check(encoding: str, name: str, calls: tuple[Call, ...]) -> None:
    """Run a command in each way, and ask for its help."""
    for call in calls:
        code, out, errors = run_in(encoding, (*name.split(), *call.words), call.typed)
        told = errors.decode(encoding)
        assert code == call.code, (name, told)
        assert "foresee" not in told
        if "--json" in call.words or name in ("isochrones", "vault export"):
            json.loads(out.decode("ascii"))
        else:
            assert (out + errors).decode(encoding).strip()
    code, out, _ = run_in(encoding, (*name.split(), "--help"))
    assert code == 0
    assert "usage" in out.decode(encoding).lower()


@pytest.fixture(scope="module", params=["ascii", "cp1252"])
def encoding(request: pytest.FixtureRequest, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return an encoding, in a folder with names and titles that it lacks and a small region `quay`."""
    folder = tmp_path_factory.mktemp("terminal")
    shutil.copytree(home, folder / "home")
    (folder / "odd.csv").write_text(
        "id,name,lat,lon,people\n1,Größe → “Łódź” – 北京,39.083,-84.507,7\n2,Café ½,39.081,-84.509,9\n"
        "3,“Nirgends” →,,,9\n",
        "utf-8",
    )
    (folder / "people.csv").write_text("lon,lat,people\n-84.509,39.081,50\n", "utf-8")
    (folder / "town.osm").write_text(osm_xml(), "utf-8")
    stops = SOUND["stops.txt"].replace("39.0,-84.0\n", "39.081,-84.509\n").replace("First", "“Erste” → Straße")
    (folder / "gtfs.zip").write_bytes(zipped(SOUND | {"stops.txt": stops}))
    (folder / "später.toml").write_text(SCENARIO, "utf-8")
    (folder / "persons.csv").write_text("Name,DOB\n“Lu” Ñandú,1980-02-03\n", "utf-8")
    cheap = replace(USUAL, memory_kib=8, passes=1, lanes=1, first_wait_seconds=0.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("RECOVERY_REACH_HOME", str(folder / "home"))
        for function in (people.vault.create_vault, people.vault.open_vault, people.vault.recover):
            defaults = tuple(cheap if value is USUAL else value for value in function.__defaults__ or ())
            patch.setattr(function, "__defaults__", defaults)
        code, _, errors = run_in("utf-8", ("region", "build", "quay", *BUILD, "--title", "Ñ → “Ł” – 北京"))
        assert code == 0, errors.decode()
        code, _, errors = run_in("utf-8", ("surface", "quay", "--profile", "no-car"))
        assert code == 0, errors.decode()
        yield str(request.param)


def test_every_command_is_called() -> None:
    assert sorted([*CALLS, *REGION, *VAULT]) == sorted(commands())


@pytest.mark.parametrize("name", CALLS)
def test_every_command_answers(encoding: str, name: str) -> None:
    check(encoding, name, CALLS[name])


@pytest.mark.parametrize("flow", [REGION, VAULT], ids=["region", "vault"])
def test_commands_that_build_on_each_other_answer(encoding: str, flow: dict[str, tuple[Call, ...]]) -> None:
    for name, calls in flow.items():
        check(encoding, name, calls)


@pytest.mark.parametrize("words", [("--help",), (), ("region",), ("no–such–command",), ("score", "--no–such–option")])
def test_help_and_what_typer_refuses(encoding: str, words: tuple[str, ...]) -> None:
    code, out, errors = run_in(encoding, words)
    assert code in (0, 2)
    assert (out + errors).decode(encoding).strip()


def test_json_is_the_same_in_every_encoding(encoding: str) -> None:
    words = ("region", "show", "quay", "--json")
    assert json.loads(run_in(encoding, words)[1]) == json.loads(run_in("utf-8", words)[1])


def test_marks_stay_where_they_can_and_are_written_plainly_where_not(encoding: str) -> None:
    _, _, errors = run_in(encoding, ("score", "quay", "--at", "Café – Łódź → ≤ 北"))
    shown = {"ascii": "Cafe - Lodz -> <= ?", "cp1252": "Café – Lódz -> <= ?"}[encoding]
    assert shown in errors.decode(encoding)


def test_what_is_typed_in_another_encoding_is_one_sentence(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from commands.arguments import agreed
    from geo.errors import InputError

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"s\x81\n"), encoding))
    with pytest.raises(InputError, match=f"no text in {encoding}; set PYTHONIOENCODING"):
        agreed("Go on?")
