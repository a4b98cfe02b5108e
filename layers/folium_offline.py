"""folium without another host: Leaflet from this server, and nothing that isn't used.

folium's own `Map` names six files on three CDNs, so a map is blank where there is no internet, and tells those
hosts who looks at what where there is. `Map` here names the routes of `app.py` instead, leaves out Bootstrap,
Awesome-Markers and Glyphicons, and lets people zoom the page (folium's header forbids it). jQuery is left out too: of
folium only `Popup` and linked GeoJSON need it, and neither is used (texts enter through `layers/escaping.py` only).

folium compiles what it rendered as a template a second time; with the features of an answer most of the time that a map
took on the server went there. `GeoJson` here writes them as JSON, once, and nothing reads that as a template.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import folium
from branca.element import Element, Figure, MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template
from jinja2.utils import htmlsafe_json_dumps

from geo.library_parts import LibraryPart


@dataclass(frozen=True)
class AssetFolder:
    """A folder whose files the server hands out under `/assets/<name>/`.

    The name ends with a digest of the files, so that a browser may keep them forever, and asks for others after an
    upgrade.
    """

    name: str
    path: Path


@cache
def asset_folders() -> tuple[AssetFolder, ...]:
    """Return the folders of Leaflet and of our own scripts, wherever they are installed."""
    from xstatic.pkg import leaflet

    folders = {"leaflet": Path(leaflet.BASE_DIR), "reach": Path(__file__).parent / "assets"}
    return tuple(AssetFolder(f"{name}-{_digest(path)}", path) for name, path in folders.items())


def asset_address(folder: str, file: str) -> str:
    """Return where a file of a folder (`leaflet`, `reach`) is handed out."""
    name = next(one.name for one in asset_folders() if one.name.startswith(f"{folder}-"))
    return f"/assets/{name}/{file}"


def _digest(folder: Path) -> str:
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


SCRIPTS = [("leaflet", asset_address("leaflet", "leaflet.js")), ("reach", asset_address("reach", "reach.js"))]
STYLES = [("leaflet_css", asset_address("leaflet", "leaflet.css")), ("reach_css", asset_address("reach", "reach.css"))]


class Map(folium.Map):
    """A folium map that asks no other host for anything."""

    default_js = SCRIPTS
    default_css = STYLES

    _template = Template(
        """
        {% macro header(this, kwargs) %}
            <style>
                html, body, #{{ this.get_name() }} { width: 100%; height: 100%; margin: 0; padding: 0; }
            </style>
            <script>
                L_NO_TOUCH = false;
                L_DISABLE_3D = false;
            </script>
        {% endmacro %}

        {% macro html(this, kwargs) %}
            <div class="folium-map" id={{ this.get_name()|tojson }} ></div>
        {% endmacro %}

        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.map(
                {{ this.get_name()|tojson }},
                { center: {{ this.location|tojson }}, ...{{ this.options|tojavascript }} }
            );
        {% endmacro %}
        """
    )


class Script(JSCSSMixin):
    """A line of our own script that runs on the map, with arguments passed as JSON."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            Reach.{{ this.function }}({{ this._parent.get_name() }}, {{ this.arguments|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, function: str, **arguments: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "ReachScript"
        self.function = function
        self.arguments = arguments


class GeoJson(MacroElement):
    """Features of `layers.escaping` as a layer; functions of our own script say how they look.

    Parameters
    ----------
    data
        A GeoJSON collection.
    look
        Leaflet's option and the function: `style="area"`, `pointToLayer="place"`, `onEachFeature="describe"`.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.geoJson({{ this.written }}, {
                {%- for option, name in this.look.items() %} {{ option }}: Reach.{{ name }}, {%- endfor %}
            }).addTo({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, data: Mapping[str, Any], **look: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "GeoJson"
        self.data = data
        self.written = htmlsafe_json_dumps(data)
        self.look = look

    def render(self, **kwargs: Any) -> str:
        """Put the layer's script into the page."""
        page = self.get_root()
        assert isinstance(page, Figure)  # noqa: S101  folium asks only what is on a map
        page.script.add_child(_Written(self._template.module.script(self, kwargs)), name=self.get_name())
        return ""


class _Written(Element):
    """A piece of a page that stays as it is written."""

    _template = Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


def _draws_our_script_alone() -> bool:
    """Return whether a map is drawn with our script and features in it, and asks no other host for anything."""
    drawn = Map([0, 0], tiles=None)
    GeoJson({"type": "FeatureCollection", "features": []}, style="area").add_to(drawn)
    Script("far", minutes=45).add_to(drawn)
    page = drawn.get_root().render()
    ours = (
        f'Reach.far({drawn.get_name()}, {{"minutes": 45}});',
        'L.geoJson({"type": "FeatureCollection", "features": []}, { style: Reach.area,',
    )
    return all(piece in page for piece in ours) and "//" not in page.replace("</", "")


LIBRARY_PARTS = (
    LibraryPart("folium", "0.20.0", "The maps, which ask no other host for anything,", _draws_our_script_alone),
)
