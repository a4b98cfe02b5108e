"""Fifty visitors for ten minutes on one server, killed and started again in the middle; then half-open connections.

    python -m benchmarks.load [--visitors 50] [--minutes 10] [--think 20] [--half-open 500]

A visitor opens a page and looks at places as browsers do: the start page over a WebSocket (one visitor in five: each
of its answers is a score), or the pocket page, one request for each look; with pauses as people make them (exponential,
seeded). Without the browsers' own work, which takes more of two processors than the server's. In the middle the server
is killed (SIGKILL) and started again on its port; visitors go on as soon as it answers. Prints a Markdown table.
"""

import argparse
import asyncio
import math
import os
import platform
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

SERVE = "import app; app.serve('demo', int('{port}'), announce=lambda address: print(address, flush=True))"
PLACES = ("5th & Finch", "7th & Finch", "3rd & Finch", "4th & Finch", "6th & Finch")
WAIT_SECONDS = 120.0
EVERY_FIFTH = 5
HALF_A_REQUEST = (
    b"POST /near HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 900\r\n\r\nplace="
)
ANSWERS_LATE = (OSError, httpx.HTTPError, WebSocketException, TimeoutError, EOFError)
"""What a visitor sees of a server that is killed."""


@dataclass
class Seen:
    """What all visitors saw: seconds of each answer by page, answers that failed, and the server's memory by minute.

    `end`: until when they ask, which a server that takes long to come back puts off. `before_kill`: how many measures
    of memory, and answers, there were by then. `back_seconds`: until the server that was killed answered again.
    `half_open`: connections held so, and how long another visitor waited beside them.
    """

    seconds: dict[str, list[float]] = field(default_factory=lambda: {"start": [], "pocket": []})
    end: float = 0.0
    failed: int = 0
    wrong: list[str] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    before_kill: tuple[int, int] = (0, 0)
    back_seconds: float = math.nan
    half_open: tuple[int, float] = (0, math.nan)

    @property
    def answers(self) -> int:
        """How many answers there were on all pages."""
        return sum(map(len, self.seconds.values()))


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--think", type=float, default=20.0, help="mean seconds between a visitor's looks")
    parser.add_argument("--half-open", type=int, default=500, help="connections that never end their request")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["RECOVERY_REACH_HOME"] = home
        subprocess.run([sys.executable, "-c", "from cli import main; main()", "region", "build", "demo"], check=True)
        _report(asked, asyncio.run(load(asked.visitors, asked.minutes, asked.think, asked.half_open)))


async def load(visitors: int, minutes: float, think: float, half_open: int) -> Seen:
    """Visit a server of the demo in this process's data folder, kill it in the middle; return what visitors saw."""
    port = _free_port()
    seen, server = Seen(), _started(port)
    try:
        seen.end = time.monotonic() + minutes * 60
        visits = asyncio.gather(*(_visit(port, number, think, seen) for number in range(visitors)))
        watched = asyncio.create_task(_watch(lambda: server.pid, seen))
        await asyncio.sleep(minutes * 30)
        seen.before_kill = len(seen.megabytes), seen.answers
        server.kill()
        server.wait()
        killed = time.monotonic()
        server = await asyncio.to_thread(_started, port)
        seen.back_seconds = time.monotonic() - killed
        seen.end = time.monotonic() + minutes * 30
        await visits
        watched.cancel()
        seen.half_open = await _half_open(port, half_open)
    finally:
        server.kill()
        server.wait()
    return seen


async def _visit(port: int, number: int, think: float, seen: Seen) -> None:
    """Visit until the end; a server that is gone is asked again each second."""
    chance = random.Random(number)  # noqa: S311  seeded, so that each run asks the same
    await asyncio.sleep(chance.uniform(0, think))
    look = _look_at_start if number % EVERY_FIFTH == 0 else _look_at_pocket
    while time.monotonic() < seen.end:
        try:
            await look(port, chance, think, seen)
        except ANSWERS_LATE:
            seen.failed += 1
            await asyncio.sleep(1)


async def _look_at_pocket(port: int, chance: random.Random, think: float, seen: Seen) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=WAIT_SECONDS) as client:
        while time.monotonic() < seen.end:
            begin = time.monotonic()
            answer = await client.post("/near", data={"region": "demo", "place": chance.choice(PLACES)})
            seen.seconds["pocket"].append(time.monotonic() - begin)
            if answer.status_code != httpx.codes.OK or 'id="answer"' not in answer.text:
                seen.wrong.append(f"pocket {answer.status_code}")
            await asyncio.sleep(chance.expovariate(1 / think))


async def _look_at_start(port: int, chance: random.Random, think: float, seen: Seen) -> None:
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    async with connect(address, subprotocols=["streamlit"], origin=f"http://127.0.0.1:{port}", max_size=2**26) as line:
        fields = await _run(line, [], {})
        while time.monotonic() < seen.end:
            place, find = (next(one for label, one in fields.items() if label.startswith(name)) for name in _LABELS)
            states = [
                WidgetState(id=place, string_value=chance.choice(PLACES)),
                WidgetState(id=find, trigger_value=True),
            ]
            begin = time.monotonic()
            fields = await _run(line, states, fields)
            seen.seconds["start"].append(time.monotonic() - begin)
            await asyncio.sleep(chance.expovariate(1 / think))


_LABELS = ("Where is home", "Find")


async def _run(line: ClientConnection, states: list[WidgetState], fields: dict[str, str]) -> dict[str, str]:
    """Have the page drawn with what was entered, and return the ids of its fields by their labels."""
    asked = BackMsg()
    asked.rerun_script.query_string = "region=demo"
    asked.rerun_script.widget_states.widgets.extend(states)
    await line.send(asked.SerializeToString())
    shown = dict(fields)
    while True:
        message = ForwardMsg()
        content = await asyncio.wait_for(line.recv(), WAIT_SECONDS)
        message.ParseFromString(content if isinstance(content, bytes) else content.encode())
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            if element.WhichOneof("type") in ("text_input", "button"):
                drawn = getattr(element, str(element.WhichOneof("type")))
                shown[drawn.label] = drawn.id
        if kind == "script_finished" and message.script_finished in (
            ForwardMsg.FINISHED_SUCCESSFULLY,
            ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
        ):
            return shown


async def _half_open(port: int, count: int) -> tuple[int, float]:
    """Return how many connections were held half-open, and the seconds that another visitor waited beside them."""
    held: list[socket.socket] = []
    with suppress(OSError):
        for _ in range(count):
            one = socket.create_connection(("127.0.0.1", port), timeout=5)
            one.sendall(HALF_A_REQUEST)
            held.append(one)
    begin = time.monotonic()
    async with httpx.AsyncClient(timeout=WAIT_SECONDS) as client:
        answer = await client.get(f"http://127.0.0.1:{port}/near?region=demo")
        answer.raise_for_status()
    waited = time.monotonic() - begin
    for one in held:
        one.close()
    return len(held), waited


async def _watch(process: Callable[[], int], seen: Seen) -> None:
    while True:
        await asyncio.sleep(15)
        with suppress(OSError, IndexError):
            status = Path(f"/proc/{process()}/status").read_text("utf-8")
            seen.megabytes.append(int(status.split("VmRSS:")[1].split()[0]) / 1024)


def _started(port: int) -> "subprocess.Popen[str]":
    """Return a server that answers."""
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE.format(port=port)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert server.stdout is not None
    server.stdout.readline()
    return server


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _report(asked: argparse.Namespace, seen: Seen) -> None:
    before, answered = seen.before_kill
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print(f"| {asked.visitors} visitors, {asked.minutes:g} minutes, {asked.think:g} s between looks | |\n| --- | --- |")
    for page, seconds in seen.seconds.items():
        ranked = sorted(seconds)
        waits = (statistics.median(ranked), ranked[max(0, round(0.95 * len(ranked)) - 1)], ranked[-1])
        told = " / ".join(f"{wait:.2f}" for wait in waits)
        print(f"| {page}: {len(ranked)} answers, median / 95th percentile / slowest | {told} s |")
    print(
        f"| answers before the kill; seconds until the server answered again | {answered}; {seen.back_seconds:.1f} s |"
    )
    print(f"| answers that failed, each asked again | {seen.failed} |")
    print(f"| wrong answers | {len(seen.wrong)} {' '.join(sorted(set(seen.wrong)))}|")
    for name, kept in (("first", seen.megabytes[:before]), ("second", seen.megabytes[before:])):
        if kept:
            told = ", ".join(f"{one:.0f}" for one in (kept[len(kept) // 4], kept[len(kept) // 2], kept[-1]))
            print(f"| memory of the {name} server after a quarter, half, all of its time | {told} MB |")
    print(f"| beside {seen.half_open[0]} half-open connections a visitor waits | {seen.half_open[1]:.2f} s |")


if __name__ == "__main__":
    main()
