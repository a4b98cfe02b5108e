"""What a person typed, read: regions, places, needs, dates and windows; what can't be used is one sentence."""

import datetime as dt
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import InputError
from layers.terminal import say

if TYPE_CHECKING:
    import pandas as pd

    from geo.needs.needs import Needs
    from geo.score.score import RegionSupport
    from geo.travel.travel_times import TravelSettings
    from sources.region.model import Region


def agreed(question: str) -> bool:
    """Ask at the terminal, on standard error so that answers can be piped; Enter means yes, the end of input no."""
    while True:
        sys.stderr.write(f"{question} [Y/n] ")
        sys.stderr.flush()
        typed = sys.stdin.readline()
        if not typed:
            sys.stderr.write("\n")
        word = typed.strip().lower() if typed else "no"
        if word in ("", "y", "yes", "n", "no"):
            return word in ("", "y", "yes")


def opened_region(name: str) -> "Region":
    """Return a region that was built on this machine."""
    from sources.region import open_region

    return open_region(name)


def places_of(region: "Region", texts: list[str]) -> "pd.DataFrame":
    """Return the places that were named: `id`, `lon`, `lat`."""
    from sources.places.user_places import read_places

    return read_places(texts, region.gazetteer)


def on_streets(region: "Region", places: "pd.DataFrame", settings: "TravelSettings", what: str) -> "pd.DataFrame":
    """Return places, having said how many of them lie off the streets."""
    from geo.streets.snapping import if_swapped
    from geo.travel.travel_times import off_streets

    off = places[off_streets(region.network, places, settings.mode)]
    if len(off):
        advice = if_swapped(region.network.streets, float(off["lon"].iloc[0]), float(off["lat"].iloc[0]))
        message = (
            f"{len(off)} of {len(places)} {what} lie over 1 km from any street of the region, and are never reached"
        )
        say(f"{message}; {advice}" if advice else f"{message}.")
    return places


def tell_of_wheelchairs(region: "Region", settings: "TravelSettings") -> None:
    """Say so where a timetable promises no ride to a wheelchair."""
    from geo.timetables.service_day import tells_step_free

    feed = region.network.feed
    if settings.mode == "transit" and settings.wheelchair and feed is not None and not tells_step_free(feed):
        say("The timetable says of no vehicle, or of no stop, that it is step-free: no ride is counted on.")


def homes_of(region: "Region", texts: list[str]) -> "pd.DataFrame":
    """Return the homes that were named; one that lies in water is refused."""
    from sources.region.water import reject_if_in_water

    places = places_of(region, texts)
    reject_if_in_water(region.basemap, places)
    return places


def _needs(path: Path | None, profile: str | None) -> "Needs":
    from dataclasses import replace

    from geo.needs.needs import Needs, needs_from, read_needs

    needs = Needs() if path is None else read_needs(path)
    if profile is None:
        return needs
    return replace(needs, profile=needs_from({"profile": profile}, "--profile").profile)


def asked_of(
    region: str, *, profile: str | None, needs: Path | None, date: str | None, parameters: Path | None
) -> tuple["Region", "RegionSupport", "Needs", dt.date]:
    """Return what a score is asked of: the region, made ready for scoring, the person's needs, and the date."""
    from sources.region.model import support_for

    wanted, day = _needs(needs, profile), date_of(date)
    opened = opened_region(region)
    return opened, support_for(opened, parameters), wanted, day or opened.facts.service_date


def settings_of(
    region: "Region",
    max_minutes: float,
    *,
    mode: str,
    date: str | None,
    window: str | None,
    arrive_by: str | None,
    percentile: list[int] | None,
    max_walk: float,
    walk_kph: float,
    bike_kph: float,
    rides: int,
    wheelchair: bool,
    stay_seated: bool,
) -> "TravelSettings":
    """Return the options of travel as settings."""
    from geo.travel.travel_times import TravelSettings

    if window is not None and arrive_by is not None:
        raise InputError("Give --window or --arrive-by, not both.")
    return TravelSettings(
        mode=mode,
        max_minutes=max_minutes,
        walk_kph=walk_kph,
        bike_kph=bike_kph,
        max_walk_minutes=max_walk,
        rides=rides,
        wheelchair=wheelchair,
        stay_seated=stay_seated,
        date=date_of(date) or region.facts.service_date,
        window=None if arrive_by else _window(window or "07:00-09:00"),
        arrive_by=None if arrive_by is None else _arrive_by(arrive_by),
        percentiles=tuple(dict.fromkeys(percentile or (50,))),
    )


def date_of(text: str | None) -> dt.date | None:
    """Return the date that was typed, if any."""
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(f"A date is written like 2026-11-23, not {text!r}.") from None


_LATEST = 30 * 3600
"""Seconds: a day's last buses run after midnight, which timetables write as 24:00 and later."""


def _window(text: str) -> tuple[int, int]:
    """Return the window's start and end in seconds; a window may end after midnight (22:00-26:00)."""
    match = re.fullmatch(r"(\d{1,2}):([0-5]\d)-(\d{1,2}):([0-5]\d)", text)
    if not match:
        raise InputError(f"A window is written like 07:00-09:00, not {text!r}.")
    first, last = (int(match[i]) * 3600 + int(match[i + 1]) * 60 for i in (1, 3))
    if not first < last <= _LATEST:
        raise InputError(f"The window {text!r} must end after it starts, and by 30:00.")
    return first, last


def _arrive_by(text: str) -> int:
    """Return the time to arrive by in seconds; it may lie after midnight (25:30)."""
    match = re.fullmatch(r"(\d{1,2}):([0-5]\d)", text)
    seconds = int(match[1]) * 3600 + int(match[2]) * 60 if match else _LATEST + 1
    if seconds > _LATEST:
        raise InputError(f"--arrive-by is a clock time like 08:30, or up to 30:00 after midnight, not {text!r}.")
    return seconds


def limits_of(text: str) -> list[float]:
    """Return the limits of areas, in minutes, each once."""
    try:
        limits = [float(part) for part in text.split(",")]
    except ValueError:
        raise InputError(f"Minutes are written like 10,20,30, not {text!r}.") from None
    if not all(0 < limit <= 240 for limit in limits):
        raise InputError(f"Minutes must lie between 0 and 240, not {text!r}.")
    return list(dict.fromkeys(limits))
