"""In which weeks a meeting is held: what names and notes say of the meeting itself, and what of its formats."""

import pytest

from sources.cleaning.meeting_weeks import Weeks, day_and_weeks, weeks_from_words

SUN, MON, TUE, WED, THU, FRI, SAT = 6, 0, 1, 2, 3, 4, 5


@pytest.mark.parametrize(
    ("name", "note", "weekday", "rule"),
    [
        ("Group", "Only meets 1st Saturday of the Month.  Meeting is in the Church Basement.", SAT, "1"),
        ("Group", "1st Saturday of the month only/to 3:15 pm/Convent/Rectory", SAT, "1"),
        ("Steps 1-8 Workshop (2nd Sat)", "2nd Saturday", SAT, "2"),
        ("Group", "Meets at a residence on the last Thursday of the month. Ask for the location.", THU, "last"),
        ("Monthly Birthday Group", "This meeting is held on the first Sunday of each month only. GSO# 1", SUN, "1"),
        ("Group", "Meeting occurs on the 2nd and 4th Sundays of the month only. Bring a chair.", SUN, "2;4"),
        ("Happy, Joyous, Free 2nd & 4th Fridays Only", "", FRI, "2;4"),
        ("Group", "Meets last Wed. of the month.", WED, "last"),
        ("Group", "First Monday of the month only", MON, "1"),
        ("Group", "Meets the 1st, 3rd, and 5th Tuesdays of every month", TUE, "1;3;5"),
        ("Group", "2nd & 4th Sundays", SUN, "2;4"),
        ("Group", "Meets 1st Monday of the month. Also meets 3rd Monday of the month.", MON, "1;3"),
        ("Living Clean (No Mtg On The 1st Wednesday of month!)", "", WED, "2;3;4;5"),
        ("Group", "Meets every Sunday except the first Sunday of the month", SUN, "2;3;4;5"),
        ("Reunión", "Se reúne el segundo y cuarto domingo del mes", SUN, "2;4"),
        ("Reunión", "Primer lunes del mes solamente", MON, "1"),
        ("Every second Friday", "One week on, one week off.", FRI, "alternate"),
        ("Group", "Meets every other week", MON, "alternate"),
        ("Group", "Bi-weekly.", MON, "alternate"),
        ("Grupo", "Cada dos semanas", MON, "alternate"),
        ("Group", "Meets once a month", MON, "monthly"),
        ("Monthly Business Meeting", "Business meeting that meets one Sunday of the month", SUN, "monthly"),
        ("Monthly Speaker (last Saturday)", "", SAT, "last"),
    ],
)
def test_a_rule_is_read(name: str, note: str, weekday: int, rule: str) -> None:
    weeks = weeks_from_words(name, [note], [weekday])
    assert (weeks.rules, weeks.unclear) == ({weekday: rule}, None)


@pytest.mark.parametrize(
    ("name", "note", "weekday"),
    [
        ("Group", "1st Thursday is a step meeting. Every other Thursday is JFT.", THU),
        ("Group", "1st Thursday: Big Book / 2nd Thursday: Step Meeting 3rd Thursday: Literature", THU),
        ("Group", "Business meeting is held every 1st Monday of the month following the regular meeting.", MON),
        ("Group", "Business meeting: 2nd Saturday @ 3:30 pm", SAT),
        ("Group", "2nd Floor School Hall - Business Mtg. last Sunday", SUN),
        ("Group", "Last Wed. of the month is Tradition mtg / Closed on holidays", WED),
        ("Group", "Anniv held on the last Saturday of the month are open meetings.", SAT),
        ("Group", "Last Tuesday of month / Step Meeting", TUE),
        ("Group", "Speaker meeting on last Saturday of month", SAT),
        ("Group", "Meets for the steering committee on the first Monday of the month", MON),
        ("Group", "Alternates each week between speaker and big book discussion", SAT),
        ("Group", "Newcomers meeting at 6:30 on the first Thursday of the month", THU),
        ("Group", "Steps 4, 5, 6, 7; 5th wk. Tradition; Gray building downstairs", SUN),
        ("Group", "Last wk Closed Step/Men only", SUN),
        ("Group", "Meets in church basement Alternate books", SUN),
        ("First Saturday Group", "", SAT),
        ("First Things First", "", SAT),
        ("Step of the Month Club", "", FRI),
        ("Saturday Night Alternatives Group", "", SAT),
        ("Group", "Meets the second Saturday of the month", WED),  # said of another day
    ],
)
def test_what_is_said_of_something_else_leaves_it_weekly(name: str, note: str, weekday: int) -> None:
    weeks = weeks_from_words(name, [note], [weekday])
    assert (weeks.rules, weeks.unclear) == ({}, None)


@pytest.mark.parametrize(
    ("name", "note", "weekday"),
    [
        ("Group", "Meets in person, step meeting on the first Tuesday ONLY. The rest of the month on Zoom.", TUE),
        (
            "Group",
            "In person meeting on the second Thursday of the month at the church. All other meetings are online.",
            THU,
        ),
        ("Spiritual Principles (Closed on 3rd Saturday every month)", "", SAT),
        ("Group", "Does not meet on the last Friday of the month", FRI),
        ("Group", "Birthday meeting last Saturday of the month only", SAT),
    ],
)
def test_what_leaves_doubt_is_told_and_taken_as_weekly(name: str, note: str, weekday: int) -> None:
    weeks = weeks_from_words(name, [note], [weekday])
    assert weeks.rules == {}
    assert weeks.unclear or "rest of the month" in note


def test_a_rule_holds_for_its_own_weekday() -> None:
    assert weeks_from_words("Group", ["Meets 1st and 3rd Mondays"], [MON, WED]).rules == {MON: "1;3"}
    assert weeks_from_words("Group", ["Meets the 2nd week of the month"], [MON, WED]).rules == {MON: "2", WED: "2"}
    assert weeks_from_words("Group", ["Meets 2nd and 4th Sundays"], [WED, SUN]).rules == {SUN: "2;4"}


def test_all_five_weeks_are_every_week_and_dates_say_more_than_monthly() -> None:
    five = "Meets the 1st, 2nd, 3rd, 4th, and 5th Mondays of the month"
    assert weeks_from_words("Group", [five], [MON]) == Weeks({}, None)
    assert weeks_from_words("Group", ["Meets once a month.", "Meets the 1st Monday of the month."], [MON]).rules == {
        MON: "1"
    }


def test_a_sentence_longer_than_any_rule_is_none() -> None:
    rule = "meets the 1st Monday of the month"
    assert weeks_from_words("Group", [f"{'x' * 300} {rule}"], [MON]).rules == {MON: "1"}
    assert weeks_from_words("Group", [f"{'x' * 400} {rule}"], [MON]).rules == {}


@pytest.mark.parametrize(
    ("cell", "day_and_rule"),
    [
        ("2nd & 4th Sundays", ("sundays", "2;4")), ("only the first Monday of the month", ("monday", "1")),
        ("every other Friday.", ("friday", "alternate")), ("2nd week", ("2nd week", "")), ("Monday", ("Monday", "")),
        ("last Wed. only", ("wed", "last")),
    ],
)  # fmt: skip
def test_a_cell_of_days_may_hold_a_rule(cell: str, day_and_rule: tuple[str, str]) -> None:
    assert day_and_weeks(cell) == day_and_rule
