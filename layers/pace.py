"""How far a long piece of work is, in words: what is done of how much, at which rate, and how long the rest takes."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Pace:
    """The pace of some work since it was first told of; what was done by then counts for no rate.

    Parameters
    ----------
    noun
        What is counted, in the plural.
    """

    noun: str
    clock: Callable[[], float] = time.monotonic
    first: tuple[float, float] | None = field(default=None, init=False)

    def text(self, done: float, total: float) -> str:
        """Return how far the work is.

        Examples
        --------
        >>> times = iter([0.0, 60.0])
        >>> pace = Pace("areas", lambda: next(times))
        >>> pace.text(0, 3600)
        '0 of 3,600 areas'
        >>> pace.text(1200, 3600)
        '1,200 of 3,600 areas, 20 a second, 2 min left'
        """
        now = self.clock()
        if self.first is None:
            self.first = now, done
        seconds, since = now - self.first[0], done - self.first[1]
        words = f"{done:,.0f} of {total:,.0f} {self.noun}"
        if since <= 0 or seconds <= 0:
            return words
        return f"{words}, {_rate(since / seconds)}, {_span((total - done) * seconds / since)} left"


def _rate(per_second: float) -> str:
    for unit, seconds in (("second", 1), ("minute", 60), ("hour", 3600)):
        if per_second * seconds >= 1 or unit == "hour":
            rate = per_second * seconds
            article = "an" if unit == "hour" else "a"
            return f"{rate:,.0f} {article} {unit}" if rate >= 10 else f"{rate:.1f} {article} {unit}"
    raise AssertionError


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 48 * 3600 else f"{seconds / 86400:.1f} days"
