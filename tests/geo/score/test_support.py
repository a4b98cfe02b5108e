"""What a region is made of before anybody is looked at, by hand."""

from dataclasses import replace

import pytest

from geo.score.parameters import load_parameters
from tests.geo.main_street import resource, zone

HOMES = [zone("west", 0, population=2000, workers=900), zone("east", 0, population=1000, workers=600)]


def test_what_has_no_place_is_counted_by_category_and_what_is_online_is_kept_apart(region):
    nowhere = {"lon": None, "lat": None}
    support = region(
        [
            resource("pharmacy", 400), resource("pharmacy", 500, **nowhere), resource("pharmacy", 600, **nowhere),
            resource("food", 700), resource("meeting", 800, attendance="online"),
            resource("meeting", 900, attendance="online", **nowhere), resource("meeting", 950, attendance="hybrid"),
            resource("meeting", 990, attendance="in_person", **nowhere),
        ]
    )  # fmt: skip
    assert support.unplaced == {"pharmacy": 2, "meeting": 1}
    assert support.online["resource_id"].tolist() == ["toy:meeting-800-0", "toy:meeting-900-0", "toy:meeting-950-0"]
    assert support.resources["resource_id"].tolist() == ["toy:food-700-0", "toy:meeting-950-0", "toy:pharmacy-400-0"]


@pytest.mark.parametrize(
    ("need", "beds_per_need", "ratio", "competitors"),
    [
        ((30, 10), 1.0, 1.0, 40),
        ((30, 10), None, 16 / 40, 40),
        ((None, None), 1.0, 0.0005, 3000),
        ((0, 0), None, 1.0, 0),
    ],
)
def test_people_in_need_compete_for_beds_or_where_they_are_not_known_residents(
    region, need, beds_per_need, ratio, competitors
):
    """Everybody lives where the houses are, so that each counts whole."""
    settings = load_parameters()
    settings = replace(settings, competition=replace(settings.competition, beds_per_need=beds_per_need))
    homes = [home | {"need": own} for home, own in zip(HOMES, need, strict=True)]
    houses = [resource("recovery_residence", 0, 0, beds=8), resource("recovery_residence", 0, 1, beds=8)]
    rivals = region(houses, zones=homes, parameters=settings).rivals["recovery_beds"]
    assert rivals.ratio == pytest.approx(ratio)
    assert rivals.competitors == pytest.approx([competitors] * 2)
    assert rivals.known == (competitors > 0)


def test_residents_stand_in_for_workers_who_are_not_known(region):
    settings = load_parameters()
    work = [zone("work", 0, jobs=100), zone("shop", 0, jobs=0), {"zone_id": "nowhere", "jobs": 5}]
    known, residents = (
        region(zones=[*homes, *work], parameters=settings)
        for homes in (HOMES, [home | {"workers": None} for home in HOMES])
    )
    assert known.rivals["jobs"].competitors == pytest.approx([1500])
    assert residents.rivals["jobs"].competitors == pytest.approx([3000 * settings.competition.workers_per_resident])
    assert known.zones["zone_id"].tolist() == ["work"], "nobody works where there are no jobs, or no place"
