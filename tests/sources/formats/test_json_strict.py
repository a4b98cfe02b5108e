"""JSON is read as RFC 8259 has it, and anything else is refused with one sentence."""

from contextlib import suppress
from pathlib import Path

import pytest

from geo.errors import SourceError
from sources.formats.json_strict import read_json, read_json_lines


def cases(shared: Path, kind: str) -> list[Path]:
    paths = sorted((shared / "badinputs" / "json-testsuite").glob(f"{kind}_*.json"))
    assert paths
    return paths


def test_every_valid_document_is_read(shared: Path) -> None:
    for path in cases(shared, "y"):
        read_json(path.read_bytes(), path.name)


def test_every_invalid_document_is_refused_with_one_sentence(shared: Path) -> None:
    for path in cases(shared, "n"):
        with pytest.raises(SourceError) as problem:
            read_json(path.read_bytes(), path.name)
        assert "\n" not in str(problem.value), path.name
        assert path.name in str(problem.value)


def test_documents_on_which_parsers_differ_never_crash(shared: Path) -> None:
    for path in cases(shared, "i"):
        with suppress(SourceError):
            read_json(path.read_bytes(), path.name)


@pytest.mark.parametrize(
    "raw", [b"", b"   ", b"\xef\xbb\xbf[]", b"\xff\xfe[\x00", b"[NaN]", b"[Infinity]", b"[" * 200_000]
)
def test_what_feeds_get_wrong_is_refused(raw: bytes) -> None:
    with pytest.raises(SourceError, match=r"feed\.json"):
        read_json(raw, "feed.json")


def test_lines_name_the_one_that_is_broken() -> None:
    assert read_json_lines(b'{"a":1}\n\n{"a":2}\n', "f") == [{"a": 1}, {"a": 2}]
    with pytest.raises(SourceError, match="line 2"):
        read_json_lines(b'{"a":1}\n{"a":\n', "f")
