"""A small invented town for osmnx to read: streets of every direction, a roundabout, a path, a private way."""

from pathlib import Path
from xml.etree import ElementTree

import osmnx

# places on a grid of about 110 m by 85 m, with a bend (b), a roundabout (r) and a loop (l)
NODES = {
    1: (0, 0), 2: (1, 0), 3: (2, 0), 4: (3, 0), 5: (0, 1), 6: (1, 1), 7: (2, 1), 8: (3, 1), 9: (0, 2), 10: (1, 2),
    11: (2, 2), 12: (3, 2), 13: (1.4, 0.3), 14: (4, 1), 15: (4.2, 1.2), 16: (4.4, 1), 17: (4.2, 0.8), 18: (5, 1),
    19: (0.3, 2.6), 20: (-0.3, 2.6),
}  # fmt: skip
TAGGED_NODES = {6: "highway=traffic_signals", 11: "highway=stop"}
WAYS = {
    101: ("1 2 3 4", "highway=residential name=Ash_Street"),
    102: ("5 6 7 8", "highway=secondary name=Main_Street maxspeed=35_mph"),
    103: ("9 10 11 12", "highway=residential oneway=yes name=Cedar_Street"),
    104: ("1 5 9", "highway=residential oneway=-1 name=First_Avenue"),
    105: ("2 13 7", "highway=footway bicycle=yes"),
    106: ("3 7 11", "highway=tertiary oneway=yes oneway:bicycle=no name=Third_Avenue"),
    107: ("8 12", "highway=service access=private"),
    108: ("8 14", "highway=tertiary name=Gate_Road"),
    109: ("14 17 16 15 14", "highway=tertiary junction=roundabout"),
    110: ("16 18", "highway=tertiary name=Gate_Road"),
    111: ("6 10", "highway=steps"),
    112: ("9 19 20 9", "highway=residential name=Loop"),
}


def write_town(path: Path) -> Path:
    """Write the town as OpenStreetMap XML."""
    root = ElementTree.Element("osm", version="0.6")
    for number, (x, y) in NODES.items():
        place = {"lat": f"{39 + y / 1000:.6f}", "lon": f"{-84.5 + x / 1000:.6f}"}
        tag(ElementTree.SubElement(root, "node", id=str(number), version="1", **place), TAGGED_NODES.get(number, ""))
    for number, (nodes, tags) in WAYS.items():
        way = ElementTree.SubElement(root, "way", id=str(number), version="1")
        for node in nodes.split():
            ElementTree.SubElement(way, "nd", ref=node)
        tag(way, tags)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
    return path


def tag(thing: ElementTree.Element, text: str) -> None:
    """Tag a node or way as the text says."""
    for part in text.split():
        key, value = part.split("=")
        ElementTree.SubElement(thing, "tag", k=key, v=value if key == "highway" else value.replace("_", " "))


def ask_for_more() -> None:
    """Have osmnx keep the tags that decide who may go where."""
    more = ["bicycle", "foot", "oneway:bicycle"]
    osmnx.settings.useful_tags_way = sorted({*osmnx.settings.useful_tags_way, *more})
