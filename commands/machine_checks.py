"""What this machine has of what the software needs: each check returns findings, and none of them changes anything."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from typing import TYPE_CHECKING, Literal

from geo.errors import RecoveryReachError
from geo.library_parts import LibraryPart, describe_missing, missing_parts

if TYPE_CHECKING:
    from packaging.requirements import Requirement

    from sources.region import RegionFacts

PACKAGE = "recovery-reach"
FREE_GIGABYTES = 1
"""A metropolis takes 0.2 GB (docs/scale.md), its earlier build as much again, and there is what was fetched for it."""
OPEN_FILES = 256
"""A visit takes four, the server some itself; the app asks for more, up to this (`screens/shared/many_visits.py`)."""
ELSEWHERE = "set RECOVERY_REACH_HOME to another folder"
OLD_TIME_ZONES_YEARS = 2
TIME_ZONE = "America/New_York"
EXTRAS = {
    "cluster": "many regions on several machines (docs/cluster.md)",
    "auth": "a sign-in at an agency's own provider",
    "elevation": "heights of the ground, so that walking uphill takes longer",
    "notebook": "maps in notebooks",
}
"""What each extra that a user may want gives."""

State = Literal["well", "note", "wrong"]


@dataclass(frozen=True)
class Finding:
    """What one check shows: `wrong` keeps something from working, a `note` limits it; `remedy` says what to do."""

    about: str
    state: State
    text: str
    remedy: str = ""


def findings(parts: Sequence[LibraryPart], step: Callable[..., None]) -> list[Finding]:
    """Return what all checks show.

    Parameters
    ----------
    parts
        The parts of libraries that the app rests on.
    step
        Called before each check with the share done and what is looked at.
    """
    shown: list[Finding] = []
    checks = CHECKS | {"library parts": lambda: part_findings(parts)}
    for number, (name, check) in enumerate(checks.items()):
        step(number / len(checks), name)
        try:
            shown += check()
        except RecoveryReachError as problem:
            shown.append(Finding(name, "wrong", str(problem)))
        except Exception as problem:
            shown.append(
                Finding(
                    name, "wrong", f"It can't be checked ({type(problem).__name__}: {problem}).", "Report it, please."
                )
            )
    return shown


def python_findings() -> Iterator[Finding]:
    """Yield what runs this: Python, its system, how many processors and open files."""
    words = f"Python {sys.version.split()[0]} on {sys.platform}, {os.cpu_count()} processors."
    if sys.maxsize < 2**32:
        yield Finding("Python", "wrong", words, "Install a 64-bit Python: compiled libraries come for no other.")
    else:
        yield Finding("Python", "well", words)
    try:
        import resource
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < OPEN_FILES:
        yield Finding(
            "open files",
            "wrong",
            f"This system lets a process open {most} files; visitors of the app need {OPEN_FILES}.",
            f"Run `ulimit -n {OPEN_FILES}` before it, or raise the limit for the service.",
        )


def library_findings() -> Iterator[Finding]:
    """Yield which libraries are missing, or of a version that this wasn't made for."""
    asked = _libraries()
    wrong = _differences(asked)
    if wrong:
        yield Finding(
            "libraries",
            "wrong",
            "; ".join(wrong) + ".",
            "Install what was tested: pip install --require-hashes --requirement requirements.lock",
        )
    else:
        yield Finding("libraries", "well", f"All {len(asked)} are there, in versions that this was made for.")
    for extra, gives in EXTRAS.items():
        if _differences(_libraries(extra)):
            yield Finding(
                f"extra {extra}",
                "note",
                f"Not installed: {gives}.",
                f"If you want it: pip install '{PACKAGE}[{extra}]'",
            )


def part_findings(parts: Sequence[LibraryPart]) -> Iterator[Finding]:
    """Yield which parts of libraries that may change unannounced are not as they were."""
    missing = missing_parts(parts)
    for part in missing:
        wrong, _, remedy = describe_missing(part).partition("; ")
        yield Finding("library parts", "wrong", f"{wrong}.", remedy)
    if not missing:
        yield Finding("library parts", "well", f"All {len(parts)} parts that rest on private code of libraries work.")


def time_zone_findings() -> Iterator[Finding]:
    """Yield whether the hours of other places are known, and how old the rules of their clocks are."""
    import datetime
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    remedy = "pip install --upgrade tzdata"
    try:
        ZoneInfo(TIME_ZONE)
    except ZoneInfoNotFoundError:
        yield Finding("time zones", "wrong", f"The clock of {TIME_ZONE} isn't known.", remedy)
        return
    year = int(version("tzdata").split(".")[0])
    now = datetime.datetime.now(tz=datetime.UTC).year
    if now - year >= OLD_TIME_ZONES_YEARS:
        yield Finding("time zones", "note", f"The rules of clocks are those of {year}.", remedy)
    else:
        yield Finding("time zones", "well", f"The rules of clocks are those of {year}.")


def font_findings() -> Iterator[Finding]:
    """Yield whether paper can be printed: its fonts are there."""
    from layers.fonts import font_files

    missing = [str(path) for path in font_files() if not path.is_file()]
    if missing:
        yield Finding(
            "fonts", "wrong", f"Missing: {', '.join(missing)}.", "pip install --force-reinstall --no-deps matplotlib"
        )
    else:
        yield Finding("fonts", "well", "The fonts of printed pages are there.")


def browser_findings() -> Iterator[Finding]:
    """Yield whether a browser is at hand that could show the app here."""
    import webbrowser

    try:
        webbrowser.get()
    except webbrowser.Error:
        yield Finding(
            "browser",
            "note",
            "No browser is known on this machine.",
            "Open the app's address from another one (docs/run.md), or install Firefox, Chrome or Chromium.",
        )
    else:
        yield Finding("browser", "well", "A browser is at hand.")


def disk_findings() -> Iterator[Finding]:
    """Yield whether the folder of regions and vault can be written, and how much room there is."""
    from sources.region import data_folder

    folder = data_folder()
    there = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    free = shutil.disk_usage(there).free / 1e9
    text = f"Regions and vault lie in {folder}; {free:.1f} GB are free."
    if not os.access(there, os.W_OK | os.X_OK):
        yield Finding(
            "disk",
            "wrong",
            f"{there} can't be written.",
            "Give it to your user, or set RECOVERY_REACH_HOME to another.",
        )
    elif free < FREE_GIGABYTES:
        need = f"A large region may need {FREE_GIGABYTES} GB while it is built anew"
        yield Finding("disk", "note", text, f"{need}: free some, or {ELSEWHERE}.")
    else:
        yield Finding("disk", "well", text)


def loop_findings() -> Iterator[Finding]:
    """Yield whether compiled loops are kept between runs, and are as they were written."""
    from geo.compiled import loops_on_disk

    loops = loops_on_disk()
    if loops.not_kept:
        yield Finding(
            "compiled loops",
            "note",
            "No folder can be written that would keep compiled loops: each start takes a minute longer.",
            "Set NUMBA_CACHE_DIR to a folder of your own.",
        )
    elif loops.damaged:
        yield Finding(
            "compiled loops",
            "note",
            f"{len(loops.damaged)} of {loops.files} files are not as they were written.",
            "Nothing: each is compiled again when it is needed. If they come back, have the disk checked.",
        )
    else:
        yield Finding("compiled loops", "well", f"{loops.files} files, all as they were written.")


def region_findings() -> Iterator[Finding]:
    """Yield for each region whether its files are whole, and until when its timetable holds."""
    from sources.region import list_regions, region_folder, unreadable_regions
    from sources.region.damage import find_damage

    names = [*(facts.name for facts in list_regions()), *unreadable_regions()]
    if not names:
        yield Finding("regions", "note", "There is none yet.", "recovery-reach region build demo")
    readable = {facts.name: facts for facts in list_regions()}
    for name in names:
        damage = find_damage(region_folder(name))
        if damage.parts or damage.raw:
            parts = ", ".join((*damage.parts, *damage.raw))
            mends = "check" if damage.parts else "update"  # what was fetched or given is had anew, not made again
            yield Finding(f"region {name}", "wrong", f"Damaged: {parts}.", f"recovery-reach region {mends} {name}")
        elif damage.is_other_version:
            text = "Another version of this software wrote it; it is built anew when it is first opened."
            yield Finding(f"region {name}", "note", text, f"recovery-reach region check {name}")
        else:
            yield _timetable_finding(readable[name])


def account_findings() -> Iterator[Finding]:
    """Yield whether accounts at sources, and addresses of one's own servers, can be read, and by their owner alone."""
    from sources.fetching import read_endpoints, read_keys
    from sources.region import data_folder

    keys, servers = read_keys(data_folder()), read_endpoints(data_folder())
    yield Finding(
        "accounts", "well", f"Set: {len(keys)} values of accounts at sources, {len(servers)} servers of one's own."
    )


def vault_findings() -> Iterator[Finding]:
    """Yield whether the vault is closed to others on this machine, and kept out of swap; it isn't opened."""
    from people.folders import check_private, vault_place
    from people.process import may_be_swapped

    place = vault_place()
    if not place.database.exists():
        yield Finding("vault", "well", "There is none.")
        return
    check_private(place)
    yield Finding(
        "vault", "well", f"{place.database} is closed to others; `recovery-reach vault unlock-check` opens it."
    )
    if may_be_swapped():
        yield Finding(
            "swap",
            "note",
            "What the open vault holds may be written to swap, unencrypted.",
            "Encrypt swap, turn it off (`swapoff -a`), or let the service lock memory (docs/vault.md).",
        )


CHECKS: dict[str, Callable[[], Iterator[Finding]]] = {
    "Python": python_findings,
    "libraries": library_findings,
    "time zones": time_zone_findings,
    "fonts": font_findings,
    "browser": browser_findings,
    "disk": disk_findings,
    "compiled loops": loop_findings,
    "regions": region_findings,
    "accounts": account_findings,
    "vault": vault_findings,
}


def _timetable_finding(facts: "RegionFacts") -> Finding:
    limit = facts.timetable_limit
    if limit is None:
        return Finding(f"region {facts.name}", "well", f"Whole; built on {facts.built_on}.")
    return Finding(f"region {facts.name}", "note", limit, f"recovery-reach region update {facts.name}")


def _libraries(extra: str = "") -> list["Requirement"]:
    """Return what is to be installed on this machine: for everybody, or for an extra alone."""
    from packaging.requirements import Requirement

    asked = [Requirement(text) for text in requires(PACKAGE) or []]
    plain = [one for one in asked if one.marker is None or one.marker.evaluate({"extra": ""})]
    if not extra:
        return plain
    return [one for one in asked if one not in plain and one.marker and one.marker.evaluate({"extra": extra})]


def _differences(asked: list["Requirement"]) -> list[str]:
    """Return what is wrong with installed libraries, in words."""
    wrong = []
    for one in asked:
        try:
            installed = version(one.name)
        except PackageNotFoundError:
            wrong.append(f"{one.name} is missing")
            continue
        if installed not in one.specifier:
            wrong.append(f"{one.name} is {installed}, not {one.specifier}")
    return wrong
