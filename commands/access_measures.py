"""The access measures and decays that `recovery-reach access` knows: what each is, by whom, and what it takes.

Plain words and names only: what computes is imported when a measure runs, so that help answers at once.
"""

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from geo.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from geo.access.decay import Decay

_MOST_STEPS = 10_000
Given = Mapping[str, str]
"""Parameters as they were typed."""


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(map(_number, text.split("/")))


def _ends(text: str) -> tuple[float, float]:
    low, high = _numbers(text)
    return low, high


def _yes(text: str) -> bool:
    return {"yes": True, "no": False, "true": True, "false": False}[text.lower()]


Readers = Mapping[str, Callable[[str], Any]]
_EDGE: Readers = {"boundary": str}
_KINDS: Mapping[Callable[[str], Any], str] = {
    _number: "a number",
    _numbers: "numbers like 10/20/30",
    _ends: "two numbers like 20/40",
    _yes: "yes or no",
}


@dataclass(frozen=True)
class Measure:
    """An access measure.

    `function` is its name in `geo.access.measures`, `takes` what follows the pairs there: supply, demand, decay.
    `parameters` are its others, of which the `needed` ones have no default. With `passive=yes`, where it is a
    parameter, a row is a place and not an origin; `turns` says that people are then counted in place of supply.
    """

    function: str
    about: str
    takes: tuple[str, ...] = ("supply",)
    parameters: Readers = field(default_factory=dict)
    needed: tuple[str, ...] = ()
    turns: bool = False
    any_columns: bool = False

    def is_passive(self, given: Given) -> bool:
        """Tell whether a row of the result is a place."""
        return "passive" in self.parameters and _yes(given.get("passive", "no"))

    def amounts(self, given: Given) -> tuple[str, ...]:
        """Return which of supply and demand it counts."""
        counted = tuple(one for one in self.takes if one != "decay")
        return ("demand",) if self.turns and self.is_passive(given) else counted


_SHARED = ("supply", "demand", "decay")
_PASSIVE: Readers = {"passive": _yes}

MEASURES: dict[str, Measure] = {
    "closest": Measure(
        "cost_to_closest", "Minutes until n opportunities are reached, nearest first (Talen & Anselin 1998).",
        parameters={"n": _number},
    ),
    "cumulative": Measure(
        "cumulative", "Opportunities within cutoff minutes (Wachs & Kumagai 1973).",
        parameters={"cutoff": _number, **_EDGE, **_PASSIVE}, needed=("cutoff",), turns=True,
    ),
    "cumulative-interval": Measure(
        "cumulative_interval", "Median, mean, min or max of that over every cutoff of an interval (Tomasiello 2023).",
        parameters={"interval": _ends, "increment": _number, "summary": str, **_EDGE}, needed=("interval",),
    ),
    "cumulative-costs": Measure(
        "cumulative_costs", "Opportunities within several limits, as minutes and fare (Herszenhut et al. 2022).",
        any_columns=True,
    ),
    "gravity": Measure(
        "gravity", "Opportunities, each by its decay (Hansen 1959).",
        takes=("supply", "decay"), parameters=_PASSIVE, turns=True,
    ),
    "2sfca": Measure(
        "two_step_fca", "Supply a person, shared among all who reach it (Luo & Wang 2003; Luo & Qi 2009).",
        takes=_SHARED,
    ),
    "3sfca": Measure(
        "three_step_fca", "That, when people first choose among the places they reach (Wan, Zou & Sternberg 2012).",
        takes=_SHARED, parameters={"limit": _number, **_EDGE},
    ),
    "bfca": Measure(
        "balanced_fca", "That, counting neither people nor supply twice (Paez, Higgins & Vivona 2019).", takes=_SHARED
    ),
    "spatial-availability": Measure(
        "spatial_availability", "Each origin's part of the supply, none counted twice (Soukhov et al. 2023).",
        takes=_SHARED, parameters={"alpha": _number},
    ),
    "total-constrained": Measure(
        "total_constrained", "The region's total, shared out by gravity (Soukhov et al. 2025, after Wilson 1971).",
        takes=("supply", "decay"), parameters=_PASSIVE, turns=True,
    ),
    "singly-constrained": Measure(
        "singly_constrained", "Each place's supply, shared out among those who reach it (Soukhov et al. 2025).",
        takes=_SHARED, parameters=_PASSIVE,
    ),
    "doubly-constrained": Measure(
        "doubly_constrained", "Flows whose sums equal both people and supply (Soukhov et al. 2025, after Wilson 1971).",
        takes=_SHARED,
    ),
    "balancing-cost": Measure(
        "balancing_cost", "Minutes within which there is more than the origin has people (Barboza et al. 2021).",
        takes=("supply", "demand"), parameters={"increment": _number, **_EDGE},
    ),
    "raam": Measure(
        "rational_agents", "Travel and congestion when all choose what is best for them; less is better "
        "(Saxon & Snow 2020).",
        takes=("supply", "demand"), parameters={"tau": _number, "rho": _number},
    ),
}  # fmt: skip


@dataclass(frozen=True)
class DecayKind:
    """A decay: its name in `geo.access.decay`, what it is, its parameters, and those that have no default."""

    function: str
    about: str
    parameters: Readers
    needed: tuple[str, ...]


DECAYS: dict[str, DecayKind] = {
    "binary": DecayKind(
        "binary", "1 up to cutoff minutes, 0 beyond.", {"cutoff": _number, **_EDGE}, ("cutoff",)
    ),
    "linear": DecayKind("linear", "From 1 at 0 minutes down to 0 at the cutoff.", {"cutoff": _number}, ("cutoff",)),
    "ramp": DecayKind(
        "ramp", "1, then down to 0 over width minutes, half at half_way (Conveyal R5).",
        {"half_way": _number, "width": _number}, ("half_way", "width"),
    ),
    "exponential": DecayKind("exponential", "exp(-beta t) (Wilson 1971).", {"beta": _number}, ("beta",)),
    "power": DecayKind("power", "t to the power of -beta, at most 1 (Hansen 1959).", {"beta": _number}, ("beta",)),
    "scaled-power": DecayKind(
        "scaled_power", "(max(t, minimum)/scale)^alpha, without bound (pysal's access).",
        {"scale": _number, "alpha": _number, "minimum": _number}, ("scale", "alpha"),
    ),
    "gaussian": DecayKind("gaussian", "exp(-t²/2 sigma²) (Dai 2010).", {"sigma": _number}, ("sigma",)),
    "logistic": DecayKind(
        "logistic", "Half of the people go half_way minutes, give or take sd (Bauer & Groneberg 2016).",
        {"half_way": _number, "sd": _number}, ("half_way", "sd"),
    ),
    "stepped": DecayKind(
        "stepped", "A weight for each band of minutes (Luo & Qi 2009).",
        {"steps": _numbers, "weights": _numbers, **_EDGE}, ("steps", "weights"),
    ),
    "constant": DecayKind("constant", "The same for all that is reached.", {"value": _number}, ()),
}  # fmt: skip


def help_text() -> str:
    """Return the help of the command: each measure and decay in a line, with its paper."""
    lines = [
        "Measure how well places are reached, from people (--from) to what they need (--to).",
        "Each is written NAME or NAME:parameter=value,parameter=value, with lists as 10/20/30. For example:",
        "--measure 2sfca --decay gaussian:sigma=15 --supply beds --demand people",
        "MEASURES",
        *(_line(name, one.about, one.parameters, one.takes) for name, one in MEASURES.items()),
        "DECAYS, each with within=N as a hard limit in minutes",
        *(_line(name, one.about, one.parameters, ()) for name, one in DECAYS.items()),
    ]
    return "\n\n".join(lines)


def _line(name: str, about: str, parameters: Collection[str], takes: Collection[str]) -> str:
    used = "; ".join(", ".join(words) for words in (takes, parameters) if words)
    return f"{name} ({used}): {about}" if used else f"{name}: {about}"


def spec_of(text: str, known: Collection[str], what: str) -> tuple[str, dict[str, str]]:
    """Return the name and the parameters of a measure or decay as they were typed.

    Raises
    ------
    InputError
        The name isn't known, or the text isn't written so.
    """
    name, _, rest = text.partition(":")
    if name not in known:
        raise InputError(f"There is no {what} {name!r}; there are {', '.join(known)}.")
    given: dict[str, str] = {}
    for part in filter(None, rest.split(",")):
        key, sign, value = part.partition("=")
        if not sign or not value or key.strip() in given:
            raise InputError(f"The parameters of a {what} are written {name}:parameter=value, each once, not {text!r}.")
        given[key.strip()] = value.strip()
    return name, given


def values_of(what: str, given: Given, readers: Readers, needed: Collection[str]) -> dict[str, Any]:
    """Return the values of parameters.

    Raises
    ------
    InputError
        One isn't known, is missing, or isn't what it should be.
    """
    values = {}
    for key, text in given.items():
        if key not in readers:
            theirs = f"its parameters are {', '.join(readers)}" if readers else "it takes none"
            raise InputError(f"{what} has no parameter {key!r}; {theirs}.")
        try:
            values[key] = readers[key](text)
        except (ValueError, KeyError):
            raise InputError(f"{what} needs {_KINDS[readers[key]]} for {key}, not {text!r}.") from None
    missing = [key for key in needed if key not in given]
    if missing:
        raise InputError(f"{what} needs {' and '.join(missing)}, as {what}:{','.join(f'{key}=…' for key in missing)}.")
    return values


def decay_of(text: str) -> "Decay":
    """Return the decay that was typed.

    Raises
    ------
    InputError
        It isn't known, or a parameter can't be used.
    """
    from geo.access import decay

    name, given = spec_of(text, DECAYS, "decay")
    kind = DECAYS[name]
    values = values_of(name, given, {**kind.parameters, "within": _number}, kind.needed)
    limit = values.pop("within", None)
    made: Decay = getattr(decay, kind.function)(**values)
    return made if limit is None else decay.within(made, limit)


def _edge(decay: str) -> float:
    """Return the minutes beyond which a decay counts nothing; infinite where it has no such edge."""
    name, given = spec_of(decay, DECAYS, "decay")
    values = values_of(name, given, {**DECAYS[name].parameters, "within": _number}, ())
    edge = values.get("cutoff", math.inf)
    if name == "ramp":
        edge = values["half_way"] + values["width"] / 2
    elif name == "stepped":
        edge = max(values["steps"])
    return min(float(edge), float(values.get("within", math.inf)))


def check_longest(name: str, values: Mapping[str, Any], decay: str | None, max_minutes: float) -> None:
    """Refuse a measure that counts what is farther away than travel times reach: what lies beyond would be left out.

    Parameters
    ----------
    values
        Of the measure's parameters.
    decay
        As it was typed. One without an edge counts what is within `max_minutes`.

    Raises
    ------
    InputError
        It counts minutes beyond `max_minutes`.
    """
    ends = [values.get("cutoff", math.inf), values.get("limit", math.inf), max(values.get("interval", (math.inf,)))]
    last = min([*ends, *([] if decay is None else [_edge(decay)])])
    if max_minutes < last < math.inf:
        raise InputError(
            f"{name} counts what is within {last:g} minutes, but travel times end at {max_minutes:g}; "
            f"add --max-minutes {last:g}."
        )


def checked(name: str, given: Given, *, decay: bool, supply: bool, demand: bool) -> dict[str, Any]:
    """Return the values of a measure's parameters, for what else was given.

    Raises
    ------
    InputError
        What the measure needs is missing, or something was given that it doesn't use.
    """
    measure = MEASURES[name]
    readers = dict.fromkeys(given, _number) if measure.any_columns else measure.parameters
    values = values_of(name, given, readers, measure.needed)
    if measure.any_columns and not values:
        raise InputError(f"{name} needs limits by column of the table, as {name}:minutes=60,fare=3.")
    if decay != ("decay" in measure.takes):
        raise InputError(
            f"{name} takes no --decay."
            if decay
            else f"{name} needs a --decay: {', '.join(DECAYS)}, as linear:cutoff=60."
        )
    amounts = measure.amounts(given)
    if demand != ("demand" in amounts):
        raise InputError(
            f"{name} counts no people: leave --demand out."
            if demand
            else f"{name} counts people: name the column of --from that says how many with --demand."
        )
    if supply and "supply" not in amounts:
        raise InputError(f"{name} with passive=yes counts people, not supply: leave --supply out.")
    return values


def run(
    name: str,
    values: Mapping[str, Any],
    table: "pd.DataFrame",
    supply: "pd.Series",
    demand: "pd.Series",
    decay: "Decay | None",
) -> "pd.Series | pd.DataFrame":
    """Return a measure over a table of `origin_id`, `destination_id` and costs.

    `supply` and `demand` hold every destination and origin; those that the table lacks are unreachable.
    """
    from geo.access import measures

    measure = MEASURES[name]
    if "increment" in measure.parameters:
        low, high = values.get("interval", (0.0, table["minutes"].replace(float("inf"), 0.0).max()))
        if high - low > _MOST_STEPS * values.get("increment", 1.0) > 0:
            raise InputError(f"{name} goes over at most {_MOST_STEPS} steps; choose a larger increment.")
    whole = _with_unreached(table, demand.index, supply.index)
    amounts = {"supply": supply, "demand": demand, "decay": decay}
    if measure.turns and values.get("passive"):
        amounts["supply"] = demand
    given = [amounts[one] for one in measure.takes]
    if measure.any_columns:
        return measures.cumulative_costs(whole, supply, dict(values))
    return getattr(measures, measure.function)(measures.pairs(whole), *given, **values)


def _with_unreached(table: "pd.DataFrame", origins: "pd.Index", destinations: "pd.Index") -> "pd.DataFrame":
    """Return the table with a pair of infinite cost for each place that has none, so that every place gets a value."""
    import numpy as np
    import pandas as pd

    any_origin, any_destination = origins[0], destinations[0]
    pairs = [(one, any_destination) for one in origins[~origins.isin(table["origin_id"])]]
    known = {any_destination} if pairs else set()
    pairs += [
        (any_origin, one) for one in destinations[~destinations.isin(table["destination_id"])] if one not in known
    ]
    missing = pd.DataFrame(pairs, columns=["origin_id", "destination_id"])
    if missing.empty:
        return table
    costs = table.columns.difference(["origin_id", "destination_id"])
    return pd.concat([table, missing.assign(**dict.fromkeys(map(str, costs), np.inf))], ignore_index=True)
