"""Styles that QGIS finds inside a GeoPackage: the map opens there in the same shades as here, with their legend.

QGIS reads the table `layer_styles` (QGIS User Guide, "Saving layer style to the database"), a row a layer, whose
`styleQML` is a document of its own form; the style with `useAsDefault` is applied as the layer is opened.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from layers.fonts import printable
from layers.legend import LIGHT_SURFACE, SHADES

STYLE_TABLE = "layer_styles"
_COLUMNS = (
    "id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256), "
    "f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, "
    "useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), "
    "update_time DATETIME DEFAULT CURRENT_TIMESTAMP"
)
_STEP = 100 // SHADES
_Fills = list[tuple[str, str]]
"""Colors and patterns, one on top of the other."""


@dataclass(frozen=True)
class Style:
    """How a layer is shaded: by `column`, in five steps of twenty, then what has nothing in reach and no number.

    Attributes
    ----------
    labels
        What steps are called, and what has no number.
    none, none_label
        Which shapes have nothing in reach, as a condition of QGIS, and what they are called; empty where none is told.
    outline
        Whether borders are drawn.
    name_column
        Written on each shape; empty for none.
    """

    column: str
    labels: Sequence[str]
    none: str = ""
    none_label: str = ""
    outline: bool = False
    name_column: str = ""


def quoted(column: str) -> str:
    """Return a column as a condition of QGIS names it."""
    return '"' + column.replace('"', '""') + '"'


def qml(style: Style) -> str:
    """Return a style as a QML document."""
    *step_labels, no_number = style.labels
    shades: list[tuple[str, str, _Fills]] = [
        (_within_step(style, step), label, [(color, "solid")])
        for step, (color, label) in enumerate(zip(LIGHT_SURFACE.steps, step_labels, strict=True))
    ]
    if style.none:
        shades.append((style.none, style.none_label, [(LIGHT_SURFACE.under, "solid"), (LIGHT_SURFACE.ink, "dense6")]))
    shades.append((f"{quoted(style.column)} IS NULL", no_number, [(LIGHT_SURFACE.ink, "b_diagonal")]))
    root = ET.Element("qgis", version="3.22.0", styleCategories="Symbology|Labeling", labelsEnabled=_flag(style))
    renderer = ET.SubElement(root, "renderer-v2", type="RuleRenderer", symbollevels="0", forceraster="0")
    rules = ET.SubElement(renderer, "rules", key="{root}")
    symbols = ET.SubElement(renderer, "symbols")
    for number, (rule, label, fills) in enumerate(shades):
        named = {"key": f"{{step-{number}}}", "symbol": str(number), "label": printable(label), "filter": rule}
        ET.SubElement(rules, "rule", named)
        _symbol(symbols, number, fills, outline=style.outline)
    if style.name_column:
        _labeling(root, style.name_column)
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(root, encoding="unicode")


def _within_step(style: Style, step: int) -> str:
    """Return which shapes have a number of this step, and something in reach; the last step has its end too."""
    column, low, high = quoted(style.column), _STEP * step, _STEP * (step + 1)
    within = f"{column} >= {low} AND {column} {'<' if step < SHADES - 1 else '<='} {high}"
    return f"{within} AND NOT ({style.none})" if style.none else within


def write_styles(path: Path, styles: Mapping[str, Style], on: str) -> None:
    """Write the styles of layers into a GeoPackage; `on` is the day that they are of, as ISO text."""
    rows = [
        (
            "",
            "",
            layer,
            _geometry_column(path, layer),
            "Recovery Reach",
            qml(style),
            "",
            1,
            "",
            "",
            None,
            f"{on}T00:00:00.000Z",
        )
        for layer, style in styles.items()
    ]
    with sqlite3.connect(path) as database:
        database.execute(f"CREATE TABLE {STYLE_TABLE} ({_COLUMNS})")
        database.executemany(
            f"INSERT INTO {STYLE_TABLE} (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, "  # noqa: S608  a constant
            "styleQML, styleSLD, useAsDefault, description, owner, ui, update_time) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) "
            "VALUES (?, 'attributes', ?, '', ?)",
            (STYLE_TABLE, STYLE_TABLE, f"{on}T00:00:00.000Z"),
        )
    database.close()


def _geometry_column(path: Path, layer: str) -> str:
    with sqlite3.connect(path) as database:
        found = database.execute("SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", (layer,))
        (name,) = found.fetchone()
    database.close()
    return str(name)


def _symbol(symbols: ET.Element, number: int, fills: _Fills, *, outline: bool) -> None:
    symbol = ET.SubElement(symbols, "symbol", type="fill", name=str(number), alpha=str(LIGHT_SURFACE.opacity))
    for color, fill in fills:
        red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
        layer = ET.SubElement(symbol, "layer", {"class": "SimpleFill", "enabled": "1", "locked": "0", "pass": "0"})
        options = ET.SubElement(layer, "Option", type="Map")
        for name, value in {
            "color": f"{red},{green},{blue},255",
            "style": fill,
            "outline_color": "55,66,74,255",
            "outline_style": "solid" if outline else "no",
            "outline_width": "0.3",
            "outline_width_unit": "MM",
        }.items():
            ET.SubElement(options, "Option", name=name, value=value, type="QString")


def _labeling(root: ET.Element, column: str) -> None:
    labeling = ET.SubElement(root, "labeling", type="simple")
    settings = ET.SubElement(labeling, "settings", calloutType="simple")
    style = {"fieldName": column, "isExpression": "0", "fontSize": "8", "fontSizeUnit": "Point", "textOpacity": "1"}
    text = ET.SubElement(settings, "text-style", {**style, "textColor": "31,45,49,255"})
    buffer = {"bufferDraw": "1", "bufferSize": "0.8", "bufferSizeUnits": "MM", "bufferOpacity": "1"}
    ET.SubElement(
        text, "text-buffer", {**buffer, "bufferColor": "255,255,255,255"}
    )  # names are read on dark shades too


def _flag(style: Style) -> str:
    return "1" if style.name_column else "0"
