"""What is asked and told of who gains and loses: alike for a scenario and for two builds of a region."""

from typing import TYPE_CHECKING, Any

from commands.arguments import window_of
from geo.errors import InputError

if TYPE_CHECKING:
    from geo.scenarios.what_if import WhatIf


def effect_asked(effect: dict[str, Any]) -> "WhatIf":
    """Return what the options of `commands.options.for_an_effect` ask for."""
    from geo.scenarios.what_if import WhatIf

    within, class_name = effect["within"], effect["class_name"]
    if class_name is None and (within is not None or effect["window"] is not None):
        raise InputError(
            "--within and --window say what is in reach of --class NAME; give that too, or leave them out."
        )
    return WhatIf(effect["measure"], class_name, 30.0 if within is None else within, window_of(effect["window"]))
