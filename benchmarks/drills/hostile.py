"""Hostile input: files given to commands, inputs changed at random for each parser, and requests to a server."""

import io
import json
import random
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import httpx

from benchmarks.drills import town
from benchmarks.drills.asking import ROOT, asked, environment
from benchmarks.drills.outcome import Outcome, Work
from benchmarks.fuzz import PARSERS, SECONDS, hold

MARK = "qzx7731"
"""Is in everything that is sent, so that it can be searched for."""
ATTACKS = (
    f"<script>{MARK}()</script>", f'"><img src=x onerror={MARK}()>', f"{{{{7*7}}}}{MARK}", f"{{% bad %}}{MARK}",
    f"${{{MARK}()}}", f"'; DROP TABLE people; -- {MARK}", f"=cmd|'/c {MARK}'!A1", f"[x](javascript:{MARK}())",
    f"\x00{MARK}", f"\u202e{MARK}", f"\x1b[2J{MARK}", f"\u2028{MARK}", MARK * 20, f"%00%0d%0a{MARK}", "9" * 150 + MARK,
    f"../../../../etc/passwd{MARK}", f"{MARK}\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
)  # fmt: skip
PATHS = (
    "/../../../../etc/passwd", "/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd", "/near/../../etc/passwd",
    "/static/..%5c..%5cwin.ini", "/media/../../etc/passwd", "/component/x/../../../etc/passwd", "//etc/passwd", "/%00",
    "/_stcore/metrics", "/_stcore/host-config", "/_stcore/upload_file/x/y", "/_stcore/nothing", "/near/pocket.js/..",
    "/" + "a" * 6000, "/near?" + "b=" * 3000, "/basemap/demo/x/99/1/1.png", "/~+/x", "/.env", "/.git/config",
)  # fmt: skip
MOST_MEGABYTES, MOST_SECONDS = 1024, 60
AT_ONCE = 2
FIELDS = ("place", "region", "language", "view", "mode", "date", "time", "day", "target", "at", "typed")


def drill(work: Work) -> Outcome:
    """Give hostile input in every way that there is; each is answered, or refused in a sentence, and nothing runs."""
    outcome, chance = Outcome(), random.Random(work.seed)  # noqa: S311  which comes first is no secret
    _give_files(work, chance, outcome)
    _change_inputs(work, chance, outcome)
    _ask_server(work, chance, outcome)
    return outcome


def _give_files(work: Work, chance: random.Random, outcome: Outcome) -> None:
    """Give commands files that are made to hurt, in some order, while there is time."""
    home, files = work.folder / "home", town.write_town(work.folder / "files")
    town.made(outcome, home, *town.build_words(files))
    before = town.hash_of(home)
    given = list(hostile_files(files))
    chance.shuffle(given)
    until = work.until(0.6)

    def give(words: list[str]) -> None:
        if time.monotonic() > until and outcome.figures["hostile files given to commands"]:
            return
        answer = asked(outcome, home, *words)
        outcome.figures["hostile files given to commands"] += 1
        outcome.figures["of them refused in a sentence"] += answer.is_refused
        name = f"{words[-2]} {Path(words[-1].rpartition('=')[2]).name[:60]!r}"
        outcome.expect(answer.megabytes < MOST_MEGABYTES, f"{name} took {answer.megabytes:.0f} MB")
        outcome.expect(answer.cpu_seconds < MOST_SECONDS, f"{name} took {answer.cpu_seconds:.0f} s of the processor")
        outcome.expect("\x1b[2J" not in answer.output + answer.errors, f"{name} steers the terminal")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(give, given))
    outcome.expect(town.hash_of(home) == before, "a region changed by what was given to another")


def hostile_files(files: Path) -> Iterator[list[str]]:
    """Yield commands, the last word of each a file that was written to hurt."""
    attacks = "\n".join(f'"{text}",39.081,-84.509,"{text}"'.replace("\x00", "") for text in ATTACKS)
    rows = "name,lat,lon,notes\n"
    places = {
        "attacks.csv": f"{rows}{attacks}\n".encode(),
        "digits.csv": f"{rows}Long,{'3' * 40_000},-84.5,x\n".encode(),
        "note.csv": f"{rows}Note,39.081,-84.509,{'call 555-0100 at ' * 60_000}\n".encode(),
        "nul.csv": f"{rows}A\0B,39.081,-84.509,\0\n".encode(),
        "utf16.csv": f"{rows}Wide,39.081,-84.509,x\n".encode("utf-16"),
        "columns.csv": (",".join(["name"] * 30_000) + "\n" + "," * 29_999 + "\n").encode(),
        "quote.csv": b'name,lat,lon\n"' + b"x" * 3_000_000,
        "deep.json": b'[{"a":' * 40_000,
        "nan.json": b'[{"name": "X", "latitude": NaN, "longitude": 1e999}]',
        "keys.json": json.dumps([{f"k{number}": number for number in range(60_000)}]).encode(),
        "cut.json": b'[{"name": "X", "latitude": 39.08',
        "crossing.geojson": _crossing(4000).encode(),
        "entities.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    }
    for name, content in places.items():
        path = _written(files, name, content)
        words = ["region", "build", "hostile", "--osm", str(files / "town.osm"), "--zones", str(files / "people.csv")]
        yield [*words, "--yes", "--json", "--resources", f"food={path}"]
    bomb, many, odd = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("stops.txt", bytes(300_000_000))
    with zipfile.ZipFile(many, "w") as packed:
        for number in range(12_000):
            packed.writestr(f"{number}.txt", b"")
    with zipfile.ZipFile(odd, "w") as packed:
        packed.writestr("../../../../../escaped.txt", MARK)
        packed.writestr("stops.txt", "stop_id\n\xff".encode("latin-1"))
    for name, content in {"bomb.zip": bomb, "many.zip": many, "odd.zip": odd, "no.zip": io.BytesIO(b"PK\3\4")}.items():
        path = _written(files, name, content.getvalue())
        yield ["region", "build", "hostile", "--osm", str(files / "town.osm"), "--yes", "--json", "--gtfs", str(path)]
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    streets = {
        "laughs.osm": f"<?xml version='1.0'?><!DOCTYPE osm [{laughs}]><osm version='0.6'>&a11;</osm>".encode(),
        "cut.osm": (files / "town.osm").read_bytes()[:700],
        "no.osm.pbf": b"\x00\x00\x00\x0d\x0a\x09OSMHeader" + b"\xff" * 2000,
    }
    for name, content in streets.items():
        yield ["region", "build", "hostile", "--yes", "--json", "--osm", str(_written(files, name, content))]
    corners = ", ".join(f"[39.0{number % 7}, -84.{number % 90 + 10}]" for number in range(4000))
    needs = {
        "dotted.toml": "\n".join(f"{'a.' * 8}k{number} = 1" for number in range(4000)).encode(),
        "deep.toml": b"a" + b".a" * 20_000 + b" = 1",
        "huge.toml": b"weekly_budget_usd = " + b"9" * 50_000,
        "corners.toml": f'[[stay_away]]\nname = "x"\npolygon = [{corners}]\n'.encode(),
        "binary.toml": bytes(range(256)) * 40,
    }
    for name, content in needs.items():
        yield [*town.score_words(), "--needs", str(_written(files, name, content))]
        yield [*town.score_words(), "--parameters", str(files / name)]
    for text in ("91,181", "0,0", "nan,nan", "1e400,1", "\u202e", *ATTACKS[:6], "x" * 10_000):
        yield ["score", town.NAME, "--json", "--at", text.replace("\x00", "")]


def _written(files: Path, name: str, content: bytes) -> Path:
    (files / name).write_bytes(content)
    return files / name


def _crossing(corners: int) -> str:
    """Return an outline that crosses itself as often as it can."""
    ring = [
        [-84.5 + (number * 7919 % corners) / corners / 50, 39.08 + number / corners / 50] for number in range(corners)
    ]
    shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    return json.dumps(
        {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": shape, "properties": {}}]}
    )


def _change_inputs(work: Work, chance: random.Random, outcome: Outcome) -> None:
    """Change sound inputs of each parser at random, while there is time."""
    until = work.until(0.15)
    while time.monotonic() < until:
        for name, (parser, begin_with) in PARSERS.items():
            raw = changed(chance.choice(begin_with()), chance)
            began = time.process_time()
            try:
                hold(parser, raw)
            except Exception as problem:  # what a drill is for
                outcome.expect(False, f"{name}: {type(problem).__name__}: {problem}; given {raw[:80]!r}")
            used = time.process_time() - began
            outcome.expect(used < SECONDS, f"{name}: {used:.0f} s of the processor for {raw[:80]!r}")
            outcome.figures["inputs of parsers changed at random"] += 1


def changed(raw: bytes, chance: random.Random) -> bytes:
    """Return bytes with some of them flipped, cut out, repeated, or replaced by what hurts elsewhere."""
    content = bytearray(raw)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(content) + 1)
        to = min(len(content), at + chance.randint(1, 40))
        way = chance.randrange(4)
        if way == 0 and at < to:
            content[at] ^= 1 << chance.randrange(8)
        elif way == 1:
            del content[at:to]
        elif way == 2:
            content[at:at] = content[at:to] * chance.randint(1, 30)
        else:
            content[at:to] = chance.choice(ATTACKS).encode()
    return bytes(content)


def _ask_server(work: Work, chance: random.Random, outcome: Outcome) -> None:
    """Ask a server what nobody should, and search its answers and its log for what was sent."""
    log = work.folder / "server.log"
    with _served(work.demo, log) as (port, server), httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        until = work.until(0.25)
        while not outcome.figures["requests that nobody should make"] or time.monotonic() < until:
            outcome.figures["requests that nobody should make"] += 1
            _probe(client, port, chance, outcome)
            if not outcome.expect(server.poll() is None, "the server ended"):
                return
        well = client.get("/_stcore/health", timeout=60)
        outcome.expect(well.text == "ok", f"the server's health after all of it: {well.status_code}")
        usual = client.post("/near", data={"region": "demo", "place": "5th & Finch"}, timeout=60)
        outcome.expect('id="answer"' in usual.text, "a visitor after all of it isn't answered")
    outcome.expect(MARK not in log.read_text("utf-8", "replace"), "what was sent is in the log")


def _probe(client: httpx.Client, port: int, chance: random.Random, outcome: Outcome) -> None:
    """Make one request, and look at its answer."""
    way = chance.randrange(5)
    attack = chance.choice(ATTACKS)
    if way == 0:
        _send(port, chance, attack, outcome)
        return
    try:
        if way == 1:
            path = chance.choice(PATHS)
            answer = client.request(chance.choice(("GET", "POST", "PUT", "DELETE", "HEAD")), path, timeout=60)
        elif way == 2:
            answer = client.get("/near", params={chance.choice(FIELDS): attack}, timeout=60)
        elif way == 3:
            headers = {chance.choice(("origin", "referer", "x-forwarded-proto", "accept-language", "cookie")): MARK}
            answer = client.get(
                "/", headers=headers | {"host": chance.choice(("127.0.0.1", f"{MARK}.example"))}, timeout=60
            )
        else:
            data = {"region": "demo", "place": "5th & Finch", chance.choice(FIELDS): attack}
            answer = client.post("/near", data=data, timeout=60)
    except (httpx.InvalidURL, httpx.RemoteProtocolError, httpx.LocalProtocolError):
        outcome.figures["of them cut off, or not even sendable"] += 1
        return
    what = f"{answer.request.method} {str(answer.request.url)[:80]}"
    outcome.expect(answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR, f"{what}: {answer.status_code}")
    runs = any(
        bad in answer.text for bad in (f"<script>{MARK}", f"<img src=x onerror={MARK}", f'href="javascript:{MARK}')
    )
    outcome.expect(not runs, f"{what}: what was sent would run")
    outcome.expect("root:x:0" not in answer.text, f"{what}: a file of the system was sent")


def _send(port: int, chance: random.Random, attack: str, outcome: Outcome) -> None:
    """Send bytes that are no request, and go away."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=60)) as line:
        upgrade = f"GET /_stcore/stream HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        key = "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        own = f"Origin: http://127.0.0.1:{port}\r\nSec-WebSocket-Protocol: streamlit\r\n\r\n"
        frame = bytes([0x82, 0x80 | 60, 0, 0, 0, 0]) + chance.randbytes(60)
        sent = (
            f"GET /{attack} HTTP/1.1\r\n\r\n".encode(), chance.randbytes(2000), b"POST /near HTTP/1.1\r\n" * 400,
            f"POST /near HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n{MARK}".encode(),
            f"POST /near HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n\r\n{MARK}".encode(),
            f"{upgrade}{key}Origin: http://{MARK}.example\r\n\r\n".encode(), f"{upgrade}{key}{own}".encode() + frame,
        )  # fmt: skip
        line.sendall(chance.choice(sent))
        outcome.figures["of them no HTTP at all, or broken WebSockets"] += 1


@contextmanager
def _served(home: Path, log: Path) -> "Iterator[tuple[int, subprocess.Popen[str]]]":
    """Give the port of a server of the demo, and its process, whose errors go to a log."""
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    code = f"import app; app.serve('demo', {port}, announce=lambda address: print(address, flush=True))"
    with log.open("w") as errors:
        server = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=environment(home),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        assert server.stdout is not None
        server.stdout.readline()
        yield port, server
    finally:
        server.kill()
        server.wait()
