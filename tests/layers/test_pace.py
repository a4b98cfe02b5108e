"""The pace of long work in words."""

import pytest

from layers.pace import Pace


@pytest.mark.parametrize(
    ("seconds", "done", "total", "text"),
    [
        (10, 0, 50, "0 of 50 regions"),
        (10, 1, 50, "1 of 50 regions, 6.0 a minute, 8 min left"),
        (3600, 2, 3144, "2 of 3,144 regions, 2.0 an hour, 65.5 days left"),
        (7200, 40, 100, "40 of 100 regions, 20 an hour, 3.0 h left"),
        (2, 1000, 1500, "1,000 of 1,500 regions, 500 a second, 1 s left"),
        (50_000, 1, 2, "1 of 2 regions, 0.1 an hour, 13.9 h left"),
        (5, 50, 50, "50 of 50 regions, 10 a second, 0 s left"),
    ],
)
def test_rate_and_time_left(seconds: float, done: int, total: int, text: str) -> None:
    times = iter([100.0, 100.0 + seconds, 100.0, 100.0 + seconds])
    pace = Pace("regions", lambda: next(times))
    assert pace.text(0, total) == f"0 of {total:,} regions"
    assert pace.text(done, total) == text
    again = Pace("regions", lambda: next(times))
    again.text(1000, 1000 + total)  # was done before: the rate is that of this run
    assert again.text(1000 + done, 1000 + total).partition(" regions")[2] == text.partition(" regions")[2]
