"""BARC-10 scoring: the published range and cut-off."""

import json

import pytest

from geo.errors import InputError
from geo.tables import DIMENSIONS
from people.progress import BARC10_CUTOFF, DOMAINS, score_barc10


def test_cases(shared):
    published = json.loads((shared / "conformance" / "barc10_scoring" / "cases.json").read_text())
    assert published["cutoff_sustained_remission"] == BARC10_CUTOFF
    assert list(DOMAINS) == published["domains_one_item_each"]
    for dimension, domains in published["suggested_samhsa_map"].items():
        assert [name for name, own in DOMAINS.items() if own == dimension.lower()] == domains
    for case in published["cases"]:
        if "error" in case:
            with pytest.raises(InputError):
                score_barc10(case["items"])
        else:
            scored = score_barc10(case["items"])
            assert (scored.total, scored.at_or_above_cutoff) == (case["total"], case["at_or_above_cutoff"])


def test_each_item_is_a_domain():
    scored = score_barc10([1, 2, 3, 4, 5, 6, 1, 2, 3, 4])
    assert scored.domains["housing & safety"] == 1
    assert sum(scored.domains.values()) == scored.total
    assert set(DOMAINS.values()) == set(DIMENSIONS)


@pytest.mark.parametrize("items", [[7] + [1] * 9, [1.5] + [1] * 9, [True] + [1] * 9, ["6"] + [1] * 9, [], [1] * 11])
def test_what_cant_be_scored(items):
    with pytest.raises(InputError):
        score_barc10(items)
