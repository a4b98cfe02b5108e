"""Where transit doesn't reach a place but a walk does that is longer than any leg of a transit trip may be."""

from dataclasses import replace

import pandas as pd

from geo.travel.network import Network
from geo.travel.settings import TravelSettings
from geo.travel.travel_times import travel_times

LONGEST_WALK_MINUTES = 45.0
"""No walk longer than this is told of, on whatever page or command line."""


def walk_limit_minutes(settings: TravelSettings) -> float:
    """Return how long a walk may be at most that is told of beside transit."""
    return min(settings.max_minutes, LONGEST_WALK_MINUTES)


def longer_walks(
    network: Network,
    origins: pd.DataFrame,
    destinations: pd.DataFrame,
    settings: TravelSettings,
    reached: pd.DataFrame,
) -> pd.DataFrame:
    """Return the pairs that only a walk all the way reaches in time: ids and `minutes`, nearest first.

    In time is within the settings' longest trip and `LONGEST_WALK_MINUTES`. No ferry is taken: it has hours.

    Parameters
    ----------
    origins, destinations
        `id`, `lon`, `lat`.
    reached
        The MINUTES table by transit, as `geo.travel.travel_times.travel_times` gives it for `settings`.

    Raises
    ------
    InputError
        As `geo.travel.travel_times.travel_times`.
    """
    ids = ["origin_id", "destination_id"]
    if settings.mode != "transit" or len(reached[ids].drop_duplicates()) == len(origins) * len(destinations):
        return pd.DataFrame(columns=[*ids, "minutes"])
    longest = walk_limit_minutes(settings)
    on_foot = replace(settings, mode="walk", window=None, arrive_by=None, max_minutes=longest, ferries=False)
    walks = travel_times(network, origins, destinations, on_foot)[[*ids, "minutes"]]
    known = pd.MultiIndex.from_frame(walks[ids]).isin(pd.MultiIndex.from_frame(reached[ids]))
    return walks[~known].sort_values(["minutes", *ids], kind="stable", ignore_index=True)
