"""What a person said when a region was built, remembered in it for `region update`; no secret, and no consent for once.

Not remembered: that fewer rows than last time are fine (`--accept-fewer`), and that nothing be asked (`--yes`).
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sources.region.inputs import InputFile, RegionInputs, input_files, split_source
from sources.region.own_lists import still_agreed

_SECRET = re.compile(
    r"pass|pw|psw|pwd|sig|sign|creds?|clave|key(?:id|hash|value|pair)|"
    r".*(?:keys?|tokens?|secrets?|passw(?:or)?d|passphrase|passcode|credentials?|signature|signed|hmac|jwt|bearer|"
    r"sess(?:ion)?id|contrase[nñ]a)|"
    r"(?:token|secret|passw(?:or)?d|hmac|jwt)(?:id|value|hash|hex).*|"
    r"(?:o|my|basic|user|api|app)?auth(?:n|z|ori[sz]ation|enticat.*)?|(?:api|app|my|req|url|user)(?:sig|sign|pass|pwd)"
)
"""A word of a parameter's name that makes it a secret, however it ends in one: rather a harmless parameter is asked for
anew than a secret kept."""
_NO_KEYS = re.compile(r"(?:mon|tur|don|hoc|joc|whis|lac|sort|hot)keys?")
"""Words that end like a key and are none."""
_CODES_OF_PLACES = frozenset(["zip", "postal", "post", "area", "county", "state", "country", "region", "fips"])
"""Beside one of these words, `code` is no secret."""
_FILES = ("osm", "elevation")
_LISTS = ("gtfs", "resources", "zones")


def options_of(
    inputs: RegionInputs, place: Mapping[str, Any] | None = None, geocode: str | None = None
) -> dict[str, Any]:
    """Return what to remember of a build, as plain values.

    Parameters
    ----------
    place
        Of a named place: `text`, `radius_km`, `meetings`, `na_servers`, `without`.
    geocode
        The service that places without a point are sent to, if a person said so.
    """
    given: dict[str, Any] = {name: _absolute(getattr(inputs, name)) for name in _FILES}
    given |= {name: [_absolute(one) for one in getattr(inputs, name)] for name in _LISTS}
    named = None if place is None else dict(place) | {
        "meetings": [without_secrets(url) for url in place["meetings"]],
        "na_servers": [without_secrets(url) for url in place["na_servers"]],
    }  # fmt: skip
    date = inputs.date.isoformat() if inputs.date else None
    return given | {"date": date, "title": inputs.title, "place": named, "geocode": geocode}


def without_secrets(url: str) -> str:
    """Return an address without user names, passwords, and parameters that by their names are secrets.

    So are those of addresses that a parameter holds. What stands behind `#` is left out: no server ever gets it.
    """
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    query = parts.query.replace(";", "&")  # some servers part them so, and a secret may stand behind one
    kept = [
        (name, without_secrets(value) if "://" in value else value)
        for name, value in parse_qsl(query, keep_blank_values=True)
        if not _is_secret(name)
    ]
    return urlunsplit(parts._replace(netloc=host, query=urlencode(kept), fragment=""))


def inputs_again(options: Mapping[str, Any], recipe: Mapping[str, Any], folder: Path) -> RegionInputs:
    """Return the inputs of a region's next build: what was said of the last one, each file as it is now.

    Of a file that isn't there any more, and of a list that was uploaded, the region's own copy is used; the first is
    marked stale. What was agreed to of a list's headings holds on.

    Parameters
    ----------
    recipe
        How the region was built: `sources.region.build`.
    folder
        Where it lies.
    """
    single = {name: _existing(options[name]) for name in _FILES}
    lists = {name: tuple(one for one in options[name] if split_source(one)[1].exists()) for name in _LISTS}
    before = {(entry["role"], entry["path"]): entry for entry in recipe["inputs"] if entry.get("path")}
    given = RegionInputs(
        osm=single["osm"],
        elevation=single["elevation"],
        gtfs=tuple(map(Path, lists["gtfs"])),
        resources=lists["resources"],
        zones=tuple(map(Path, lists["zones"])),
        date=datetime.date.fromisoformat(options["date"]) if options["date"] else None,
        title=options["title"],
        fictional=recipe["fictional"],
        retrieved_on=recipe["retrieved_on"],
        options=options,
        labels={key: entry["label"] for key, entry in before.items()},
    )
    files = {(file.role, str(file.path.absolute())): file for file in input_files(given, need_streets=False)}
    lost = [
        _lost(folder, entry, options.get(entry["role"]))
        for entry in recipe["inputs"]
        if _is_given(entry) and (entry["role"], entry.get("path")) not in files and single.get(entry["role"]) is None
    ]
    columns = {
        str(file.path): still_agreed(file, before[key]["mapping"]["columns"])
        for key, file in files.items()
        if key in before and before[key]["mapping"].get("columns")
    }
    return replace(given, columns=columns, fetched=tuple(lost))


def inputs_as_they_are(recipe: Mapping[str, Any], folder: Path) -> RegionInputs:
    """Return the inputs of a region from its own copies alone: nothing is asked for, no other file is read."""
    date = recipe["date"]
    return RegionInputs(
        date=datetime.date.fromisoformat(date) if date else None,
        title=recipe["title"],
        fictional=recipe["fictional"],
        retrieved_on=recipe["retrieved_on"],
        fetched=tuple(own_copy(folder, entry) for entry in recipe["inputs"]),
        place=recipe.get("place"),
        options=recipe.get("options") or {},
    )


def own_copy(folder: Path, entry: Mapping[str, Any], stale: str | None = None) -> InputFile:
    """Return the region's own copy of a file as an input, as fresh as it was unless `stale` says why not."""
    asked = entry.get("asked") or {}
    return InputFile(
        path=folder / entry["file"],
        role=entry["role"],
        source=entry["source"],
        label=entry["label"],
        category=entry["category"],
        mapping=entry["mapping"],
        retrieved_on=asked.get("checked_on"),
        asked_of=asked.get("asked_of", ""),
        stale=stale or asked.get("stale"),
        is_uploaded=not asked and entry.get("path") is None,
    )


def _existing(path: str | None) -> Path | None:
    return Path(path) if path is not None and Path(path).exists() else None


def _lost(folder: Path, entry: Mapping[str, Any], given: str | None) -> InputFile:
    """Return the region's own copy of a file that a person gave, stale where it lay on this machine and is gone.

    `given` is where streets and heights lay: the region keeps a part of these, cut out elsewhere.
    """
    if entry.get("path") is None:
        return own_copy(folder, entry)
    path = given if isinstance(given, str) else entry["path"]
    return own_copy(folder, entry, f"There is no file at {path} any more; the region's own copy is used.")


def _is_given(entry: Mapping[str, Any]) -> bool:
    """Tell whether a person gave the file; what was fetched or located is asked for anew."""
    return not (entry.get("asked") or {}).get("asked_of") and entry["source"] != "located"


def _is_secret(name: str) -> bool:
    words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}
    if "session" in words and words <= {"session", "id"}:
        return True
    named = (word for word in words if not _NO_KEYS.fullmatch(word))
    return any(map(_SECRET.fullmatch, named)) or ("code" in words and not words & _CODES_OF_PLACES)


def _absolute(given: object) -> str | None:
    """Return a file as the next build finds it, wherever that is started."""
    if given is None:
        return None
    name, path = split_source(str(given))
    return str(path.absolute()) if name is None else f"{name}={path.absolute()}"
