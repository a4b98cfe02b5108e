"""What is remembered of a build: no secret, and each file as the next build finds it, in whatever form it was given."""

from pathlib import Path
from typing import Any

import pytest

from sources.region import RegionInputs
from sources.region.inputs import InputFile, input_files
from sources.region.options import inputs_again, options_of, without_secrets

PANTRIES = "name,lat,lon\nOak Pantry,39.082,-84.507\n"


@pytest.mark.parametrize(("query", "kept"), [
    ("api_key=x&type=json&Token=x", "type=json"), ("accessToken=x&apikey=x&sig=x&code=x&auth_code=x", ""),
    ("keyword=food&author=ann&design=2&postal_code=41011", "keyword=food&author=ann&design=2&postal_code=41011"),
    ("apitoken=x&appkey=x&secretkey=x&pass=x&jwt=x&bearer=x&hmac=x&sig=x&APIKey=x&X-Api-Key=x&auth=x&oauth2=x", ""),
    ("client_secret=x&mapskey=x&access-token=x&userPassword=x&passwd=x&pwd=x&signature=x&X-Amz-Credential=x", ""),
    ("mytoken=x&token2=x&PHPSESSID=x&sessionid=x&credentials=x&keyid=x&sharedsecret=x&idJWT=x&basicauth=x&creds=x", ""),
    ("a=1;apikey=x", "a=1"), ("type=json#access_token=x", "type=json"),
    ("url=https%3A%2F%2Fann%3Aword%40b.example.org%2Ffeed%3Ftoken%3Dx%26day%3D1",
     "url=https%3A%2F%2Fb.example.org%2Ffeed%3Fday%3D1"),
    ("passenger=1&keywords=a&compass=n&signal=2&significant=1&authority=b&bypass=1&tokenizer=c&secretary=d&turkey=1",
     "passenger=1&keywords=a&compass=n&signal=2&significant=1&authority=b&bypass=1&tokenizer=c&secretary=d&turkey=1"),
    ("passage=1&hockey=1&assign=1&resign=2&keyboard=3&session_type=open",
     "passage=1&hockey=1&assign=1&resign=2&keyboard=3&session_type=open"),
    ("session=x&session_id=x&sessionId=x", ""),
    ("zipCode=41011&monkey=1&unauthorized=1", "zipCode=41011&monkey=1&unauthorized=1"),
])  # fmt: skip
def test_no_secret_of_an_address_is_remembered_and_all_else_is(query: str, kept: str) -> None:
    url = without_secrets(f"https://ann:word@aa.example.org/feed?{query}")
    assert url == "https://aa.example.org/feed" + ("?" if kept else "") + kept


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with lists, in which the build was started; the next one is started elsewhere."""
    (tmp_path / "lists").mkdir()
    (tmp_path / "elsewhere").mkdir()
    for name in ("pantries", "food"):
        (tmp_path / "lists" / f"{name}.csv").write_text(PANTRIES, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def recipe_of(files: list[InputFile], inputs: RegionInputs) -> dict[str, Any]:
    """Return what a build keeps of its inputs, as `sources.region.build` does."""
    entries = [
        {
            "file": f"raw/{number:02d}/{file.stored_name}",
            "path": str(file.path.absolute()),
            "mapping": dict(file.mapping),
            **{name: getattr(file, name) for name in ("role", "source", "label", "category")},
        }
        for number, file in enumerate(files)
    ]
    return {"inputs": entries, "fictional": inputs.fictional, "retrieved_on": inputs.retrieved_on}


@pytest.mark.parametrize("given", [
    "food=lists/pantries.csv", "food=./lists/pantries.csv", "food=lists//pantries.csv", "food=lists/",
    "food=lists/../lists/pantries.csv", "lists/food.csv", "./lists/food.csv", "./lists/", "food = ",
])  # fmt: skip
def test_a_file_is_there_in_whatever_form_its_path_was_given(
    here: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    given = f"food={here}/lists/food.csv" if given == "food = " else given
    inputs = RegionInputs(resources=(given,))
    recipe = recipe_of(input_files(inputs, need_streets=False), inputs)
    options = options_of(inputs)
    monkeypatch.chdir(here / "elsewhere")
    renewed = inputs_again(options, recipe, Path("region"))
    assert renewed.fetched == ()
    files = input_files(renewed, need_streets=False)
    assert [(str(file.path.absolute()), file.label) for file in files] == [
        (str(entry["path"]), entry["label"]) for entry in recipe["inputs"]
    ]


def test_a_list_keeps_its_label_when_one_beside_it_goes(here: Path) -> None:
    for name in ("east", "west"):
        (here / name).mkdir()
        (here / name / "houses.csv").write_text(PANTRIES, "utf-8")
    inputs = RegionInputs(resources=tuple(f"recovery_residence={name}/houses.csv" for name in ("east", "west")))
    files = input_files(inputs, need_streets=False)
    assert [file.label for file in files] == ["houses", "houses-2"]
    recipe, options = recipe_of(files, inputs), options_of(inputs)
    (here / "east" / "houses.csv").unlink()
    renewed = inputs_again(options, recipe, here / "region")
    west, east = input_files(renewed, need_streets=False)
    assert (west.label, west.path, west.stale) == ("houses-2", here / "west" / "houses.csv", None)
    assert (east.label, east.path) == ("houses", here / "region" / "raw" / "00" / "houses.csv")
    assert "east/houses.csv any more" in str(east.stale)


def test_a_list_goes_by_its_own_name_whatever_lies_beside_it(here: Path) -> None:
    alone = input_files(RegionInputs(resources=("recovery_residence=lists/food.csv",)), need_streets=False)
    both = input_files(RegionInputs(resources=("recovery_residence=lists",)), need_streets=False)
    assert [file.label for file in alone] == ["food"]
    assert [file.label for file in both] == ["food", "pantries"]


@pytest.mark.parametrize("role", ["osm", "elevation"])
def test_streets_and_heights_that_are_gone_are_the_regions_own_and_stale(here: Path, role: str) -> None:
    path = here / "lists" / "ground"
    path.write_text("x")
    inputs = RegionInputs(**{role: path})
    recipe, options = recipe_of(input_files(inputs, need_streets=False), inputs), options_of(inputs)
    assert inputs_again(options, recipe, here / "region").fetched == ()
    recipe["inputs"][0]["path"] = str(here / "cache" / "cut")  # a part of it was cut out, and that is what was read
    assert inputs_again(options, recipe, here / "region").fetched == ()
    path.unlink()
    (copy,) = inputs_again(options, recipe, here / "region").fetched
    assert (copy.role, copy.path) == (role, here / "region" / "raw" / "00" / "ground")
    assert f"no file at {path} any more" in str(copy.stale)
