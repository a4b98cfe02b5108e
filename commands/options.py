"""Options that several commands share, declared once."""

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from geo.clock import MORNING_PEAK, window_text

RegionName = Annotated[str, typer.Argument(metavar="REGION", help="Name of a region that was built.")]
From = Annotated[
    list[str], typer.Option("--from", metavar="P", help="lat,lon, an address or crossing, or a CSV of id,lat,lon.")
]
To = Annotated[list[str], typer.Option("--to", metavar="P", help="lat,lon, an address or crossing, or a CSV.")]
At = Annotated[list[str], typer.Option("--at", metavar="P", help="lat,lon, an address or crossing, or a CSV.")]
Mode = Annotated[str, typer.Option(help="walk, bike, drive or transit.")]
Date = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="Service date; the region's own without it.")]
Window = Annotated[
    str | None,
    typer.Option(
        metavar="HH:MM-HH:MM",
        help=f"Leave at each minute of this window ({window_text(MORNING_PEAK)}), in its traffic.",
    ),
]
ArriveBy = Annotated[
    str | None,
    typer.Option(
        "--arrive-by",
        metavar="HH:MM",
        help="Be there by this time instead; minutes by transit then last from the latest second to leave until then.",
    ),
]
Percentile = Annotated[list[int] | None, typer.Option(help="Percentile over the window; may be given again.")]
MaxMinutes = Annotated[float, typer.Option(help="Longest trip in minutes.")]
MaxWalk = Annotated[float, typer.Option(help="Longest walk in minutes, on each leg and on all-walking trips.")]
WalkKph = Annotated[float, typer.Option(help="Walking speed in km/h.")]
BikeKph = Annotated[float, typer.Option(help="Cycling speed in km/h.")]
BoardSeconds = Annotated[
    int, typer.Option(help="Least seconds to change or to board; 61 where a change of just a minute is too short.")
]
Rides = Annotated[int, typer.Option(help="Most rides in one trip.")]
Wheelchair = Annotated[bool, typer.Option(help="Step-free stops and vehicles only, where the timetable says so.")]
StaySeated = Annotated[
    bool, typer.Option("--stay-seated", help="Stay on board where a bus goes on as another route (block_id).")
]
NeedsFile = Annotated[Path | None, typer.Option("--needs", metavar="F.toml", help="What the person needs.")]
Profile = Annotated[str | None, typer.Option(help="no-car (or suspended-license), bicycle, car or wheelchair.")]
Parameters = Annotated[
    Path | None, typer.Option(metavar="F.toml", help="The score's parameters; the default's without.")
]
AreasAtOnce = Annotated[
    int | None, typer.Option(min=1, help="Areas of one block: fewer take less memory, and less is lost by a stop.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="F", help="Write here; the ending decides the format.")]


Command = Callable[..., None]


def _sharing(name: str, options: dict[str, tuple[Any, Any]]) -> Callable[[Command], Command]:
    """Give a command options that others have too (their kind and default); it gets them as one dict of this name."""

    def add(command: Command) -> Command:
        @wraps(command)
        def run(**values: Any) -> None:
            shared = {option: values.pop(option) for option in options}
            command(**values, **{name: shared})

        own = [option for key, option in inspect.signature(command).parameters.items() if key != name]
        added = [
            inspect.Parameter(option, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)
            for option, (kind, default) in options.items()
        ]
        run.__signature__ = inspect.Signature([*own, *added])  # type: ignore[attr-defined]
        run.__annotations__ = {option.name: option.annotation for option in [*own, *added]}
        return run

    return add


_TRAVEL: dict[str, tuple[Any, Any]] = {
    "date": (Date, None),
    "window": (Window, None),
    "arrive_by": (ArriveBy, None),
    "percentile": (Percentile, None),
    "max_walk": (MaxWalk, 20.0),
    "walk_kph": (WalkKph, 4.8),
    "bike_kph": (BikeKph, 15.0),
    "board_seconds": (BoardSeconds, 60),
    "rides": (Rides, 4),
    "wheelchair": (Wheelchair, False),
    "stay_seated": (StaySeated, False),
}


def traveling(usual_mode: str) -> Callable[[Command], Command]:
    """Give a command the options of travel, as `travel`."""
    return _sharing("travel", {"mode": (Mode, usual_mode), **_TRAVEL})


def usual_travel(mode: str) -> dict[str, Any]:
    """Return `travel` as it is where none of its options is given."""
    return {"mode": mode} | {option: default for option, (_, default) in _TRAVEL.items()}


for_a_person = _sharing(
    "person",
    {"profile": (Profile, None), "needs": (NeedsFile, None), "date": (Date, None), "parameters": (Parameters, None)},
)
"""Gives a command what is asked for whom: profile, needs, date and parameters, as `person`."""

for_an_effect = _sharing(
    "effect",
    {
        "measure": (
            Annotated[
                str, typer.Option(metavar="M", help="total, health, home, purpose, community, or a class of places.")
            ],
            "total",
        ),
        "class_name": (
            Annotated[
                str | None,
                typer.Option("--class", metavar="NAME", help="Count who has one of these within --within too."),
            ],
            None,
        ),
        "within": (
            Annotated[float | None, typer.Option(metavar="MINUTES", help="What is in reach, of --class (30 without).")],
            None,
        ),
        "window": (Window, None),
        "areas": (
            Annotated[str | None, typer.Option(metavar="LEVEL", help="place, tract, block_group, county, zip, grid.")],
            None,
        ),
    },
)
"""Gives a command what is told of who gains and loses, as `effect`; see `commands.effects`."""
