"""Translations: gettext's PO catalogs beside the English words, one a language, written, read and checked here.

English stands in `screens/catalogue/*.py`. `python -m screens.shared.catalogs` (`make words`) lists it in
`messages.pot` and merges what is new or changed into each `*.po`, where a translator fills it in with any PO editor.
A language is there because its file is: `es.po` is Spanish, and its header's `Language` says whose habits go with it.
"""

import datetime
import io
from collections.abc import Iterable, Mapping
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel import Locale, negotiate_locale
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from geo.plurals import Plural
from screens.catalogue import (
    along,
    case_manager,
    caseload,
    change_refusals,
    common,
    data_health,
    formats,
    funder,
    meanings,
    needs,
    office,
    over_time,
    paper,
    papers,
    participant,
    pocket,
    progress,
    refusals,
    siting,
    sources,
    vault_refusals,
    week,
    what_if,
)

FOLDER = Path(__file__).parents[1] / "catalogue"
ENGLISH = "en"
AMERICAN = "en_US"
MOST_OFFERS = 20
"""Languages of a browser that are looked at."""

ROOMS = (
    common,
    formats,
    participant,
    pocket,
    paper,
    case_manager,
    caseload,
    along,
    progress,
    office,
    papers,
    needs,
    week,
    funder,
    siting,
    what_if,
    over_time,
    data_health,
    refusals,
    change_refusals,
    vault_refusals,
    sources,
    meanings,
)
WORDS: dict[str, str | Plural] = {key: text for room in ROOMS for key, text in room.WORDS.items()}
"""Every message of the screens in English, by its name."""

_LONG_AGO = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
"""A header's date would change the file whenever it is written."""


def context_of(key: str) -> str | None:
    """Return the context of a message in the catalogs: its name, or None where its name is the English itself."""
    return None if WORDS[key] == key else key


def template() -> Catalog:
    """Return every message of the code, untranslated: what `messages.pot` holds."""
    catalog = _catalog(None)
    for room in ROOMS:
        for key, text in room.WORDS.items():
            name = f"screens/catalogue/{room.__name__.rpartition('.')[2]}.py"
            english = (text.one, text.other) if isinstance(text, Plural) else text
            catalog.add(english, locations=[(name, 1)], context=context_of(key)).flags.discard("python-format")
    return catalog


def template_file() -> bytes:
    """Return the content of `messages.pot`."""
    return _file(template())


def merged(catalog: Catalog) -> bytes:
    """Return a language's file with exactly the messages of the code: new ones empty, changed ones marked fuzzy."""
    catalog.creation_date = _LONG_AGO
    catalog.update(template(), update_creation_date=False, keep_user_comments=True)
    catalog.obsolete.clear()
    for message in catalog:
        message.flags.discard("python-format")
    return _file(catalog)


def files(folder: Path) -> list[Path]:
    """Return the files of the languages of a folder."""
    return sorted(folder.glob("*.po"))


def read(path: Path) -> Catalog:
    """Return a language's file."""
    with path.open("rb") as file:
        return read_po(file)


def languages() -> Mapping[str, str]:
    """Return the code of each language and what it calls itself, English first."""
    return _languages(FOLDER)


def preferred(asked: str) -> str:
    """Return the language that a browser asks for (`es-US,es;q=0.9,en;q=0.8`), English where we speak none of them."""

    def weight(offer: str) -> float:
        _, _, number = offer.partition(";q=")
        try:
            return float(number or 1)
        except ValueError:
            return 0.0

    offers = [offer.replace(" ", "") for offer in asked.split(",")][:MOST_OFFERS]
    wanted = [offer.partition(";")[0] for offer in sorted(offers, key=weight, reverse=True) if weight(offer)]
    return negotiate_locale(wanted, languages(), sep="-") or ENGLISH


def locale_of(language: str) -> Locale:
    """Return whose habits of writing dates and numbers go with a language: American ones unless its file says more."""
    return _read(FOLDER, language)[1]


def translations(language: str) -> NullTranslations:
    """Return the messages of a language; what it lacks stays English."""
    return _read(FOLDER, language)[0]


@cache
def _languages(folder: Path) -> Mapping[str, str]:
    codes = [ENGLISH, *(path.stem for path in files(folder))]
    names = {code: Locale.parse(code).get_language_name() or code for code in codes}
    return {code: name[:1].upper() + name[1:] for code, name in names.items()}


@cache
def _read(folder: Path, language: str) -> tuple[NullTranslations, Locale]:
    if language == ENGLISH:
        return NullTranslations(), Locale.parse(AMERICAN)
    catalog = read(folder / f"{language}.po")
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled), catalog.locale or Locale.parse(language)


def _catalog(locale: str | None) -> Catalog:
    catalog = Catalog(
        locale,
        project="Recovery Reach",
        version="",
        msgid_bugs_address="",
        last_translator="",
        language_team="",
        creation_date=_LONG_AGO,
        fuzzy=False,
    )
    catalog.header_comment = (
        "# The words of Recovery Reach's screens. The context of a message is its name in the code; names in braces\n"
        "# stand for values and stay as they are. “screens/catalogue/…” says which page a message is for."
    )
    return catalog


def _file(catalog: Catalog) -> bytes:
    content = io.BytesIO()
    write_po(content, catalog, width=116, include_lineno=False)
    return content.getvalue()


def _write(paths: Iterable[Path]) -> None:
    (FOLDER / "messages.pot").write_bytes(template_file())
    for path in paths:
        path.write_bytes(merged(read(path)))


if __name__ == "__main__":
    _write(files(FOLDER))
