"""Decay: how much a resource still counts when it is t minutes away.

Each function returns a `Decay`: minutes (any shape, unreachable = infinite) → weight. Apart from
`scaled_power`, weights lie in [0, 1], never rise with t, and are 1 at t = 0; an unreachable place weighs 0.

Published packages disagree about t = T, so every function with an edge takes a `boundary`:
`"<="` (the default here and in ipea's binary, pysal's steps) counts t = T as inside, `"<"` (Conveyal R5,
ipea's steps) as outside.

Examples
--------
>>> linear(30)([0, 15, 45]).tolist()
[1.0, 0.5, 0.0]
>>> stepped([10, 20, 30], [1.0, 0.6, 0.2])([10, 11, 31]).tolist()
[1.0, 0.6, 0.0]
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from geo.errors import InputError

Floats = NDArray[np.float64]
Decay = Callable[[Any], Floats]
Boundary = Literal["<=", "<"]
_LONGEST = float(np.finfo(np.float64).max)
_NOTHING_LEFT = 700.0
"""e to this power is about the largest number, and its inverse is 0 to every digit that matters."""
_FEW_STEPS = 8
"""Up to so many steps, counting the passed ones is faster than looking each t up."""


def binary(cutoff: float, boundary: Boundary = "<=") -> Decay:
    """Return f(t) = 1 within the cutoff and 0 beyond (cumulative opportunities)."""
    _not_negative("cutoff", cutoff)
    return lambda t: _inside(_minutes(t), cutoff, boundary).astype(np.float64)


def linear(cutoff: float) -> Decay:
    """Return f(t) = 1 − t/T, and 0 from T on."""
    _positive("cutoff", cutoff)
    return lambda t: np.clip(1.0 - _part(_minutes(t), cutoff), 0.0, 1.0)


def ramp(half_way: float, width: float) -> Decay:
    """Return 1 before T − width/2, 0 after T + width/2, and a straight line between (Conveyal R5's linear)."""
    _positive("width", width)
    _finite("half_way", half_way)
    _not_negative("half_way − width/2", half_way - width / 2)
    return lambda t: np.clip(_part(half_way + width / 2 - _minutes(t), width), 0.0, 1.0)


def exponential(beta: float) -> Decay:
    """Return f(t) = exp(−β t). With a half-life h, β = ln 2 / h."""
    _not_negative("beta", _finite("beta", beta))
    return lambda t: np.exp(-beta * _minutes(t)) if beta else _inside(_minutes(t), np.inf, "<").astype(float)


def power(beta: float) -> Decay:
    """Return f(t) = t^−β, never above 1 (so 1 for t ≤ 1)."""
    _not_negative("beta", _finite("beta", beta))
    return lambda t: np.where(np.isinf(_minutes(t)), 0.0, np.maximum(_minutes(t), 1.0) ** -beta)


def scaled_power(scale: float, alpha: float, minimum: float = 0.0) -> Decay:
    """Return (max(t, minimum)/scale)^α, the unbounded gravity weight of pysal's access.

    With α < 0 it falls with t and may exceed 1; with α > 0 (inverse weights) it rises, and unreachable is infinite.
    """
    _positive("scale", scale)
    _finite("alpha", alpha)
    _not_negative("minimum", _finite("minimum", minimum))
    if alpha < 0:
        _positive("minimum (with alpha below 0)", minimum)
    return lambda t: (np.maximum(_minutes(t), minimum) / scale) ** alpha


def gaussian(sigma: float) -> Decay:
    """Return f(t) = exp(−t² / 2σ²)."""
    _positive("sigma", sigma)
    return lambda t: np.exp(-0.5 * np.minimum(_part(_minutes(t), sigma), _NOTHING_LEFT) ** 2)


def logistic(half_way: float, sd: float) -> Decay:
    """Return f(t) = g(0)/g(t) with g(t) = 1 + exp((t − c)·π/(sd·√3)).

    Half of the people are willing to travel c minutes, with standard deviation sd (Bauer & Groneberg 2016; the
    form with f(0) = 1 is that of Conveyal R5 and ipea's accessibility).
    """
    _not_negative("half_way", _finite("half_way", half_way))
    _positive("sd", sd)
    spread = sd * np.sqrt(3.0) / np.pi
    top = 1.0 + np.exp(-_part(np.asarray(half_way), spread))

    def decay(t: Any) -> Floats:
        weight: Floats = top / (1.0 + np.exp(np.minimum(_part(_minutes(t) - half_way, spread), _NOTHING_LEFT)))
        return np.where(np.isinf(_minutes(t)), 0.0, weight)

    return decay


def stepped(steps: Sequence[float], weights: Sequence[float], boundary: Boundary = "<=") -> Decay:
    """Return weights[k] up to steps[k], and 0 beyond the last step (Luo & Qi 2009).

    Parameters
    ----------
    steps
        Upper edges of the bands in minutes, ascending.
    weights
        One weight a band.
    boundary
        `"<="`: t = steps[k] still has weights[k]; `"<"`: it already has the next band's.
    """
    edges, values = np.asarray(steps, dtype=np.float64), np.asarray([*weights, 0.0], dtype=np.float64)
    if len(edges) == 0 or len(values) != len(edges) + 1:
        raise InputError(f"Stepped decay needs one weight a step, not {len(weights)} for {len(edges)}.")
    if not ((edges >= 0) & np.isfinite(edges)).all() or (np.diff(edges) <= 0).any():
        raise InputError(f"Stepped decay needs ascending steps, numbers from 0 up, not {list(steps)}.")
    if (np.diff(values) > 0).any() or not ((values >= 0) & (values <= 1)).all():
        raise InputError(f"Stepped decay needs weights in [0, 1] that never rise, not {list(weights)}.")
    side: Literal["left", "right"] = "left" if _known(boundary) == "<=" else "right"

    def decay(t: Any) -> Floats:
        minutes = _minutes(t)
        if len(edges) > _FEW_STEPS:
            return values[np.searchsorted(edges, minutes, side)]
        band = np.zeros(minutes.shape, np.intp)
        for edge in edges:
            band += ~(minutes <= edge) if side == "left" else ~(minutes < edge)
        return values[band]

    return decay


def within(decay: Decay, limit: float, boundary: Boundary = "<=") -> Decay:
    """Return the decay, cut to 0 beyond a hard limit in minutes."""
    _not_negative("limit", limit)

    def limited(t: Any) -> Floats:
        minutes = _minutes(t)
        return np.where(_inside(minutes, limit, boundary), decay(minutes), 0.0)

    return limited


def constant(value: float = 1.0) -> Decay:
    """Return the same weight, from 0 to 1, for everything that can be reached at all."""
    if not 0 <= value <= 1:
        raise InputError(f"The decay's value must be a number from 0 to 1, not {value}.")
    return lambda t: np.where(np.isinf(_minutes(t)), 0.0, value)


def _minutes(t: Any) -> Floats:
    return np.asarray(t, dtype=np.float64)


def _part(minutes: Floats, whole: float) -> Floats:
    """Return minutes / whole; infinite where that is too large for a number."""
    with np.errstate(over="ignore"):
        part: Floats = minutes / whole
    return part


def _known(boundary: str) -> str:
    if boundary not in ("<=", "<"):
        raise InputError(f"The boundary must be '<=' or '<', not {boundary!r}.")
    return boundary


def _inside(minutes: Floats, cutoff: float, boundary: str) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = minutes <= min(cutoff, _LONGEST) if _known(boundary) == "<=" else minutes < cutoff
    return inside


def _positive(name: str, value: float) -> None:
    if not value > 0 or np.isinf(value):
        raise InputError(f"The decay's {name} must be a number above 0, not {value}.")


def _finite(name: str, value: float) -> float:
    if not np.isfinite(value):
        raise InputError(f"The decay's {name} must be a number, not {value}.")
    return value


def _not_negative(name: str, value: float) -> None:
    if not value >= 0:
        raise InputError(f"The decay's {name} must not be negative, but is {value}.")
