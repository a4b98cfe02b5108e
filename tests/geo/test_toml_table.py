"""TOML of a user is looked at before it is parsed: how large it is, and how deeply it is nested."""

import tomllib
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from geo.toml_table import MOST_BYTES, MOST_LEVELS, parse_toml, read_toml
from tests.growth import MOST, growth

ROOT = Path(__file__).parents[2]
TEXTS = st.text(st.sampled_from("a.b[]{}\"'#=,\n\\ é"), max_size=12)
DOCUMENTS = st.dictionaries(
    TEXTS,
    st.recursive(
        TEXTS | st.integers(-5, 5) | st.floats(allow_nan=False) | st.booleans(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
        max_leaves=6,
    ),
    max_size=4,
)


@given(DOCUMENTS, st.booleans())
def test_whatever_texts_hold_is_no_nesting(document: dict[str, object], lines: bool) -> None:
    text = tomli_w.dumps(document, multiline_strings=lines)
    assert parse_toml(text.encode()) == tomllib.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        "a = '''[[[[[[[[[[[[[[[[[[[[''' # [[[[[[[[[[[[[[[[[[[[ .............................\n",
        'a = """""[[[[[[[[[[[[[[[[[[[["""""\nb = ""\n',
        "a = ''''.....................'''''\nb = ''\n",
        '"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q" = 1\n',
        f"a = {'[' * (MOST_LEVELS - 1)}{']' * (MOST_LEVELS - 1)}\n",
        f"{'.'.join('abcdefghijklmnop')} = 1.5\n",
        "a = [1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5]\n",
    ],
)
def test_what_looks_nested_and_is_not_is_read(text: str) -> None:
    assert parse_toml(text.encode()) == tomllib.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        ".".join(["a"] * 20_000) + " = 1",
        f"[{'.'.join(['a'] * 20_000)}]",
        f"a = {{ {' . '.join(['b'] * 20_000)} = 1 }}",
        f"a = {'[' * 1000}{']' * 1000}",
        "a = " + "{b=" * 40 + "1" + "}" * 40,
        '"a"' + '."a"' * 30 + " = 1",
        "a = 'unclosed\n" + ".".join(["a"] * 20_000) + " = 1",
    ],
)
def test_what_is_nested_deeply_is_refused_before_it_takes_memory(text: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=r"nested too deeply|Illegal character"):
            parse_toml(text.encode())
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_no_more_of_a_file_is_read_than_it_may_have(tmp_path: Path) -> None:
    path = tmp_path / "huge.toml"
    path.write_bytes(b"#" * (MOST_BYTES + 1))
    with pytest.raises(ValueError, match="over 1,000,000 bytes"):
        read_toml(path)
    with pytest.raises(ValueError, match="over 1,000,000 bytes"):
        read_toml(Path("/dev/zero"))
    with pytest.raises(ValueError, match="over 10 bytes"):
        parse_toml(b"#" * 11, 10)


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    with pytest.raises(ValueError, match="thousands of digits"):
        parse_toml(b"age = " + b"1" * 40_000)


@pytest.mark.parametrize(
    "piece", ["[a{}]\n", "a{} = 1\n", "a{}.b.c.d = 1\n", "[[a]]\n", "#\n", '"', "'''", '"""', "\\", " ", "."]
)
def test_the_time_grows_with_the_text(piece: str) -> None:
    def read(text: bytes) -> None:
        with suppress(ValueError):
            parse_toml(text)

    assert growth(read, 10_000, lambda size: "".join(map(piece.format, range(size // len(piece)))).encode()) < MOST


def test_all_that_users_give_is_read_here() -> None:
    """The parser itself is asked only for files that come with the software."""
    for path in [
        path
        for folder in ("geo", "sources", "people", "layers", "screens", "commands")
        for path in (ROOT / folder).rglob("*.py")
    ]:
        for line in path.read_text("utf-8").splitlines():
            if "tomllib.loads(" in line and path != ROOT / "geo" / "toml_table.py":
                assert "embedded(" in line, path
