"""The table of timings says how sure each choice was."""

import pytest

from benchmarks.siting import print_row
from geo.siting.choice import Choice


def test_a_row_says_what_was_found(capsys: pytest.CaptureFixture[str]) -> None:
    for bound in (8.0, 10.0, float("inf")):
        print_row("one", 0.0, Choice((1,), value=8.0, before=0.0, bound=bound))
    last = [line.split("|")[3].strip() for line in capsys.readouterr().out.splitlines()]
    assert last == ["exact", "20.00 %", "no bound"]
