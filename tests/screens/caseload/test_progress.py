"""How it went: entering what was asked, the picture over time, the home's score then and now, what is in reach."""

import datetime as dt
import re
from dataclasses import replace
from html import unescape

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geo.needs.needs import Needs
from people.caseload import add_person
from people.entries import history, undo
from people.folders import VaultPlace
from people.kinds import BARC10_COLUMNS
from people.person_needs import save_needs
from people.progress import DOMAINS, add_barc10, add_engagement, add_home_score, barc10, engagement, home_scores, moves
from people.settings import VaultSettings
from people.short_list import put_on_short_list
from people.vault import Vault, open_vault
from screens.caseload.in_reach import (
    Around,
    groups_in_reach,
    learn_from,
    matching_groups,
    wanted_words,
    what_lacks,
)
from screens.caseload.progress_picture import Story, in_words, picture
from screens.shared.words import Say
from sources.region import open_region
from tests.people.conftest import ANA, PASSPHRASE
from tests.screens.caseload.conftest import Visit, labels, shown, unlock

SAY = Say("en")


@pytest.fixture
def vault(made: VaultPlace, settings: VaultSettings) -> Vault:
    """Return the vault as a supervisor has it open elsewhere."""
    return open_vault(made, ANA, PASSPHRASE, settings)


@pytest.fixture
def one(vault: Vault) -> str:
    return add_person(vault, {"name": "Person One"})


def progress(visit: Visit, person_id: str) -> AppTest:
    """Unlock, and open a person's progress."""
    page = unlock(visit()).selectbox("cl_chosen").select(person_id).run()
    next(group for group in page.get("button_group") if group.key == "cl_part").set_value("progress")
    page = page.run()
    assert not page.exception
    return page


def answer(page: AppTest, name: str, value: object, which: str = "new") -> None:
    next(group for group in page.get("button_group") if group.key == f"cl_progress_{which}_{name}").set_value(value)


def press(page: AppTest, label: str, number: int = 0) -> AppTest:
    return page.button[[k for k, text in enumerate(labels(page)) if text == label][number]].click().run()


def story(vault: Vault, person_id: str) -> Story:
    read = barc10, engagement, home_scores, moves
    return Story(*(one(vault, person_id) for one in read))


def drawn(vault: Vault, person_id: str) -> str:
    return str(picture(story(vault, person_id), SAY))


def test_without_any_entry_the_page_says_what_to_do(vault: Vault, one: str, visit: Visit) -> None:
    page = progress(visit, one)
    assert SAY("progress_empty") in unescape(shown(page))
    assert SAY("progress_no_home") in unescape(shown(page))
    assert "<figure" not in shown(page)


def test_ten_answers_are_entered_changed_and_undone(vault: Vault, one: str, visit: Visit) -> None:
    page = progress(visit, one)
    columns = list(BARC10_COLUMNS.values())
    for column in columns[:-1]:
        answer(page, column, 4)
    page = press(page, SAY("case_save"))
    assert "a missing one is never guessed" in unescape(shown(page))
    assert barc10(vault, one).empty
    for column in columns:
        answer(page, column, 4)
    page = press(page, SAY("case_save"))
    kept = barc10(vault, one)
    assert (kept["total"].tolist(), kept["asked_on"].tolist(), kept["asked_by"].tolist()) == (
        [40],
        ["2026-11-29"],
        [ANA],
    )
    assert "40 of 60" in unescape(shown(page))
    page = press(page, SAY("progress_change"))
    answer(page, "social_support", 6, f"{kept['entry_id'][0]}_1")
    page = press(page, SAY("progress_save_change"))
    assert barc10(vault, one)["total"].tolist() == [42]
    undo(vault, int(history(vault, one)["change_id"].iloc[0]))
    assert barc10(vault, one)["total"].tolist() == [40]
    page = press(page.run(), SAY("case_call_away"))
    assert barc10(vault, one).empty


def test_the_last_30_days_keep_what_was_asked_alone(vault: Vault, one: str, visit: Visit) -> None:
    page = progress(visit, one)
    page = press(page, SAY("case_save"), 1)
    assert "at least one answer" in unescape(shown(page))
    page.number_input("cl_progress_new_meetings_attended").set_value(12)
    answer(page, "sponsor_or_mentor", False)
    page = press(page, SAY("case_save"), 1)
    kept = engagement(vault, one).iloc[0]
    assert (kept["meetings_attended"], bool(kept["sponsor_or_mentor"])) == (12, False)
    assert pd.isna(kept["groups"])
    assert "12 meetings and has no sponsor or mentor" in unescape(shown(page))


def test_one_entry_is_a_mark_and_two_are_joined(vault: Vault, one: str) -> None:
    add_barc10(vault, one, "2026-11-01", ANA, dict.fromkeys(DOMAINS, 4) | {"risk taking": 3})
    first = drawn(vault, one)
    assert "rr-through" not in first
    assert first.count('<b class="rr-mark') == 11 + 1  # the total and ten domains, and what a square means
    assert len(re.findall(r'rr-mark rr-low"? ?[^>]*--x', first)) == 1
    add_barc10(vault, one, "2026-11-20", ANA, dict.fromkeys(DOMAINS, 5))
    assert drawn(vault, one).count("rr-through") == 1


def test_no_word_calls_a_change_a_rise_or_a_fall(vault: Vault, one: str) -> None:
    for day, value in (("2026-09-01", 1), ("2026-10-01", 4), ("2026-11-01", 6)):
        add_barc10(vault, one, day, ANA, dict.fromkeys(DOMAINS, value))
    told = " ".join(in_words(story(vault, one), SAY)).lower()
    assert "10 of 60 on september 1, 2026, 60 on november 1, 2026" in told
    assert not re.search(r"improv|better|worse|rise|rose|fell|increas|declin|trend(?! is read)", told)


def test_a_line_ends_where_the_home_changes_and_moves_are_marked(vault: Vault, one: str) -> None:
    put_on_short_list(vault, one, "x:1", "House <One>", "moved_in", "near work", dt.date(2026, 5, 4))
    put_on_short_list(vault, one, "x:2", "House Two", "moved_in", "cheaper", dt.date(2026, 9, 1))
    scored = {"region": "demo", "region_hash": "0" * 64}
    for day, home, total in (("2026-05-05", "x:1", 50), ("2026-07-01", "x:1", 55), ("2026-09-02", "x:2", 40)):
        add_home_score(vault, one, scored | {"scored_on": day, "lives_at": home, "total": total, "d_home": 60})
    markup = drawn(vault, one)
    assert markup.count("rr-through") == 1
    assert markup.count('rr-letter" style') == 2
    assert "House <One>" not in markup
    assert "House <One>, since May 4, 2026" in unescape(markup)


def test_the_table_holds_every_number(vault: Vault, one: str) -> None:
    add_barc10(vault, one, "2026-11-01", ANA, {domain: 1 + k % 6 for k, domain in enumerate(DOMAINS)})
    add_engagement(vault, one, {"asked_on": "2026-11-08", "asked_by": ANA, "groups": 2})
    tables = unescape(drawn(vault, one)).partition("<details")[2]
    assert re.findall(r'rr-number">(\w+)<', tables) == ["31", *"1234561234", "2"]
    assert "Nov 8, 2026" in tables


def test_the_score_of_the_home_is_kept_by_hand_and_told_apart_from_now(vault: Vault, one: str, visit: Visit) -> None:
    region = open_region("demo")
    houses = region.resources[region.resources["category"] == "recovery_residence"].iloc[:2]
    ids, names = houses["resource_id"].tolist(), houses["name"].tolist()
    put_on_short_list(vault, one, ids[0], names[0], "moved_in", "near work", dt.date(2026, 10, 1))
    page = progress(visit, one)
    assert SAY("progress_never_kept") in unescape(shown(page))
    assert home_scores(vault, one).empty, "looking is no edit"
    page = press(page, SAY("progress_keep"))
    kept = home_scores(vault, one).iloc[0]
    assert (kept["lives_at"], kept["region_hash"], kept["scored_on"]) == (
        ids[0],
        region.facts.region_hash,
        "2026-11-29",
    )
    assert 0 < kept["total"] <= 100
    assert SAY("progress_same") in unescape(shown(page))
    assert SAY("progress_keep") not in labels(page)
    save_needs(vault, one, Needs(gender="women", formats=("women",)))
    assert SAY("progress_new_needs") in unescape(shown(page.run()))
    put_on_short_list(vault, one, ids[1], names[1], "moved_in", "cheaper", dt.date(2026, 11, 1))
    assert SAY("progress_moved") in unescape(shown(page.run()))


def test_a_home_outside_the_region_has_no_score(vault: Vault, one: str, visit: Visit) -> None:
    put_on_short_list(vault, one, "elsewhere:1", "House Elsewhere", "moved_in", "family", dt.date(2026, 10, 1))
    page = progress(visit, one)
    assert "House Elsewhere has no public place in the data" in unescape(shown(page))


def around() -> Around:
    """Return what is around an invented home, as a score tells it."""
    place = {"name": "Clinic", "mode": "transit"}
    classes = [
        {"name": "mental_health", "dimension": "health", "weight": 1.0, "status": "scored", "score": 0.2,
         "nearest": [place | {"id": "x:1", "minutes": 12.0}, place | {"id": "x:home", "minutes": 0.2}]},
        {"name": "meetings", "dimension": "community", "weight": 4.0, "status": "scored", "score": 0.9},
        {"name": "peer_support", "dimension": "community", "weight": 1.0, "status": "unreachable", "score": 0.0,
         "nearest": [place | {"id": "x:2", "minutes": None}]},
        {"name": "harm_reduction", "dimension": "health", "weight": 1.0, "status": "no_data", "score": None},
    ]  # fmt: skip
    session = {"minutes_there": 20.0, "mode": "walk", "start": "19:00", "end": "20:00"}
    sessions = [
        session | {"id": "m:1", "name": "Steps", "day": "Monday"},
        session | {"id": "m:2", "name": "Women's Hope", "day": "Tuesday", "minutes_there": 30.0},
        session | {"id": "m:2", "name": "Women's Hope", "day": "Friday", "minutes_there": 25.0},
    ]
    table = pd.DataFrame(
        {"resource_id": ["m:1", "m:2"], "fellowship": ["NA", "AA"], "formats": ["open;step study", "women;secular"],
         "languages": ["en", "es"]}
    )  # fmt: skip
    dimensions = {"health": 20.0, "home": 80.0, "purpose": None, "community": 70.0}
    return Around(
        {"dimensions": dimensions, "classes": classes, "meetings": {"sessions": sessions, "sessions_counted": 3}},
        "x:home",
        table,
    )


def test_low_domains_and_dimensions_are_tied_to_what_is_near() -> None:
    answers = dict.fromkeys(DOMAINS, 4) | {"global psychological health": 3}
    told = re.sub(r"<[^>]+>", "|", unescape(str(what_lacks(around(), answers, SAY))))
    assert "Mental health: 3 of 6" in told
    assert "Clinic, 12 min by bus" in told
    assert "Peer support||none in reach" in told.replace("|||", "||")
    assert "Health around the home: 20 of 100" in told
    assert "around the home: 70" not in told
    assert "Social support" not in told


def test_the_home_itself_is_no_resource_in_reach() -> None:
    answers = dict.fromkeys(DOMAINS, 4) | {"global psychological health": 1}
    assert "0 min" not in unescape(str(what_lacks(around(), answers, SAY)))


def test_nobody_asked_is_not_low() -> None:
    assert "of 6" not in unescape(str(what_lacks(around(), None, SAY)))


def test_groups_that_match_most_come_first() -> None:
    groups = groups_in_reach(around())
    assert [(group["id"], group["minutes"], len(group["sessions"])) for group in groups] == [
        ("m:1", 20, 1),
        ("m:2", 25, 2),
    ]
    wanted = wanted_words(Needs(gender="women", formats=("secular", "step study"), languages=("es",), age=70))
    assert wanted == {
        "secular": "format", "step study": "format", "es": "spoken", "women": "format", "seniors": "format",
    }  # fmt: skip
    matches = matching_groups(groups, wanted)
    assert [(group["id"], words) for group, words in matches] == [
        ("m:2", ["secular", "es", "women"]),
        ("m:1", ["step study"]),
    ]


def test_groups_match_however_their_fellowship_is_spelled() -> None:
    seen = around()
    groups = groups_in_reach(replace(seen, resources=seen.resources.assign(fellowship="AlAnon")))
    assert [words for _, words in matching_groups(groups, wanted_words(Needs(fellowships=("Al-Anon",))))] == [
        ["Al-Anon"],
        ["Al-Anon"],
    ]


def test_a_room_that_is_open_all_day_does_not_meet_at_midnight() -> None:
    seen, wishes = around(), Needs(formats=("step study",))
    assert "Mon 7:00 PM" in unescape(str(learn_from(seen, wishes, None, SAY)))
    sessions = [one | {"start": "00:00", "end": "24:00"} for one in seen.score["meetings"]["sessions"]]
    told = unescape(
        str(learn_from(replace(seen, score={**seen.score, "meetings": {"sessions": sessions}}), wishes, None, SAY))
    )
    assert "Mon all day" in told
    assert "12:00" not in told


def test_without_wishes_the_page_asks_whom_they_want_to_be_near() -> None:
    assert SAY("reach_say_who") in unescape(str(learn_from(around(), Needs(), None, SAY)))
    assert SAY("reach_no_group") in unescape(str(learn_from(around(), Needs(fellowships=("SMART",)), None, SAY)))
    without = {"sponsor_or_mentor": False}
    assert SAY("reach_no_mentor") in unescape(str(learn_from(around(), Needs(), without, SAY)))
    assert SAY("reach_no_mentor") not in unescape(str(learn_from(around(), Needs(), {"sponsor_or_mentor": pd.NA}, SAY)))
