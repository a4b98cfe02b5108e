"""Generator of the demo region: Tallowmere County, which does not exist, as feeds in their publishers' own forms.

`generate` writes the files that `data/demo` holds, so that anyone can check where they come from; the software reads
the files, through the same doors as those of a real county.
"""

import hashlib
from pathlib import Path

from sources.demo import (
    buses,
    furniture,
    households,
    meetings,
    osm,
    people,
    places,
    residences,
    social,
    streets,
    timetable,
    treatment,
)
from sources.demo.frontage import frontages
from sources.demo.write import csv_bytes, json_bytes

DEMO_HOME = (40.3593044, -113.4263479)
"""Latitude and longitude of a recovery residence of the demo, east of the river: the home that is shown first."""

OSM_FILE = "streets.osm.pbf"
_ADDRESS_EVERY = 5


def generate(folder: Path) -> dict[str, str]:
    """Write the demo county's files into the folder and return the SHA-256 of each by name.

    The same bytes come out each time. Packed files (`.zip`, `.gz`) may differ where Python is built with another
    compression library; what is in them doesn't.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ways, faces = streets.lay_out()
    town = furniture.furnish(ways)
    fronts = frontages(town.ways)
    addresses = places.Addresses(fronts)
    spots = places.places(addresses)
    routes = buses.patterns(buses.roads(town.ways))
    blocks = people.blocks(faces)
    main_street = [(f.x, f.y) for f in fronts if f.highway in furniture.MAIN and f.district >= 0]
    files = {
        "gtfs.zip": timetable.gtfs(routes),
        "meeting_guide.json": json_bytes(meetings.meeting_guide("AA", spots), lines=True),
        "meeting_guide_al-anon.json": json_bytes(meetings.meeting_guide("AL", spots), lines=True),
        "bmlt.json": json_bytes(meetings.bmlt(spots), lines=True),
        "findtreatment.json": json_bytes(treatment.findtreatment(addresses)),
        "hrsa.csv": csv_bytes(treatment.HRSA_HEADER, treatment.hrsa(addresses), quote_all=True),
        "hsds.json": json_bytes(social.hsds(addresses), lines=True),
        "recovery_residences.csv": csv_bytes(residences.HEADER, residences.residences(addresses)),
        "blocks.geojson": people.geojson(blocks).encode(),
        "acs.json": json_bytes(households.acs(blocks), lines=True),
        **people.lodes(blocks, main_street),
    }
    for name, raw in files.items():
        (folder / name).write_bytes(raw)
    osm.write_osm(folder / OSM_FILE, town, spots, [f for k, f in enumerate(fronts) if k % _ADDRESS_EVERY == 0])
    names = sorted([*files, OSM_FILE])
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
