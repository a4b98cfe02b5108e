"""The score's numbers: the shipped file is whole, and a wrong one is refused by the name of its key."""

import tomllib
from pathlib import Path

import pytest

from geo.errors import NeedsError
from geo.score.parameters import DecayRule, load_parameters, parameters_from
from geo.tables import MODES

DEFAULT = Path(__file__).parents[3] / "data" / "scoring" / "default.toml"


@pytest.fixture
def document():
    return tomllib.loads(DEFAULT.read_text(encoding="utf-8"))


def test_the_default_holds_the_definition():
    parameters = load_parameters()
    by_name = {rule.name: rule for rule in parameters.classes}
    expected = {  # weight, half-way, sd, limit, A_ref of the definition's table
        "opioid_treatment_program": (3, 20, 8, 60, 1),
        "other_medication": (2, 20, 8, 60, 2),
        "substance_use_clinic": (2, 20, 8, 60, 2),
        "mental_health": (1.5, 25, 10, 60, 2),
        "primary_care": (1, 25, 10, 60, 2),
        "pharmacy": (0.5, 15, 6, 45, 1),
        "harm_reduction": (0.5, 15, 6, 45, 1),
        "hospital": (0.5, 15, 6, 45, 1),
        "recovery_beds": (2, 30, 12, 60, 1),
        "household": (1, 12, 5, 30, 3),
        "jobs": (3, 30, 10, 60, 1),
        "employment_service": (1.5, 25, 10, 60, 1),
        "education": (1, 25, 10, 60, 2),
        "volunteering": (0.5, 25, 10, 60, 1),
        "childcare": (1, 25, 10, 60, 2),
        "recovery_community_center": (1.5, 20, 8, 45, 1),
        "peer_support": (1, 20, 8, 45, 1),
        "gathering_places": (0.5, 12, 5, 30, 5),
    }
    assert set(by_name) == set(expected)
    for name, numbers in expected.items():
        r = by_name[name]
        for mode in MODES:
            by = r.decays[mode]
            assert (r.weight, by.half_way_minutes, by.sd_minutes, by.limit_minutes, r.a_ref) == numbers
        assert r.source
    m = parameters.meetings
    assert (m.weight, m.a_ref) == (4, 7)
    assert dict(m.decays) == dict.fromkeys(MODES, DecayRule(20, 8, 45))
    assert (by_name["jobs"].start, by_name["jobs"].end, by_name["jobs"].being) == (420, 540, "arriving")
    assert {name for name, rule in by_name.items() if rule.kind == "rival"} == {"recovery_beds", "jobs"}


def test_shipped_files_are_found_by_name_and_path():
    assert load_parameters() == load_parameters("default") == load_parameters(DEFAULT)


def test_the_hash_is_of_the_numbers_not_of_the_text(tmp_path, document):
    copy = tmp_path / "mine.toml"
    copy.write_text("# a remark\n" + DEFAULT.read_text(encoding="utf-8"), encoding="utf-8")
    assert load_parameters(copy).hash == load_parameters().hash
    document["meetings"]["weight"] = 5.0
    assert parameters_from(document).hash != load_parameters().hash


def change(document, path, value):
    *way, key = path
    for step in way:
        document = document[step]
    if value is None:
        del document[key]
    else:
        document[key] = value


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("meetings", "weight"), -1, "meetings: weight must be a number from 0"),
        (("meetings", "wieght"), 4, "meetings has the unknown key 'wieght'"),
        (("meetings", "sd_minutes"), None, "meetings lacks the key 'sd_minutes'"),
        (("meetings", "sd_minutes"), 0, "sd_minutes must be a number above 0"),
        (("meetings", "half_way_minutes"), "twenty", "half_way_minutes must be a number"),
        (("meetings", "sd_minutes"), {"walk": 5}, "meetings: sd_minutes lacks the key 'bike'"),
        (
            ("classes", 3, "half_way_minutes"),
            {"walk": 15, "bike": 15, "drive": 15, "transit": 15, "train": 20},
            "mental_health: half_way_minutes has the unknown key 'train'",
        ),
        (
            ("classes", 3, "limit_minutes"),
            {"walk": 15, "bike": 15, "drive": 15, "transit": -2},
            "limit_minutes: transit must be a number above 0",
        ),
        (("meetings", "weight"), True, "weight must be a number"),
        (("meetings", "weight"), float("nan"), "weight must be a number"),
        (("classes", 0, "dimension"), "wealth", "dimension must be one of"),
        (("classes", 0, "categories"), ["casino"], "categories must be a list of"),
        (("classes", 0, "end"), "05:00", "must end after it starts"),
        (("classes", 0, "start"), "6 o'clock", "must be a clock time"),
        (("classes", 0, "source"), "", "source must be text"),
        (("classes", 1, "name"), "opioid_treatment_program", "more than once"),
        (("classes", 0, "categories"), [], "only a rival class"),
        (("classes",), [], "classes must be a list of tables"),
        (("total", "weights", "home"), None, "weights lacks the key 'home'"),
        (("total", "weights"), {"health": 0, "home": 0, "purpose": 0, "community": 0}, "must not all be 0"),
        (("confidence", "age"), 0.3, "must add up to 1"),
        (("days", "weekday"), -5, "weekday must be a number"),
        (("competition", "jobs_per_worker"), "country", "jobs_per_worker must be a number"),
        (("competition",), None, "lacks the key 'competition'"),
        (("surprise",), 1, "unknown key 'surprise'"),
    ],
)
def test_an_error_names_the_key(document, path, value, words):
    change(document, path, value)
    with pytest.raises(NeedsError, match=words) as caught:
        parameters_from(document, "mine.toml")
    assert "\n" not in str(caught.value)


def test_minutes_may_be_named_for_each_mode(document):
    document["classes"][3]["half_way_minutes"] = {"walk": 15, "bike": 18, "drive": 20, "transit": 25.5}
    document["classes"][3]["limit_minutes"] = {"walk": 30, "bike": 40, "drive": 50, "transit": 70}
    rule = parameters_from(document).classes[3]
    assert rule.decays["transit"] == DecayRule(25.5, 10, 70)
    assert rule.decays["walk"] == DecayRule(15, 10, 30)
    assert rule.limit_minutes == 70


def test_the_regions_own_ratio_may_count_as_1(document):
    document["competition"]["jobs_per_worker"] = "region"
    assert parameters_from(document).competition.jobs_per_worker is None


def test_files_that_cant_be_read(tmp_path):
    with pytest.raises(NeedsError, match="no scoring file"):
        load_parameters(tmp_path / "absent.toml")
    with pytest.raises(NeedsError, match="no scoring file"):
        load_parameters("nonesuch")
    broken = tmp_path / "broken.toml"
    broken.write_bytes(b"\xff\xfe = [")
    with pytest.raises(NeedsError, match="not readable TOML"):
        load_parameters(broken)
