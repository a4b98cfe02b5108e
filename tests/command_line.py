"""Runs `recovery-reach` in a test as a person would."""

import sys

import pytest

import cli


def called(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str, str]:
    """Return exit code, output and errors of `recovery-reach` with these words."""
    monkeypatch.setattr(sys, "argv", ["recovery-reach", *words])
    try:
        cli.main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    else:
        code = 0
    shown = capsys.readouterr()
    return code, shown.out, shown.err
