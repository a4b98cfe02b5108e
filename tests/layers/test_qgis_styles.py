"""Styles for QGIS: one rule for each step, one for nothing in reach where that is told, one for no number."""

import sqlite3
from xml.etree import ElementTree as ET

import pytest

from layers.qgis_styles import Style, qml, quoted

LABELS = ("0 to 20", "20 to 40", "40 to 60", "60 to 80", "80 to 100", "not scored")


@pytest.mark.parametrize("none", ["", '"a ""b""" <= 1'])
def test_each_number_has_one_rule(none: str) -> None:
    root = ET.fromstring(qml(Style('a "b"', LABELS, none, "none in reach")))  # noqa: S314  our own
    rules = root.findall(".//rule")
    names = [rule.attrib["label"] for rule in rules]
    assert names == [*LABELS[:-1], *(["none in reach"] if none else []), LABELS[-1]]
    assert [rule.attrib["symbol"] for rule in rules] == [one.attrib["name"] for one in root.findall(".//symbol")]
    database = sqlite3.connect(":memory:")  # conditions of QGIS are SQL's
    column = quoted('a "b"')
    database.execute(f"CREATE TABLE shapes ({column} REAL)")
    database.executemany("INSERT INTO shapes VALUES (?)", [(0,), (1,), (19.9,), (20,), (99,), (100,), (None,)])
    tests = ", ".join(f"coalesce({rule.attrib['filter']}, 0)" for rule in rules)
    rows = database.execute(f"SELECT {tests} FROM shapes").fetchall()
    database.close()
    assert [sum(row) for row in rows] == [1] * 7
    told = [names[row.index(1)] for row in rows]
    few = "none in reach" if none else "0 to 20"
    assert told == [few, few, "0 to 20", "20 to 40", "80 to 100", "80 to 100", "not scored"]


def test_names_are_told_from_every_shade() -> None:
    root = ET.fromstring(qml(Style("mean", LABELS, name_column="name")))  # noqa: S314  our own
    text = root.find(".//text-style")
    assert root.attrib["labelsEnabled"] == "1"
    assert text is not None
    assert (text.attrib["fieldName"], text.attrib["textOpacity"]) == ("name", "1")
    assert [(one.attrib["bufferDraw"], one.attrib["bufferColor"]) for one in text] == [("1", "255,255,255,255")]
