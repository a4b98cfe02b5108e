"""The catalogs of the screens' words: what the code says, and every language all of it."""

import ast
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from geo.plurals import Plural
from screens.shared import catalogs
from screens.shared.catalogs import FOLDER, ROOMS, WORDS
from screens.shared.words import Say

ROOT = Path(__file__).parents[2]
FILES = catalogs.files(FOLDER)
AS_WRITTEN = "run `make words`, then fill in what is new in each screens/catalogue/*.po"


def values_of(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def texts(message: Message) -> list[str]:
    strings = message.string or ""
    return [strings] if isinstance(strings, str) else list(strings)


def messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def test_no_two_rooms_use_one_name() -> None:
    assert sum(len(room.WORDS) for room in ROOMS) == len(WORDS)


def calls() -> list[ast.Call]:
    """Return every call of `say` on the screens."""
    nodes = [
        node
        for path in (ROOT / "screens").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
    ]
    names = {ast.unparse(node.func) for node in nodes}
    assert {"say", "form.say"} <= names
    return [node for node in nodes if ast.unparse(node.func) in {"say", "form.say"} and len(node.args) == 1]


def test_what_is_said_is_in_the_catalog_with_all_its_values() -> None:
    checked = 0
    for call in calls():
        key = call.args[0]
        if isinstance(key, ast.JoinedStr) and isinstance(key.values[0], ast.Constant):
            start = str(key.values[0].value)
            assert any(name.startswith(start) for name in WORDS), start
        elif isinstance(key, ast.Constant) and key.value in WORDS:
            text, given = WORDS[str(key.value)], {str(one.arg) for one in call.keywords}
            checked += 1
            if "None" in given:  # ** hides the names
                continue
            named = (
                values_of(text.one) | values_of(text.other) | {"count"} if isinstance(text, Plural) else values_of(text)
            )
            assert named == given, key.value
        elif isinstance(key, ast.Constant):
            pytest.fail(f"{key.value} is in no catalog")
    assert checked > 400


def test_the_template_is_what_the_code_says() -> None:
    assert (FOLDER / "messages.pot").read_bytes() == catalogs.template_file(), AS_WRITTEN


def test_one_and_many_name_the_same_values() -> None:
    for text in WORDS.values():
        if isinstance(text, Plural):
            assert values_of(text.one) | {"count"} == values_of(text.other) | {"count"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_language_has_every_message_in_full(path: Path) -> None:
    catalog, wanted = catalogs.read(path), catalogs.template()
    assert [message.id for message in messages(catalog)] == [message.id for message in messages(wanted)], AS_WRITTEN
    assert [one.id for one in messages(catalog) if one.fuzzy or not all(text.strip() for text in texts(one))] == []
    assert [one.id for one in messages(catalog) if one.pluralizable and len(one.string) != catalog.num_plurals] == []
    assert path.read_bytes() == catalogs.merged(catalogs.read(path)), AS_WRITTEN


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_translations_name_the_same_values(path: Path) -> None:
    for message in messages(catalogs.read(path)):
        wanted = values_of(message.id[-1] if message.pluralizable else message.id)
        for text in texts(message):
            assert values_of(text) | {"count"} == wanted | {"count"}, text


def test_words_are_person_first() -> None:
    shunned = {"addict", "addicts", "abuse", "clean", "adicto", "adictos", "abuso", "limpio"}
    for catalog in (catalogs.template(), *map(catalogs.read, FILES)):
        for message in messages(catalog):
            for text in (*texts(message), *(message.id if message.pluralizable else (message.id,))):
                assert not shunned & set(text.lower().split())


def test_what_is_counted_chooses_its_form_in_each_language() -> None:
    english, spanish = Say("en"), Say("es")
    assert [english("homes_apart", count=count) for count in (0, 1, 2, 1200)] == [
        "0 houses left out, and why",
        "1 house left out, and why",
        "2 houses left out, and why",
        "1,200 houses left out, and why",
    ]
    assert spanish("told_meetings", count=1) == "1 reunión por semana"
    assert spanish("told_meetings", count=3) == "3 reuniones por semana"
    assert english("week_hours", count=1.5) == "1.5 hours"
    with pytest.raises(TypeError, match="needs a number called count, not None"):
        english("told_meetings")


def test_a_changed_message_asks_its_translator_again() -> None:
    catalog = Catalog("es_US")
    catalog.add("Find", "Buscar", context="find")
    catalog.add("Gone", "Ya no", context="gone")
    content = catalogs.merged(catalog).decode()
    assert 'msgid "Find"\nmsgstr "Buscar"' in content
    assert 'msgid "Show"\nmsgstr ""' in content
    assert "Gone" not in content


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("es-US,es;q=0.9,en;q=0.8", "es"),
        ("en-US,en;q=0.9,es;q=0.8", "en"),
        ("fr-FR, es;q=0.5", "es"),
        ("en;q=0.1, es;q=0.7", "es"),
        ("es;q=0, en", "en"),
        ("ht,fr", "en"),
        ("", "en"),
        ("*", "en"),
        ("es;q=much,;;,q", "en"),
        ("xx," * 100_000 + "es", "en"),
    ],
)
def test_a_reader_is_met_in_the_language_of_the_browser(asked: str, language: str) -> None:
    assert catalogs.preferred(asked) == language
