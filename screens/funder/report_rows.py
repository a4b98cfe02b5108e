"""Tables of a report as they are printed: titles and rows of areas, groups, sources and commands; and its method."""

from layers.export import About
from screens.funder import figures
from screens.funder.questions import GapReport
from screens.shared.credits import named
from screens.shared.words import Say


def method(about: About, say: Say) -> list[str]:
    """Return the account as lines, without the sources, which have a table of their own."""
    return [f"{name}: {text}" for name, text in about if name != say("gap_about_source")]


def area_titles(say: Say) -> tuple[str, ...]:
    """Return the titles of the table of areas, with one for the number on the map."""
    return ("", *(say(f"gap_{name}") for name in ("area", "left_out", "share", "average", "holds_back")))


def group_titles(asked: GapReport, say: Say) -> tuple[str, ...]:
    """Return the titles of the tables of groups."""
    return say("gap_group"), say("gap_group_below", below=asked.question.threshold), say("gap_average")


def source_titles(say: Say) -> tuple[str, ...]:
    """Return the titles of the table of sources."""
    return tuple(say(f"gap_source_{name}") for name in ("title", "publisher", "license", "date"))


def source_rows(asked: GapReport, say: Say) -> figures.Rows:
    """Return each source with its publisher, license, and when it was fetched (else how often it is renewed)."""
    rows = [
        (
            named(source["title"], say),
            named(str(source.get("publisher") or ""), say),
            named(source["license"], say),
            say.day(source["retrieved_on"])
            if source.get("retrieved_on")
            else named(str(source.get("freshness") or ""), say),
        )
        for source in asked.region.facts.sources
    ]
    return tuple(dict.fromkeys(rows))


def command_titles(say: Say) -> tuple[str, ...]:
    """Return the titles of the table of commands."""
    return tuple(say(f"gap_command_{name}") for name in ("figure", "value", "command"))


def command_rows(asked: GapReport, say: Say) -> figures.Rows:
    """Return each figure as it is printed, with the command that works it out again; the map last."""
    rows = [
        (
            one.label,
            one.value if isinstance(one.value, str) else say("gap_command_table"),
            figures.command(asked, name, say),
        )
        for name, one in figures.figures(asked, say).items()
    ]
    return (*rows, (say("gap_command_map"), say("gap_command_picture"), figures.map_command(asked, say)))
