"""The map on a page: the region's own basemap, and above it what belongs to the question asked."""

from collections.abc import Sequence

import folium
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from layers.map import MapWords, base_map, spoken, starting_zoom
from layers.on_demand import zone_layers
from screens.shared import place_search, queries, regions
from screens.shared.queries import ChosenPlace
from screens.shared.words import Say
from sources.region.model import Region

HEIGHT = 620
AROUND = 0.03
"""Degrees around places that are looked at together."""
CLOSE = 14
"""The zoom at which a place that was looked up is shown."""


def show(region: Region, layers: folium.FeatureGroup, say: Say, returned: Sequence[str] = ("last_clicked",)) -> None:
    """Show the map with the layers of an answer; zoom and place stay from one question to the next.

    Call `take_click` before the answer is worked out.
    """
    name, sides = region.facts.name, region.facts.bounds
    chart = base_map(
        bounds=(sides.west, sides.south, sides.east, sides.north),
        view=queries.view(region),
        basemap_url=f"/basemap/{name}/{regions.land(name).digest}",
        dark=st.context.theme.type == "dark",
    )
    attribution = say("fictional_map") if region.facts.fictional else say("osm")
    own = {key: say(key) for key in ("map", "zoom_in", "zoom_out", "from_here")}
    for layer in zone_layers(region.on_demand):
        layer.add_to(layers)
    spoken(MapWords(say.language, attribution=attribution, **own)).add_to(layers)
    focus = st.session_state.get("focus")
    st_folium(
        chart,
        key=_key(region),
        height=HEIGHT,
        use_container_width=True,
        returned_objects=list(returned),
        feature_group_to_add=layers,
        center=focus,
        zoom=st.session_state.get("focus_zoom", CLOSE) if focus else None,
    )


def look_at(lon: Sequence[float], lat: Sequence[float]) -> None:
    """Take the map to where all of these points are in sight."""
    west, east, south, north = min(lon), max(lon), min(lat), max(lat)
    st.session_state["focus"] = ((south + north) / 2, (west + east) / 2)
    st.session_state["focus_zoom"] = starting_zoom((west, south, east, north))


def look_around(places: pd.DataFrame) -> None:
    """Take the map to where some places (`lon`, `lat`) and what is around them are in sight; nowhere without any."""
    if len(places):
        lon, lat = ([places[axis].min() - AROUND, places[axis].max() + AROUND] for axis in ("lon", "lat"))
        look_at(lon, lat)


def forget() -> None:
    """Let the next map be another one: a map in the browser remembers what was clicked on it."""
    st.session_state["map_number"] = st.session_state.get("map_number", 0) + 1


def _key(region: Region) -> str:
    return f"map_{region.facts.name}_{st.session_state.get('map_number', 0)}"


def take_click(region: Region) -> None:
    """Make the last click on the map the place that is looked at, once."""
    place = clicked(region)
    if place is not None:
        place_search.choose(place, move=False)


def clicked(region: Region) -> ChosenPlace | None:
    """Return where the map was clicked since this was last asked."""
    seen = (st.session_state.get(_key(region)) or {}).get("last_clicked")
    if not seen or seen == st.session_state.get("click"):
        return None
    st.session_state["click"] = seen
    return ChosenPlace(float(seen["lng"]), float(seen["lat"]))
