"""A loopback server that replays recorded bytes and misbehaves on demand."""

import contextlib
import gzip
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request as the server saw it."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Reply:
    """What to send: `length` is the Content-Length to claim (None: the truth; -1: none, the end is the line's end).

    `drip_seconds` passes before each byte of the head (`drip_head`) or body; `endless` repeats the body.
    """

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    length: int | None = None
    drip_seconds: float = 0.0
    drip_head: bool = False
    endless: bool = False


Answer = Reply | Callable[[Asked], Reply]


def json_reply(text: str) -> Reply:
    """Return a whole, honest JSON answer."""
    return Reply(text.encode(), headers=(("Content-Type", "application/json"),))


def redirect(to: str, status: int = 302) -> Reply:
    """Return an answer that leads elsewhere."""
    return Reply(b"elsewhere", status, (("Location", to),))


def gzipped(body: bytes) -> Reply:
    """Return a packed answer."""
    return Reply(gzip.compress(body), headers=(("Content-Encoding", "gzip"),))


@dataclass
class Replay:
    """The running server: answers by path (the last of several stays), and what it was asked."""

    address: str = ""
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def on(self, path: str, *answers: Answer) -> str:
        """Set the answers of a path, one a request, and return its address."""
        self.answers[path] = list(answers)
        return self.address + path

    def _next(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        answers = self.answers.get(asked.path)
        if not answers:
            return Reply(b"nothing here", 404)
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return answer if isinstance(answer, Reply) else answer(asked)

    def send(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        parts = urlsplit(handler.path)
        headers = {name.lower(): value for name, value in handler.headers.items()}
        body = handler.rfile.read(int(headers.get("content-length", 0)))
        reply = self._next(Asked(parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), headers, body))
        head = [f"HTTP/1.1 {reply.status} Said", "Connection: close", *(f"{n}: {v}" for n, v in reply.headers)]
        if reply.length != -1 and not reply.endless:
            head.append(f"Content-Length: {len(reply.body) if reply.length is None else reply.length}")
        start = ("\r\n".join(head) + "\r\n\r\n").encode("latin-1")
        with contextlib.suppress(OSError):
            self._write(handler, start, reply.drip_seconds if reply.drip_head else 0.0)
            self._write(handler, reply.body, reply.drip_seconds)
            while reply.endless and not self.ended.is_set():
                self._write(handler, reply.body, reply.drip_seconds)

    def _write(self, handler: BaseHTTPRequestHandler, data: bytes, drip_seconds: float) -> None:
        if not drip_seconds:
            handler.wfile.write(data)
            return
        for byte in data:
            if self.ended.wait(drip_seconds):
                return
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()


@contextlib.contextmanager
def replaying() -> Iterator[Replay]:
    """Run a server on a free port of 127.0.0.1 until the block ends."""
    replay = Replay()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            replay.send(self)

        do_POST = do_GET  # noqa: N815  the server looks for this name

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    replay.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield replay
    finally:
        replay.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def seconds_of(action: Callable[[], object]) -> float:
    """Return how long an action takes."""
    started = time.monotonic()
    action()
    return time.monotonic() - started
