"""The words of the screens, and what they make of an answer; the pages themselves are tested in `tests/browser`."""

import ast
import re
from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geo.errors import NeedsError
from geo.needs.eligibility import misfits
from geo.needs.fields import BY_NAME
from geo.needs.needs import NEEDS, Needs, needs_from_toml
from geo.plan import messages
from geo.score.parameters import load_parameters
from geo.tables import CATEGORIES, DIMENSIONS, MODES, RESOURCES, SESSIONS, conform
from layers.escaping import escaped
from layers.legend import MARKS, SYMBOLS, area_steps
from screens.catalogue import along, change_refusals, refusals, sources, vault_refusals
from screens.shared import frame, queries, reasons
from screens.shared.catalogs import WORDS, languages
from screens.shared.place_search import in_label
from screens.shared.words import LONGEST_REFUSAL, Say
from sources.registry import SOURCES

SAY = Say("en")
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("host", "sentence"),
    [
        ("127.0.0.1:8501", SAY("near_private")),
        ("[::1]:8501", SAY("near_private")),
        ("reach.test:8501", SAY("privacy_elsewhere", host="reach.test")),
        ("192.168.1.20", SAY("privacy_elsewhere", host="192.168.1.20")),
    ],
)
def test_nothing_stays_on_this_machine_that_is_asked_of_another(
    host: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frame.st, "context", SimpleNamespace(headers={"Host": host}))
    assert frame.privacy(SAY, "near_private") == sentence


def test_every_category_class_dimension_and_mode_has_words() -> None:
    wanted = {*CATEGORIES, *DIMENSIONS, *(f"{d}_means" for d in DIMENSIONS), *(f"by_{mode}" for mode in MODES)}
    wanted |= {f"class_{rule.name}" for rule in load_parameters(None).classes} | {"class_meetings", "class_own_home"}
    assert wanted <= set(WORDS)


GAP_KINDS = (
    *("part", "curve", "source", "command", "figure", "own", "column"),
    "by",
    "medication",
    "level",
    "kind",
    "lack",
    "group",
    "get",
    "size",
    "method",
    "concentration",
    "ranked",
)


def words_of_needs() -> set[str]:
    """Return the names of words that the screens put together from the declaration of needs and what may not fit."""
    words = {f"need_{need.name}{what}" for need in NEEDS for what in ("", "_help")}
    words |= {f"{need.name}_{option}" for need in NEEDS for option in (*need.allowed, "any")}
    house = pd.DataFrame([{"category": "recovery_residence"}])
    asked = Needs(
        profile="wheelchair",
        languages=("es",),
        gender="women",
        age=40,
        with_children=True,
        payment=("free",),
        weekly_budget_usd=100,
        required_level="2",
        house_model=BY_NAME["house_model"].allowed,
        least_stay_days=90,
        medications=("naltrexone",),
    )
    columns = {"open_beds", "location_precision", "curfew", *misfits(conform(house, RESOURCES), asked)[0]}
    return words | {f"{kind}_{column}" for kind in ("reason", "unknown") for column in columns}


def test_every_word_is_used() -> None:
    files = [*(ROOT / "screens").rglob("*.py"), *(ROOT / "screens").rglob("*.html")]
    code = "".join(path.read_text() for path in files if path.parent.name != "catalogue")
    quoted = set(re.findall(r"\"\w+\"|'\w+'", code))
    made = (
        "class_",
        *("payment_", "needs_more_", "plan_ways_", "week_kind_", "way_", "col_", "row_", "add_"),
        *(
            "problem_",
            "sheet_make_",
            "sheet_get_",
            "verified_kind_",
            "changed_",
            "means_",
            "guide_",
            "column_",
            "trip_pickup_",
            "trip_drop_off_",
            "unknown_",
            "need_curfew_",
            "curfew_except_",
        ),
        "change_",
        *(
            "case_due_",
            "case_why_",
            "case_strength_",
            "case_locked_",
            "case_part_",
            "case_field_",
            "case_what_",
            "case_kind_",
            "case_state_",
            "case_heard_",
            "case_call_",
            "case_view_",
            "papers_make_",
            "papers_get_",
            "papers_recipient",
            "papers_what",
            "papers_purpose",
            "papers_given_on",
            "papers_expires_on",
            "trail_did_",
            "office_task_",
            "office_side_",
            "office_role_",
            "office_change_",
            "office_done_",
            "case_since_",
            "along_",
            "progress_",
            "domain_",
            *("val_peer_run", "val_shared_", "val_house_", "val_activities", "val_work_", "val_not_"),
        ),
        *("site_source_", "site_capacity_", "site_cost_", "site_aside_", "site_beyond_", "site_unknown_", "site_get_"),
        *(
            "if_kind_",
            "if_point_",
            "if_cost_",
            "if_takes_",
            "if_gender_",
            "if_pay_",
            "if_is_",
            "if_often_",
            "if_view_",
            "if_step_",
            "if_unknown_",
            "if_get_",
        ),
        "habits_",
        "mode_",
        "how_",
        "by_",
        "page_",
        "who_",
        "vehicle_",
        "format_",
        "spoken_",
        "holiday_",
        "locate_",
        "mend_",
        "told_away_",
        "trip_ride_",
        "trip_way_",
        "unit_",
        "nth_",
        *(f"over_{one}_" for one in ("what", "route", "day", "cause")),
        "when_",
        "case_sign_in_",
        *(f"gap_{one}_" for one in GAP_KINDS),
        *(f"gap_{one}_" for one in ("column", "own", "command", "figure", "source", "curve_people")),
        *(f"health_{one}_" for one in ("good", "check", "code", "lack", "timetable", "outcome")),
    )
    known = (
        {
            *refusals.WORDS,
            *change_refusals.WORDS,
            *vault_refusals.WORDS,
            *(key for key, text in along.WORDS.items() if key == text),
            *sources.WORDS,
            *CATEGORIES,
            *DIMENSIONS,
            *(f"{d}_means" for d in DIMENSIONS),
        }
        | words_of_needs()
        | {*messages.SENTENCES}
    )
    unused = [k for k in WORDS if not k.startswith(made) and k not in known and not {f'"{k}"', f"'{k}'"} & quoted]
    assert unused == []


def refused(path: str, calls: dict[str, int]) -> set[str]:
    """Return the sentences with which a file raises: the constant at its place in each of these calls."""
    made = [node for node in ast.walk(ast.parse((ROOT / path).read_text())) if isinstance(node, ast.Call)]
    named = [(node, calls[node.func.id]) for node in made if isinstance(node.func, ast.Name) and node.func.id in calls]
    return {str(node.args[at].value) for node, at in named if isinstance(node.args[at], ast.Constant)}


def test_every_reason_for_a_refusal_has_words() -> None:
    raised = refused("geo/clock.py", {"NeedsError": 0}) | refused("geo/needs/needs.py", {"_bad": 1})
    raised |= refused("geo/needs/curfew.py", {"NeedsError": 0})
    for file in ("manage", "damage"):
        raised |= refused(f"sources/region/{file}.py", {"RegionError": 0})
    raised |= refused("geo/plan/solver.py", {"InputError": 0}) | refused("geo/score/aggregation.py", {"InputError": 0})
    assert len(raised) > 30
    where = {key for key in refusals.WORDS if not key.endswith(".")}
    code = (ROOT / "geo/needs/needs.py").read_text() + (ROOT / "screens/case_manager/person.py").read_text()
    assert all(key.rpartition(" ")[0] in code for key in where)
    assert raised == set(refusals.WORDS) - where


def test_every_refusal_of_the_vault_is_one_that_is_raised() -> None:
    files = [*(ROOT / "people").glob("*.py"), *(ROOT / "screens/caseload").rglob("*.py")]
    files.append(ROOT / "sources/formats/private_files.py")
    nodes = [node for path in files for node in ast.walk(ast.parse(path.read_text()))]
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert set(vault_refusals.WORDS) <= texts


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("curfew = ", "no se puede leer como TOML"),
        ("curfeu = '22:00'", "needs.toml tiene la clave desconocida 'curfeu'"),
        ("walk_kph = 99", "walk_kph debe ser un número de 0.5 a 12, no 99."),
        ("[[shifts]]\ndays = ['monday']\nstart = '9'\nend = '10:00'", "el inicio de un turno debe ser una hora"),
        (f"gender = '{'x' * 90_000}'", "gender debe ser uno de women, men, nonbinary"),
    ],
)
def test_a_refused_file_says_why_in_the_language_of_the_page(content: str, words: str) -> None:
    with pytest.raises(NeedsError) as caught:
        needs_from_toml(content.encode(), "needs.toml")
    sentence = Say("es").why(caught.value)
    assert words in sentence
    assert len(sentence) <= LONGEST_REFUSAL
    assert Say("en").why(caught.value)[:60] == str(caught.value)[:60]


def test_sources_are_named_as_they_name_themselves() -> None:
    assert set(sources.WORDS) <= {
        text for one in SOURCES for text in (one.title, one.publisher, one.license, one.attribution)
    }


def test_unreachable_and_no_data_are_different_sentences() -> None:
    for language in languages():
        say = Say(language)
        assert say("why_unreachable", what="X") != say("why_nodata", what="X")
        assert say("unreachable_by", what="X", how="", minutes=45) != say("no_data_on", what="X")


def test_signs_tell_dimensions_apart_by_shape_and_color() -> None:
    assert set(SYMBOLS) == set(DIMENSIONS)
    assert set(MARKS) == set(CATEGORIES)
    assert len({symbol.shape for symbol in SYMBOLS.values()}) == len(SYMBOLS)
    assert len({symbol.light for symbol in SYMBOLS.values()}) == len(SYMBOLS)
    assert len(set(MARKS.values())) == len(MARKS)
    assert area_steps(3) == sorted(area_steps(3))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2."""

    def luminance(color: str) -> float:
        parts = [int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("symbol", SYMBOLS.values(), ids=SYMBOLS)
def test_letters_on_signs_can_be_read(symbol: SimpleNamespace) -> None:
    assert contrast(symbol.light, symbol.light_ink) >= 4.5
    assert contrast(symbol.dark, symbol.dark_ink) >= 4.5


@pytest.fixture
def region() -> SimpleNamespace:
    rows = [
        {"resource_id": "a", "name": "Hall", "category": "meeting", "attendance": "in_person"},
        {"resource_id": "b", "name": "Screen", "category": "meeting", "attendance": "online"},
        {"resource_id": "c", "name": "Safe house", "category": "transitional_housing", "location_precision": "hidden"},
        {"resource_id": "d", "name": "<b>Pharmacy</b>", "category": "pharmacy"},
    ]
    table = pd.DataFrame(rows).assign(lon=[1.0, 2.0, 3.0, 4.0], lat=5.0)
    table["dimension"] = table["category"].map(CATEGORIES)
    table["location_precision"] = table["location_precision"].fillna("rooftop")
    sessions = pd.DataFrame(
        [
            {"resource_id": "a", "weekday": day, "start_minute": start, "end_minute": start + 60, "time_zone": "UTC"}
            for day, start in ((3, 1140), (0, 545))
        ]
    )
    return SimpleNamespace(resources=conform(table, RESOURCES), sessions=conform(sessions, SESSIONS))


PHARMACY = escaped("<b>Pharmacy</b>")


def test_online_and_hidden_places_are_never_on_the_map(region: SimpleNamespace) -> None:
    listed = queries.listing(queries.described(region, SAY), None, None, SAY)
    assert sorted(listed["name"]) == [PHARMACY, "Hall"]
    assert not listed["faint"].any()
    assert set(listed["reach"]) == {""}


def test_what_is_in_reach_comes_first_and_says_how_far(region: SimpleNamespace) -> None:
    trips, no_areas = pd.DataFrame({"minutes": [12.4], "mode": ["walk"]}, ["d"]), gpd.GeoDataFrame()
    known = queries.described(region, SAY)
    listed = queries.listing(known, queries.Reach(no_areas, trips, pd.Series(dtype="float64")), None, SAY)
    assert list(listed["name"]) == [PHARMACY, "Hall"]
    assert list(listed["reach"]) == ["12 min on foot", "out of reach"]
    assert list(listed["faint"]) == [False, True]
    assert listed["kind"].iloc[1] == escaped("Meeting: Mon 9:05 AM, Thu 7:00 PM")
    hall = known.loc[known["name"] == "Hall", "resource_id"].iloc[0]
    by_walk = queries.listing(known, queries.Reach(no_areas, trips, pd.Series({hall: 30.7})), None, SAY)
    assert list(by_walk["reach"]) == ["12 min on foot", "only by a long walk, 31 min"]
    assert list(by_walk["faint"]) == [False, True], "transit doesn't reach it"
    unreachable, unknown = queries.missing_categories(region, listed, ["meeting", "pharmacy", "food"])
    assert (unreachable, unknown) == (["meeting"], ["food"])


def test_reasons_name_what_carries_what_holds_down_and_what_is_unknown() -> None:
    near = [{"name": "Elm Pharmacy", "minutes": 12.3, "mode": "transit"}]
    rows = [
        {"name": "pharmacy", "status": "scored", "score": 0.9, "points": 20, "nearest": near},
        {"name": "household", "status": "unreachable", "score": 0.0, "points": 0},
        {"name": "jobs", "status": "no_data", "score": None, "points": None},
        {"name": "my_own_class", "status": "scored", "score": 0.8, "points": 9},
    ]
    score = {
        "total": 57.0,
        "classes": rows,
        "limits": {"classes": [{"name": "household", "points_lost": 40.0}]},
        "gains": [{"change": "late_bus", "gain": 4.2, "total": 61.1}, {"change": "car", "gain": 0.1, "total": 57.0}],
        "confidence": {"age": 0.9, "location": 0.7, "timetable": 1.0, "timetable_ended": None},
    }
    assert reasons.what_helps(score, SAY) == [
        ("ok", "Pharmacies: 90 of 100. The nearest is Elm Pharmacy, 12 min by bus."),
        ("ok", "my own class: 80 of 100."),
    ]
    assert reasons.what_limits(score, SAY) == [("low", SAY("why_unreachable", what="Food and household basics"))]
    assert reasons.what_raises(score, SAY) == [("ok", "A bus home until 11:00 PM: 4 more, 61 in all.")]
    assert [text for _, text in reasons.what_is_unknown(score, SAY)] == [
        SAY("why_nodata", what="Jobs"),
        SAY("unknown_location", count=30),
    ]


def test_labels_of_widgets_show_markdown_as_text() -> None:
    assert in_label("**b** :material/home:") == "\\*\\*b\\*\\* \\:\N{WORD JOINER}material/home\\:\N{WORD JOINER}"


def test_without_a_region_the_page_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path))
    frame = AppTest.from_file(str(ROOT / "screens" / "main.py"), default_timeout=30).run()
    assert not frame.exception
    shown = "".join(str(element.proto.body) for element in frame.get("html"))
    assert "recovery-reach demo" in shown.replace("&#8220;", "").replace("&#8221;", "")
    assert "tel:988" in shown
