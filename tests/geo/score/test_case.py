"""What a house is worth to one person, by hand: beds over the people who compete for them."""

import pandas as pd
import pytest

from geo.needs.needs import Needs
from geo.score.case import make_case
from geo.score.parameters import load_parameters
from geo.score.score import prepare
from tests.geo.main_street import WEDNESDAY, resource, zone

PEOPLE = [zone("homes", 0, population=80_000)]
"""40 beds' worth, who live where the houses are."""


def houses(*rows):
    """Return houses of (beds, genders), numbered."""
    return [resource("recovery_residence", 0, k, beds=beds, genders=gender) for k, (beds, gender) in enumerate(rows)]


def values(support, gender=None):
    """Return each house's worth, by its number, of those open to a gender."""
    (beds,) = [one for one in make_case(support, Needs(gender=gender), WEDNESDAY).members
               if one.rule.name == "recovery_beds"]  # fmt: skip
    ids = support.resource_id[beds.rows]
    return {int(name[-1]): value for name, value in zip(ids, beds.value.tolist(), strict=True)}


def test_for_beds_open_to_a_gender_as_large_a_share_of_people_competes_as_they_are_of_all_beds(region):
    support = region(houses((6, "women"), (10, "men"), (4, None)), zones=PEOPLE)
    assert values(support) == pytest.approx({0: 6 / 40, 1: 10 / 40, 2: 4 / 40})
    women, men = 40 * 10 / 20, 40 * 14 / 20
    assert values(support, "women") == pytest.approx({0: 6 / women, 2: 4 / women})
    assert values(support, "men") == pytest.approx({1: 10 / men, 2: 4 / men})


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_house_that_is_changed_replaces_what_it_was_and_a_new_one_comes_on_top(region, number):
    """One of three houses of eight has twelve more beds, all for women; a fourth is proposed."""
    before = region(houses(*[(8, "women"), (8, "men"), (8, "women")]), zones=PEOPLE)
    rows = [(8, "women"), (8, "men"), (8, "women"), (20, "women")]
    rows[number] = (20, "women")
    tables = pd.DataFrame(houses(*rows)), pd.DataFrame(columns=["resource_id"]), pd.DataFrame(PEOPLE)
    proposed = [f"toy:recovery_residence-0-{k}" for k in (number, 3)]
    after = prepare(before.network, *tables, load_parameters(), proposed=proposed, measured_by=before)
    worth = values(after, "women")
    open_to_women = 16 - (0 if number == 1 else 8) + 20
    assert worth[number] == pytest.approx(20 / (40 * open_to_women / 36))
    assert worth[3] == pytest.approx(20 / (40 * 36 / 44))
    others = [worth[k] for k in worth if k not in (number, 3)]
    assert others == pytest.approx([8 / (40 * 16 / 24)] * len(others)), "nobody else is worth less"
