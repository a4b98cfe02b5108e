"""Sites on the demo: numbers are those of travel times and of the score, whatever the order of the candidates."""

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.equity.gaps import LEAST
from geo.errors import InputError
from geo.needs.needs import Needs, StayAway
from geo.needs.stay_away import inside
from geo.score.support import prepare
from geo.score.surface import populated_cells, score_cells
from geo.siting.candidates import EXCLUDED, OFF_STREETS, area_of, usable
from geo.siting.question import Question, objective_from
from geo.siting.reach import class_access, class_rule, places_there
from geo.siting.sites import Answer, find_sites
from geo.travel.travel_times import TravelSettings, travel_times
from sources.region import open_region
from sources.region.model import Region

OTP = "opioid_treatment_program"


@pytest.fixture
def region(demo_region: str) -> Region:
    return open_region(demo_region)


def few(region: Region, cells: int = 40) -> pd.DataFrame:
    """Return zones from all over the region; the first has too few people to be counted."""
    zones = region.zones[region.zones["population"] >= LEAST].sort_values("zone_id")
    some = zones.iloc[np.linspace(0, len(zones) - 1, cells).astype(int)].reset_index(drop=True)
    some.loc[0, "population"] = LEAST - 1
    return some


def clinics(region: Region) -> pd.DataFrame:
    places = region.resources[region.resources["category"] == "primary_care"].head(9)
    return places.rename(columns={"resource_id": "id"})[["id", "lon", "lat"]].reset_index(drop=True)


def answer_of(region: Region, question: Question, candidates: pd.DataFrame | None = None, **more: object) -> Answer:
    asked: dict[str, object] = {"resources": region.resources, "zones": few(region), "needs": Needs(), **more}
    places = clinics(region) if candidates is None else candidates
    return find_sites(
        region.support,
        candidates=places,
        question=question,
        date=region.facts.service_date,
        **asked,  # type: ignore[arg-type]
    )


def test_people_newly_in_reach_are_those_of_travel_times(region: Region) -> None:
    zones, places = few(region), clinics(region)
    there = places_there(region.resources, class_rule(region.support.parameters, OTP), Needs())
    settings = TravelSettings(max_minutes=30, date=region.facts.service_date, window=(7 * 3600, 9 * 3600))
    cells = populated_cells(zones)
    already = set(travel_times(region.network, cells, there, settings)["origin_id"])
    table = travel_times(region.network, cells, places, settings)
    people = zones.set_index("zone_id")["population"]
    people = people[(people >= LEAST) & ~people.index.isin(already)]
    by_place = table[table["origin_id"].isin(people.index)].groupby("destination_id")["origin_id"]
    expected = by_place.apply(lambda ids: people.loc[list(ids)].sum()).max()
    answer = answer_of(region, Question(OTP, 1))
    assert answer.as_dict()["curve"][0]["people_newly"] == expected
    assert (
        answer.people_before
        == zones.set_index("zone_id")["population"].loc[list(already)].loc[lambda some: some >= LEAST].sum()
    )


def test_scores_are_those_of_the_region_with_the_site_built(region: Region) -> None:
    zones, places = few(region, 6), clinics(region)
    cells, needs = populated_cells(zones), Needs(medications=("methadone",))
    rule, date = class_rule(region.support.parameters, OTP), region.facts.service_date
    access = class_access(region.support, region.zones, cells, places, rule, needs, date)
    column = f"class_{OTP}"
    assert access.scores(()) == pytest.approx(score_cells(region.support, cells, needs, date)[column], abs=1e-9)
    built = region.resources[region.resources["category"] == OTP].head(1).assign(
        resource_id="new:1", lon=places["lon"].iloc[4], lat=places["lat"].iloc[4]
    )  # fmt: skip
    more = pd.concat([region.resources, built], ignore_index=True)
    support = prepare(region.network, more, region.sessions, region.zones, region.support.parameters)
    assert access.scores((4,)) == pytest.approx(score_cells(support, cells, needs, date)[column], abs=1e-9)


@pytest.mark.parametrize("objective", ["within", "score", "worst-off", "equity"])
def test_the_order_of_candidates_does_not_matter(region: Region, objective: str) -> None:
    question = Question(OTP, 2, objective)
    shuffled = clinics(region).sample(frac=1, random_state=3)
    assert answer_of(region, question).as_dict() == answer_of(region, question, shuffled).as_dict()


def test_sites_off_streets_and_excluded_are_set_aside_and_counted(region: Region) -> None:
    places = clinics(region)
    places.loc[0, ["lon", "lat"]] = [region.facts.bounds.west - 0.3, region.facts.bounds.south - 0.3]
    around = shapely.Point(places["lon"].iloc[1], places["lat"].iloc[1]).buffer(1e-5)
    left, aside = usable(region.network, places, around)
    assert dict(zip(aside["id"], aside["reason"], strict=True)) == {
        places["id"].iloc[0]: OFF_STREETS,
        places["id"].iloc[1]: EXCLUDED,
    }
    assert sorted(left["id"]) == sorted(places["id"].iloc[2:])
    with pytest.raises(InputError, match=r"8 sites can't be chosen among 7 candidates \(2 more are set aside\)"):
        answer_of(region, Question(OTP, 8), places, excluded=around)
    with pytest.raises(InputError, match="is given to two candidates"):
        usable(region.network, places.assign(id="lot"))


def test_own_choice_is_held_beside_the_best(region: Region) -> None:
    best = answer_of(region, Question(OTP, 2)).sites()["id"].tolist()
    own = answer_of(region, Question(OTP, 2), own=best).as_dict()["own"]
    assert own["share_of_best"] == pytest.approx(1)
    other = answer_of(region, Question(OTP, 2), own=[clinics(region)["id"].iloc[0]]).as_dict()["own"]
    assert 0 <= other["share_of_best"] <= 1
    with pytest.raises(InputError, match="'nowhere' is none of the candidates"):
        answer_of(region, Question(OTP, 2), own=["nowhere"])


def test_budget_and_capacity_hold(region: Region) -> None:
    places = clinics(region).assign(cost=range(1, 10), slots=100)
    answer = answer_of(region, Question(OTP, 4, capacity="slots", cost="cost", budget=5), places)
    cost = places.set_index("id")["cost"]
    for row in answer.as_dict()["curve"]:
        assert sum(cost[one["id"]] for one in row["places"]) <= 5
        assert row["people_newly"] <= 100 * row["sites"]


def test_every_count_is_of_cells_with_enough_people(region: Region) -> None:
    answer = answer_of(region, Question(OTP, 3))
    zones = few(region)
    assert answer.people == zones["population"][zones["population"] >= LEAST].sum()
    counts = [row["people_newly"] for row in answer.as_dict()["curve"]]
    for count in [*np.diff([0, *counts]), answer.people_before, answer.people - answer.people_before - counts[-1]]:
        assert count == 0 or abs(count) >= LEAST


def test_an_area_holds_its_candidates(region: Region) -> None:
    places = clinics(region)
    area = area_of(places, np.array([0, 3]), region.network.crs)
    inside = shapely.intersects_xy(area, places["lon"], places["lat"])
    assert inside[[0, 3]].all()


def test_questions_that_cannot_be_meant_are_refused(region: Region) -> None:
    assert objective_from("within:45") == ("within", 45.0)
    for text in ("within:soon", "best", "score:3"):
        with pytest.raises(InputError, match="An objective is"):
            objective_from(text)
    with pytest.raises(InputError, match=r"There is no class of places 'casino'\. Classes are"):
        answer_of(region, Question("casino", 1))
    with pytest.raises(InputError, match=r"did you mean opioid_treatment_program\?"):
        answer_of(region, Question("opioid_treatment", 1))
    with pytest.raises(InputError, match="The region tells no need"):
        answer_of(region, Question(OTP, 1, weight="need"))
    with pytest.raises(InputError, match="knows no capacity"):
        answer_of(region, Question(OTP, 1, "score", capacity=5.0))
    for wrong, words in (
        ({"budget": 3}, "needs what each candidate costs"),
        ({"budget": -3, "cost": 1.0}, "The budget must be a number from 0 up, not -3"),
        ({"cost": float("nan")}, "The cost must be a number from 0 up, not nan"),
        ({"capacity": -1.0}, "The capacity must be a number from 0 up"),
        ({"seconds": -1.0}, "The time in seconds must be a number from 0 up, not -1"),
        ({"sites": 0}, "Ask for at least one site, not 0"),
    ):
        with pytest.raises(InputError, match=words):
            Question(**{"class_name": OTP, "sites": 1, **wrong})


def test_only_sites_that_are_built_change_what_others_are_worth(region: Region) -> None:
    """Who competes for beds, and what share of them is open to whom, is that of the houses that are there."""
    cells, date = populated_cells(few(region, 5)), region.facts.service_date
    needs, rule = Needs(gender="women"), class_rule(region.support.parameters, "recovery_beds")
    houses = region.resources[region.resources["category"] == "recovery_residence"].head(6)
    beside = houses.rename(columns={"resource_id": "id"})[["id", "lon", "lat"]].assign(
        capacity=900.0, lon=lambda t: t["lon"] + 1e-4
    )
    expected = score_cells(region.support, cells, needs, date)["class_recovery_beds"]
    six, one = (
        class_access(region.support, region.zones, cells, some, rule, needs, date) for some in (beside, beside.head(1))
    )
    assert six.scores(()) == pytest.approx(expected, abs=1e-9)
    assert one.there == pytest.approx(six.there, abs=1e-12)
    assert one.added[:, 0] == pytest.approx(six.added[:, 0], abs=1e-12)
    assert one.added.max() > 0


def test_a_candidate_of_which_a_needed_number_is_blank_is_set_aside(region: Region) -> None:
    places = clinics(region).assign(cost=["", "2", *["3"] * 7], slots=["40"] * 8 + [" "])
    answer = answer_of(region, Question(OTP, 2, capacity="slots", cost="cost", budget=5), places)
    assert answer.as_dict()["set_aside"] == {"no_capacity": 1, "no_cost": 1}
    for row in answer.as_dict()["curve"]:
        assert row["cost"] <= 5
        assert row["cost_per_person"] == pytest.approx(row["cost"] / row["people_newly"])
    with pytest.raises(InputError, match=r"was set aside \(no_cost\)"):
        answer_of(region, Question(OTP, 2, cost="cost", budget=5), places, own=[places["id"].iloc[0]])
    free = answer_of(region, Question(OTP, 9, cost="cost"), places, own=list(places["id"])).as_dict()
    assert (free["candidates"], free["own"]["cost"]) == (9, None)


def test_need_is_weighed_where_enough_people_live(region: Region) -> None:
    """Two in need among 500 residents count; fifty among ten residents don't."""
    zones = few(region).assign(need=2.0)
    zones.loc[0, "need"] = 50.0
    told = answer_of(region, Question(OTP, 1, weight="need"), zones=zones).as_dict()
    assert told["people"] == 2 * (len(zones) - 1)
    assert told["counted_in"] == "need, not people"
    assert told["share_in_small_areas"] is None, "a percent of so few is fewer than eleven"
    zones["need"] *= 100
    more = answer_of(region, Question(OTP, 1, weight="need"), zones=zones).as_dict()
    assert more["share_in_small_areas"] == round(50 / (50 + 2 * (len(zones) - 1)), 2)


def test_a_column_capacity_is_read_only_where_it_is_asked_for(region: Region) -> None:
    places, asked = clinics(region), Question("recovery_beds", 1, "score")
    plain = answer_of(region, asked, places).as_dict()
    for column in (500, "many", ["3"] * 8 + ["a few"]):
        assert answer_of(region, asked, places.assign(capacity=column)).as_dict() == plain
    said = places.assign(capacity=["3"] * 8 + ["a few"])
    told = answer_of(region, Question("recovery_beds", 1, "score", capacity="capacity"), said).as_dict()
    assert told["set_aside"] == {"no_capacity": 1}
    with pytest.raises(InputError, match="must hold numbers"):
        answer_of(region, Question("recovery_beds", 1, "score", capacity="name"), places.assign(name="x"))


@pytest.mark.parametrize("objective", ["within", "score"])
def test_people_without_a_street_are_told_and_not_counted(region: Region, objective: str) -> None:
    zones = few(region)
    lost = zones.index[5]
    zones.loc[lost, ["lon", "lat"]] = [region.facts.bounds.west - 0.3, region.facts.bounds.south - 0.3]
    answer = answer_of(region, Question(OTP, 1, objective), zones=zones)
    counted = zones["population"][zones["population"] >= LEAST]
    assert answer.people_left_out == counted.loc[lost]
    assert answer.people == counted.sum() - counted.loc[lost]


def test_areas_to_stay_away_from_hold_here_too(region: Region) -> None:
    cells, date = populated_cells(few(region, 6)), region.facts.service_date
    rule, places = class_rule(region.support.parameters, OTP), clinics(region)
    first = places.iloc[0]
    around = StayAway(float(first["lat"]), float(first["lon"]), 400.0)
    needs = Needs(stay_away=(around,), medications=("methadone",))
    outside = ~inside(around, cells["lon"], cells["lat"], region.network.crs)
    access = class_access(region.support, region.zones, cells, places, rule, needs, date)
    scores = score_cells(region.support, cells, needs, date)[f"class_{OTP}"]
    assert access.scores(()) == pytest.approx(scores, abs=1e-9)
    assert not access.added[outside, 0].any()
    alone, question = places.head(1), Question(OTP, 1, minutes=60)
    nobody = region.resources.iloc[:0]
    far = few(region)
    far = far[~inside(around, far["lon"], far["lat"], region.network.crs)]
    free, kept = (
        answer_of(region, question, alone, resources=nobody, zones=far, needs=own).best.value
        for own in (Needs(), needs)
    )
    assert free > 0
    assert kept == 0


def test_places_that_do_not_take_the_person_are_not_there_for_them(region: Region) -> None:
    for_men = region.resources.assign(genders="men")
    answer = answer_of(region, Question(OTP, 1), resources=for_men, needs=Needs(gender="women"))
    assert (answer.existing, answer.people_before) == (0, 0)
    assert answer_of(region, Question(OTP, 1), resources=for_men, needs=Needs(gender="men")).existing > 0


def test_an_own_choice_that_goes_beyond_what_was_asked_says_so(region: Region) -> None:
    places = clinics(region).assign(cost=3)
    ids = places["id"].tolist()
    more = answer_of(region, Question(OTP, 1), places, own=ids).as_dict()["own"]
    assert more["beyond"] == "sites"
    assert more["share_of_best"] >= 1
    dear = answer_of(region, Question(OTP, 4, cost="cost", budget=5), places, own=ids[:3]).as_dict()["own"]
    assert dear["beyond"] == "budget"
    cents = places.assign(cost=[0.1, 0.2, *[9.0] * (len(places) - 2)])
    just = answer_of(region, Question(OTP, 2, cost="cost", budget=0.3), cents, own=ids[:2]).as_dict()["own"]
    assert just["beyond"] is None, "0.1 + 0.2 is 0.3 and no more, as for the best choice"
    both = answer_of(region, Question(OTP, 2, cost="cost", budget=6), places, own=ids[:3]).as_dict()["own"]
    assert both["beyond"] == "sites and budget"
    own = answer_of(region, Question(OTP, 3, "worst-off", seconds=0), places, own=ids[4:7]).as_dict()["own"]
    assert own["beyond"] is None
    assert own["share_of_best"] <= 1 + 1e-9
