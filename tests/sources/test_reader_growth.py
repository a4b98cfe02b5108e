"""No reader and no parser takes time that grows faster than what it reads, whichever part of that grows.

Real rows grow in one of their parts: more rows, alike or different, more columns, longer cells, deeper ones; and bytes
grow by one piece that comes again and again. What is made of it is held elsewhere (`test_mutations`).
"""

import copy
import csv
import io
import json
import random
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.clock import read_clock
from geo.errors import RecoveryReachError
from geo.opening_hours import read_hours
from geo.spelling import name_key, plain_words
from geo.toml_table import parse_toml
from sources.adapter.source import ParseContext
from sources.cleaning import clean, meeting_times, meeting_weeks, normalize, opening_hours, weekday_words
from sources.cleaning.beds_and_rents import weekly_rent
from sources.cleaning.bounds import place_bounds
from sources.cleaning.cells import LONGEST_READ
from sources.cleaning.redaction import without_contacts, without_numbers
from sources.cleaning.report import Notes
from sources.formats.csv_text import read_table
from sources.formats.html_tables import read_page_tables
from sources.formats.json_strict import read_json
from sources.networks import gtfs_calls, gtfs_words
from sources.networks.gtfs import read_timetables
from sources.registry import source_called
from tests.growth import MOST, growth
from tests.sources.networks.test_gtfs import SOUND, zipped
from tests.sources.test_mutations import READERS, boxes, documents

PIECES = (
    "a", "1", " ", ";", ",", ".", "-", "\n", "\t", "\0", "é", "<", "<td>", "<table>", "<!--", "</", "&", "&#1", "&amp;",
    "{", "[", '{"a":', "[[", '"', '""', "'", "\\", "=", "#", "(", "/", ":", "@", "x1", "a.", "a,", "1:", "Mo ",
    "Mo-Fr 09:00-17:00; ", "every 1st ", "and ", "Mon, ", "9am-", "$1 ", "555-0100 ", "http://a.", "W ", "Suite 1 ",
    "a@b.", "a=1\n", "[a]\n",
)  # fmt: skip
TEXTS: dict[str, Callable[[str], object]] = {
    "hours": read_hours,
    "hours in words": opening_hours.hours_in_words,
    "hours of a feed": lambda text: opening_hours.osm_hours(text, Notes("t")),
    "text": clean.text,
    "url": clean.url,
    "phone": clean.phone,
    "number": clean.number,
    "amount": clean.amount,
    "truth": clean.truth,
    "date": clean.date,
    "minutes": clean.minutes_of_clock,
    "confidential": clean.is_confidential,
    "clock": read_clock,
    "clock of a meeting": meeting_times.clock,
    "times of a meeting": lambda text: meeting_times.times(text, text),
    "days of a meeting": lambda text: meeting_times.weekdays(text, 0),
    "weeks of a meeting": lambda text: meeting_weeks.weeks_from_words(text, [text], [0]),
    "day and weeks": meeting_weeks.day_and_weeks,
    "days in words": weekday_words.days_in_words,
    "days in English": weekday_words.in_english,
    "address": normalize.normalize,
    "house numbers": normalize.house_numbers,
    "unit": normalize.without_unit,
    "numbers of persons": without_numbers,
    "rent": lambda text: weekly_rent(text, Notes("t")),
    "box": lambda text: place_bounds(text, 10),
    "words": plain_words,
    "name": name_key,
    "time of a timetable": gtfs_calls.seconds,
    "number of a timetable": gtfs_words.number,
    "date of a timetable": gtfs_words.date_number,
}
FILES: dict[str, Callable[[bytes], object]] = {
    "JSON": lambda raw: read_json(raw, "f"),
    "CSV": lambda raw: read_table(raw, "f"),
    "page": lambda raw: read_page_tables(raw, "f"),
    "TOML": parse_toml,
    "contacts": lambda raw: without_contacts(raw, "f"),
    "contacts of JSON": lambda raw: without_contacts(b'[{"a": "' + raw + b'"}]', "f"),
    "contacts of a table": lambda raw: without_contacts(b"name,notes\n" + raw, "f"),
}


def parts(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  chance, not secrets


@pytest.mark.parametrize("name", TEXTS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    before=st.sampled_from(["", *PIECES]), again=st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join)
)
def test_a_parser_of_texts_takes_time_as_its_text_is_long(name: str, before: str, again: str) -> None:
    def read(size: int) -> None:
        read_hours.cache_clear()
        with suppress(RecoveryReachError, ValueError, OverflowError):
            TEXTS[name]((before + again * (size // len(again) + 1))[:size])

    assert growth(read, LONGEST_READ // 4) < MOST


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    before=st.sampled_from(["", *PIECES]), again=st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join)
)
def test_a_parser_of_files_takes_time_as_its_file_is_long(name: str, before: str, again: str) -> None:
    def read(size: int) -> None:
        with suppress(RecoveryReachError):
            FILES[name]((before + again * (size // len(again) + 1)).encode())

    assert growth(read, 20_000) < MOST


Attack = Callable[[Any, int, random.Random], Any]


def more_rows(document: Any, size: int, chance: random.Random) -> Any:
    """Repeat the longest list, or the rows of a table, word for word."""
    return _with_rows(document, size, chance, lambda row, _: row)


def more_different_rows(document: Any, size: int, chance: random.Random) -> Any:
    return _with_rows(document, size, chance, _other_row)


def longer_cells(document: Any, size: int, chance: random.Random) -> Any:
    """Have a few texts be one piece again and again."""
    document, piece = copy.deepcopy(document), chance.choice(PIECES)
    cells = [(box, key) for box, key in _cells(document) if isinstance(box[key], str)]
    for box, key in chance.sample(cells, min(8, len(cells))):
        box[key] = piece * (4 * size // len(piece))
    return document


def wider_rows(document: Any, size: int, chance: random.Random) -> Any:
    """Give records more keys, and lists within them more texts."""
    document = copy.deepcopy(document)
    if _is_table(document):
        return [[*row, *(f"{chance.choice(PIECES)}{k}" for k in range(size // 4))] for row in document]
    inside = boxes(document)
    for box in chance.sample(inside, min(3, len(inside))):
        for number in range(size):
            if isinstance(box, dict):
                box[f"{chance.choice(PIECES)}{number}"] = str(number)
            else:
                box.append(str(number))
    return document


def deeper_cells(document: Any, size: int, chance: random.Random) -> Any:
    document = copy.deepcopy(document)
    if _is_table(document):
        return document
    for box, key in chance.sample(cells := _cells(document), min(2, len(cells))):
        for _ in range(size // 8):
            box[key] = [box[key]] if chance.random() < 0.5 else {"a": box[key]}
    return document


ATTACKS: tuple[Attack, ...] = (more_rows, more_different_rows, longer_cells, wider_rows, deeper_cells)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_a_reader_takes_time_as_its_file_is_long(shared: Path, name: str, attack: Attack) -> None:
    for number, (file_name, sample) in enumerate(documents(shared, name)[:2]):
        assert growth(partial(read, name, file_name), 250, partial(made, sample, attack, number)) < MOST


@pytest.mark.parametrize("name", READERS)
def test_a_reader_takes_time_as_its_bytes_are_many(shared: Path, name: str) -> None:
    chance = parts(len(name))
    file_name, sample = documents(shared, name)[0]
    whole = sample if isinstance(sample, bytes) else json.dumps(sample).encode()
    for piece in chance.sample(PIECES, 6):
        for before in (b"", whole, whole[: chance.randrange(len(whole))]):
            grown = growth(partial(read, name, file_name), 20_000, partial(_many, before, piece))
            assert grown < MOST, (before[:20], piece)


TIMETABLE = SOUND | {
    "frequencies.txt": "trip_id,start_time,end_time,headway_secs\nt1,06:00:00,07:00:00,600\n",
    "transfers.txt": "from_stop_id,to_stop_id,transfer_type,min_transfer_time\nA,B,2,60\n",
    "shapes.txt": "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\ns,39.0,-84.0,1\ns,39.0,-84.1,2\n",
    "calendar_dates.txt": "service_id,date,exception_type\nwk,20240305,2\n",
    "pathways.txt": "pathway_id,from_stop_id,to_stop_id,pathway_mode,is_bidirectional\np,A,B,1,1\n",
    "location_groups.txt": "location_group_id,location_group_name\ng,Group\n",
    "location_group_stops.txt": "location_group_id,stop_id\ng,A\n",
    "booking_rules.txt": "booking_rule_id,booking_type,phone_number\nb,0,555-0100\n",
}


@pytest.mark.parametrize("file", TIMETABLE)
@pytest.mark.parametrize("attack", [more_rows, more_different_rows, longer_cells, wider_rows], ids=lambda a: a.__name__)
def test_a_timetable_takes_time_as_its_files_are_long(file: str, attack: Attack) -> None:
    def timetable(size: int) -> bytes:
        return zipped(TIMETABLE | {file: made(TIMETABLE[file].encode(), attack, 1, size).decode()})

    assert growth(read_timetable, 2_000, timetable) < MOST


@pytest.mark.parametrize("piece", ['"', '"\n', ",", "\n", "\r", "\0", "a", "1,", '",', "\ufeff"])
def test_a_timetable_takes_time_as_its_bytes_are_many(piece: str) -> None:
    def at_its_end(size: int) -> bytes:
        return zipped(TIMETABLE | {"stop_times.txt": TIMETABLE["stop_times.txt"] + piece * size})

    def at_its_head(size: int) -> bytes:
        return zipped(TIMETABLE | {"stops.txt": piece * size + TIMETABLE["stops.txt"]})

    assert growth(read_timetable, 20_000, at_its_end) < MOST
    assert growth(read_timetable, 20_000, at_its_head) < MOST


def read_timetable(raw: bytes) -> None:
    with suppress(RecoveryReachError):
        read_timetables([("town", raw)])


def read(name: str, file_name: str, raw: bytes) -> None:
    source = source_called(name)
    assert source
    assert source.parse
    context = ParseContext(file_name, category="food" if name == "table" else None, locate=lambda *_: (-84.5, 39.0))
    source.recognizes(file_name, raw[:65_536])
    with suppress(RecoveryReachError):
        source.parse(raw, context)


def _many(before: bytes, piece: str, size: int) -> bytes:
    return before + piece.encode() * (size // len(piece))


def made(sample: Any, attack: Attack, seed: int, size: int) -> bytes:
    """Return the bytes of a sample that grew."""
    if not isinstance(sample, bytes):
        return _as_json(attack(sample, size, parts(seed)))
    if sample.lstrip()[:1] == b"<":
        page = sample.decode()
        row = page[page.rindex("<tr") : page.rindex("</tr>") + 5]
        return page.replace(row, row * size).encode()
    rows = list(csv.reader(io.StringIO(sample.decode("utf-8", "replace"), newline="")))
    written = io.StringIO()
    csv.writer(written).writerows(attack([row for row in rows if row], size, parts(seed)))
    return written.getvalue().encode()


def _as_json(document: Any) -> bytes:
    """Return a document as JSON, however deep it is."""
    try:
        return json.dumps(document).encode()
    except RecursionError:
        return b'[{"a":' * 5000 + b"1" + b"}]" * 5000


def _with_rows(document: Any, size: int, chance: random.Random, change: Callable[[Any, int], Any]) -> Any:
    document = copy.deepcopy(document)
    if _is_table(document):
        head, *rows = document
        return [head, *(change([*chance.choice(rows)], number) for number in range(size))] if rows else document
    lists = [box for box in boxes(document) if isinstance(box, list) and box]
    if lists:
        longest = max(lists, key=lambda box: (isinstance(box[-1], dict | list), len(box)))
        # the first may be the names of the columns
        longest[1:] = [change(copy.deepcopy(chance.choice(longest[1:] or longest)), number) for number in range(size)]
    return document


def _other_row(row: Any, number: int) -> Any:
    """Return a row whose texts, but for numbers and dates, end in a number."""
    for box, key in _cells([row]):
        if isinstance(box[key], str) and any(map(str.isalpha, box[key])):
            box[key] = f"{box[key]} {number}"
        elif isinstance(box[key], int) and not isinstance(box[key], bool):
            box[key] += number
    return row


def _cells(document: Any) -> list[tuple[Any, Any]]:
    return [
        (box, key)
        for box in boxes(document)
        for key in (list(box) if isinstance(box, dict) else range(len(box)))
        if not isinstance(box[key], dict | list)
    ]


def _is_table(document: Any) -> bool:
    return isinstance(document, list) and all(
        isinstance(row, list) and all(isinstance(cell, str) for cell in row) for row in document
    )
