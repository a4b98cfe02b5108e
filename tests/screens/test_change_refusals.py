"""Every refusal of scenarios, siting and lists of places is said in each language, part by part."""

from pathlib import Path

import pytest

from geo.errors import InputError, OutsideRegionError
from geo.phrases import Phrase
from geo.scenarios.toml_reader import scenario_from_toml
from geo.siting.question import Question
from geo.spelling import near_names
from screens.catalogue import change_refusals, refusals
from screens.shared.catalogs import FOLDER, files, read
from screens.shared.words import Say
from tests.refusals import ROOT, sentences_of

ES = Say("es")
ROOMS = (*sorted((ROOT / "geo" / "scenarios").glob("*.py")), *sorted((ROOT / "geo" / "siting").glob("*.py")))
LISTS = (ROOT / "sources" / "places" / "site_lists.py", ROOT / "sources" / "region" / "scenario_files.py")
HELPERS = tuple(
    ROOT / one
    for one in (
        "geo/access/opportunities.py", "geo/points.py", "geo/spelling.py", "geo/streets/snapping.py",
        "geo/timetables/feed.py", "geo/toml_table.py", "geo/travel/journeys.py", "sources/formats/csv_text.py",
        "sources/formats/json_strict.py", "sources/formats/shapes.py", "sources/places/user_places.py",
        "sources/region/street_source.py", "sources/region/water.py",
    )
)  # fmt: skip
"""Files whose own refusals scenarios, siting and lists hand on."""
HANDED_ON = {"sites.py": 1, "site_lists.py": 2}
"""File → how many of its errors and phrases take the sentence from elsewhere: another error's, or a code of `CODES`."""
CODES = {"off_streets", "excluded", "no_capacity", "no_cost", "candidates", "zones", "areas"}
KNOWN = {*change_refusals.WORDS, *refusals.WORDS}


@pytest.mark.parametrize("path", [*ROOMS, *LISTS], ids=lambda path: path.stem)
def test_every_refusal_of_the_rooms_is_in_the_catalog(path: Path) -> None:
    told = list(sentences_of(path))
    assert sum(sentence is None for _, sentence in told) == HANDED_ON.get(path.name, 0)
    assert {sentence for _, sentence in told if sentence is not None} <= KNOWN


def test_the_catalog_has_nothing_that_nobody_says() -> None:
    said = {sentence for path in (*ROOMS, *LISTS, *HELPERS) for _, sentence in sentences_of(path)}
    assert set(change_refusals.WORDS) - CODES <= said


def test_every_refusal_is_in_each_language() -> None:
    for catalog in map(read, files(FOLDER)):
        for sentence in change_refusals.WORDS:
            message = catalog.get(sentence)
            assert message is not None
            assert message.string, sentence
            assert message.string != sentence


NO_PLACE = InputError(
    "The region lists no place {place!r}{near}", place="Elm Hose", near=near_names("Elm Hose", ["Elm House"])
)
TOO_FAR = OutsideRegionError(
    "{what} at {lat:.5f}, {lon:.5f} is over {distance} from {streets} in the region; {advice}",
    what=Phrase("{path}: its end", path=Phrase("The new path")),
    lat=40.3,
    lon=-113.4,
    distance="100 m",
    streets=Phrase("any street"),
    advice=Phrase("check the coordinates, or choose another region."),
)


def test_a_refusal_is_told_with_all_its_parts() -> None:
    whole = InputError("Scenario {title!r}: {problem}", title="Más", problem=NO_PLACE)
    assert str(whole) == "Scenario 'Más': The region lists no place 'Elm Hose'; did you mean Elm House?"
    assert ES.why(whole) == (
        "Escenario 'Más': La región no tiene en su lista ningún lugar 'Elm Hose'; ¿quiso decir Elm House?"
    )
    assert ES.why(TOO_FAR) == (
        "El nuevo camino: su extremo en 40.30000, -113.40000 está a más de 100 m de cualquier calle de la región; "
        "revise las coordenadas o elija otra región."
    )
    unknown = InputError("Something new about {place}.", place="here")
    assert ES.why(InputError("Scenario {title!r}: {problem}", title="x", problem=unknown)) == (
        "Escenario 'x': Something new about here."
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[[route.cutt]]", "route tiene la clave desconocida 'cutt'; ¿quiso decir cut? Las claves son cut, later, "),
        ("[[route.cut]]\nroute = 1", "route.cut: route debe ser un texto de hasta 2,000 letras, no 1."),
        ("[[route.cut]]", "A x.toml, route.cut le falta la clave 'route': un texto de hasta 2,000 letras."),
        ("[[route.later]]\nroute = '1'\nuntil = 'late'", "until debe ser una hora como 22:30 o 10:30 pm, no 'late'."),
        ("[[place.change]]\nplace = 'a'", "place.change no cambia nada: indique una columna"),
    ],
)
def test_what_a_file_holds_is_refused_in_spanish(content: str, told: str) -> None:
    with pytest.raises(InputError) as problem:
        scenario_from_toml(f"title = 'x'\n{content}".encode(), "x.toml")
    assert told in ES.why(problem.value)
    assert Say("en").why(problem.value) == str(problem.value)


def test_what_is_asked_of_siting_is_refused_in_spanish() -> None:
    with pytest.raises(InputError) as problem:
        Question("pharmacy", 0)
    assert ES.why(problem.value) == "Pida al menos un lugar, no 0."
    with pytest.raises(InputError) as problem:
        Question("pharmacy", 1, cost=-1.0)
    assert ES.why(problem.value) == "El costo debe ser un número de 0 en adelante, no -1.0."
