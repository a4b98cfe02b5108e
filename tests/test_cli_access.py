"""`recovery-reach access`: every measure and decay from the command line; what doesn't fit is one sentence."""

import inspect
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from commands.access_measures import DECAYS, MEASURES, decay_of
from geo.access import decay, measures
from geo.errors import InputError
from sources.places.amounts import read_amounts, read_minutes
from tests.test_cli import HOME, Run, run, sentence

__all__ = ["run"]

MINUTES = """origin_id,destination_id,minutes,fare
a,x,10,1
a,y,25,3
b,x,20,1
b,y,5,0
c,y,50,9
"""
PEOPLE = "id,people\na,100\nb,300\nc,50\nfar,10\n"
PLACES = "id,beds\nx,8\ny,12\nz,5\n"
THERE = ["--from", HOME, "--to", HOME]
SHARED = ["--supply", "beds", "--demand", "people"]


@pytest.fixture
def tables(tmp_path: Path) -> list[str]:
    for name, text in (("minutes", MINUTES), ("people", PEOPLE), ("places", PLACES)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    paths = [str(tmp_path / f"{name}.csv") for name in ("minutes", "people", "places")]
    return ["access", "--minutes", paths[0], "--from", paths[1], "--to", paths[2]]


def values(output: str, name: str) -> dict[str, float | None]:
    return {row["id"]: row[name] for row in json.loads(output)}


def test_two_steps_by_hand(run: Run, tables: list[str]) -> None:
    code, output, _ = run(*tables, "--measure", "2sfca", "--decay", "binary:cutoff=20", *SHARED, "--json")
    assert code == 0
    x, y = 8 / (100 + 300), 12 / 300
    assert values(output, "2sfca") == pytest.approx({"a": x, "b": x + y, "c": 0, "far": 0})


SPECS = {
    "closest": ["closest:n=10", "--supply", "beds"],
    "cumulative": ["cumulative:cutoff=25,boundary=<", "--supply", "beds"],
    "cumulative-interval": ["cumulative-interval:interval=10/30,increment=10,summary=mean", "--supply", "beds"],
    "cumulative-costs": ["cumulative-costs:minutes=30,fare=2", "--supply", "beds"],
    "gravity": ["gravity", "--decay", "exponential:beta=0.1", "--supply", "beds"],
    "2sfca": ["2sfca", "--decay", "stepped:steps=10/30,weights=1/0.5", *SHARED],
    "3sfca": ["3sfca:limit=40", "--decay", "gaussian:sigma=15", *SHARED],
    "bfca": ["bfca", "--decay", "gaussian:sigma=15,within=30", *SHARED],
    "spatial-availability": ["spatial-availability:alpha=0.5", "--decay", "linear:cutoff=60", *SHARED],
    "total-constrained": ["total-constrained", "--decay", "linear:cutoff=60", "--supply", "beds"],
    "singly-constrained": ["singly-constrained:passive=yes", "--decay", "linear:cutoff=60", *SHARED],
    "balancing-cost": ["balancing-cost:increment=5", *SHARED],
    "raam": ["raam:tau=30", *SHARED],
}


def test_every_measure_is_the_librarys(run: Run, tables: list[str], tmp_path: Path) -> None:
    """The same numbers as the functions give; whoever reaches nothing has a row too."""
    supply = pd.Series({"x": 8.0, "y": 12.0, "z": 5.0})
    demand = pd.Series({"a": 100.0, "b": 300.0, "c": 50.0, "far": 10.0})
    table = pd.read_csv(tmp_path / "minutes.csv")
    whole = pd.concat(
        [table, pd.DataFrame([("far", "x", np.inf, np.inf), ("a", "z", np.inf, np.inf)], columns=table.columns)]
    )
    pairs = measures.pairs(whole)
    gaussian, linear = decay.gaussian(15), decay.linear(60)
    expected = {
        "closest": measures.cost_to_closest(pairs, supply, 10),
        "cumulative": measures.cumulative(pairs, supply, 25, "<"),
        "cumulative-interval": measures.cumulative_interval(pairs, supply, (10, 30), 10, "mean"),
        "cumulative-costs": measures.cumulative_costs(whole, supply, {"minutes": 30, "fare": 2}),
        "gravity": measures.gravity(pairs, supply, decay.exponential(0.1)),
        "2sfca": measures.two_step_fca(pairs, supply, demand, decay.stepped([10, 30], [1, 0.5])),
        "3sfca": measures.three_step_fca(pairs, supply, demand, gaussian, 40),
        "bfca": measures.balanced_fca(pairs, supply, demand, decay.within(gaussian, 30)),
        "spatial-availability": measures.spatial_availability(pairs, supply, demand, linear, 0.5),
        "total-constrained": measures.total_constrained(pairs, supply, linear),
        "singly-constrained": measures.singly_constrained(pairs, supply, demand, linear, passive=True),
        "balancing-cost": measures.balancing_cost(pairs, supply, demand, 5),
        "raam": measures.rational_agents(pairs, supply, demand, tau=30),
    }
    assert set(expected) == set(SPECS) == set(MEASURES) - {"doubly-constrained"}
    for name, words in SPECS.items():
        out = tmp_path / f"{name}.parquet"
        code, _, errors = run(*tables, "--measure", *words, "--out", str(out))
        assert code == 0, (name, errors)
        got = pd.read_parquet(out).set_index("id")[name]
        want = expected[name].reindex(got.index)
        assert want.notna().all(), name
        np.testing.assert_allclose(got, want, err_msg=name)


def test_flows_that_balance(run: Run, tables: list[str], tmp_path: Path) -> None:
    for name, text in (("people", "id,people\na,3\nb,2\n"), ("places", "id,beds\nx,1\ny,4\n")):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    words = ["--measure", "doubly-constrained", "--decay", "exponential:beta=0.05", *SHARED, "--json"]
    code, output, _ = run(*tables, *words)
    flows = pd.DataFrame(json.loads(output))
    assert code == 0
    assert flows.groupby("origin_id")["flow"].sum().to_dict() == pytest.approx({"a": 3, "b": 2})
    assert flows.groupby("destination_id")["flow"].sum().to_dict() == pytest.approx({"x": 1, "y": 4})


def test_passive_measures_count_people_at_places(run: Run, tables: list[str]) -> None:
    words = ["--measure", "cumulative:cutoff=20,passive=yes", "--demand", "people", "--json"]
    code, output, _ = run(*tables, *words)
    assert code == 0
    assert values(output, "cumulative") == {"x": 400, "y": 300, "z": 0}


def test_minutes_that_are_computed_are_those_of_times(run: Run, tmp_path: Path) -> None:
    places = tmp_path / "places.csv"
    places.write_text(
        "id,lat,lon,beds\nhere,40.3593,-113.4263,5\nnear,40.3614,-113.4313,7\nfar,40.30,-113.60,11\n", "utf-8"
    )
    ways = ["--from", HOME, "--to", str(places), "--mode", "walk"]
    code, output, _ = run("access", "demo", *ways, "--measure", "cumulative:cutoff=20", "--supply", "beds", "--json")
    (row,) = json.loads(output)
    assert code == 0
    assert row["cumulative"] == 12
    assert (row["lat"], row["lon"]) == tuple(map(float, HOME.split(",")))
    minutes = tmp_path / "minutes.csv"
    run("times", "demo", *ways, "--out", str(minutes))
    given = ["access", "--minutes", str(minutes), "--to", str(places), "--measure", "closest:n=6", "--supply", "beds"]
    _, by_table, _ = run(*given, "--json")
    _, by_region, _ = run("access", "demo", *ways, *given[5:], "--json")
    assert values(by_table, "closest") == values(by_region, "closest")


def test_minutes_by_car_say_for_which_hours_they_hold(run: Run) -> None:
    code, out, err = run(
        "access",
        "demo",
        "--from",
        "5th & Finch",
        "--to",
        "7th & Finch",
        "--measure",
        "closest",
        "--mode",
        "drive",
        "--json",
    )
    assert code == 0, err
    assert "By car:" in err
    assert json.loads(out)[0]["traffic"] in err


def test_tables_of_r5r_are_read(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "ttm.parquet"
    pd.DataFrame({"from_id": [1, 1, 2], "to_id": [7, 8, 8], "travel_time_p50": [5, 9, np.nan]}).to_parquet(table)
    code, output, _ = run("access", "--minutes", str(table), "--measure", "cumulative:cutoff=10", "--json")
    assert code == 0
    assert values(output, "cumulative") == {"1": 2, "2": 0}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--measure", "4sfca"], "3sfca"),
        (["--measure", "2sfca", "--decay", "binary:cutoff=20"], "--demand"),
        (["--measure", "2sfca", *SHARED], "--decay"),
        (["--measure", "closest", "--decay", "linear:cutoff=9"], "no --decay"),
        (["--measure", "closest", "--demand", "people"], "no people"),
        (["--measure", "closest:n=many"], "a number"),
        (["--measure", "closest:n=0"], "above 0"),
        (["--measure", "closest:k=3"], "no parameter 'k'"),
        (["--measure", "cumulative"], "cutoff"),
        (["--measure", "cumulative:30"], "parameter=value"),
        (["--measure", "cumulative:cutoff=9,passive=maybe", "--demand", "people"], "yes or no"),
        (["--measure", "cumulative:cutoff=9,passive=yes", "--demand", "people", "--supply", "beds"], "leave --supply"),
        (["--measure", "cumulative:cutoff=9,boundary=~"], "boundary"),
        (["--measure", "cumulative-costs"], "minutes=60"),
        (["--measure", "cumulative-costs:toll=3"], "toll"),
        (["--measure", "cumulative-interval:interval=9"], "two numbers"),
        (["--measure", "cumulative-interval:interval=9/8"], "ascend"),
        (["--measure", "cumulative-interval:interval=0/inf"], "two numbers"),
        (["--measure", "cumulative-interval:interval=0/1000000"], "10000 steps"),
        (["--measure", "balancing-cost:increment=0.0000001", *SHARED], "10000 steps"),
        (["--measure", "balancing-cost:increment=0", *SHARED], "increment"),
        (["--measure", "gravity", "--decay", "cubic:n=3"], "gaussian"),
        (["--measure", "gravity", "--decay", "gaussian"], "sigma"),
        (["--measure", "gravity", "--decay", "gaussian:sigma=-1"], "sigma"),
        (["--measure", "gravity", "--decay", "stepped:steps=10/20,weights=1"], "weight"),
        (["--measure", "closest", "--supply", "rooms"], "rooms"),
        (["--measure", "closest", "--mode", "walk"], "--minutes brings"),
        (["demo", "--measure", "closest"], "--minutes brings"),
        (["--measure", "doubly-constrained", "--decay", "constant", *SHARED], "equal totals"),
        (["--measure", "closest", "--out", "x.txt"], ".csv"),
    ],
)
def test_what_does_not_fit_is_one_sentence(run: Run, tables: list[str], words: list[str], says: str) -> None:
    code, _, errors = run(*tables, *words)
    assert code == 2
    assert says in sentence(errors)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["access", "--measure", "closest"], "--minutes"),
        (["access", "demo", "--from", HOME, "--measure", "closest"], "--to"),
        (["access", "demo", *THERE, "--measure", "cumulative-costs:fare=2"], "--minutes"),
        (
            ["access", "demo", *THERE, "--measure", "closest", "--percentile", "5", "--percentile", "95"],
            "one percentile",
        ),
        (["access", "--minutes", "missing.csv", "--measure", "closest"], "missing.csv"),
        (["access", "demo", *THERE, "--measure", "cumulative:cutoff=61"], "--max-minutes 61"),
        (["access", "demo", *THERE, "--measure", "cumulative-interval:interval=10/90"], "--max-minutes 90"),
        (["access", "demo", *THERE, "--measure", "gravity", "--decay", "linear:cutoff=75"], "--max-minutes 75"),
        (["access", "demo", *THERE, "--measure", "gravity", "--decay", "ramp:half_way=60,width=10"], "minutes 65"),
        (
            [
                "access",
                "demo",
                *THERE,
                "--measure",
                "gravity",
                "--decay",
                "stepped:steps=10/30,weights=1/0.5",
                "--max-minutes",
                "20",
            ],
            "--max-minutes 30",
        ),
    ],
)
def test_travel_times_come_from_somewhere_and_reach_as_far_as_is_counted(run: Run, words: list[str], says: str) -> None:
    code, _, errors = run(*words)
    assert code == 2
    assert says in sentence(errors)


def test_a_limit_within_the_longest_trip_counts_as_it_is_written(run: Run) -> None:
    measure = ["--measure", "gravity", "--decay", "linear:cutoff=90,within=60"]
    code, output, errors = run("access", "demo", *THERE, "--mode", "walk", *measure, "--json")
    assert code == 0, errors
    assert json.loads(output)[0]["gravity"] == 1.0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("origin_id,minutes\na,1\n", "destination_id"),
        ("origin_id,destination_id,minutes\na,x,soon\n", "soon"),
        ("origin_id,destination_id,minutes\na,x,-4\n", "from 0 up"),
        ("origin_id,destination_id,minutes\na,x,1\na,x,2\n", "more than once"),
        ("origin_id,destination_id,minutes\n,x,1\n", "without origin_id"),
        ("origin_id,destination_id,minutes\np,q,1\n", "same places"),
        ("origin_id,destination_id,minutes\n", "no row"),
        ("", "can't be read"),
        ("\0\0\0", "holds no row"),
    ],
)
def test_tables_that_cannot_be_used_are_one_sentence(
    run: Run, tables: list[str], tmp_path: Path, text: str, says: str
) -> None:
    (tmp_path / "minutes.csv").write_text(text, encoding="utf-8")
    code, _, errors = run(*tables, "--measure", "closest")
    assert code == 2
    assert says in sentence(errors)


def test_pairs_without_a_number_are_counted(run: Run, tables: list[str], tmp_path: Path) -> None:
    rows = "a,x,1,2,3\na,y,,2,4\nb,x,2,,bus\nb,y,inf,1,\n"
    (tmp_path / "minutes.csv").write_text(f"origin_id,destination_id,minutes,fare,line\n{rows}", encoding="utf-8")
    minutes = read_minutes(tmp_path / "minutes.csv")
    assert list(minutes) == ["origin_id", "destination_id", "minutes", "fare"]
    assert minutes["minutes"].tolist() == [1, np.inf, 2, np.inf]
    code, _, errors = run(*tables, "--measure", "closest")
    assert code == 0
    assert "2 of 4 pairs" in errors
    assert "1 pairs" in errors
    (tmp_path / "places.csv").write_text("id,lat,lon\na,39.1,west\nb,,\n", encoding="utf-8")
    places = read_amounts(tmp_path / "places.csv")
    assert [sentence[:11] for sentence in places.attrs["set_aside"]] == ["1 of 2 rows"]


def test_places_that_were_not_given_are_counted(run: Run, tables: list[str], tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id,people\na,100\n", encoding="utf-8")
    code, output, errors = run(*tables, "--measure", "closest", "--json")
    assert code == 0
    assert "2 places" in errors
    assert list(values(output, "closest")) == ["a"]


def test_every_measure_and_decay_has_its_line_and_its_parameters(run: Run) -> None:
    own = {n for n, f in inspect.getmembers(measures, inspect.isfunction) if f.__module__ == measures.__name__}
    assert {one.function for one in MEASURES.values()} == {name for name in own if name[0] != "_"} - {"pairs"}
    own = {n for n, f in inspect.getmembers(decay, inspect.isfunction) if f.__module__ == decay.__name__}
    assert {one.function for one in DECAYS.values()} == {name for name in own if name[0] != "_"} - {"within"}
    for kinds, module in ((MEASURES, measures), (DECAYS, decay)):
        for kind in kinds.values():
            assert set(kind.parameters) <= set(inspect.signature(getattr(module, kind.function)).parameters)
    for name, kind in DECAYS.items():
        assert list(kind.parameters) == list(inspect.signature(getattr(decay, kind.function)).parameters), name
        with pytest.raises(InputError):
            decay_of(f"{name}:nothing=1")
    code, shown, _ = run("access", "--help")
    assert code == 0
    shown = " ".join(shown.split())
    for name in (*MEASURES, *DECAYS):
        assert f"{name} (" in shown, name
    for measure in MEASURES.values():
        assert measure.about in shown
