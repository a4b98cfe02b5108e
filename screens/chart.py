"""The map on a page: the region's own basemap, and above it what belongs to the question asked."""

from collections.abc import Sequence

import folium
import streamlit as st
from streamlit_folium import st_folium

from layers.map import MapWords, base_map
from screens import answers, places, regions
from screens.answers import Place
from screens.words import Say
from sources.region import Region

HEIGHT = 620
CLOSE = 14
"""The zoom at which a place that was looked up is shown."""


def show(region: Region, layers: folium.FeatureGroup, say: Say, returned: Sequence[str] = ("last_clicked",)) -> None:
    """Show the map with the layers of an answer; zoom and place stay from one question to the next.

    Call `take_click` before the answer is worked out.
    """
    name, sides = region.facts.name, region.facts.bounds
    chart = base_map(
        bounds=(sides.west, sides.south, sides.east, sides.north),
        view=answers.view(region),
        basemap_url=f"/basemap/{name}/{regions.land(name).digest}",
        attribution=say("fictional_map") if region.facts.fictional else say("osm"),
        words=MapWords(**{key: say(key) for key in ("map", "zoom_in", "zoom_out", "from_here")}),
        language=say.language,
        dark=st.context.theme.type == "dark",
    )
    focus = st.session_state.get("focus")
    st_folium(
        chart,
        key=f"map_{name}",
        height=HEIGHT,
        use_container_width=True,
        returned_objects=list(returned),
        feature_group_to_add=layers,
        center=focus,
        zoom=CLOSE if focus else None,
    )


def take_click(region: Region) -> None:
    """Make the last click on the map the place that is looked at, once."""
    seen = (st.session_state.get(f"map_{region.facts.name}") or {}).get("last_clicked")
    if seen and seen != st.session_state.get("click"):
        st.session_state["click"] = seen
        places.choose(Place(float(seen["lng"]), float(seen["lat"])), move=False)
