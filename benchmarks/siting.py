"""Siting, timed: 3,000 cells × 500 candidates, ten sites, by each objective; and one site at any address of the demo.

    python -m benchmarks.siting

Cells and candidates of the first are drawn at random over a county of 40 × 40 km, with fixed seeds; people travel in
a straight line at 20 km an hour.
"""

import os
import sys
import time

import numpy as np
import scipy.sparse

from geo.needs.needs import Needs
from geo.siting.choice import Choice, gain_curve
from geo.siting.greedy import Means
from geo.siting.objectives import Access, MeanScore, Objective, Reached, Served, WorstOff, evenness_of
from geo.siting.question import Question
from geo.siting.sites import find_sites
from sources.places.site_lists import read_candidates
from sources.region import build_demo, list_regions, open_region

CELLS, CANDIDATES, SITES, SECONDS = 3000, 500, 10, 25.0
_THERE = 3
"""Places that are there, where the first candidates are: evenness is a ratio to what the poorest have."""


def main() -> None:
    """Time everything and print the table."""
    print("| task | seconds | gain without certainty, at most |\n| --- | --- | --- |")
    for name, objective in drawn().items():
        start = time.perf_counter()
        curve = gain_curve(objective, Means(SITES), SECONDS)
        print_row(f"{CELLS:,} × {CANDIDATES}, {SITES} sites, {name}", start, curve[-1])
    if "demo" not in [facts.name for facts in list_regions()]:
        build_demo()
    region = open_region("demo")
    places, support = read_candidates("addresses", region.gazetteer, region.resources), region.support
    start = time.perf_counter()
    question = Question("opioid_treatment_program", 1)
    answer = find_sites(support, region.resources, region.zones, places, question, Needs(), region.facts.service_date)
    print_row(f"demo, one site, {len(places):,} addresses", start, answer.best)
    print(f"\n{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the end.", file=sys.stderr)


def print_row(task: str, start: float, choice: Choice) -> None:
    """Print how long a task took, and what share of the best gain its choice misses at most."""
    gap = "exact" if choice.exact else "no bound" if np.isnan(choice.gap) else f"{100 * choice.gap:.2f} %"
    print(f"| {task} | {time.perf_counter() - start:.1f} | {gap} |")


def drawn() -> dict[str, Objective]:
    """Return a problem of each kind over the same county."""
    random = np.random.default_rng(16)
    towns = random.random((12, 2)) * 40
    homes = towns[random.integers(0, 12, CELLS)] + random.normal(0, 3, (CELLS, 2))
    sites = towns[random.integers(0, 12, CANDIDATES)] + random.normal(0, 3, (CANDIDATES, 2))
    minutes = np.hypot(*(homes[:, None] - sites[None]).transpose(2, 0, 1)) * 3
    people, income = random.integers(11, 200, CELLS).astype(float), random.lognormal(11, 0.4, CELLS)
    near = scipy.sparse.csc_array((minutes <= 15).astype(float))
    added = np.where(minutes < 60, 1 / (1 + np.exp((minutes - 20) / 4.4)), 0.0)
    access = Access(added[:, :_THERE].sum(axis=1), added)
    return {
        "people in reach": Reached(near, people),
        "people in reach, 4,000 slots a site": Served(near, people, np.full(CANDIDATES, 4000.0)),
        "mean score": MeanScore(access, people),
        "worst off": WorstOff(access, people),
        "equity": evenness_of(access, people, income),
    }


if __name__ == "__main__":
    main()
