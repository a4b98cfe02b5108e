"""A discharge, timed on the demo: eight homes compared, the week from one of them, and the paper for the meeting.

    python -m benchmarks.discharge

Medians of five, after one run that isn't counted. The needs are those of a person without a car who takes methadone,
works, and has a court date.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import TypeVar

from geo.needs.candidate_homes import candidates
from geo.needs.needs import Appointment, Needs, SavedPlace, Shift
from geo.plan.week_plan import plan_week
from geo.score.compare_homes import compare_homes
from screens.case_manager import homes
from screens.case_manager.meeting_paper import MOST_HOMES, meeting_paper
from screens.shared import regions
from screens.shared.words import Say
from sources.region import build_demo, list_regions

RUNS = 5
HOMES = 8
LIMIT_SECONDS = {"eight homes compared": 1.5, "the paper for the meeting (PDF)": 2.0}
T = TypeVar("T")


def main() -> None:
    """Time everything and print the table."""
    if "demo" not in [facts.name for facts in list_regions()]:
        build_demo()
    region, say = regions.opened("demo"), Say("en")
    support, date = region.support, region.facts.service_date
    work, court = SavedPlace("work", 40.3665, -113.4242), SavedPlace("court", 40.3593, -113.4263)
    needs = Needs(
        medications=("methadone",),
        shifts=tuple(Shift(day, 9 * 60, 17 * 60) for day in range(5)),
        work_place=work,
        appointments=(Appointment(3, 600, 660, court),),
    )
    fits = candidates(region.resources, needs)
    eight = fits[fits["reasons"].map(len) == 0].head(HOMES).assign(id=lambda rows: rows["resource_id"])
    seconds = {}
    seconds["eight homes compared"], _ = timed(lambda: compare_homes(support, eight, needs, date))
    answer = homes.compare(region, support, needs, [], {}, lambda _: None)
    first = answer.homes[0]
    place = (first.asked.lon, first.asked.lat)
    seconds["the week from one of them"], plan = timed(lambda: plan_week(support, place, needs, date))
    land = regions.land("demo")
    chosen = answer.homes[:MOST_HOMES]
    seconds["the paper for the meeting (PDF)"], _ = timed(
        lambda: meeting_paper(region, land, answer, chosen, first, plan, say)
    )
    print("| what | seconds | limit |\n| --- | --- | --- |")
    for what, (wall, busy) in seconds.items():
        print(f"| {what} | {wall:.2f} ({busy:.2f} of the processor) | {LIMIT_SECONDS.get(what, '')} |")
    print(f"\n{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the end.", file=sys.stderr)


def timed(task: Callable[[], T]) -> tuple[tuple[float, float], T]:
    """Return the medians of wall and processor seconds, and what the task gives."""
    result, walls, busies = task(), [], []
    for _ in range(RUNS):
        start, busy = time.perf_counter(), time.process_time()
        result = task()
        walls.append(time.perf_counter() - start)
        busies.append(time.process_time() - busy)
    return (statistics.median(walls), statistics.median(busies)), result


if __name__ == "__main__":
    main()
