"""GTFS feeds: written here row by row, broken in named ways, hostile, and real."""

import datetime
import io
import re
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DateError, SourceError
from geo.tables import SET_ASIDE, validate
from geo.timetables.feed import BY_CALL, BY_DRIVER, NONE, USUAL, Feed, check_date, valid_dates
from geo.timetables.service_day import timetable
from sources.formats.zip_archive import MAX_MEMBERS, unzip
from sources.networks.gtfs import read_feeds

SOUND = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\n1,Bus,http://example.org,America/New_York\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nA,First,39.0,-84.0\nB,Second,39.0,-84.01\nC,Third,39.0,-84.04\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_long_name,route_type\nr,1,25,Airport,3\n",
    "trips.txt": "route_id,service_id,trip_id,trip_headsign\nr,wk,t1,Airport\n",
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "wk,1,1,1,1,1,0,0,20240301,20240331\n"
    ),
    "stop_times.txt": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "t1,08:00:00,08:00:00,A,1\nt1,08:10:00,08:11:00,B,2\nt1,08:40:00,08:40:00,C,3\n"
    ),
}


def zipped(files: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def read(**changes: str | bytes | None) -> tuple[Feed, pd.DataFrame]:
    files = {**SOUND, **{name.replace("_txt", ".txt"): text for name, text in changes.items()}}
    return read_feeds([("town", zipped({name: text for name, text in files.items() if text is not None}))])


def where_noted(notes: pd.DataFrame) -> dict[str, str]:
    """Return the rows by `outcome:code`; each must be there once."""
    keys = notes["outcome"] + ":" + notes["code"]
    assert not keys.duplicated().any()
    return dict(zip(keys, notes["row"], strict=True))


def test_a_sound_feed() -> None:
    feed, notes = read()
    assert notes.empty
    assert feed.stop_id.tolist() == ["town:A", "town:B", "town:C"]
    assert feed.arrival.tolist() == [28_800, 29_400, 31_200]
    assert feed.departure.tolist() == [28_800, 29_460, 31_200]
    assert (feed.route_name.tolist(), feed.route_vehicle.tolist(), feed.headsign.tolist()) == (
        ["25"],
        ["bus"],
        ["Airport"],
    )
    assert feed.feed_zone.tolist() == ["America/New_York"]
    assert valid_dates(feed) == (datetime.date(2024, 3, 1), datetime.date(2024, 3, 29)), "a Friday is the last to run"
    assert len(feed.service_day) == 21


def test_times_between_are_filled_by_distance() -> None:
    """B lies a quarter of the way from A to C: of 40 minutes, 10; by shape_dist_traveled 30 of 40, it is 30."""
    rows = (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence,shape_dist_traveled\n"
        "t1,08:00:00,08:00:00,A,1,{}\nt1,,,B,2,{}\nt1,08:40:00,08:40:00,C,3,{}\n"
    )
    feed, notes = read(stop_times_txt=rows.format("", "", ""))
    assert feed.arrival.tolist() == [28_800, 29_400, 31_200]
    assert notes.empty
    feed, _ = read(stop_times_txt=rows.format(0, 30, 40))
    assert feed.arrival.tolist() == [28_800, 30_600, 31_200]
    feed, _ = read(stop_times_txt=rows.format(0, 50, 40))  # falls: not to be believed
    assert feed.arrival.tolist() == [28_800, 29_400, 31_200]


def test_frequencies() -> None:
    feed, notes = read(
        frequencies_txt="trip_id,start_time,end_time,headway_secs,exact_times\nt1,06:00:00,07:00:00,1200,0\nt1,25:00:00,24:00:00,600,1\n"
    )
    assert where_noted(notes) == {"set_aside:bad_frequency": "frequencies.txt:3"}
    assert feed.departure[feed.call_offset[:-1]].tolist() == [21_600, 22_800, 24_000]
    assert feed.trip_id.tolist() == ["town:t1@06:00:00", "town:t1@06:20:00", "town:t1@06:40:00"]


def test_a_frequency_that_ends_before_it_starts_ends_on_the_next_day() -> None:
    feed, notes = read(frequencies_txt="trip_id,start_time,end_time,headway_secs\nt1,22:00:00,01:00:00,3600\n")
    assert where_noted(notes) == {"repaired:ends_next_day": "frequencies.txt:2"}
    assert feed.departure[feed.call_offset[:-1]].tolist() == [79_200, 82_800, 86_400]


@pytest.mark.parametrize(
    ("frequencies", "code"),
    [
        (
            "trip_id,start_time,end_time,headway_secs\nt1,06:00:00,06:00:00,600\nt1,06:00:00,07:00:00,1\n",
            "bad_frequency",
        ),
        ("trip_id,start_time,end_time\nt1,06:00:00,07:00:00\n", "missing_column"),
    ],
)
def test_a_trip_without_any_usable_frequency_is_no_bus_at_its_templates_times(frequencies: str, code: str) -> None:
    two = SOUND["trips.txt"] + "r,wk,t2,Airport\n"
    both = SOUND["stop_times.txt"] + "t2,09:00:00,09:00:00,A,1\nt2,09:10:00,09:10:00,B,2\n"
    feed, notes = read(trips_txt=two, stop_times_txt=both, frequencies_txt=frequencies)
    assert feed.trip_id.tolist() == ["town:t2"]
    assert notes.loc[notes["code"] == "no_frequency", ["outcome", "row"]].to_numpy().tolist() == [
        ["set_aside", "trips.txt:2"]
    ]
    assert code in set(notes["code"])
    assert "no_stop_times" not in set(notes["code"])


def test_a_large_citys_frequencies_are_laid_out_in_one_go() -> None:
    """200 lines of two stops, each from 05:00 at every 171 s until 26:28:40: 200 times 453 departures."""
    lines = range(200)
    trips = "route_id,service_id,trip_id\n" + "".join(f"r,wk,t{k:03d}\n" for k in lines)
    calls = "".join(f"t{k:03d},08:00:00,08:00:00,A,1\nt{k:03d},08:{k % 50 + 5:02d}:00,08:55:00,B,2\n" for k in lines)
    rows = "".join(f"t{k:03d},05:00:00,26:28:40,171\n" for k in lines)
    feed, notes = read(
        trips_txt=trips,
        stop_times_txt="trip_id,arrival_time,departure_time,stop_id,stop_sequence\n" + calls,
        frequencies_txt="trip_id,start_time,end_time,headway_secs\n" + rows,
    )
    assert len(feed.trip_id) == 200 * 453
    first = feed.call_offset[:-1]
    line = np.array([int(name[len("town:t") :].split("@")[0]) for name in feed.trip_id])
    assert (feed.arrival[first + 1] - feed.departure[first] == 60 * (line % 50 + 5)).all()
    assert np.unique(feed.departure[first]).tolist() == list(range(18_000, 95_320, 171))
    assert set(notes["code"]) <= {"unused_stop"}


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(st.sampled_from(["t1", "t2"]), st.integers(0, 90_000), st.integers(1, 3_000), st.integers(60, 4_000)),
        max_size=6,
    )
)
def test_frequencies_leave_at_each_headway_before_their_end_and_once(rows: list[tuple[str, int, int, int]]) -> None:
    def clock(seconds: int) -> str:
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"

    table = "".join(f"{trip},{clock(first)},{clock(first + span)},{gap}\n" for trip, first, span, gap in rows)
    feed, _ = read(
        trips_txt="route_id,service_id,trip_id\nr,wk,t1\nr,wk,t2\nr,wk,fixed\n",
        stop_times_txt=SOUND["stop_times.txt"]
        + "t2,00:00:05,00:00:05,C,1\nt2,00:09:00,00:10:00,A,2\n"
        + "fixed,09:00:00,09:00:00,A,1\nfixed,09:05:00,09:05:00,B,2\n",
        frequencies_txt="trip_id,start_time,end_time,headway_secs\n" + table,
    )
    wanted = {f"town:{t}@{clock(s)}" for t, first, span, gap in rows for s in range(first, first + span, gap)}
    alone = {f"town:{trip}" for trip in ("t1", "t2") if trip not in {row[0] for row in rows}}
    assert sorted(feed.trip_id.tolist()) == sorted({*wanted, *alone, "town:fixed"})
    for name, begin, end in zip(feed.trip_id.tolist(), feed.call_offset, feed.call_offset[1:], strict=False):
        after = (feed.arrival[begin:end] - feed.departure[begin]).tolist()
        assert after[1:] == ([600, 2_400] if ":t1" in name else [535] if ":t2" in name else [300])


def test_frequencies_without_end_are_refused() -> None:
    """A departure each 10 s for a week on 1,000 rows would be 60 million trips."""
    rows = "".join(f"t1,00:00:{row % 10:02d},167:00:00,{10 + row // 10}\n" for row in range(1_000))
    with pytest.raises(SourceError, match=r"frequencies.txt .* 20,000,000 stops"):
        read(frequencies_txt="trip_id,start_time,end_time,headway_secs\n" + rows)


def test_exceptions_of_the_calendar() -> None:
    feed, _ = read(calendar_dates_txt="service_id,date,exception_type\nwk,20240304,2\nwk,20240309,1\nwk,20240405,1\n")
    monday = timetable(feed, datetime.date(2024, 3, 4))
    assert (monday.departure >= 86_400).all()  # only Tuesday's
    assert len(timetable(feed, datetime.date(2024, 3, 9)).trip_number) == 1
    assert valid_dates(feed)[1] == datetime.date(2024, 4, 5)


CALENDAR = SOUND["calendar.txt"].splitlines()[0] + "\n"


@pytest.mark.parametrize(
    ("dates", "valid"),
    [
        ("19700101,20991231", ((2000, 1, 3), (2060, 12, 31))),  # from a Monday to a Friday
        ("00010101,20240331", ((2000, 1, 3), (2024, 3, 29))),
        ("20240301,99991231", ((2024, 3, 1), (2060, 12, 31))),
    ],
)
def test_calendars_for_ever(dates: str, valid: tuple[tuple[int, int, int], tuple[int, int, int]]) -> None:
    feed, notes = read(calendar_txt=f"{CALENDAR}wk,1,1,1,1,1,0,0,{dates}\n")
    assert where_noted(notes) == {"repaired:long_calendar": "calendar.txt:2"}
    assert valid_dates(feed) == tuple(datetime.date(*day) for day in valid)
    assert len(timetable(feed, datetime.date(2024, 3, 6)).trip_number) == 2  # the day's and the morrow's


def test_dates_that_no_timetable_has_are_set_aside() -> None:
    feed, notes = read(
        calendar_txt=SOUND["calendar.txt"] + "old,1,1,1,1,1,0,0,18990101,19001231\n",
        calendar_dates_txt="service_id,date,exception_type\nwk,19450508,1\n",
    )
    assert list(notes["code"]) == ["bad_date", "bad_date"]
    assert valid_dates(feed) == (datetime.date(2024, 3, 1), datetime.date(2024, 3, 29))


@pytest.mark.parametrize(
    ("changes", "valid"),
    [
        (
            {
                "calendar_txt": "wk,0,0,0,0,0,0,0,20240101,20991231\n",
                "calendar_dates_txt": "service_id,date,exception_type\nwk,20240305,1\n",
            },
            ((2024, 3, 5), (2024, 3, 5)),
        ),
        (
            {"calendar_txt": "wk,1,1,1,1,1,0,0,20240301,20240329\nother,1,1,1,1,1,1,1,20200301,20301231\n"},
            ((2024, 3, 1), (2024, 3, 29)),
        ),
    ],
    ids=["a row without weekdays", "a service of no trip"],
)
def test_a_timetable_is_valid_while_its_trips_run(changes: dict[str, str], valid: tuple[tuple[int, ...], ...]) -> None:
    feed, _ = read(**changes | {"calendar_txt": CALENDAR + changes["calendar_txt"]})
    assert valid_dates(feed) == tuple(datetime.date(*day) for day in valid)
    with pytest.raises(DateError, match="is outside of that"):
        timetable(feed, datetime.date(2026, 3, 3))


def test_two_rows_of_one_service_are_united() -> None:
    feed, notes = read(
        calendar_txt=f"{CALENDAR}wk,1,1,1,1,1,0,0,20240304,20240308\nwk,0,0,0,0,0,1,1,20240304,20240310\n"
    )
    assert where_noted(notes) == {"repaired:repeated_service": "calendar.txt:3"}
    assert len(feed.service_day) == 7


def test_long_ids_that_differ_at_their_end_stay_apart() -> None:
    long = "x" * 125
    feed, notes = read(
        trips_txt=f"route_id,service_id,trip_id\nr,wk,{long}1\nr,wk,{long}2\n",
        stop_times_txt=TIMES
        + "".join(f"{long}{k},0{k}:00:00,0{k}:00:00,A,1\n{long}{k},0{k}:10:00,0{k}:10:00,B,2\n" for k in (1, 2)),
    )
    assert len(set(feed.trip_id)) == 2
    assert all(len(one) <= 120 + len("town:") for one in feed.trip_id)
    assert set(notes["code"]) == {"long_text", "unused_stop"}


def test_whole_numbers_with_a_decimal_point() -> None:
    """As data frames write them; what pickup_type 1.0 forbids stays forbidden."""
    feed, notes = read(
        calendar_txt=f"{CALENDAR}wk,1.0,1.0,1.0,1.0,1.0,0.0,0.0,20240301.0,20240331.0\n",
        calendar_dates_txt="service_id,date,exception_type\nwk,20240304.0,2.0\n",
        stop_times_txt="trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n"
        "t1,08:00:00,08:00:00,A,1.0,0.0,1.0\nt1,08:10:00,08:11:00,B,2.0,1.0,\nt1,08:40:00,08:40:00,C,10.0,1,\n",
    )
    assert set(notes["outcome"] + ":" + notes["code"]) == {"repaired:float_text"}
    assert set(notes["row"]) == {"calendar.txt:1", "calendar_dates.txt:1", "stop_times.txt:1"}
    assert feed.pattern_pickup.tolist() == [USUAL, NONE, NONE]
    assert feed.pattern_drop_off.tolist() == [NONE, USUAL, USUAL]
    assert feed.arrival.tolist() == ALL
    assert len(feed.service_day) == 20


def test_quoted_cells_after_a_blank() -> None:
    feed, notes = read(stops_txt=re.sub(r"(?m)^([ABC]),(\w+),", r'"\1", "\2, by the mill", ', SOUND["stops.txt"]))
    assert notes.empty
    assert feed.stop_id.tolist() == ["town:A", "town:B", "town:C"]
    assert feed.stop_name.tolist() == ["First, by the mill", "Second, by the mill", "Third, by the mill"]


def test_archives_of_archives_and_second_feeds(tmp_path: Path) -> None:
    inner = {"google_rail.zip": zipped(SOUND), "google_bus.zip": zipped(SOUND)}
    for name, data in inner.items():
        (tmp_path / name).write_bytes(data)
    for source in (zipped(dict(inner)), tmp_path):
        with pytest.raises(SourceError, match=r"other archives \(google_bus.zip, google_rail.zip\): unpack it"):
            read_feeds([("town", source)])
    both = {f"{folder}/{name}": text for folder in "ba" for name, text in SOUND.items()}
    feed, notes = read_feeds([("town", zipped(dict(both)))])
    assert where_noted(notes) == {"set_aside:second_feed": "b", "notice:nested_folder": "a"}
    assert len(feed.trip_id) == 1


def test_a_feed_that_is_refused_says_how_often_what_was_wrong() -> None:
    rows = ("t1 08:00:00 08:00:00 A x", "t1 08:10:00 08:10:00 B y", "t1 08:40:00 08:40:00 Z 1")
    with pytest.raises(SourceError, match=r"be used \(2 bad_sequence: The stop_seq.* up; 1 unknown_stop: .*\)\.$"):
        read(stop_times_txt=calls(*rows))
    with pytest.raises(SourceError, match=r"on any day \(1 missing_column: There is no column end_date.*\)\.$"):
        read(calendar_txt="service_id,start_date\nwk,20240301\n")


def test_stations_and_transfers() -> None:
    stops = (
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,wheelchair_boarding\n"
        "S,Station,39.0,-84.0,1,,1\nA,First,39.0,-84.0,0,S,\nB,Second,,,0,S,2\nC,Third,39.0,-84.04,,,\nE,Door,39.0,-84.0,2,S,\n"
    )
    feed, notes = read(
        stops_txt=stops,
        transfers_txt="from_stop_id,to_stop_id,transfer_type,min_transfer_time,from_trip_id\nS,C,2,300,\nC,A,3,,\nA,C,2,5,t1\nA,Z,2,9,\nA,C,0,,\nC,B,2,,\n",
    )
    assert feed.stop_station.tolist() == [0, 0, -1]
    assert feed.stop_wheelchair.tolist() == [1, 2, 0]
    assert feed.stop_lat[1] == 39.0
    pairs = list(
        zip(feed.transfer_from.tolist(), feed.transfer_to.tolist(), feed.transfer_seconds.tolist(), strict=True)
    )
    assert pairs == [(0, 2, 300), (1, 2, 300), (2, 0, -1)]
    assert where_noted(notes) == {
        "set_aside:bad_transfer": "transfers.txt:5",
        "set_aside:transfer_for_some_trips": "transfers.txt:4",
        "set_aside:transfer_without_time": "transfers.txt:7",
    }


def test_two_feeds_keep_their_ids_apart() -> None:
    feed, _ = read_feeds([("x", zipped(SOUND)), ("y", zipped(SOUND))])
    assert feed.stop_id.tolist() == ["x:A", "x:B", "x:C", "y:A", "y:B", "y:C"]
    assert len(feed.trip_id) == 2
    assert len(feed.pattern_offset) == 3
    twice, _ = read_feeds([("x", zipped(SOUND)), ("x", zipped(SOUND))])
    assert len(set(twice.stop_id)) == 6


def test_calendars_that_do_not_meet_are_told_and_the_gap_is_refused() -> None:
    later = SOUND | {"calendar.txt": SOUND["calendar.txt"].replace("202403", "202503")}
    feed, notes = read_feeds([("old", zipped(SOUND)), ("new", zipped(later))])
    assert list(notes["source"] + " " + notes["outcome"] + ":" + notes["code"]) == [
        "old notice:calendars_apart",
        "new notice:calendars_apart",
    ]
    assert notes["reason"].str.extract(r"from (\S+) to (\S+);").to_numpy().tolist() == [
        ["2024-03-01", "2024-03-29"],
        ["2025-03-03", "2025-03-31"],
    ]
    assert valid_dates(feed) == (datetime.date(2024, 3, 1), datetime.date(2025, 3, 31))
    assert check_date(feed, datetime.date(2025, 3, 5)) == (datetime.date(2025, 3, 3), datetime.date(2025, 3, 31))
    with pytest.raises(DateError, match="from 2024-03-01 to 2024-03-29 and from 2025-03-03 to 2025-03-31, and 2024-04"):
        timetable(feed, datetime.date(2024, 4, 1))
    following = SOUND | {"calendar.txt": SOUND["calendar.txt"].replace("0301,20240331", "0330,20240430")}
    following["calendar.txt"] = following["calendar.txt"].replace("1,1,1,1,1,0,0", "1,1,1,1,1,1,1")
    feed, notes = read_feeds([("now", zipped(SOUND)), ("next", zipped(following))])
    assert set(notes["code"]) == {"calendars_apart"}
    assert check_date(feed, datetime.date(2024, 4, 1)) == (datetime.date(2024, 3, 1), datetime.date(2024, 4, 30))
    feed, notes = read_feeds([("x", zipped(SOUND)), ("y", zipped(SOUND))])
    assert notes.empty


def test_pick_up_and_drop_off() -> None:
    feed, _ = read(
        stop_times_txt="trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n"
        "t1,08:00:00,08:00:00,A,1,0,1\nt1,08:10:00,08:11:00,B,2,1,3\nt1,08:40:00,08:40:00,C,3,2,\n"
    )
    assert feed.pattern_pickup.tolist() == [USUAL, NONE, BY_CALL]
    assert feed.pattern_drop_off.tolist() == [NONE, BY_DRIVER, USUAL]


TIMES = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"


def calls(*rows: str) -> str:
    """Return stop_times.txt from rows "trip arrival departure stop sequence", with - for an empty cell."""
    return TIMES + "".join(row.replace("-", "").replace(" ", ",") + "\n" for row in rows)


A, B, C = "t1 08:00:00 08:00:00 A 1", "t1 08:10:00 08:10:00 B 2", "t1 08:40:00 08:40:00 C 3"
ALL = [28_800, 29_400, 31_200]
NO_B = {"notice:unused_stop": "stops.txt:3"}


@pytest.mark.parametrize(
    ("rows", "expected", "arrivals"),
    [
        ((A, "t1 25:61:00 25:61:00 B 2", C), {"repaired:bad_time": "stop_times.txt:3"}, ALL),
        ((A, "t1 07:10:00 07:10:00 B 2", C), {"repaired:time_goes_back": "stop_times.txt:3"}, ALL),
        ((A, "t1 18:10:00 18:10:00 B 2", C), {"repaired:time_goes_back": "stop_times.txt:3"}, ALL),
        ((A, "t1 08:10:00 08:09:00 B 2", C), {"repaired:departs_before_arrival": "stop_times.txt:3"}, ALL),
        ((A, "t1 08:10:00 - B 2", C), {"repaired:one_time": "stop_times.txt:3"}, ALL),
        ((A, "t1 8:10 08:10 B 2", C), {"repaired:short_time": "stop_times.txt:3"}, ALL),
        (
            ("t1 - - A 1", B, C),
            {"set_aside:no_time_at_end": "stop_times.txt:2", "notice:unused_stop": "stops.txt:2"},
            ALL[1:],
        ),
        ((A, "t1 08:10:00 08:10:00 Z 2", C), {"set_aside:unknown_stop": "stop_times.txt:3", **NO_B}, ALL[::2]),
        ((A, "t1 08:10:00 08:10:00 B x", C), {"set_aside:bad_sequence": "stop_times.txt:3", **NO_B}, ALL[::2]),
        ((A, B, "t1 08:20:00 08:20:00 C 2", C), {"set_aside:repeated_sequence": "stop_times.txt:4"}, ALL),
        ((A, B, "t9 08:20:00 08:20:00 C 3", C), {"set_aside:unknown_trip": "stop_times.txt:4"}, ALL),
    ],
)
def test_broken_stop_times_are_named_and_the_rest_serves(
    rows: tuple[str, ...], expected: dict[str, str], arrivals: list[int]
) -> None:
    feed, notes = read(stop_times_txt=calls(*rows))
    assert where_noted(notes) == expected
    assert feed.arrival.tolist() == arrivals


def test_one_broken_trip_does_not_lose_the_feed() -> None:
    feed, notes = read(
        trips_txt=SOUND["trips.txt"] + "r,wk,t2,Nowhere\nr,xx,t3,Never\nr,wk,t1,Again\n",
        stop_times_txt=SOUND["stop_times.txt"]
        + "t2,09:00:00,09:00:00,A,1\nt2,08:00:00,08:00:00,B,2\nt2,07:00:00,07:00:00,C,3\n",
    )
    assert feed.trip_id.tolist() == ["town:t1"]
    assert where_noted(notes) == {
        "set_aside:repeated_id": "trips.txt:5",
        "set_aside:unknown_service": "trips.txt:4",
        "set_aside:times_go_back": "stop_times.txt:5",
        "set_aside:no_stop_times": "trips.txt:3",
    }


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("stops", None),
        ("trips", None),
        ("stop_times", None),
        ("calendar", None),
        ("stops", "stop_id\nA\n"),
        ("stop_times", TIMES),
    ],
)
def test_nothing_usable_is_one_sentence(name: str, change: str | None) -> None:
    with pytest.raises(SourceError, match=r"^The timetable 'town' .*\.$") as problem:
        read(**{f"{name}_txt": change})
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize(
    ("encode", "code"),
    [
        (lambda text: text.encode("utf-16"), "repaired:utf16"),
        (lambda text: text.encode("utf-8-sig"), None),
        (lambda text: text.replace("Second", "Caf\xe9").encode("cp1252"), "repaired:not_utf8"),
        (lambda text: text.replace("Second", "Sec\0ond").encode(), "repaired:nul_bytes"),
        (lambda text: text.replace("\n", "\r").encode(), None),
        (lambda text: text.replace("\n", "\r\n", 2).encode(), "repaired:mixed_line_ends"),
        (lambda text: text.replace("Second", '"Sec\nond"').encode(), None),
        (lambda text: text.replace("Second", '"Second').encode(), None),
        (lambda text: text.replace("B,Second", " B , Second ").encode(), None),
        (lambda text: text.replace("-84.01", "-84.01,7").encode(), "repaired:extra_cells"),
        (lambda text: text.replace("Second", "S" * 5000).encode(), "repaired:long_text"),
    ],
)
def test_any_encoding_and_line_end(encode: Callable[[str], bytes], code: str | None) -> None:
    feed, notes = read(stops_txt=encode(SOUND["stops.txt"]))
    codes = set(notes["outcome"] + ":" + notes["code"])
    assert codes == ({code} if code else set()) or "repaired:broken_quotes" in codes
    assert feed.stop_id.tolist() == ["town:A", "town:B", "town:C"]
    assert feed.stop_lon.tolist() == [-84.0, -84.01, -84.04]


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(sorted(SOUND)), st.binary(max_size=60), st.integers(0, 400))
def test_noise_gives_a_feed_or_a_sentence(name: str, noise: bytes, at: int) -> None:
    raw = SOUND[name].encode()
    try:
        feed, notes = read(**{name.replace(".txt", "_txt"): raw[:at] + noise + raw[at:]})
    except SourceError:
        return
    assert len(feed.trip_id) >= 1
    validate(notes, SET_ASIDE)


BAD = [
    "au-sydney-entrances", "bad_date_format", "bad_eol.zip", "bad_utf8", "contains_null", "duplicate_schedule_id",
    "duplicate_stop", "duplicate_stop_sequence", "empty_file", "extra_row_cells", "filter_unusual_trips",
    "flatten_feed", "good_feed", "good_feed.zip", "googletransit", "invalid_agency_ids", "invalid_route_agency",
    "missing_agency", "missing_calendar", "missing_column", "missing_departure_time", "missing_endpoint_times",
    "missing_routes", "missing_row_cells", "missing_stop_times", "missing_stops", "missing_trips",
    "missing_weekday_column", "negative_stop_sequence", "one_line.kml", "one_stop.kml", "only_calendar_dates",
    "repeated_route_name", "same_short_long_name", "undefined_stop", "unknown_file", "unknown_format.zip",
    "unrecognized_columns", "unused_stop", "upgrade_translations", "utf16", "utf8bom", "README",
]  # fmt: skip
HOPELESS = {
    "au-sydney-entrances", "missing_calendar", "missing_stop_times", "missing_stops", "missing_trips", "one_line.kml",
    "one_stop.kml", "unknown_format.zip", "upgrade_translations", "README",
}  # fmt: skip
NAMED = {
    "bad_date_format": "bad_date", "bad_eol.zip": "mixed_line_ends", "bad_utf8": "not_utf8",
    "contains_null": "nul_bytes", "duplicate_schedule_id": "repeated_service", "duplicate_stop": "missing_cells",
    "duplicate_stop_sequence": "repeated_sequence", "empty_file": "empty_file", "extra_row_cells": "extra_cells",
    "flatten_feed": "no_stop_times", "googletransit": "nested_folder", "invalid_agency_ids": "unknown_agency",
    "invalid_route_agency": "unknown_agency", "missing_agency": "no_time_zone", "missing_column": "missing_cells",
    "missing_departure_time": "one_time", "missing_endpoint_times": "no_time_at_end",
    "missing_routes": "missing_file", "missing_row_cells": "missing_cells",
    "missing_weekday_column": "missing_column", "negative_stop_sequence": "bad_sequence",
    "undefined_stop": "unknown_stop", "unused_stop": "unused_stop", "utf16": "utf16",
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_feeds_broken_in_named_ways(shared: Path, name: str) -> None:
    path = shared / "badinputs" / "gtfs-transitfeed" / name
    if name in HOPELESS:
        with pytest.raises(SourceError, match=r"\.$"):
            read_feeds([(name, path)])
        return
    feed, notes = read_feeds([(name, path)])
    validate(notes, SET_ASIDE)
    assert len(feed.trip_id) >= 1
    trip = np.repeat(np.arange(len(feed.trip_id)), np.diff(feed.call_offset))
    assert (np.diff(feed.arrival)[np.diff(trip) == 0] >= 0).all()
    assert notes["row"].str.contains(r"\.txt|good_feed", regex=True).all()
    assert NAMED.get(name) in {None, *notes["code"]}


def test_every_broken_feed_is_tested(shared: Path) -> None:
    assert sorted(BAD) == sorted(path.name for path in (shared / "badinputs" / "gtfs-transitfeed").iterdir())


def test_bombs_and_paths_that_lead_out(shared: Path) -> None:
    attacks = shared / "badinputs" / "synthetic-attacks"
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match="honest"):
            read_feeds([("bomb", attacks / "gtfs_zip_bomb.zip")])
        assert tracemalloc.get_traced_memory()[1] < 200_000_000
    finally:
        tracemalloc.stop()
    with pytest.raises(SourceError, match="leads out"):
        read_feeds([("slip", attacks / "gtfs_zip_slip.zip")])


@pytest.mark.parametrize("name", ["../x.txt", "/x.txt", "C:\\x.txt", "a/../../x.txt", "..\\x.txt"])
def test_no_path_leads_out(name: str) -> None:
    with pytest.raises(SourceError, match="leads out"):
        unzip(zipped({name: "x"}), "The file")


def test_archives_that_are_none() -> None:
    with pytest.raises(SourceError, match="at most"):
        unzip(zipped({f"{i}.txt": "" for i in range(MAX_MEMBERS + 1)}), "The file")
    whole = zipped(SOUND)
    for raw in (b"", b"PK\x03\x04", whole[:-30], whole[:200] + b"\0" * 40 + whole[240:]):
        with pytest.raises(SourceError):
            read_feeds([("cut", raw)])
    with pytest.raises(SourceError, match="no timetable at"):
        read_feeds([("gone", Path("nowhere.zip"))])


def test_real_feeds_agree_with_their_raw_files(shared: Path) -> None:
    """Trips on a Monday, counted from the raw files by hand."""
    path = shared / "regions" / "nky" / "TANK-GTFS.zip"
    feed, notes = read_feeds([("tank", path)])
    assert set(notes["code"]) == {"unused_stop"}
    with zipfile.ZipFile(path) as archive:
        trips = pd.read_csv(archive.open("trips.txt"), dtype=str)
        calls = pd.read_csv(archive.open("stop_times.txt"), dtype=str)
    assert len(feed.trip_id) == len(trips)
    assert len(feed.arrival) == len(calls)
    day = timetable(feed, datetime.date(2020, 7, 20))
    own = (day.trip_shift == 0) & (day.trip_onward < 0)
    assert own.sum() == (trips["service_id"] == "Weekday").sum()
    hours = calls["arrival_time"].str.extract(r"(\d+):(\d+):(\d+)").astype(int).to_numpy() @ [3600, 60, 1]
    assert int(feed.arrival.astype(np.int64).sum()) == int(hours.sum())


def test_a_real_feed_without_most_times(shared: Path) -> None:
    folder = shared / "regions" / "poa"
    feed, notes = read_feeds([(name, folder / f"{name}.zip") for name in ("poa_eptc", "poa_trensurb")])
    assert notes.empty
    assert valid_dates(feed) == (datetime.date(2019, 4, 15), datetime.date(2019, 7, 15))
    with zipfile.ZipFile(folder / "poa_eptc.zip") as archive:
        calls = pd.read_csv(archive.open("stop_times.txt"), dtype=str)
    assert calls["arrival_time"].isna().mean() > 0.95
    first = calls[calls["arrival_time"].notna()].iloc[0]
    trip = np.flatnonzero(feed.trip_id == f"poa_eptc:{first['trip_id']}")[0]
    times = feed.arrival[feed.call_offset[trip] : feed.call_offset[trip + 1]]
    assert (np.diff(times) >= 0).all()
    assert len(times) == (calls["trip_id"] == first["trip_id"]).sum()
    hours, minutes, seconds = map(int, re.findall(r"\d+", first["arrival_time"]))
    assert times[0] == hours * 3600 + minutes * 60 + seconds


@pytest.mark.parametrize("text", ["stop_id" + "," * 2000 + "\nA\n", "stop_id" + "," * 500 + "\n" + "A\n" * 5000])
def test_columns_that_no_row_has_are_refused(text: str) -> None:
    with pytest.raises(SourceError, match=r"stops\.txt has [\d,]+ columns, more than its rows have cells"):
        read(stops_txt=text)
