"""The terminal shows what a feed says, and does nothing that a feed says."""

import io
import json
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.terminal import plain, print_json, print_rows, progress


@given(st.text())
def test_plain_text_holds_no_control_or_direction_mark(text: str) -> None:
    shown = plain(text)
    assert not any((ord(mark) < 32 and mark != "\t") or 127 <= ord(mark) < 160 for mark in shown)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def test_a_table_shows_hostile_text_as_text(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    attacks = json.loads((shared / "badinputs" / "synthetic-attacks" / "html_jinja_markdown.json").read_text("utf-8"))
    print_rows([{"name": attack, "minutes": 1.25} for attack in [*attacks, "\x1b[31mred\x1b[0m", "[bold]x[/bold]"]])
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\x00" not in shown
    for text in ("{{7*7}}", "<script>alert(1)</script>", "[x](javascript:alert(1))", "[bold]x[/bold]", "1.2"):
        assert text in shown


@given(st.text())
def test_json_steers_no_terminal_and_reads_the_same(text: str) -> None:
    with redirect_stdout(io.StringIO()) as out:
        print_json({"name": text})
    told = out.getvalue()
    assert json.loads(told) == {"name": text}
    assert plain(told) == told.replace("\n", "")


def test_json_refuses_what_json_can_not_say(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"name": "Ñ", "minutes": 1.5})
    assert json.loads(capsys.readouterr().out) == {"name": "Ñ", "minutes": 1.5}
    with pytest.raises(ValueError, match="Out of range"):
        print_json({"minutes": float("inf")})


def test_progress_and_empty_tables_leave_the_result_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("Working [on] it") as step:
        step(0.5, "half [way")
    print_rows([])
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "Nothing to show.\n", "no bar where nobody watches"
