"""Options that read alike are told apart: Streamlit takes the last of them, whichever was chosen."""

from types import SimpleNamespace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from screens.caseload.houses_part import house_labels
from screens.shared.option_labels import told_apart


def test_what_reads_alike_is_told_apart_by_what_else_is_known_else_counted() -> None:
    names = {"b": "Lark House", "a": "Lark House", "c": "Wren House", "d": "Lark House", "e": "Lark House"}
    assert told_apart(names, {"a": "1 Oak St", "c": "3 Elm St", "d": ""}) == {
        "b": "Lark House · 1",
        "a": "Lark House (1 Oak St)",
        "c": "Wren House",
        "d": "Lark House · 2",
        "e": "Lark House · 3",
    }
    tricky = told_apart({"a": "X", "b": "X", "c": "X · 1"})
    assert len(set(tricky.values())) == 3


def test_houses_of_one_name_have_their_addresses() -> None:
    resources = pd.DataFrame({"resource_id": ["h:1", "h:2", "h:3"], "address": ["1 Oak St", "9 Elm St", None]})
    names = {"h:1": "Lark House", "h:2": "Lark House", "h:3": "Wren House"}
    labels = house_labels(names, SimpleNamespace(resources=resources))
    assert labels == {"h:1": "Lark House (1 Oak St)", "h:2": "Lark House (9 Elm St)", "h:3": "Wren House"}


def _chosen() -> None:
    from types import SimpleNamespace

    import streamlit as st

    from screens.shared import visit
    from screens.shared.words import Say

    every = [SimpleNamespace(name=name, title="Northern Kentucky") for name in ("nky", "nky2")]
    st.text(visit._chosen(every, Say("en")).name)


@pytest.mark.parametrize("name", ["nky", "nky2"])
def test_the_region_of_the_address_is_shown_though_another_has_its_title(name: str) -> None:
    page = AppTest.from_function(_chosen, default_timeout=60)
    page.query_params["region"] = name
    page.run()
    assert not page.exception
    assert (page.text[0].value, page.query_params["region"]) == (name, name)
    page.run()
    assert page.text[0].value == name
    assert len(set(page.selectbox[0].options)) == 2
