"""A part of a library that is gone is named before anything is built on it, with a version that has it."""

import pytest

from geo.errors import LibraryError
from geo.library_parts import LibraryPart, check_parts, missing_parts


def gone() -> bool:
    raise AttributeError("module 'numpy' has no attribute 'that'")


HERE = LibraryPart("numpy", "2.4.6", "Counting", lambda: True)
CHANGED = LibraryPart("numpy", "2.4.6", "Adding up", lambda: False)
GONE = LibraryPart("pandas", "3.1.1", "The tables", gone)


def test_what_is_there_stops_nothing() -> None:
    check_parts([HERE])
    assert missing_parts([HERE, CHANGED, GONE]) == [CHANGED, GONE]


def test_what_is_gone_is_named_with_what_rests_on_it_and_what_mends_it() -> None:
    with pytest.raises(LibraryError) as refused:
        check_parts([HERE, CHANGED, GONE])
    first, second = str(refused.value).split(". T", 1)
    assert first.startswith("Adding up can't work with numpy ")
    assert first.endswith("2.4.6 is known to work: pip install 'numpy==2.4.6'")
    assert "pip install 'pandas==3.1.1'" in second
