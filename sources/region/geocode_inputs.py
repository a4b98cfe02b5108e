"""Locating public places by a geocoding service of others: only when a person says so, and only places of feeds.

The one way in is a list of resource files. What is sent are the street addresses that their publishers print of
places without coordinates; nothing that a person types, no home, and nothing of the vault can come here.
"""

import datetime
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from geo.errors import InputError, SourceError
from sources.adapter.public_address import PointsByAddress, PublicAddress
from sources.adapter.source import ParseContext
from sources.formats.store import digest_of, read_document, replacing, write_document
from sources.places.geocoders import census, nominatim
from sources.region.inputs import InputFile, RegionInputs, input_files, read_input
from sources.registry import source_called
from sources.resources import located
from sources.web.http import Policy

SERVICES = {"census": census.locate, "nominatim": nominatim.locate}
_KNOWN = "known.json"


def locate_public_places(
    files: Sequence[InputFile], service: str, policy: Policy, cache: Path, endpoint: str = ""
) -> InputFile | None:
    """Ask a service for the places without coordinates in resource files; return the file of its answers.

    Addresses that it was asked for before are taken from the cache. Where it fails on the way, what it has answered
    so far is used, and the file is marked stale. None where no file has an address to look up.

    Parameters
    ----------
    files
        A region's inputs; only those of resources are read.
    service
        `census` or `nominatim`.

    Raises
    ------
    InputError
        There is no such service.
    SourceError
        A file can't be read; or the service can't be asked, and nothing is known from before.
    """
    ask = SERVICES.get(service)
    if ask is None:
        raise InputError(f"{service!r} is no geocoding service; known are {', '.join(SERVICES)}.")
    wanted = public_addresses(files)
    if not wanted:
        return None
    folder = cache / f"geocoded-{service}"
    known = _known(folder)
    unasked = [address for address in wanted if address not in known]
    stale = None
    try:
        for piece in ask(unasked, policy, endpoint) if unasked else ():
            known |= piece
            _keep(folder, known)
    except SourceError as problem:
        stale = f"{problem} Places located before are used."
    answered = {address: known[address] for address in wanted if address in known}
    if not answered:
        raise SourceError(stale or f"The geocoding service {service} answered nothing.")
    path = folder / f"{digest_of([vars(address) for address in wanted])[:12]}.csv"
    path.write_bytes(located.write(answered, service))
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    return InputFile(path, "resources", "located", "located", retrieved_on=today, stale=stale)


def with_located(inputs: RegionInputs, service: str, policy: Policy, cache: Path, endpoint: str = "") -> RegionInputs:
    """Return a region's inputs with the file of a service's answers among them, if any place needs it.

    Raises
    ------
    InputError, SourceError
        As `locate_public_places`; or an input is missing.
    """
    answers = locate_public_places(input_files(inputs), service, policy, cache, endpoint)
    return replace(inputs, fetched=(*inputs.fetched, answers)) if answers else inputs


def public_addresses(files: Sequence[InputFile]) -> list[PublicAddress]:
    """Return the addresses that the parsers of resource files look up because their rows have no coordinates.

    Raises
    ------
    SourceError
        A file can't be read.
    """
    addresses: set[PublicAddress] = set()

    def listen(street: str, town: str, postal_code: str) -> None:
        if street and town:
            addresses.add(PublicAddress(street, town, postal_code))

    for file in files:
        source = source_called(file.source)
        if (
            file.role == "resources"
            and source is not None
            and source.parse is not None
            and source is not located.SOURCE
        ):
            context = ParseContext(file.stored_name, category=file.category, mapping=file.mapping, locate=listen)
            source.parse(read_input(file), context)
    return sorted(addresses)


def _known(folder: Path) -> PointsByAddress:
    stored = read_document(folder / _KNOWN) or {}
    return {PublicAddress(*json.loads(key)): tuple(point) if point else None for key, point in stored.items()}


def _keep(folder: Path, known: PointsByAddress) -> None:
    document = {
        json.dumps([address.street, address.town, address.postal_code]): list(point) if point else None
        for address, point in known.items()
    }
    with replacing(folder) as aside:
        write_document(aside / _KNOWN, document)
