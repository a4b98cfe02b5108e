"""Every source is listed, has its facts, and its files are not mistaken for each other's."""

from pathlib import Path

import pytest

from geo.errors import InputError
from sources.formats.embedded import embedded
from sources.registry import HEAD_BYTES, SOURCES, recognize, source_called


def test_every_reader_is_listed_once_with_its_facts() -> None:
    names = [source.name for source in SOURCES]
    assert len(names) == len(set(names))
    folder = Path(__file__).parents[2] / "sources"
    readers = {
        p.stem
        for part in ("resources", "zones")
        for p in (folder / part).glob("*.py")
        if "SOURCE = Source(" in p.read_text()
    }
    assert readers <= set(names)
    for source in SOURCES:
        for fact in ("title", "publisher", "license", "attribution", "freshness", "precision"):
            assert getattr(source, fact), (source.name, fact)
        assert (source.parse is None) == (source.kind in ("network", "places"))
        assert source_called(source.name) is source


@pytest.mark.parametrize(
    ("path", "kind", "name"),
    [
        ("feeds/meeting_guide/aasepia.json", "resources", "meeting_guide"),
        ("feeds/meeting_guide/oc.json", "resources", "meeting_guide"),
        ("feeds/meeting_guide/aasanjose.json", "resources", "meeting_guide"),
        ("feeds/meeting_guide/al-anon.json", "resources", "meeting_guide"),
        ("feeds/bmlt/bmlt_newyork_getsearchresults.json", "resources", "bmlt"),
        ("feeds/findtreatment/findtreatment_v2_sample.json", "resources", "findtreatment"),
        ("feeds/findtreatment/soberlivings_residential.json", "resources", "findtreatment"),
        ("feeds/hrsa/Health_Center_Service_Delivery_and_LookAlike_Sites.first2.csv", "resources", "hrsa"),
        ("feeds/hsds/hsds3_service_full.json", "resources", "hsds"),
        ("feeds/hsds/hsds3_tabular.json", "resources", "hsds"),
        ("feeds/hsds/sf211_sf.jsonl", "resources", "hsds"),
        ("regions/nky/resources/pharmacies.csv", "resources", "table"),
        ("regions/nky/people_grid.csv", "zones", "grid"),
        ("regions/poa/poa_hexgrid.csv", "zones", "grid"),
        ("regions/nky/block-groups/block-groups.shp", "zones", "blocks"),
        ("regions/dc/DC_2021_wac.csv.gz", "zones", "lodes"),
    ],
)
def test_files_are_recognized(shared: Path, path: str, kind: str, name: str) -> None:
    with (shared / path).open("rb") as file:
        assert recognize(shared / path, kind, file.read(HEAD_BYTES)).name == name


def test_the_demo_files_are_recognized() -> None:
    expected = {"meeting_guide": "json", "bmlt": "json", "findtreatment": "json", "hrsa": "csv", "hsds": "json"}
    for name, ending in (expected | {"recovery_residences": "csv"}).items():
        path = embedded("demo", f"{name}.{ending}")
        assert recognize(path, "resources", path.read_bytes()[:HEAD_BYTES]).name == name


def test_a_list_is_recognized_by_its_name_or_by_a_column() -> None:
    assert recognize(Path("Food Pantries.csv"), "resources", b"name,lat,lon\n").name == "table"
    assert recognize(Path("all.csv"), "resources", b"Name;Latitude;Longitude;Category\n").name == "table"
    feature = b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"category": "food"}, '
    feature += b'"geometry": {"type": "Point", "coordinates": [-84, 39]}}]}'
    assert recognize(Path("all.geojson"), "resources", feature).name == "table"


def test_what_is_not_recognized_is_told_with_what_is() -> None:
    with pytest.raises(InputError, match=r"stuff\.csv is not recognized.*pharmacy.*meeting_guide"):
        recognize(Path("stuff.csv"), "resources", b"a,b\n")
    with pytest.raises(InputError, match="not recognized as zones"):
        recognize(Path("stuff.csv"), "zones", b"a,b\n")
