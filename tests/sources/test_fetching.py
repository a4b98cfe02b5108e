"""The last good copy stays when a feed breaks, and says so; what answers is reported in a line."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import cli
from geo.errors import InputError, SourceError
from sources import fetching
from sources.adapter.source import FetchContext
from sources.cleaning.bounds import Bounds, place_bounds
from sources.fetching import check_sources, fetch_source, read_keys
from sources.registry import SOURCES
from sources.web.cache import read_copy
from sources.web.http import Policy
from tests.sources.replay import Replay, Reply, json_reply

POLICY = Policy(connect_seconds=1, read_seconds=1, deadline_seconds=5, retries=0, loopback=True)


@pytest.fixture(autouse=True)
def online(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RECOVERY_REACH_OFFLINE", raising=False)
    for source in SOURCES:
        for name in source.keys:
            monkeypatch.delenv(f"RECOVERY_REACH_{name.upper()}", raising=False)


def feed(rows: int) -> Reply:
    meeting = {"name": "Morning Light", "day": 1, "time": "07:00", "latitude": 39.08, "longitude": -84.51}
    address = "1 Main Street, Covington, KY 41011, USA"
    return json_reply(json.dumps([meeting | {"slug": f"m{n}", "formatted_address": address} for n in range(rows)]))


def fetched(url: str, cache: Path, **more: Any) -> fetching.FetchResult:
    return fetch_source("meeting_guide", FetchContext(POLICY, url), cache, **more)


def test_what_is_fetched_is_kept_with_its_facts(replay: Replay, tmp_path: Path) -> None:
    result = fetched(replay.on("/feed", feed(10)), tmp_path)
    assert result.stale is None
    assert result.counts["meeting_guide.json"].kept == 10
    (folder,) = tmp_path.glob("meeting_guide-*")
    copy = read_copy(folder)
    assert copy
    assert (copy.rows, copy.stale) == (10, None)
    assert copy.documents["meeting_guide.json"].content == result.documents["meeting_guide.json"].content
    facts = json.loads((folder / "facts.json").read_text())
    assert len(facts["documents"]["meeting_guide.json"]["sha256"]) == 64


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (Reply(status=500), "500"),
        (Reply(b"<html>Sorry</html>"), "web page"),
        (json_reply("[]"), "no row"),
        (feed(4), "4 rows where the last good copy has 10"),
        (json_reply('{"meetings": []}'), "array"),
        (Reply(b"[{", length=50), "before the end"),
    ],
)
def test_a_feed_that_breaks_leaves_the_last_good_copy(
    replay: Replay, tmp_path: Path, broken: Reply, words: str
) -> None:
    url = replay.on("/feed", feed(10), broken, broken, feed(6))
    good = fetched(url, tmp_path)
    for _ in range(2):
        result = fetched(url, tmp_path)
        assert result.stale
        assert words in result.stale
        assert "stays and is marked stale" in result.stale
        assert result.documents["meeting_guide.json"].content == good.documents["meeting_guide.json"].content
        (folder,) = tmp_path.glob("meeting_guide-*")
        copy = read_copy(folder)
        assert copy
        assert (copy.stale, copy.rows) == (result.stale, 10)
    well = fetched(url, tmp_path)
    assert (well.stale, well.counts["meeting_guide.json"].rows_in) == (None, 6)


def test_a_key_in_an_address_is_kept_nowhere(replay: Replay, tmp_path: Path) -> None:
    url = replay.on("/feed", feed(10), Reply(status=500)) + "?key=secret"
    for result in (fetched(url, tmp_path), fetched(url, tmp_path)):
        assert "secret" not in json.dumps(result.as_dict()) + "".join(result.lines())
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept
    for path in kept:
        assert "secret" not in str(path)
        assert b"secret" not in path.read_bytes()


def test_without_a_good_copy_a_broken_feed_is_an_error(replay: Replay, tmp_path: Path) -> None:
    for broken in (Reply(status=404), json_reply("[]"), json_reply("{}")):
        with pytest.raises(SourceError):
            fetched(replay.on("/feed", broken), tmp_path)
    assert list(tmp_path.glob("meeting_guide-*")) == []


def test_fewer_rows_are_taken_when_a_person_says_so(replay: Replay, tmp_path: Path) -> None:
    url = replay.on("/feed", feed(10), feed(1))
    fetched(url, tmp_path)
    assert fetched(url, tmp_path, accept_fewer=True).counts["meeting_guide.json"].rows_in == 1


def test_an_unchanged_feed_is_good_and_fresh(replay: Replay, tmp_path: Path) -> None:
    first = replace(feed(10), headers=(("ETag", '"1"'),))
    url = replay.on("/feed", first, Reply(status=304))
    fetched(url, tmp_path)
    result = fetched(url, tmp_path)
    assert result.stale is None
    assert result.documents["meeting_guide.json"].unchanged
    assert replay.asked[1].headers["if-none-match"] == '"1"'


def test_a_damaged_copy_is_no_copy(replay: Replay, tmp_path: Path) -> None:
    url = replay.on("/feed", replace(feed(10), headers=(("ETag", '"1"'),)))
    fetched(url, tmp_path)
    (path,) = tmp_path.glob("meeting_guide-*/meeting_guide.json")
    path.write_bytes(path.read_bytes().replace(b"Morning", b"Evening"))
    fetched(url, tmp_path)
    assert "if-none-match" not in replay.asked[1].headers
    copy = read_copy(path.parent)
    assert copy
    assert copy.rows == 10


def test_another_place_has_a_copy_of_its_own(replay: Replay, tmp_path: Path) -> None:
    url = replay.on("/feed", feed(10), feed(2))
    fetched(url, tmp_path)
    there = FetchContext(POLICY, url, Bounds(-84.6, 39.0, -84.4, 39.2))
    assert fetch_source("meeting_guide", there, tmp_path).stale is None
    assert len(list(tmp_path.glob("meeting_guide-*"))) == 2


@pytest.mark.parametrize("name", ["osm", "table", "nonsense"])
def test_what_is_not_fetched_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="those that are fetched are meeting_guide"):
        fetch_source(name, FetchContext(POLICY), tmp_path)
    with pytest.raises(InputError, match="findtreatment"):
        check_sources(name, POLICY, {})


def test_places() -> None:
    box = place_bounds("39.0837,-84.5086", 10)
    assert (box.north - box.south) * 111.195 == pytest.approx(20)
    assert (box.east - box.west) * 111.195 * 0.7763 == pytest.approx(20, rel=1e-3)
    assert place_bounds("-84.7, 38.9, -84.4, 39.1", 0) == Bounds(-84.7, 38.9, -84.4, 39.1)
    for text in (
        "",
        "Covington",
        "1",
        "1,2,3",
        "nan,1",
        "91,0",
        "-84.4,38.9,-84.7,39.1",
        "-100,20,-80,40",
    ):
        with pytest.raises(InputError, match=r"lat|box"):
            place_bounds(text, 10)
    for swapped in ("38.8,-84.7,39.12,-84.4", "-84.5086,39.0837"):
        with pytest.raises(InputError, match=r"Antarctica; give (west|latitude)"):
            place_bounds(swapped, 10)
    for radius in (0.0, -1.0, 301.0, float("nan")):
        with pytest.raises(InputError, match="radius"):
            place_bounds("39,-84", radius)


def test_accounts_come_from_the_environment_or_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_keys(tmp_path) == {}
    (tmp_path / "keys.toml").write_text('careeronestop_user = "file"\ncareeronestop_token = "t"\nother = "x"\n')
    (tmp_path / "keys.toml").chmod(0o600)
    monkeypatch.setenv("RECOVERY_REACH_CAREERONESTOP_USER", "environment")
    assert read_keys(tmp_path) == {"careeronestop_user": "environment", "careeronestop_token": "t"}
    (tmp_path / "keys.toml").write_text("no toml")
    with pytest.raises(InputError, match=r"keys\.toml"):
        read_keys(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="a user's own folders are closed to others there")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o622])
def test_accounts_that_others_can_read_are_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys.toml"
    path.write_text('census_key = "secret"\n')
    path.chmod(mode)
    with pytest.raises(InputError) as refused:
        read_keys(tmp_path)
    assert str(refused.value) == (
        f"Others on this computer can open {path}: close it with `chmod 600 {path}`, then try again."
    )
    path.chmod(0o600)
    assert read_keys(tmp_path) == {"census_key": "secret"}


def test_each_source_says_in_a_line_whether_it_answers(replay: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    url = replay.on("/v2", Reply(b"x" * 1000, headers=(("Content-Type", "application/json"),), endless=True))
    moved = tuple(
        replace(
            source, endpoint=url if source.name == "findtreatment" else source.endpoint and replay.address + "/gone"
        )
        for source in SOURCES
    )
    monkeypatch.setattr(fetching, "SOURCES", moved)
    lines = {check.source: check for check in check_sources(None, POLICY, {})}
    assert (
        set(lines) == {source.name for source in SOURCES if source.fetch or source.probe} >= {"nominatim", "tigerweb"}
    )
    assert (lines["findtreatment"].answers, lines["findtreatment"].line) == (True, "answers with application/json")
    assert "404" in lines["hrsa"].line
    assert "--url" in lines["bmlt"].line
    assert lines["job_centers"].line.startswith("skipped: it needs a free account")
    (own,) = check_sources("nominatim", POLICY, {}, {"nominatim": url})
    assert own.line == "answers with application/json"
    offline = check_sources("hrsa", replace(POLICY, offline=True), {})
    assert [(check.answers, "offline" in check.line) for check in offline] == [(False, True)]


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.argv", ["recovery-reach", *words])
    code = 0
    try:
        cli.main()
    except SystemExit as end:
        code = int(end.code or 0)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_commands(
    replay: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path / "home"))
    url, out = replay.on("/feed", feed(10), Reply(status=500)), tmp_path / "meetings.json"
    words = ("sources", "fetch", "meeting_guide", "--for", "39.08,-84.51", "--url", url, "--out", str(out))
    code, _, error = run(monkeypatch, capsys, *words)
    assert (code, out.exists()) == (2, False)
    assert "without encryption" in error
    monkeypatch.setattr(fetching, "default_policy", lambda: POLICY)
    code, text, _ = run(monkeypatch, capsys, *words)
    assert code == 0
    assert "10 rows in = 10 kept + 0 repaired + 0 set aside" in text
    assert len(json.loads(out.read_bytes())) == 10
    code, text, _ = run(monkeypatch, capsys, *words, "--json")
    assert code == 0
    assert "marked stale" in json.loads(text)["stale"]
    monkeypatch.setenv("RECOVERY_REACH_OFFLINE", "1")
    code, text, _ = run(monkeypatch, capsys, "sources", "check", "--json")
    assert code == 0
    assert not any(check["answers"] for check in json.loads(text))
    code, text, _ = run(monkeypatch, capsys, "sources", "check", "hrsa")
    assert text == "hrsa: not asked: this software is set to work offline\n"


def test_timetables_of_a_place_are_listed(
    replay: Replay, tmp_path: Path, shared: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path))
    monkeypatch.setattr(fetching, "default_policy", lambda: POLICY)
    raw = (shared / "feeds/mobility_database/mobilitydb_us_gtfs_schedule.csv").read_bytes()
    url = replay.on("/feeds.csv", Reply(raw))
    words = ("sources", "fetch", "mobility_database", "--for", "-84.7,38.9,-84.4,39.1", "--url", url)
    code, text, _ = run(monkeypatch, capsys, *words)
    assert code == 0
    assert "2068 Transit Authority of Northern Kentucky (TANK) (active): https://" in text
    code, text, _ = run(monkeypatch, capsys, *words, "--json")
    assert any(one["feed_id"] == "2068" for one in json.loads(text)["feeds"])
