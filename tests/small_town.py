"""A town of sixteen corners with a bus and a list, built anew as the list and the bus change: for tests of builds."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

from sources.region import Region, RegionInputs, build_region, open_region
from tests.sources.region.test_manage import osm_xml

HOUSES = ("1,Lark House,39.081,-84.509,8,859-555-0100", "2,Wren House,39.082,-84.508,6,")
EVERY_HOUR = tuple(range(6, 20))


def write_list(folder: Path, houses: Sequence[str] = HOUSES, name: str = "houses.csv") -> str:
    """Write a list of residences, and return it as the option that names it."""
    text = "\n".join(["id,name,lat,lon,beds,phone", *houses])
    (folder / name).write_text(text + "\n", "utf-8")
    return f"recovery_residences={folder / name}"


def write_bus(path: Path, hours: Sequence[int] = EVERY_HOUR, route: str = "1") -> Path:
    """Write a timetable of one route between two corners, on every day from 2026 to 2030."""
    trips, times = ["route_id,service_id,trip_id"], ["trip_id,arrival_time,departure_time,stop_id,stop_sequence"]
    for hour in hours:
        trips.append(f"{route},all,{route}-{hour}")
        for number, (stop, minute) in enumerate((("a", 0), ("b", 4))):
            times.append(f"{route}-{hour},{hour:02d}:{minute:02d}:00,{hour:02d}:{minute:02d}:00,{stop},{number}")
    files = {
        "agency.txt": ["agency_name,agency_url,agency_timezone", "Quay,https://example.org,America/New_York"],
        "stops.txt": ["stop_id,stop_name,stop_lat,stop_lon", "a,Fir,39.081,-84.509", "b,Ash,39.0825,-84.5075"],
        "routes.txt": ["route_id,route_short_name,route_type", f"{route},{route},3"],
        "calendar.txt": [
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date",
            "all,1,1,1,1,1,1,1,20260101,20301231",
        ],
        "trips.txt": trips,
        "stop_times.txt": times,
    }
    with zipfile.ZipFile(path, "w") as packed:
        for name, lines in files.items():
            packed.writestr(name, "\n".join(lines) + "\n")
    return path


def write_ground(folder: Path) -> None:
    """Write the streets, and three areas: 500 people, 300, and too few to be counted."""
    (folder / "town.osm").write_text(osm_xml(), "utf-8")
    people = "-84.509,39.081,500\n-84.508,39.082,300\n-84.5085,39.0815,7\n"
    (folder / "people.csv").write_text(f"lon,lat,people\n{people}", "utf-8")


def build_town(folder: Path, *lists: str, gtfs: Path | None = None, name: str = "quay") -> Region:
    """Build the town from the files in a folder."""
    inputs = RegionInputs(
        osm=folder / "town.osm",
        gtfs=() if gtfs is None else (gtfs,),
        resources=lists,
        zones=(folder / "people.csv",),
        title="Quay",
    )
    build_region(name, inputs)
    return open_region(name)
