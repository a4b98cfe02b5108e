"""Locating public places by a geocoding service of others: only when a person says so, and only places of feeds.

The region's own map is asked first, which sends nothing. The one way in is a list of resource files. What is sent are
the street addresses that their publishers print of places without coordinates; nothing that a person types, no home,
and nothing of the vault can come here.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from geo.dates import local_date
from geo.errors import InputError, SourceError
from sources.adapter.public_address import PointsByAddress, PublicAddress
from sources.adapter.source import Locate, ParseContext, seconds_for
from sources.cleaning.report import BuildReport
from sources.formats.store import digest_of, read_document, remove_folder, replacing, write_document
from sources.places.gazetteer import address_locator
from sources.places.geocoders import census, nominatim
from sources.region.build import build
from sources.region.build_context import Progress
from sources.region.folders import region_folder
from sources.region.inputs import InputFile, RegionInputs, input_files, read_input
from sources.region.manage import build_region, region_in
from sources.region.model import Region
from sources.registry import source_called
from sources.resources import located
from sources.web.http import Policy

SERVICES = {"census": census.locate, "nominatim": nominatim.locate}
_KNOWN = "known.json"


def locate_public_places(
    files: Sequence[InputFile],
    service: str,
    policy: Policy,
    cache: Path,
    endpoint: str = "",
    at_home: Locate | None = None,
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
    at_home
        What finds addresses on the region's own map; what it finds is sent to nobody.

    Raises
    ------
    InputError
        There is no such service.
    SourceError
        A file can't be read; or the service can't be asked, and nothing is known from before.
    """
    check_service(service)
    ask = SERVICES[service]
    wanted = public_addresses(files, at_home)
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
    today = local_date(policy.time_zone).isoformat()
    return InputFile(path, "resources", "located", "located", retrieved_on=today, stale=stale)


def with_located(
    inputs: RegionInputs, service: str, policy: Policy, cache: Path, endpoint: str = "", at_home: Locate | None = None
) -> RegionInputs:
    """Return a region's inputs with the file of a service's answers among them, if any place needs it.

    Raises
    ------
    InputError, SourceError
        As `locate_public_places`; or an input is missing.
    """
    answers = locate_public_places(input_files(inputs), service, policy, cache, endpoint, at_home)
    return replace(inputs, fetched=(*inputs.fetched, answers)) if answers else inputs


def build_located(
    name: str, inputs: RegionInputs, service: str | None, policy: Policy, cache: Path, progress: Progress
) -> BuildReport:
    """Build a region; with a service, places without coordinates that its own map doesn't know are asked for there.

    It is built without them aside first, since it is its map, as it will be, that is asked first; what was there
    before stays until all is done.

    Raises
    ------
    InputError, SourceError, DateError, RegionError
        As `sources.region.manage.build_region` and `locate_public_places`.
    """
    if service is None:
        return build_region(name, inputs, progress)
    check_service(service)
    folder, aside = region_folder(name), cache / f"unlocated-{name}"
    try:
        first = build(folder, inputs, progress, into=aside)
        built = region_in(aside)
        there = replace(policy, time_zone=built.facts.time_zone)
        located_inputs = with_located(inputs, service, there, cache, at_home=own_locator(built))
        report = build(folder, located_inputs, progress, parts_of=aside)
    finally:
        remove_folder(aside)
    redone = None if report.redone is None else tuple(dict.fromkeys([*(first.redone or ()), *report.redone]))
    return replace(report, redone=redone)


def check_service(service: str) -> None:
    """Refuse a geocoding service that there is none of.

    Raises
    ------
    InputError
        It names those that there are.
    """
    if service not in SERVICES:
        raise InputError(f"{service!r} is no geocoding service; known are {', '.join(SERVICES)}.")


def own_locator(region: Region) -> Locate:
    """Return what finds addresses on a region's own map."""
    return address_locator(region.basemap, region.network.streets)


def public_addresses(files: Sequence[InputFile], at_home: Locate | None = None) -> list[PublicAddress]:
    """Return the addresses that the parsers of resource files look up because their rows have no coordinates.

    Those that `at_home` finds are not among them.

    Raises
    ------
    SourceError
        A file can't be read.
    """
    addresses: set[PublicAddress] = set()

    def listen(street: str, town: str, postal_code: str) -> tuple[float, float] | None:
        known = at_home(street, town, postal_code) if at_home else None
        if known is None and street and town:
            addresses.add(PublicAddress(street, town, postal_code))
        return known

    for file in files:
        source = source_called(file.source)
        if (
            file.role == "resources"
            and source is not None
            and source.parse is not None
            and source is not located.SOURCE
        ):
            raw = read_input(file)
            context = ParseContext(file.stored_name, category=file.category, mapping=file.mapping, locate=listen)
            source.parse(raw, replace(context, seconds=seconds_for(raw)))
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
