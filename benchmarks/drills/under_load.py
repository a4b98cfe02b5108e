"""Visitors of a server that is killed and started again in the middle, then connections that never end their request.

A short form of `benchmarks/load.py`, for what is right; that one is for how long it takes.
"""

import asyncio

from benchmarks import load
from benchmarks.drills.asking import data_folder
from benchmarks.drills.outcome import Outcome, Work

VISITORS, THINK_SECONDS, HALF_OPEN = 25, 5.0, 200
MOST_MEGABYTES = 1536


def drill(work: Work) -> Outcome:
    """Have visitors ask while the server is killed; no answer is wrong, and they go on when it is there again."""
    outcome = Outcome()
    with data_folder(work.demo):
        seen = asyncio.run(load.load(VISITORS, work.seconds / 60, THINK_SECONDS, HALF_OPEN))
    after = seen.answers - seen.before_kill[1]
    outcome.figures["answers before the server was killed"] = seen.before_kill[1]
    outcome.figures["answers after it was started again"] = after
    outcome.figures["answers cut off by the kill, and asked again"] = seen.failed
    outcome.figures["connections left half-open, and another visitor answered"] = seen.half_open[0]
    outcome.figures["megabytes that a server held at most"] = round(max(seen.megabytes, default=0))
    outcome.expect(seen.before_kill[1] > 0 and after > 0, "no visitor was answered before, or after, the kill")
    outcome.expect(not seen.wrong, f"{len(seen.wrong)} wrong answers: {', '.join(sorted(set(seen.wrong)))}")
    outcome.expect(seen.half_open[0] == HALF_OPEN, f"only {seen.half_open[0]} half-open connections were taken")
    outcome.expect(max(seen.megabytes, default=0) < MOST_MEGABYTES, "a server held more memory than it may")
    return outcome
