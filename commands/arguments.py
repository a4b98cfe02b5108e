"""What a person typed, read: regions, places, needs, dates and windows; what can't be used is one sentence."""

import datetime as dt
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from commands.output import speaking
from geo.clock import MORNING_PEAK
from geo.errors import InputError
from layers.terminal import say, typed_line

if TYPE_CHECKING:
    import pandas as pd

    from geo.needs.needs import Needs
    from geo.score.support import RegionSupport
    from geo.travel.travel_times import TravelSettings
    from sources.region.model import Region


def agreed(question: str, *, usual: bool = True) -> bool:
    """Ask at the terminal, on standard error so that answers can be piped; Enter means `usual`, the end of input no."""
    while True:
        sys.stderr.write(f"{question} {'[Y/n]' if usual else '[y/N]'} ")
        sys.stderr.flush()
        typed = typed_line()
        if not typed:
            sys.stderr.write("\n")
        word = typed.strip().lower() if typed else "no"
        if word in ("", "y", "yes", "n", "no"):
            return usual if word == "" else word in ("y", "yes")


def opened_region(name: str) -> "Region":
    """Return a region that was built on this machine, having said what of it was made anew or is damaged."""
    from sources.region import open_region

    region = open_region(name)
    if region.is_renewed:
        say(f"Another version of this software wrote the region {name}; it was built anew from its raw files.")
    if region.rebuilt:
        say(f"Damaged and rebuilt from the raw files: {', '.join(region.rebuilt)}.")
    if region.spoiled:
        say(spoiled_sentence(name, region.spoiled))
    return region


def spoiled_sentence(name: str, files: Sequence[str]) -> str:
    """Return what it means that raw files of a region are damaged."""
    return (
        f"Not as they were kept: {', '.join(files)}. Answers of the region {name} stay right, but a part of it that is "
        f"damaged can't be rebuilt from these; `recovery-reach region update {name}` fetches or reads them anew."
    )


def places_of(region: "Region", texts: list[str]) -> "pd.DataFrame":
    """Return the places that were named: `id`, `lon`, `lat`."""
    from sources.places.user_places import read_places

    places = read_places(texts, region.gazetteer)
    for sentence in places.attrs.get("set_aside", []):
        say(str(sentence))
    return places


def on_streets(region: "Region", places: "pd.DataFrame", settings: "TravelSettings", what: str) -> "pd.DataFrame":
    """Return places, having said how many lie off the streets, and where the nearest street was passed over."""
    from geo.streets.snapping import if_swapped
    from geo.travel.travel_times import off_streets

    off = places[off_streets(region.network, places, settings.mode)]
    if len(off):
        advice = if_swapped(region.network.streets, float(off["lon"].iloc[0]), float(off["lat"].iloc[0]))
        message = (
            f"{len(off)} of {len(places)} {what} lie over 1 km from any street of the region, and are never reached"
        )
        say(f"{message}; {advice}" if advice else f"{message}.")
    tell_of_streets(region, places, settings.mode, what)
    return places


def tell_of_streets(region: "Region", places: "pd.DataFrame", mode: str, what: str) -> None:
    """Say where the nearest street was passed over, which changes the answer."""
    from geo.streets.snapping import passed_over_text

    streets = region.network.streets
    sentence = passed_over_text(streets, places, mode if mode in streets.modes else "walk", what)
    if sentence:
        say(sentence)


def limits_told(region: "Region", date: dt.date) -> dict[str, str | None]:
    """Return what holds for every figure by the timetable of a date, having said it: that it has ended."""
    from geo.timetables.ended import ended_sentence
    from sources.region.ended import timetable_ended

    sentence = ended_sentence(timetable_ended(region, date))
    if sentence is not None:
        say(sentence)
    return {"timetable": sentence}


def conflicts_told(needs: "Needs") -> None:
    """Say what of the needs their own curfew forbids, whatever the home, and the smallest change that mends it."""
    from screens.shared.curfew_text import conflict_texts

    for sentence in conflict_texts(needs, speaking()):
        say(sentence)


def tell_of_timetable(region: "Region", settings: "TravelSettings") -> dict[str, str | None]:
    """Say so where a timetable has ended, has nothing on the date or no ride for a wheelchair; return what holds."""
    from geo.timetables.calendar import trips_by_day
    from geo.timetables.service_day import tells_step_free

    feed = region.network.feed
    if settings.mode != "transit" or settings.date is None:
        return {"timetable": None}
    if settings.wheelchair and feed is not None and not tells_step_free(feed):
        say("The timetable says of no vehicle, or of no stop, that it is step-free: no ride is counted on.")
    if feed is not None and settings.date not in trips_by_day(feed):
        say(f"By the timetable nothing runs on {settings.date}; give another date for trips by transit.")
    return limits_told(region, settings.date)


def tell_of_longer_walks(
    region: "Region",
    origins: "pd.DataFrame",
    destinations: "pd.DataFrame",
    settings: "TravelSettings",
    reached: "pd.DataFrame",
) -> None:
    """Say so where transit doesn't reach but a walk longer than its legs may be would."""
    from geo.travel.longer_walks import longer_walks, walk_limit_minutes

    walks = longer_walks(region.network, origins, destinations, settings, reached)
    if len(walks):
        one, all_pairs = walks.iloc[0], len(origins) * len(destinations)
        limits = (
            f"{walk_limit_minutes(settings):g} minutes, by a walk longer than the {settings.max_walk_minutes:g} of "
            "--max-walk"
        )
        say(
            f"{len(walks)} of {all_pairs} trips are not reached by transit, but on foot within {limits}: the shortest, "
            f"{one['origin_id']} to {one['destination_id']}, takes {one['minutes']:.1f} minutes."
        )


def tell_of_arrivals(settings: "TravelSettings") -> None:
    """Say from when to when a trip lasts that is to arrive by a time: a score counts it otherwise."""
    if settings.mode == "transit" and settings.arrive_by is not None:
        say(
            "Minutes last from the latest second at which one can leave until the time to be there, the wait there "
            "included. A score leaves at whole minutes, so the same trip may last up to a minute longer in it."
        )


def with_traffic(region: "Region", settings: "TravelSettings", table: "pd.DataFrame") -> "pd.DataFrame":
    """Say for which hours minutes by car hold, and return the table with that beside each; unchanged otherwise."""
    from geo.travel.traffic_hours import hours_in_words

    if settings.mode != "drive":
        return table
    hours = hours_in_words(region.network.streets.traffic, settings)
    say(f"By car: {hours} traffic.")
    return table.assign(traffic=hours)


def homes_of(region: "Region", texts: list[str]) -> "pd.DataFrame":
    """Return the homes that were named; one that lies in water is refused."""
    from sources.region.water import reject_if_in_water

    places = places_of(region, texts)
    reject_if_in_water(region.basemap, places)
    tell_of_streets(region, places, "walk", "homes")
    return places


def needs_of(path: Path | None, profile: str | None) -> "Needs":
    """Return the needs of a file, for a way of getting around that was named; the usual ones without."""
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

    wanted, day = needs_of(needs, profile), date_of(date)
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
    board_seconds: int,
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
        board_seconds=board_seconds,
        rides=rides,
        wheelchair=wheelchair,
        stay_seated=stay_seated,
        date=date_of(date) or region.facts.service_date,
        window=None if arrive_by else window_of(window),
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


def window_of(text: str | None) -> tuple[int, int]:
    """Return the window's start and end in seconds, 07:00-09:00 without; it may pass midnight (22:00-26:00)."""
    if not text:
        return MORNING_PEAK
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
