"""`recovery-reach doctor`: what this machine has of what the software needs, and how to get the rest."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

import typer

from geo.library_parts import LibraryPart
from layers.terminal import print_json, print_rows, progress, say

WRONG = 1
"""The exit code where something keeps the software from working."""


def print_findings(parts: Sequence[LibraryPart], as_json: bool) -> None:
    """Print what the checks of this machine show; `parts` of libraries are those that the app rests on."""
    from commands.machine_checks import findings

    with progress("Checking this machine") as step:
        shown = findings(parts, step)
    states = Counter(one.state for one in shown)
    if as_json:
        print_json([asdict(one) for one in shown])
    else:
        print_rows([asdict(one) for one in shown])
        say(f"{states['well']} well, {states['note']} to know, {states['wrong']} wrong.")
    if states["wrong"]:
        raise typer.Exit(WRONG)
