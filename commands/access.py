"""`recovery-reach access`: every access measure, over minutes that are computed or given."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.access_measures import MEASURES, check_longest, checked, decay_of, run, spec_of
from commands.arguments import (
    on_streets,
    opened_region,
    places_of,
    settings_of,
    tell_of_arrivals,
    tell_of_timetable,
    with_traffic,
)
from commands.options import Json, MaxMinutes, Out, traveling, usual_travel
from commands.output import check_table_path, deliver
from geo.errors import InputError
from layers.terminal import progress, say

if TYPE_CHECKING:
    import pandas as pd

_USUAL_MODE = "transit"


@traveling(_USUAL_MODE)
def access(
    region: Annotated[
        str | None, typer.Argument(metavar="REGION", help="Name of a region that was built; not with --minutes.")
    ] = None,
    origins: Annotated[
        list[str] | None, typer.Option("--from", metavar="P", help="Where people are: lat,lon, an address, or a CSV.")
    ] = None,
    destinations: Annotated[
        list[str] | None, typer.Option("--to", metavar="P", help="What they need: lat,lon, an address, or a CSV.")
    ] = None,
    measure: Annotated[str, typer.Option(metavar="M", help="One of those above, as 2sfca or closest:n=3.")] = "gravity",
    decay: Annotated[
        str | None, typer.Option(metavar="D", help="One of those above, as gaussian:sigma=15 or linear:cutoff=60.")
    ] = None,
    supply: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Column of --to: beds, jobs …; each place counts 1 without.")
    ] = None,
    demand: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Column of --from: people, where the measure asks for them.")
    ] = None,
    minutes: Annotated[
        Path | None,
        typer.Option(metavar="F", help="CSV or Parquet of origin_id, destination_id, minutes; nothing is computed."),
    ] = None,
    max_minutes: MaxMinutes = 60,
    out: Out = None,
    as_json: Json = False,
    *,
    travel: dict[str, Any],
) -> None:
    """Measure how well places are reached; `access_measures.help_text` is what the command says of itself."""
    import pandas as pd

    check_table_path(out)
    name, given = spec_of(measure, MEASURES, "measure")
    values = checked(name, given, decay=decay is not None, supply=supply is not None, demand=demand is not None)
    weigh = decay_of(decay) if decay is not None else None
    finish: Callable[[pd.DataFrame], pd.DataFrame] | None = None
    if minutes is not None:
        if region is not None or max_minutes != 60 or travel != usual_travel(_USUAL_MODE):
            raise InputError("--minutes brings the travel times: give neither a region nor how to travel with it.")
        table, starts, ends = _given(minutes, origins, destinations)
    else:
        if MEASURES[name].any_columns:
            raise InputError(f"{name} weighs several costs of a trip: give a table that has them with --minutes.")
        check_longest(name, values, decay, max_minutes)
        table, starts, ends, finish = _computed(region, origins, destinations, max_minutes, travel)
    result = run(name, values, table, _amounts(ends, supply, "--to"), _amounts(starts, demand, "--from"), weigh)
    if isinstance(result, pd.DataFrame):
        deliver(result, out, as_json)
        return
    rows = ends if MEASURES[name].is_passive(given) else starts
    places = _with_places(result, rows, name)
    deliver(finish(places) if finish else places, out, as_json, points={"lat", "lon"} <= set(rows))


def _computed(
    region: str | None,
    origins: list[str] | None,
    destinations: list[str] | None,
    max_minutes: float,
    travel: dict[str, Any],
) -> tuple["pd.DataFrame", "pd.DataFrame", "pd.DataFrame", "Callable[[pd.DataFrame], pd.DataFrame]"]:
    """Return the minutes between the places that were named, these places, and what tells a result's traffic."""
    from geo.travel.travel_times import travel_times

    if region is None or not origins or not destinations:
        raise InputError("Name a region and places, as REGION --from P --to P, or give travel times with --minutes.")
    opened = opened_region(region)
    settings = settings_of(opened, max_minutes, **travel)
    if len(settings.percentiles) > 1:
        raise InputError("A measure holds for one percentile; give --percentile once, and ask again for another.")
    starts = on_streets(opened, places_of(opened, origins), settings, "origins")
    ends = on_streets(opened, places_of(opened, destinations), settings, "destinations")
    with progress("Travel times") as step:
        table = travel_times(opened.network, starts, ends, settings, step)
    tell_of_timetable(opened, settings)
    tell_of_arrivals(settings)
    return table, starts, ends, partial(with_traffic, opened, settings)


def _given(
    path: Path, origins: list[str] | None, destinations: list[str] | None
) -> tuple["pd.DataFrame", "pd.DataFrame", "pd.DataFrame"]:
    """Return a table of travel times, and the places that go with it: the tables that were given, or its own ids."""
    import pandas as pd

    from sources.places.amounts import read_amounts, read_minutes

    table = read_minutes(path)
    for sentence in table.attrs.pop("set_aside"):
        say(sentence)
    places = []
    for paths, column, option in ((origins, "origin_id", "--from"), (destinations, "destination_id", "--to")):
        if paths is None:
            places.append(pd.DataFrame({"id": table[column].drop_duplicates()}))
            continue
        if len(paths) != 1:
            raise InputError(f"With --minutes, {option} is one table with a column id.")
        known = read_amounts(Path(paths[0]))
        for sentence in known.attrs.pop("set_aside"):
            say(sentence)
        if not known["id"].isin(table[column]).any():
            raise InputError(f"No id of {paths[0]} is in the column {column} of {path}; are they the same places?")
        strangers = table[column].nunique() - int(known["id"].isin(table[column]).sum())
        if strangers:
            say(f"{strangers} places in the column {column} of {path} are not in {paths[0]}, and left out.")
        table = table[table[column].isin(known["id"])]
        places.append(known)
    return table, *places


def _amounts(places: "pd.DataFrame", column: str | None, option: str) -> "pd.Series":
    """Return the amounts at places by id: a column's, or 1 each."""
    import pandas as pd

    from geo.access.opportunities import amounts_at

    amounts = [1.0] * len(places) if column is None else amounts_at(places, column, f"places of {option}")
    return pd.Series(amounts, index=pd.Index(places["id"].astype("string")), dtype="float64")


def _with_places(result: "pd.Series", places: "pd.DataFrame", name: str) -> "pd.DataFrame":
    """Return a measure as a table: `id`, `lat` and `lon` where they are known, in the order of the places given."""
    known = [column for column in ("id", "lat", "lon") if column in places]
    values = result.reindex(places["id"].astype("string")).to_numpy()
    return places[known].reset_index(drop=True).assign(**{name: values})
