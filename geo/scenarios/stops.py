"""Stops added to a route: every trip that rides past halts there, and goes on later."""

import datetime
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.crs import to_meters
from geo.errors import InputError
from geo.phrases import Phrase
from geo.plurals import Plural
from geo.scenarios.changes import StopAdded
from geo.scenarios.feed_edits import stops_called
from geo.scenarios.lines import place_stops
from geo.scenarios.routes import on_date, trips_of, trips_on
from geo.streets.build import Streets
from geo.timetables.feed_tables import FeedTables

SHORT_METERS = 200.0
_TRIPS = Plural("{count} trip", "{count} trips")

Floats = npt.NDArray[np.float64]


def add_stop(
    streets: Streets, tables: FeedTables, change: StopAdded, date: datetime.date | None = None
) -> tuple[FeedTables, str]:
    """Return the tables with a stop more in a route's trips, in both directions, and what it does in a sentence.

    The ride from stop to stop gets longer as the straight lines by way of the new one are longer, at the same speed:
    that of this ride, or of the whole trip where the two stops are less than `SHORT_METERS` apart, since timetables
    are in whole minutes. With the time it halts there, all that follows in the trip is later.

    Raises
    ------
    InputError
        There is no such route or stop, or no trip of the route rides from one of the two stops straight to the other.
    OutsideRegionError
        The stop is too far from any street.
    """
    own = np.isin(tables.calls["trip"].to_numpy(), trips_of(tables, change.route))
    one, other = (stops_called(tables.stops, text) for text in change.between)
    tables, (new,) = place_stops(streets, tables, (change.stop,), Phrase("Route {route}", route=change.route))
    calls = tables.calls
    stop, trip = calls["stop"].to_numpy(np.int64), calls["trip"].to_numpy(np.int64)
    ahead = np.append(stop[1:], -1)
    on = np.append(trip[1:] == trip[:-1], False) & own
    passes = on & ((np.isin(stop, one) & np.isin(ahead, other)) | (np.isin(stop, other) & np.isin(ahead, one)))
    rows = np.flatnonzero(passes)
    if not len(rows):
        raise InputError(
            "No trip of route {route} rides from {one!r} straight to {other!r}; name two stops that follow each other.",
            route=change.route, one=change.between[0], other=change.between[1],
        )  # fmt: skip
    first, second = _meters(tables, stop[rows], new, streets.crs), _meters(tables, ahead[rows], new, streets.crs)
    straight = np.maximum(_meters(tables, stop[rows], ahead[rows], streets.crs), 1.0)
    arrival, departure = (calls[name].to_numpy(np.int64) for name in ("arrival", "departure"))
    ridden = (arrival[rows + 1] - departure[rows]).astype(np.float64)
    more_meters = np.maximum(first + second - straight, 0.0)
    pace = np.where(straight < SHORT_METERS, _paces(tables, streets.crs)[trip[rows]], ridden / straight)
    if not np.isfinite(pace).all():
        raise InputError(
            "Route {route}: its stops are too close together to tell how fast it goes; add the stop between two that "
            "are farther apart.",
            route=change.route,
        )
    ride = ridden + more_meters * pace
    reaches = departure[rows] + np.rint(ride * first / np.maximum(first + second, 1.0)).astype(np.int64)
    leaves = reaches + round(change.dwell_seconds)
    goes_on = np.rint(ride).astype(np.int64) + departure[rows] + round(change.dwell_seconds)
    more = np.zeros(len(calls), np.int64)
    more[rows + 1] = goes_on - arrival[rows + 1]
    total = np.cumsum(more)
    before = np.searchsorted(trip, trip)  # where each trip's calls begin
    late = total - (total - more)[before]
    moved = calls.assign(arrival=arrival + late, departure=departure + late)
    halts = calls.iloc[rows].assign(
        stop=new, arrival=reaches + late[rows], departure=leaves + late[rows], pickup=0, drop_off=0
    )
    order = np.argsort(np.concatenate([np.arange(len(calls)), rows + 0.5]), kind="stable")
    whole = pd.concat([moved, halts], ignore_index=True).iloc[order].reset_index(drop=True)
    whole["sequence"] = whole.groupby("trip").cumcount()
    whole = whole.astype(calls.dtypes)
    name = tables.stops["name"].iloc[new]
    halting = np.unique(trip[rows])
    stopping = on_date(_TRIPS, len(halting), trips_on(tables, halting, date), date)
    return replace(tables, calls=whole), f"Route {change.route}: {stopping} halt at {name} too."


def _paces(tables: FeedTables, crs: str) -> Floats:
    """Return each trip's seconds a meter of straight lines between its stops; inf where these are all at one place."""
    calls = tables.calls
    stop, trip = calls["stop"].to_numpy(np.int64), calls["trip"].to_numpy(np.int64)
    arrival, departure = (calls[name].to_numpy(np.int64) for name in ("arrival", "departure"))
    on = trip[1:] == trip[:-1]
    meters = np.bincount(trip[1:][on], _meters(tables, stop[:-1][on], stop[1:][on], crs), len(tables.trips))
    seconds = np.bincount(trip[1:][on], (arrival[1:] - departure[:-1])[on], len(tables.trips))
    paces: Floats = np.divide(seconds, meters, out=np.full(len(meters), np.inf), where=meters >= SHORT_METERS)
    return paces


def _meters(tables: FeedTables, stops: npt.NDArray[np.int64], to: npt.NDArray[np.int64] | np.int64, crs: str) -> Floats:
    """Return the straight lines between stops, in meters."""
    x, y = to_meters(tables.stops["lon"].to_numpy(np.float64), tables.stops["lat"].to_numpy(np.float64), crs)
    meters: Floats = np.hypot(x[stops] - x[to], y[stops] - y[to])
    return meters
