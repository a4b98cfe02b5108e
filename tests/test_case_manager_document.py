"""`docs/case-manager.md`: its short path is short, names what the screens say, in two languages, with pictures."""

import re
from pathlib import Path

import pytest

from screens.shared.catalogs import WORDS
from screens.shared.words import Say

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "case-manager.md").read_text("utf-8")
SHORT = PAGE.partition("## A discharge in ten minutes\n")[2].partition("\n## ")[0]
SPANISH = PAGE.partition("## En español: un alta en diez minutos\n")[2].partition("\n## ")[0]
MOST_WORDS = 500
STEPS = 6


def plain(text: str) -> str:
    """Return what a reader reads: no tables, addresses or marks."""
    lines = (line for line in text.splitlines() if not line.startswith("|"))
    return re.sub(r"\]\([^)]*\)|[*#\[]", " ", " ".join(lines))


def bold(text: str) -> list[str]:
    """Return what stands in bold, but for the titles of Spanish steps, which end with a full stop."""
    told = (re.sub(r"\s+", " ", one) for one in re.findall(r"\*\*(.+?)\*\*", text, re.DOTALL))
    return [one for one in told if not one.endswith(".")]


def shown(language: str) -> set[str]:
    """Return the messages of a language as the page writes them: a value is three dots, "More: …" is "More"."""
    say = Say(language)
    texts = {say(key, name="…") if "{name}" in text else say(key) for key, text in WORDS.items() if is_fixed(text)}
    return texts | {say("needs_more").partition(":")[0], "Español"}


def is_fixed(text: object) -> bool:
    return isinstance(text, str) and not re.search(r"{(?!name})", text)


@pytest.mark.parametrize(("text", "language"), [(SHORT, "en"), (SPANISH, "es")])
def test_the_short_path_is_short_and_names_what_the_screens_say(text: str, language: str) -> None:
    assert len(plain(text).split()) <= MOST_WORDS
    named = bold(text)
    assert len(named) > 20
    assert sorted(set(named) - shown(language)) == []


def test_each_step_has_its_pictures_and_leads_to_more() -> None:
    steps = re.split(r"^### \d\. ", SHORT, flags=re.MULTILINE)[1:]
    assert len(steps) == len(re.findall(r"^\d\. \*\*", SPANISH, re.MULTILINE)) == STEPS
    drive = (Path(__file__).parent / "browser" / "test_caseload.py").read_text("utf-8")
    for number, step in enumerate(steps, 1):
        pictures = re.findall(r"\]\(screens/(.+?)-(desktop-en|phone-es)\.png\)", step)
        assert [way for _, way in pictures] == ["desktop-en", "phone-es"]
        for name, way in pictures:
            assert (DOCS / "screens" / f"{name}-{way}.png").is_file()
            assert f'shot(page, f"{name}-{{name}}")' in drive, "the tests make it"
        (more,) = re.findall(r"\[More\]\(#more-on-step-(\d)-", step)
        assert int(more) == number
