"""A mapping file that can't be what was meant is refused with what was expected, what came, and where."""

from pathlib import Path

import pytest

from geo.errors import InputError
from sources.region.inputs import RegionInputs, input_files

HOUSES = "House Name,lat,lon,Beds open,weekly_rent_usd\nLark House,39.08,-84.5,2,175\n"


@pytest.mark.parametrize("source", ["recovery_residence=", "food=", ""])
@pytest.mark.parametrize(("mapping", "said"), [
    ('columns = "Beds"', ["columns must be a table", "'Beds'", "[columns]"]),
    ("[columns]\nopen_beds = 3", ["under [columns], open_beds", "quotation marks", "not 3"]),
    ('[columns]\nopen_beds = ["Beds open"]', ["open_beds must be a heading", "['Beds open']"]),
    ('[colums]\nopen_beds = "Beds open"', ["unknown key 'colums'", "Did you mean 'columns'?"]),
    ('colour = "blue"', ["unknown key 'colour'", "There are: category"]),
    ("category = 3", ["category must be text", "not 3"]),
    ('categories = "food"', ["categories must be a table"]),
    ('[categories]\nSoup = "fod"', ["'Soup'", "'fod'", "Did you mean 'food'"]),
])  # fmt: skip
def test_a_mapping_that_is_none_is_refused(tmp_path: Path, source: str, mapping: str, said: list[str]) -> None:
    (tmp_path / "houses.csv").write_text(HOUSES, "utf-8")
    (tmp_path / "houses.toml").write_text(mapping, "utf-8")
    with pytest.raises(InputError) as refused:
        input_files(RegionInputs(resources=(f"{source}{tmp_path / 'houses.csv'}",)), need_streets=False)
    assert [part for part in ["houses.toml", *said] if part not in str(refused.value)] == []
