"""Decay functions: published values, and what every decay keeps."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.access import decay
from geo.errors import InputError

# ipea's steps are open on the right and its weights begin after the first step; pysal's are closed on the right
MAKERS = {
    ("ipea", "binary"): lambda p: decay.binary(p["cutoff"]),
    ("ipea", "exponential"): lambda p: decay.exponential(p["beta"]),
    ("ipea", "linear"): lambda p: decay.linear(p["cutoff"]),
    ("ipea", "power"): lambda p: decay.power(p["beta"]),
    ("ipea", "logistic"): lambda p: decay.logistic(p["cutoff"], p["sd"]),
    ("ipea", "stepped"): lambda p: decay.stepped(p["steps"], [1, *p["weights"][:-1]], "<"),
    ("pysal", "step_fn"): lambda p: decay.stepped([float(k) for k in p], list(p.values())),
    ("pysal", "gaussian"): lambda p: decay.gaussian(p["sigma"]),
    ("pysal", "gravity"): lambda p: decay.scaled_power(p["scale"], p["alpha"], p["min_dist"]),
    ("r5", "step"): lambda p: decay.binary(p["cutoff_s"], "<"),
    ("r5", "exponential_halflife"): lambda p: decay.within(decay.exponential(np.log(2) / p["cutoff_s"]), 7200, "<"),
    ("r5", "logistic"): lambda p: decay.logistic(p["cutoff_s"], p["sd_min"] * 60),
    # R5's linear takes a whole second at its middle
    ("r5", "linear"): lambda p: lambda t: decay.ramp(p["cutoff_s"], p["width_min"] * 60)(np.add(t, 0.5)),
}
DECAYS = {
    "binary": decay.binary(30),
    "linear": decay.linear(30),
    "ramp": decay.ramp(30, 10),
    "exponential": decay.exponential(0.1),
    "power": decay.power(1.5),
    "gaussian": decay.gaussian(15),
    "logistic": decay.logistic(20, 8),
    "stepped": decay.stepped([10, 20, 30], [1, 0.68, 0.22]),
    "limited": decay.within(decay.logistic(20, 8), 45),
}


def test_published_values(shared):
    cases = json.loads((shared / "conformance" / "decay_functions" / "cases.json").read_text())
    assert len(cases) >= 20
    for case in cases:
        worth = MAKERS[case["lib"], case["fn"]](case["params"])(case["x"])
        np.testing.assert_allclose(worth, case["y"], rtol=0, atol=case["tol"], err_msg=str(case))


@pytest.mark.parametrize("name", DECAYS)
@given(times=st.lists(st.floats(0, 500), min_size=2, max_size=20))
def test_never_rises_and_stays_within_0_and_1(name, times):
    weights = DECAYS[name](np.sort(times))
    assert (np.diff(weights) <= 0).all()
    assert ((weights >= 0) & (weights <= 1)).all()


@pytest.mark.parametrize("name", DECAYS)
def test_is_1_at_0_and_0_where_unreachable(name):
    assert DECAYS[name](0) == pytest.approx(1)
    assert DECAYS[name](np.inf) == 0


def test_the_boundary_is_explicit():
    assert decay.binary(30)(30) == 1
    assert decay.binary(30, "<")(30) == 0
    assert decay.stepped([10, 20], [1, 0.5])([10, 20]).tolist() == [1, 0.5]
    assert decay.stepped([10, 20], [1, 0.5], "<")([10, 20]).tolist() == [0.5, 0]
    assert decay.within(decay.constant(), 45)(45) == 1
    assert decay.within(decay.constant(), 45, "<")(45) == 0


@pytest.mark.parametrize(
    "make",
    [
        lambda: decay.binary(-1),
        lambda: decay.binary(float("nan")),
        lambda: decay.linear(0),
        lambda: decay.gaussian(0),
        lambda: decay.logistic(20, 0),
        lambda: decay.exponential(-0.1),
        lambda: decay.scaled_power(20, -2),
        lambda: decay.stepped([20, 10], [1, 0.5]),
        lambda: decay.stepped([10, 20], [0.5, 1]),
        lambda: decay.stepped([10], [1, 0.5]),
        lambda: decay.binary(10, "=")(5),
        lambda: decay.stepped([float("nan")], [1]),
        lambda: decay.stepped([-5, 20], [1, 0.5]),
        lambda: decay.stepped([10, float("inf")], [1, 0.5]),
        lambda: decay.exponential(float("inf")),
        lambda: decay.power(float("nan")),
        lambda: decay.ramp(float("inf"), 10),
        lambda: decay.logistic(float("inf"), 8),
        lambda: decay.scaled_power(60, float("nan"), 1),
        lambda: decay.constant(2),
        lambda: decay.constant(float("nan")),
    ],
)
def test_what_makes_no_sense_is_refused(make):
    with pytest.raises(InputError):
        make()


@pytest.mark.filterwarnings("error")
def test_the_narrowest_decays_are_steps():
    for narrow in (decay.gaussian(1e-300), decay.linear(5e-324), decay.logistic(0, 1e-320)):
        assert narrow([0.0, 1.0, np.inf]) == pytest.approx([1, 0, 0])


def test_few_steps_and_many_are_the_same_decay():
    edges, weights = np.arange(1.0, 21.0), np.linspace(1.0, 0.05, 20)
    minutes = np.array([0, 0.5, 1, 1.5, 2, 7, 7.5, 8, 8.5, np.inf])
    for boundary in ("<=", "<"):
        many = decay.stepped(edges, weights, boundary)(minutes)
        few = decay.stepped(edges[:8], weights[:8], boundary)(minutes)
        beyond = minutes > 8 if boundary == "<=" else minutes >= 8
        np.testing.assert_array_equal(few, np.where(beyond, 0.0, many))
