"""Commands about travel: times, isochrones, opportunities."""

from typing import Annotated, Any

import typer

from commands.arguments import (
    limits_of,
    on_streets,
    opened_region,
    places_of,
    settings_of,
    tell_of_arrivals,
    tell_of_longer_walks,
    tell_of_timetable,
    with_traffic,
)
from commands.options import From, Json, MaxMinutes, Out, RegionName, To, traveling
from commands.output import check_table_path, deliver
from geo.errors import InputError
from layers.terminal import print_json_text, progress, say


@traveling("transit")
def times(
    region: RegionName,
    origins: From,
    destinations: To,
    max_minutes: MaxMinutes = 60,
    nearest_by: Annotated[
        str | None,
        typer.Option(metavar="AREA", help="The nearest place by county, tract, block_group or grid instead."),
    ] = None,
    within: Annotated[
        float | None,
        typer.Option(
            metavar="N", help="With --nearest-by: the limit in minutes to count; 30, or a lower --max-minutes, without."
        ),
    ] = None,
    out: Out = None,
    as_json: Json = False,
    *,
    travel: dict[str, Any],
) -> None:
    """Travel times from these places to those; a pair that is absent can't be reached in time."""
    from geo.equity.nearest import nearest_in_areas
    from geo.travel.travel_times import travel_times

    check_table_path(out)
    if within is not None and (nearest_by is None or not 0 <= within <= max_minutes):
        raise InputError("--within belongs to --nearest-by, and is a number of minutes from 0 to --max-minutes.")
    opened = opened_region(region)
    settings = settings_of(opened, max_minutes, **travel)
    starts = on_streets(opened, places_of(opened, origins), settings, "origins")
    ends = on_streets(opened, places_of(opened, destinations), settings, "destinations")
    with progress("Travel times") as step:
        minutes = travel_times(opened.network, starts, ends, settings, step)
    tell_of_timetable(opened, settings)
    tell_of_arrivals(settings)
    if minutes.empty:
        say(f"None of the places is reached within {max_minutes:g} minutes.")
    tell_of_longer_walks(opened, starts, ends, settings, minutes)
    if nearest_by is not None:
        minutes = nearest_in_areas(minutes, starts, nearest_by, 30.0 if within is None else within)
    deliver(with_traffic(opened, settings, minutes), out, as_json)


@traveling("walk")
def isochrones(
    region: RegionName,
    origins: From,
    minutes: Annotated[str, typer.Option(metavar="10,20,30", help="Limits in minutes.")] = "10,20,30",
    out: Out = None,
    as_json: Json = False,
    *,
    travel: dict[str, Any],
) -> None:
    """Write the areas within reach as GeoJSON, GeoParquet or CSV; a place off the streets has none."""
    import geopandas as gpd
    import pandas as pd

    from geo.travel.isochrones import isochrones as areas_within
    from geo.travel.travel_times import off_streets
    from layers.export import areas_text, check_area_path, write_areas

    if out is not None:
        check_area_path(out)
    minutes_each = limits_of(minutes)
    opened = opened_region(region)
    settings = settings_of(opened, max(minutes_each), **travel)
    if len(settings.percentiles) > 1:
        raise InputError("An area holds for one percentile; give --percentile once, and ask again for another.")
    starts = places_of(opened, origins)
    off = off_streets(opened.network, starts, settings.mode)
    if not off.all():
        starts = on_streets(opened, starts, settings, "origins")[~off]
    with progress("Isochrones") as step:
        parts = []
        for position in range(len(starts)):
            step(position / len(starts), "Isochrones")
            parts.append(areas_within(opened.network, starts.iloc[[position]], settings, minutes_each))
    limits = tell_of_timetable(opened, settings)
    tell_of_arrivals(settings)
    whole = with_traffic(opened, settings, pd.concat(parts, ignore_index=True))
    areas = gpd.GeoDataFrame(whole, crs="EPSG:4326")
    if out is not None:
        write_areas(areas, out, limits)
        say(f"{len(areas)} areas written to {out}.")
    if as_json or out is None:
        print_json_text(areas_text(areas, limits) + "\n")


@traveling("transit")
def opportunities(
    region: RegionName,
    origins: From,
    destinations: Annotated[str, typer.Option("--to", metavar="F.csv", help="CSV of lat,lon and the weight column.")],
    weight: Annotated[str, typer.Option(metavar="COLUMN", help="Column to sum.")],
    cutoff: Annotated[list[float], typer.Option(metavar="N", help="Minutes; may be given again.")],
    out: Out = None,
    as_json: Json = False,
    *,
    travel: dict[str, Any],
) -> None:
    """Sum a weight column over what is reached: e.g. people within 60 minutes by bus."""
    from geo.access.opportunities import opportunities as sum_reached

    check_table_path(out)
    opened = opened_region(region)
    settings = settings_of(opened, 60, **travel)
    starts = on_streets(opened, places_of(opened, origins), settings, "origins")
    ends = on_streets(opened, places_of(opened, [destinations]), settings, "destinations")
    with progress("Opportunities") as step:
        table = sum_reached(opened.network, starts, ends, weight, settings, list(dict.fromkeys(cutoff)), step)
    tell_of_timetable(opened, settings)
    tell_of_arrivals(settings)
    deliver(with_traffic(opened, settings, table), out, as_json, points=True)
