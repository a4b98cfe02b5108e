"""The one door to the network: every limit, proven against a server that misbehaves."""

import gzip
import json
import socket
import threading
import time
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from geo.dates import local_date
from geo.errors import SourceError
from sources.web.http import Fetched, GoneError, Policy, fetch, size_of
from sources.web.http_messages import user_agent
from sources.web.url_guard import is_public
from tests.sources.replay import Asked, Replay, Reply, gzipped, json_reply, redirect, seconds_of

QUICK = Policy(
    connect_seconds=1,
    read_seconds=0.4,
    deadline_seconds=5,
    most_bytes=100_000,
    retries=2,
    backoff_seconds=0.01,
    longest_wait_seconds=0.1,
    loopback=True,
)
ONCE = replace(QUICK, retries=0)


@pytest.fixture(autouse=True)
def online(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RECOVERY_REACH_OFFLINE", raising=False)


def test_the_bytes_come_with_their_facts(replay: Replay) -> None:
    url = replay.on(
        "/feed", Reply(b"[1]", headers=(("ETag", '"a"'), ("Last-Modified", "Wed, 01 Jan 2025 00:00:00 GMT")))
    )
    fetched = fetch(url, QUICK)
    assert (fetched.content, fetched.url, fetched.etag, fetched.unchanged) == (b"[1]", url, '"a"', False)
    assert fetched.retrieved_on == local_date("").isoformat()
    (asked,) = replay.asked
    assert asked.headers["user-agent"] == user_agent()
    assert asked.headers["user-agent"].startswith("RecoveryReach/")
    assert not {"cookie", "authorization", "referer"} & set(asked.headers)


def test_what_comes_bears_the_date_of_the_regions_evening(replay: Replay) -> None:
    url = replay.on("/feed", Reply(b"[1]"), Reply(b"[1]"))
    zones = ("Pacific/Kiritimati", "Pacific/Pago_Pago")  # 25 hours apart: never on one date
    east, west = (fetch(url, replace(QUICK, time_zone=zone)).retrieved_on for zone in zones)
    assert east > west


def test_what_has_not_changed_is_not_sent_again(replay: Replay) -> None:
    when = "Wed, 01 Jan 2025 00:00:00 GMT"
    url = replay.on("/feed", Reply(status=304))
    have = Fetched(b"[1]", "2025-01-02", url, '"a"', when)
    fetched = fetch(url, QUICK, have=have)
    assert fetched == replace(have, retrieved_on=fetched.retrieved_on, unchanged=True)
    assert fetched.retrieved_on > "2025-01-02"
    assert replay.asked[0].headers["if-none-match"] == '"a"'
    assert replay.asked[0].headers["if-modified-since"] == when
    with pytest.raises(SourceError, match="304"):
        fetch(url, QUICK)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(replay: Replay, status: int) -> None:
    url = replay.on("/feed", Reply(b"no", status), Reply(b"no", status), json_reply("[]"))
    assert fetch(url, QUICK).content == b"[]"
    assert len(replay.asked) == 3


def test_tries_end(replay: Replay) -> None:
    with pytest.raises(SourceError, match=r"503 .*tried 3 times"):
        fetch(replay.on("/feed", Reply(status=503)), QUICK)
    assert len(replay.asked) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 501])
def test_what_will_not_pass_is_not_tried_again(replay: Replay, status: int) -> None:
    with pytest.raises(SourceError, match=str(status)):
        fetch(replay.on("/feed", Reply(status=status)), QUICK)
    assert len(replay.asked) == 1


def test_a_host_that_asks_to_wait_is_waited_for_up_to_a_limit(replay: Replay) -> None:
    policy = replace(QUICK, backoff_seconds=0, longest_wait_seconds=0.3)
    soon, late = (
        Reply(status=429, headers=(("Retry-After", "0"),)),
        Reply(status=429, headers=(("Retry-After", "900"),)),
    )
    dated = Reply(status=503, headers=(("Retry-After", formatdate(time.time() + 900, usegmt=True)),))
    nonsense = Reply(status=503, headers=(("Retry-After", "soon"),))
    assert seconds_of(lambda: fetch(replay.on("/a", soon, json_reply("[]")), policy)) < 0.25
    assert 0.3 <= seconds_of(lambda: fetch(replay.on("/b", late, json_reply("[]")), policy)) < 1.5
    assert 0.3 <= seconds_of(lambda: fetch(replay.on("/c", dated, json_reply("[]")), policy)) < 1.5
    assert seconds_of(lambda: fetch(replay.on("/d", nonsense, json_reply("[]")), policy)) < 0.25
    short = replace(QUICK, deadline_seconds=0.5, longest_wait_seconds=60)
    with pytest.raises(SourceError, match="no time left"):
        fetch(replay.on("/e", late), short)


@pytest.mark.parametrize("drip_head", [True, False])
def test_a_dripping_answer_is_cut_at_the_deadline(replay: Replay, drip_head: bool) -> None:
    url = replay.on("/feed", Reply(b"x" * 5000, drip_seconds=0.05, drip_head=drip_head))
    policy = replace(ONCE, deadline_seconds=0.6)

    def ask() -> None:
        with pytest.raises(SourceError, match=r"longer than 0\.6 s"):
            fetch(url, policy)

    assert seconds_of(ask) < 1.5


def test_a_dripping_answer_without_end_or_length_is_not_taken_for_whole(replay: Replay) -> None:
    url = replay.on("/feed", Reply(b"[1, 2, 3]" * 50, length=-1, drip_seconds=0.05))
    with pytest.raises(SourceError, match="longer than"):
        fetch(url, replace(ONCE, deadline_seconds=0.5))


def test_silence_ends_at_the_read_timeout(replay: Replay) -> None:
    url = replay.on("/feed", Reply(b"[]", drip_seconds=3, drip_head=True))
    with pytest.raises(SourceError, match="in time"):
        fetch(url, ONCE)


def test_an_endless_body_is_cut_at_the_cap(replay: Replay) -> None:
    with pytest.raises(SourceError, match=r"more than 0\.1 MB"):
        fetch(replay.on("/feed", Reply(b"x" * 10_000, endless=True)), QUICK)
    assert len(replay.asked) == 1


def test_an_endless_redirect_is_not_read(replay: Replay) -> None:
    replay.on("/b", json_reply("[]"))
    url = replay.on("/a", Reply(b"x" * 10_000, 302, (("Location", "/b"),), endless=True))
    assert fetch(url, QUICK).content == b"[]"


def test_packed_answers_are_unpacked_and_counted(replay: Replay) -> None:
    assert fetch(replay.on("/a", gzipped(b"[1]")), QUICK).content == b"[1]"
    with pytest.raises(SourceError, match=r"more than 0\.1 MB"):
        fetch(replay.on("/bomb", gzipped(bytes(50_000_000))), QUICK)
    exact = gzipped(bytes(100_000))
    assert len(fetch(replay.on("/exact", exact), QUICK).content) == 100_000
    two = Reply(gzip.compress(b"[1,") + gzip.compress(b"2]"), headers=(("Content-Encoding", "gzip"),))
    assert fetch(replay.on("/two", two), QUICK).content == b"[1,2]"


def test_a_gzip_file_that_is_no_encoding_stays_as_it_is(replay: Replay) -> None:
    packed = gzip.compress(b"w_geocode,C000\n")
    assert fetch(replay.on("/wac.csv.gz", Reply(packed)), QUICK).content == packed


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(b"[1, 2", length=500), "before the end"),
        (Reply(gzip.compress(b"x" * 1000)[:-9], headers=(("Content-Encoding", "gzip"),)), "before the end"),
        (Reply(b"not packed", headers=(("Content-Encoding", "gzip"),)), "damaged"),
        (Reply(b"5\r\n[1, 2\r\n", length=-1, headers=(("Transfer-Encoding", "chunked"),)), "before the end"),
    ],
)
def test_a_truncated_body_is_never_taken_for_whole(replay: Replay, reply: Reply, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        fetch(replay.on("/feed", reply), QUICK)
    assert len(replay.asked) == 3
    assert fetch(replay.on("/feed", reply, json_reply("[]")), QUICK).content == b"[]"


def test_encodings_that_were_not_asked_for_are_refused(replay: Replay) -> None:
    with pytest.raises(SourceError, match="'br'"):
        fetch(replay.on("/feed", Reply(b"x", headers=(("Content-Encoding", "br"),))), QUICK)


def test_redirects_are_followed_to_a_limit(replay: Replay) -> None:
    replay.on("/c", json_reply("[]"))
    replay.on("/b", redirect("c", 308))
    fetched = fetch(replay.on("/a", redirect("/b", 301)), QUICK)
    assert fetched.url == replay.address + "/c"
    with pytest.raises(SourceError, match="more than 5 times"):
        fetch(replay.on("/loop", redirect("/loop")), QUICK)


@pytest.mark.parametrize(
    "to",
    [
        "http://169.254.169.254/latest/",
        "https://10.0.0.5/",
        "file:///etc/passwd",
        "https://[::ffff:10.0.0.5]/",
        "http://u:p@127.0.0.1/",
        "//10.0.0.5/",
        "http://[",
        "gopher://127.0.0.1:1/",
        "https://0x7f.1:1/",
    ],
)
def test_every_hop_is_judged(replay: Replay, to: str) -> None:
    for policy in (replace(QUICK, loopback=False), replace(QUICK, plain_http=True)):
        url = replay.on("/a", redirect(to))
        with pytest.raises(SourceError) as caught:
            fetch(url, policy)
        assert "u:p" not in str(caught.value)


def test_a_key_goes_to_its_host_alone(replay: Replay) -> None:
    from tests.sources.replay import replaying

    with replaying() as other:
        other.on("/b", json_reply("[]"))
        url = replay.on("/a", redirect(other.address + "/b"))
        fetch(url, QUICK, headers={"Authorization": "Bearer secret"})
    assert replay.asked[0].headers["authorization"] == "Bearer secret"
    assert "authorization" not in other.asked[0].headers


def test_the_listed_attacks_are_refused(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    urls = json.loads((shared / "badinputs/synthetic-attacks/ssrf_urls.json").read_text())
    reached: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _self, address: reached.append(address))
    for url in urls:
        for scheme in ("http:", "https:"):
            for policy in (Policy(retries=0), Policy(retries=0, plain_http=True)):
                with pytest.raises(SourceError):
                    fetch(url.replace("http:", scheme), policy)
    assert len(urls) >= 14
    assert reached == []


@pytest.mark.parametrize(
    "url",
    [
        "https://0177.0.0.1/",
        "https://017700000001/",
        "https://127.1/",
        "https://0/",
        "https://[::]/",
        "https://[fe80::1]/",
        "https://[fc00::1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://224.0.0.1/",
        "https://240.0.0.1/",
        "https://255.255.255.255/",
        "https://192.168.0.1/",
        "https://172.16.0.1/",
        "https://127.0.0.1./",
        "https://localhost/",
        "https://[::ffff:7f00:1]/",
    ],
)
def test_other_ways_to_write_private_addresses(url: str) -> None:
    with pytest.raises(SourceError, match=r"private network|not a web address|not known"):
        fetch(url, Policy(retries=0))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "feed.json",
        "https://",
        "https:///x",
        "https://a b/",
        "https://example.org\\@127.0.0.1/",
        "https://e.org/\n",
        "https://exämple.org/",
        "https://e.org:99999/",
        "ftp://e.org/",
        "https://me@e.org/",
        "https://:@e.org/",
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(SourceError):
        fetch(url, Policy(retries=0))


def test_plain_http_to_a_public_host_needs_saying() -> None:
    with pytest.raises(SourceError, match="without encryption"):
        fetch("http://example.org/", Policy(retries=0))


def resolving(monkeypatch: pytest.MonkeyPatch, *addresses: list[str]) -> list[str]:
    """Make every name resolve to the addresses, other ones each time, and return the list of what is connected to."""
    answers, reached = list(addresses), []
    genuine = socket.socket.connect

    def look_up(_host: str, port: int, **_: Any) -> list[Any]:
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    def connect(self: socket.socket, address: Any) -> None:
        reached.append(address[0])
        if address[0].startswith("127."):
            genuine(self, address)
        else:
            raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket.socket, "connect", connect)
    return reached


def test_a_name_that_changes_its_address_is_judged_where_it_is_connected(
    replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = replay.address.rsplit(":", 1)[1]
    replay.on("/", json_reply("[]"))
    reached = resolving(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
    with pytest.raises(SourceError, match="private network"):
        fetch(f"http://rebinding.example:{port}/", replace(QUICK, loopback=False, plain_http=True))
    assert reached == ["93.184.215.14"]
    assert replay.asked == []


def test_one_private_address_among_public_ones_spoils_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    reached = resolving(monkeypatch, ["93.184.215.14", "10.0.0.5"])
    with pytest.raises(SourceError, match="private network"):
        fetch("https://mixed.example/", QUICK)
    assert reached == []


def test_public_and_not() -> None:
    assert all(is_public(ip) for ip in ("93.184.215.14", "2606:2800:21f::1", "::ffff:8.8.8.8", "64:ff9b::808:808"))
    private = ("0.0.0.1", "100.64.0.1", "169.254.1.1", "198.18.0.1", "::1", "fec0::1", "ff02::1", "::ffff:10.0.0.1")
    assert not any(is_public(ip) for ip in private)


@pytest.mark.parametrize("value", ["1", "true"])
def test_offline_asks_nobody(replay: Replay, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    url = replay.on("/feed", json_reply("[]"))
    with pytest.raises(SourceError, match="offline"):
        fetch(url, replace(QUICK, offline=True))
    monkeypatch.setenv("RECOVERY_REACH_OFFLINE", value)
    with pytest.raises(SourceError, match="offline"):
        fetch(url, QUICK)
    assert replay.asked == []
    monkeypatch.setenv("RECOVERY_REACH_OFFLINE", "0")
    assert fetch(url, QUICK).content == b"[]"


def test_a_host_that_is_not_there_is_told_in_a_sentence() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(SourceError, match=r"127\.0\.0\.1 can't be reached \(tried once\)"):
        fetch(f"http://127.0.0.1:{port}/", ONCE)


def test_messages_hold_the_host_and_nothing_of_the_query(replay: Replay) -> None:
    with pytest.raises(SourceError) as caught:
        fetch(replay.on("/feed", Reply(status=403)) + "?app_key=secret&lat=39.08", QUICK)
    assert "secret" not in str(caught.value)
    assert "39.08" not in str(caught.value)


def test_proxies_and_sign_ins_of_the_machine_are_not_used(
    replay: Replay, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9/")
    assert fetch(replay.on("/feed", json_reply("[]")), QUICK).content == b"[]"
    assert "authorization" not in replay.asked[0].headers


def test_what_a_client_asks_is_what_the_server_sees(replay: Replay) -> None:
    def echo(asked: Asked) -> Reply:
        return json_reply(json.dumps(asked.query))

    assert json.loads(fetch(replay.on("/q", echo) + "?a=1&b=x%20y", QUICK).content) == {"a": "1", "b": "x y"}


def test_a_host_that_can_not_encrypt_is_told_in_a_sentence(replay: Replay) -> None:
    with pytest.raises(SourceError, match="encrypted form"):
        fetch(replay.on("/feed", json_reply("[]")).replace("http:", "https:"), ONCE)


def test_nothing_is_left_running(replay: Replay) -> None:
    before = threading.active_count()
    for _ in range(3):
        fetch(replay.on("/feed", json_reply("[]")), QUICK)
    time.sleep(0.1)
    assert threading.active_count() <= before


def test_sizes_are_told_without_reading(replay: Replay) -> None:
    assert size_of(replay.on("/a", Reply(b"x" * 1234)), QUICK) == 1234
    assert size_of(replay.on("/b", Reply(b"x" * 10_000, endless=True)), QUICK) is None
    assert size_of(replay.on("/c", redirect("/a")), QUICK) == 1234
    with pytest.raises(GoneError, match="404"):
        size_of(replay.address + "/gone", QUICK)
