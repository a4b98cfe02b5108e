"""No text, row or file of a stranger makes work that grows faster than it does."""

from functools import partial
from typing import Any

from tests.growth import FLOOR_SECONDS, MOST, growth, seconds
from tests.patterns import Found, attacks, patterns, skipped, unread

SIZE = 1024
"""Letters; each is tried with four times as many too."""


def test_every_pattern_is_looked_at() -> None:
    """What is put together from a function's own values is one of these, each of which is made of plain words."""
    assert len(patterns()) > 200
    assert unread() == {
        "sources/cleaning/clean.py: form",  # `_DATES`, which are looked at
        "sources/cleaning/meeting_weeks.py: pattern",  # as are `_RULES`
        "sources/cleaning/meeting_weeks.py: f'{_HELD}{_NEAR}{words}'",  # and `_OTHER_WEEKS`
        "sources/cleaning/meeting_weeks.py: f'(?:{_ON}{words})'",
        "sources/cleaning/meeting_weeks.py: words",
        "sources/networks/osm_files.py: b'\\\\s%s\\\\s*+=\\\\s*+[\"\\'](-?\\\\d{1,20})[\"\\']' % name",  # and `_NUMBER`
        "sources/resources/hsds.py: f\"\\\\b(?:{'|'.join(map(re.escape, rule['any']))})\\\\b\"",  # and `_phrases`
        "sources/resources/hsds.py: pattern",
        "sources/resources/meeting_guide.py: pattern",  # and `_fellowship_patterns`
        "sources/resources/meeting_guide.py: f'\\\\b{re.escape(_plain(of_feed))}\\\\b'",
    }
    assert [path for path in skipped() if "import re\n" in path.read_text("utf-8")] == []


def test_no_pattern_takes_long_on_any_text() -> None:
    assert [one for found in patterns() if (one := slow(found))] == []


def slow(found: Found) -> tuple[Any, ...] | None:
    """Return a pattern with a text on which it takes more than linear time; None where there is none."""
    for before, again in attacks(found.pattern):
        for end in ("\0", "!\n!"):
            for method in sorted({m if m in ("search", "fullmatch", "match") else "findall" for m in found.methods}):
                work = partial(run, found, method, before, again, end)
                few = next((size for size in (24, 48, 96, 512) if seconds(partial(work, size)) > FLOOR_SECONDS), None)
                if few or growth(work, SIZE) > MOST:
                    return found.where, found.pattern.pattern, method, before, again, end
    return None


def run(found: Found, method: str, before: str, again: str, end: str, size: int) -> None:
    text = before + again * (size // len(again) + 1) + end
    getattr(found.pattern, method)(
        text if isinstance(found.pattern.pattern, str) else text.encode("latin-1", "replace")
    )
