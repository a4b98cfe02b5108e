"""Which file is whose, by its name and first bytes."""

import pytest

from sources.adapter.source import Source
from sources.resources import hsds, recovery_residences, table


@pytest.mark.parametrize(
    ("source", "name", "head", "is_known"),
    [
        (hsds.SOURCE, "a.json", b'{"schedules": [], "organization": {}}', True),
        (hsds.SOURCE, "a.json", b'{"schedules": []}', False), (hsds.SOURCE, "a.json", b'{"organization": {}}', False),
        (hsds.SOURCE, "a.jsonl", b'{"service_at_locations": []}', True),
        (hsds.SOURCE, "a.csv", b'{"service_at_locations": []}', False),
        (recovery_residences.SOURCE, "a.csv", b"name,weekly_rent_usd,open_beds,lat,lon\n", True),
        (recovery_residences.SOURCE, "a.json", b"name,weekly_rent_usd,open_beds,lat,lon\n", False),
        (recovery_residences.SOURCE, "a.csv", b"name,lat,lon\n", False),
        (recovery_residences.SOURCE, "a.csv", b"name,open_beds,curfew,lat,lon\n", False),
        (recovery_residences.SOURCE, "a.csv", b"name,open_beds,curfew,house_rules,lat,lon\n", True),
        (table.SOURCE, "a.csv", b"name,category,lat,lon\n", True),
        (table.SOURCE, "a.csv", b"name,category,lat\n", False),
        (table.SOURCE, "a.csv", b"name,lat,lon\n", False), (table.SOURCE, "food.csv", b"name,lat,lon\n", True),
        (table.SOURCE, "a.txt", b"name,category,lat,lon\n", False),
        (table.SOURCE, "a.geojson", b'{"coordinates": [], "category": "food"}', True),
    ],
)  # fmt: skip
def test_whose_a_file_is(source: Source, name: str, head: bytes, is_known: bool) -> None:
    assert source.recognizes(name, head) == is_known
