"""What serves each domain: every name exists, and the document says the same."""

import re
from pathlib import Path

from geo.score.parameters import load_parameters
from people.progress import DOMAINS
from people.what_helps import WHAT_HELPS
from screens.catalogue.formats import WORDS

SCORE = Path(__file__).parents[2] / "docs" / "score.md"


def test_every_domain_has_help_by_names_that_exist():
    classes = {rule.name for rule in load_parameters().classes} | {"meetings"}
    assert list(WHAT_HELPS) == list(DOMAINS)
    for one in WHAT_HELPS.values():
        assert one.classes
        assert set(one.classes) <= classes
        assert {f"format_{word}" for word in one.formats} <= set(WORDS)


def test_the_document_holds_the_same_table():
    rows = dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \| [^|]+? \|$", SCORE.read_text("utf-8"), re.MULTILINE))
    for domain, one in WHAT_HELPS.items():
        formats = f" ({', '.join(one.formats)})" if one.formats else ""
        assert rows[domain] == ", ".join(name.replace("_", " ") for name in one.classes) + formats
