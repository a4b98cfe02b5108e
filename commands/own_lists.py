"""Own lists at the terminal: how their headings are read, shown for a yes."""

import sys
from typing import TYPE_CHECKING

from commands.arguments import agreed
from geo.errors import InputError
from layers.terminal import say

if TYPE_CHECKING:
    from sources.region.inputs import RegionInputs


def agree_on_lists(inputs: "RegionInputs", *, yes: bool) -> dict[str, dict[str, str]]:
    """Return path → our column → heading of each list that needs a yes, having shown it and, without `yes`, asked.

    Raises
    ------
    InputError
        Nobody can be asked, or said no; or two headings mean one column.
    """
    from sources.adapter.headings import refuse_twice
    from sources.region.inputs import input_files
    from sources.region.own_lists import mapping_file, own_lists

    lists = own_lists(input_files(inputs, need_streets=False))
    for one in lists:
        refuse_twice(one.headings, one.file.path.name)
    shown = [one for one in lists if not one.is_plain]
    for line in [line for one in shown for line in one.lines()]:
        say(line)
    if shown and not yes:
        names = ", ".join(one.file.path.name for one in shown)
        first = mapping_file(shown[0].file.path).name
        other = f"say what holds in {first} (`recovery-reach sources columns --save` writes it)"
        if not sys.stdin.isatty():
            raise InputError(f"Nothing was built: add --yes to read {names} as shown, or {other}.")
        if not agreed(f"Read {names} so?"):
            raise InputError(f"Nothing was built: {other}.")
    return {str(one.file.path): dict(one.headings.columns) for one in shown}
