"""Where to put new sites: the question, asked of a region, and its answer with what bounds it."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.clock import window_text
from geo.equity.gaps import LEAST, LEAST_GROUP, people_counted, ranking
from geo.errors import InputError
from geo.needs.needs import Needs
from geo.phrases import Phrase
from geo.points import with_degrees
from geo.score.parameters import ClassRule
from geo.score.support import RegionSupport
from geo.score.surface import populated_cells
from geo.siting.candidates import NO_CAPACITY, NO_COST, amounts_of, split, usable
from geo.siting.choice import Choice, gain_curve, near_ties
from geo.siting.greedy import Means
from geo.siting.objectives import (
    ROUNDING,
    Access,
    Evenness,
    Floats,
    Ints,
    MeanScore,
    Objective,
    Reached,
    Served,
    WorstOff,
    evenness_of,
)
from geo.siting.question import SCORE, WITHIN, WORST_OFF, Question
from geo.siting.reach import class_access, class_rule, places_there, with_streets, within_minutes

if TYPE_CHECKING:
    import shapely

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Answer:
    """The best sites by number, and what they come to.

    Attributes
    ----------
    rule
        The class.
    candidates, set_aside
        Where a site may be, by id; and `id`, `reason` of those where none may.
    curve
        The best choice of one site, of two … of as many as were asked for; positions among the candidates.
    ties
        For each site of the last choice, the candidates that are nearly as good in its stead.
    own
        What the user chose, as a choice; None where nothing was.
    costs
        What each candidate costs, NaN where that isn't known; None where it wasn't asked about.
    people
        Everyone (or, by `weight`, all need) that is counted: in cells that `geo.equity.gaps.people_counted` counts,
        with a street on which to set out (and within reach of a candidate or a place, for `worst-off`).
    people_before
        Of `within`, those within reach already; else 0.
    people_left_out
        In cells without such a street (or in reach of neither, for `worst-off`).
    outcomes
        Of no site, of each number of sites in turn, and of the own choice: names and numbers.
    share_small
        The share of all people (or need), 0–1, in cells with fewer than `LEAST` residents, who are counted nowhere. It
        is told in whole percents alone, from which no count of few can be worked out; NaN where all are fewer than
        `LEAST_GROUP`, of whom a percent is fewer than `LEAST`.
    """

    question: Question
    rule: ClassRule
    candidates: pd.DataFrame
    set_aside: pd.DataFrame
    existing: int
    curve: tuple[Choice, ...]
    ties: tuple[Ints, ...]
    own: Choice | None
    costs: Floats | None
    people: float
    people_before: float
    people_left_out: float
    outcomes: tuple[dict[str, float], ...]
    share_small: float

    @property
    def best(self) -> Choice:
        """Return the choice of as many sites as were asked for."""
        return self.curve[-1]

    @property
    def own_beyond(self) -> str:
        """Return what the own choice goes beyond, so that it may be better than the best; empty where nothing.

        `sites`, `budget`, or `sites and budget`.
        """
        chosen = () if self.own is None else self.own.sites
        spent = 0.0 if self.costs is None else float(np.sum(self.costs[list(chosen)]))
        over = {
            "sites": len(chosen) > self.question.sites,
            "budget": self.question.budget is not None and spent > self.question.budget * (1 + ROUNDING),
        }
        return " and ".join(name for name, is_over in over.items() if is_over)

    def sites(self, choice: Choice | None = None) -> pd.DataFrame:
        """Return the sites of a choice (the best without) in order: `rank`, `id`, `lat`, `lon`."""
        rows = self.candidates.iloc[list((choice or self.best).sites)].reset_index(drop=True)
        return pd.DataFrame({"rank": np.arange(1, len(rows) + 1), "id": rows["id"].astype(object)}).assign(
            lat=rows["lat"], lon=rows["lon"]
        )

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        asked = self.question
        aside = self.set_aside["reason"].value_counts().to_dict()
        return {
            "class": self.rule.name,
            "title": self.rule.title,
            "objective": f"{asked.objective}:{asked.minutes:g}" if asked.objective == WITHIN else asked.objective,
            "weight": asked.weight,
            "counted_in": "people" if asked.weight == "population" else f"{asked.weight}, not people",
            "sites_asked": asked.sites,
            "window": window_text(asked.window) if asked.objective == WITHIN else None,
            "capacity": asked.capacity,
            "cost": asked.cost,
            "budget": asked.budget,
            "seconds": asked.seconds,
            "existing": self.existing,
            "candidates": len(self.candidates),
            "set_aside": {str(reason): int(count) for reason, count in sorted(aside.items())},
            "people": round(self.people),
            "people_before": round(self.people_before),
            "people_left_out": round(self.people_left_out),
            "share_in_small_areas": None if np.isnan(self.share_small) else round(self.share_small, 2),
            "before": self.outcomes[0],
            "curve": [
                self._as_row(choice, outcome) for choice, outcome in zip(self.curve, self.outcomes[1:], strict=False)
            ],
            "ties": [
                {"id": str(site), "as_good": len(rows)}
                for site, rows in zip(self.sites()["id"], self.ties, strict=True)
            ],
            "own": None if self.own is None else self._as_row(self.own, self.outcomes[-1], own=True),
        }

    def _as_row(self, choice: Choice, outcome: dict[str, float], *, own: bool = False) -> dict[str, Any]:
        gap = {} if own else {"exact": choice.exact, "gap": None if np.isnan(choice.gap) else choice.gap}
        best = self.best.value - self.best.before
        share = (choice.value - choice.before) / best if best > 0 else None
        beside = {"share_of_best": share, "beyond": self.own_beyond or None} if own else {}
        cost = {} if self.costs is None else _costs(self.costs[list(choice.sites)], outcome.get("people_newly"))
        rows = self.sites(choice).drop(columns="rank").to_dict("records")
        return {"sites": len(choice.sites), **outcome, **cost, **gap, **beside, "places": rows}


def find_sites(
    support: RegionSupport,
    resources: pd.DataFrame,
    zones: pd.DataFrame,
    candidates: pd.DataFrame,
    question: Question,
    needs: Needs,
    date: datetime.date,
    excluded: "shapely.Geometry | None" = None,
    own: Sequence[str] = (),
    progress: Progress | None = None,
) -> Answer:
    """Return where new sites of a class would raise an objective most.

    Parameters
    ----------
    resources, zones
        The RESOURCES and ZONES tables of the region.
    candidates
        `id`, `lon`, `lat` (WGS 84), and the columns that the question names; rows in any order.
    excluded
        Where no site may be (WGS 84).
    own
        Ids of candidates that the user would choose, to be held beside the best.
    progress
        Called with the share done, 0–1.

    Raises
    ------
    InputError, DateError
        More sites than candidates are asked for, or what was given can't be used.

    Examples
    --------
    >>> there = region.resources[region.resources["category"] == "primary_care"].rename(columns={"resource_id": "id"})
    >>> asked = Question("opioid_treatment_program", sites=2, objective="within", minutes=20)
    >>> answer = find_sites(
    ...     region.support, region.resources, region.zones, there, asked, Needs(), region.facts.service_date
    ... )
    >>> len(answer.curve), answer.best.exact
    (2, True)
    """
    rule = class_rule(support.parameters, question.class_name)
    if question.capacity is not None and question.objective != WITHIN and rule.kind != "rival":
        raise InputError(
            "The score of {class_name} knows no capacity; give one with people in reach (within:MINUTES), or with a "
            "class that has beds.",
            class_name=rule.name,
        )
    places, set_aside, capacity, costs = _candidates(support, candidates, question, excluded)
    chosen = _positions(places, set_aside, own)
    cells, living, people, left_out, share_small = _lived_in(
        support, with_degrees(zones, "zones"), question.weight, needs
    )
    there, before, unhelped = places_there(resources, rule, needs), 0.0, 0.0
    reported = _share_of(progress, 0.0, 0.7)
    if question.objective == WITHIN:
        within = within_minutes(
            support, cells, there, places, needs, question.minutes, date, question.window, reported
        )  # fmt: skip
        newly = np.where(within.already, 0.0, people)
        objective: Objective = Reached(within.near, newly) if capacity is None else Served(within.near, newly, capacity)
        before = float(people[within.already].sum())
    else:
        proposed = places.drop(columns="capacity", errors="ignore")
        proposed = proposed if capacity is None else proposed.assign(capacity=capacity)
        access = class_access(support, zones, cells, proposed, rule, needs, date, reported)
        objective, unhelped = _of_scores(question, access, living, people)
    means = Means(question.sites, costs, question.budget)
    curve = gain_curve(objective, means, question.seconds, _share_of(progress, 0.7, 1.0), chosen)
    value = objective.value(chosen)
    mine = Choice(tuple(chosen), value, objective.value(()), value) if chosen else None
    sets = [(), *(choice.sites for choice in curve), *([mine.sites] if mine else [])]
    return Answer(
        question, rule, places, set_aside, len(there), tuple(curve), tuple(near_ties(objective, means, curve[-1])),
        mine, costs, float(people.sum()) - unhelped, before, left_out + unhelped,
        tuple(_outcome(objective, sites) for sites in sets), share_small,
    )  # fmt: skip


def _candidates(
    support: RegionSupport, given: pd.DataFrame, question: Question, excluded: "shapely.Geometry | None"
) -> tuple[pd.DataFrame, pd.DataFrame, Floats | None, Floats | None]:
    """Return the candidates of which all is known that the question needs, and those set aside with the reason.

    Behind them the candidates' capacity and costs, None where these aren't asked about.
    """
    places, aside = usable(support.network, given, excluded)
    capacity, costs = (amounts_of(places, what) for what in (question.capacity, question.cost))
    needed = {NO_CAPACITY: capacity, NO_COST: None if question.budget is None else costs}
    reason = np.full(len(places), "", object)
    for name, amounts in needed.items():
        if amounts is not None:
            reason[(reason == "") & np.isnan(amounts)] = name
    kept = reason == ""
    places, more = split(places, reason.astype(str))
    aside = pd.concat([aside, more], ignore_index=True)
    capacity, costs = (None if amounts is None else amounts[kept] for amounts in (capacity, costs))
    if question.sites > len(places):
        raise InputError(
            "{sites} sites can't be chosen among {candidates} candidates ({aside} more are set aside); ask for no more "
            "than there are.",
            sites=question.sites,
            candidates=len(places),
            aside=len(aside),
        )
    return places, aside, capacity, costs


def _lived_in(
    support: RegionSupport, zones: pd.DataFrame, weight: str, needs: Needs
) -> tuple[pd.DataFrame, pd.DataFrame, Floats, float, float]:
    """Return the cells that are counted, their zones and people, and how many people have no street to set out on.

    Cells are counted by their residents, whatever they weigh; last, the share of the weight in those that aren't.
    """
    cells = populated_cells(zones)
    living = zones.set_index("zone_id").loc[cells["id"]].reset_index()
    if living[weight].isna().all():
        raise InputError("The region tells no {weight} of its areas; weigh by another number of people.", weight=weight)
    whole = living[weight].fillna(0.0).to_numpy(np.float64)
    people = np.where(people_counted(living["population"]).to_numpy() > 0, whole, 0.0)
    share_small = 1.0 - float(people.sum()) / float(whole.sum()) if whole.sum() >= LEAST_GROUP else np.nan
    known = with_streets(support, cells, needs)
    counted = known & (people > 0)
    if not counted.any():
        raise InputError(
            "No area of the region with at least {least} people has a street within 1 km to set out on.", least=LEAST
        )
    cells, living = (table[counted].reset_index(drop=True) for table in (cells, living))
    return cells, living, people[counted], float(people[~known].sum()), share_small


def _of_scores(question: Question, access: Access, living: pd.DataFrame, people: Floats) -> tuple[Objective, float]:
    """Return the objective over scores, and how many people are left out of it."""
    if question.objective == SCORE:
        return MeanScore(access, people), 0.0
    if question.objective == WORST_OFF:
        helped = (access.there > 0) | (access.added > 0).any(axis=1)
        if not people[helped].sum() > 0:
            raise InputError("No candidate is in reach of anyone who is counted; give other candidates.")
        some = Access(access.there[helped], access.added[helped])
        return WorstOff(some, people[helped]), float(people[~helped].sum())
    ranked = ranking(living)
    income = np.full(len(living), np.nan) if ranked is None else ranked[1].to_numpy(np.float64)
    return evenness_of(access, people, income), 0.0


def _outcome(objective: Objective, sites: Sequence[int]) -> dict[str, float]:
    """Return what a set of sites comes to, in numbers that are published: people of whole cells, or in filled slots."""
    if isinstance(objective, Reached | Served):
        return {"people_newly": float(round(objective.value(sites)))}
    if isinstance(objective, MeanScore):
        return {"mean_score": objective.value(sites)}
    if isinstance(objective, WorstOff):
        mean = MeanScore(objective.access, objective.people)
        return {"lowest_tenth_score": objective.lowest(sites), "mean_score": mean.value(sites)}
    assert isinstance(objective, Evenness)  # noqa: S101  there are no others
    rich, poor = objective.parts(sites)
    return {"palma": -objective.value(sites), "richest_score": rich, "poorest_score": poor}


def _positions(places: pd.DataFrame, set_aside: pd.DataFrame, own: Sequence[str]) -> list[int]:
    """Return the positions of the user's own choice among the candidates.

    Raises
    ------
    InputError
        One is no candidate, or was set aside.
    """
    ids = pd.Index(places["id"].astype(str))
    positions = []
    for one in dict.fromkeys(own):
        at = ids.get_indexer([one])[0]
        if at < 0:
            aside = set_aside["reason"][set_aside["id"] == one]
            why = Phrase("is none of the candidates")
            if len(aside):
                why = Phrase("was set aside ({reason})", reason=Phrase(str(aside.iloc[0])))
            raise InputError(
                "{candidate!r} {why}; name candidates by their ids, such as {other!r}.",
                candidate=one, why=why, other=str(ids[0]),
            )  # fmt: skip
        positions.append(int(at))
    return positions


def _costs(costs: Floats, people: float | None) -> dict[str, float | None]:
    """Return what sites cost in all, and for each person newly in reach where people are counted; None = not known."""
    total = None if np.isnan(costs).any() else float(costs.sum())
    if people is None:
        return {"cost": total}
    return {"cost": total, "cost_per_person": total / people if total is not None and people > 0 else None}


def _share_of(progress: Progress | None, low: float, high: float) -> Progress | None:
    return None if progress is None else lambda share: progress(low + share * (high - low))
