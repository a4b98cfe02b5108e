"""The one door to the network: a fetch with limits, from public addresses only, refused while offline.

Redirects are followed by hand, so that every hop is judged. The address judged is the address connected to: names
are resolved here, each of their addresses is judged, and the socket is opened to one of them. Proxies, sign-in
files and cookies of the machine are not used.
"""

import os
import secrets
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache
from http import HTTPStatus
from typing import NoReturn
from urllib.parse import urljoin

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from geo.dates import local_date
from geo.errors import SourceError
from geo.library_parts import LibraryPart, check_parts
from sources.web.http_messages import advice, in_words, retry_after, status_in_words, user_agent
from sources.web.url_guard import checked, host_of, is_loopback, is_public, shortened

OFFLINE = "RECOVERY_REACH_OFFLINE"
"""Set to 1 in the environment, it keeps this software from asking the network for anything."""

_RETRIED = frozenset({429, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 1 << 16


@dataclass(frozen=True)
class Policy:
    """Limits of a fetch.

    `deadline_seconds` bounds everything, retries and waits included; `most_bytes` counts what came and, separately,
    what it unpacks to. `plain_http` allows http to public hosts; `loopback` allows this machine's own addresses,
    which only tests need. `time_zone` (IANA): what comes bears the date that it is there; empty: the machine's own.
    """

    connect_seconds: float = 10.0
    read_seconds: float = 30.0
    deadline_seconds: float = 300.0
    most_bytes: int = 500_000_000
    retries: int = 3
    backoff_seconds: float = 1.0
    longest_wait_seconds: float = 30.0
    redirects: int = 5
    plain_http: bool = False
    loopback: bool = False
    offline: bool = False
    time_zone: str = ""


@dataclass(frozen=True)
class Fetched:
    """What came: the content, unpacked if it traveled packed, and the facts of its retrieval.

    `unchanged` means that the publisher said that the copy at hand is still the newest; `retrieved_on` is then the
    day on which it said so.
    """

    content: bytes = field(repr=False)
    retrieved_on: str
    url: str
    etag: str | None = None
    last_modified: str | None = None
    unchanged: bool = False


@dataclass(frozen=True)
class _Answer:
    """One answer: where it leads to, or what it holds."""

    status: int
    headers: Mapping[str, str]
    content: bytes = b""

    @property
    def leads_to(self) -> str | None:
        return self.headers.get("location") if self.status in _REDIRECTS else None


class GoneError(SourceError):
    """The host answers that nothing is at the address."""


@dataclass(frozen=True)
class _Question:
    """What is asked of an address besides itself; a `body` goes by POST, and never on to another address."""

    have: Fetched | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    whole: bool = True
    body: bytes | None = None


class _Again(Exception):  # noqa: N818  an outcome, not an error
    """The try failed in a way that may pass: the reason, and the seconds that the host asks to wait."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


def fetch(
    url: str,
    policy: Policy,
    *,
    have: Fetched | None = None,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Fetched:
    """Return what is at an http(s) address.

    Parameters
    ----------
    url : the address, without user name or password
    policy : the limits
    have : the copy at hand; it is asked whether a newer one exists, and returned (`unchanged`) if not
    headers : further request headers, such as a key; sent to the host of `url` alone
    body : sent by POST, to the host of `url` alone: no redirect is followed with it

    Raises
    ------
    SourceError
        One sentence: offline, an address that may not be asked, a limit exceeded, or the host's refusal.
    """
    answer, here = _ask(url, policy, _Question(have, headers or {}, body=body))
    today = local_date(policy.time_zone).isoformat()
    if answer.status == HTTPStatus.NOT_MODIFIED and have is not None:
        return replace(have, retrieved_on=today, unchanged=True)
    return Fetched(answer.content, today, here, answer.headers.get("etag"), answer.headers.get("last-modified"))


def probe(url: str, policy: Policy, *, headers: Mapping[str, str] | None = None) -> str:
    """Return the content type with which an address answers; what it holds is not read.

    Raises
    ------
    SourceError
        As `fetch`.
    """
    answer, _ = _ask(url, policy, _Question(headers=headers or {}, whole=False))
    return answer.headers.get("content-type", "data").split(";")[0].strip()


def size_of(url: str, policy: Policy) -> int | None:
    """Return how many bytes an address says that it holds, as they travel; None where it doesn't say. Nothing is read.

    Raises
    ------
    SourceError
        As `fetch`.
    """
    answer, _ = _ask(url, policy, _Question(whole=False))
    length = answer.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdecimal() and len(length) < 16 else None


def _ask(url: str, policy: Policy, question: _Question) -> tuple[_Answer, str]:
    """Return the answer at an address, and where it was in the end; tried again where that may help."""
    host = host_of(url)
    if is_offline(policy):
        raise SourceError(f"{host} was not asked: this software is set to work offline ({OFFLINE}).")
    _check_guard()
    deadline = time.monotonic() + policy.deadline_seconds
    attempt = 0
    while True:
        try:
            return _follow(url, policy, deadline, question)
        except _Again as problem:
            wait = _wait(problem, attempt, policy)
            if attempt == policy.retries:
                tried = f"tried {attempt + 1} times" if attempt else "tried once"
                raise SourceError(f"{host} {problem} ({tried}); try again later.") from None
            if time.monotonic() + wait >= deadline:
                raise SourceError(f"{host} {problem}, and there is no time left to try again.") from None
        time.sleep(wait)
        attempt += 1


def is_offline(policy: Policy) -> bool:
    """Tell whether the settings or the environment keep this software from asking the network."""
    return policy.offline or os.environ.get(OFFLINE, "") not in ("", "0")


def _follow(url: str, policy: Policy, deadline: float, question: _Question) -> tuple[_Answer, str]:
    """Return the answer of the address, or of the one that it leads to."""
    start, here = _origin(url, policy), url
    for _ in range(policy.redirects + 1):
        own = dict(question.headers) if _origin(here, policy) == start else {}
        answer = _get(here, policy, deadline, _request_headers(question.have) | own, question)
        if answer.leads_to is not None and question.body is not None:
            raise SourceError(f"{host_of(here)} sends the question elsewhere; its address may have changed.")
        if answer.leads_to is not None:
            here = _joined(here, answer.leads_to)
        elif answer.status == HTTPStatus.OK or (answer.status == HTTPStatus.NOT_MODIFIED and question.have is not None):
            return answer, here
        else:
            refusal = GoneError if answer.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE) else SourceError
            raise refusal(f"{host_of(here)} answers with {status_in_words(answer.status)}; {advice(answer.status)}")
    raise SourceError(f"{host_of(url)} redirects more than {policy.redirects} times; its address may have changed.")


def _origin(url: str, policy: Policy) -> tuple[str | None, str | None, int | None]:
    parts = checked(url, plain_http=policy.plain_http, loopback=policy.loopback)
    return parts.scheme, parts.host, parts.port


def _joined(here: str, leads_to: str) -> str:
    try:
        return urljoin(here, leads_to)
    except ValueError:
        raise SourceError(f"{host_of(here)} redirects to something that is not a web address.") from None


def _request_headers(have: Fetched | None) -> dict[str, str]:
    headers = {"User-Agent": user_agent(), "Accept": "*/*", "Accept-Encoding": "gzip", "Connection": "close"}
    if have is not None and have.etag:
        headers["If-None-Match"] = have.etag
    if have is not None and have.last_modified:
        headers["If-Modified-Since"] = have.last_modified
    return headers


def _get(url: str, policy: Policy, deadline: float, headers: dict[str, str], question: _Question) -> _Answer:
    """Ask once; the content is read only where the whole answer is wanted."""
    body = question.body
    host = host_of(url)
    with _line(policy, deadline, host) as adapter:
        try:
            request = requests.Request("POST" if body else "GET", url, headers=headers, data=body).prepare()
            # the adapter is asked, not a session: a session reads the whole body of a redirect, however long
            answer = adapter.send(request, stream=True, timeout=(policy.connect_seconds, policy.read_seconds))
            try:
                return _read(answer, host, policy, deadline, question.whole)
            finally:
                answer.close()
        except requests.exceptions.InvalidURL:
            raise SourceError(f"The address at {host} can't be asked: it is not well formed.") from None
        except (requests.RequestException, HTTPError, OSError) as problem:
            if time.monotonic() >= deadline:
                _too_slow(host, policy)
            raise _Again(in_words(problem)) from None


def _read(answer: requests.Response, host: str, policy: Policy, deadline: float, whole: bool) -> _Answer:
    status = int(answer.status_code)
    headers = {str(name).lower(): str(value) for name, value in answer.headers.items()}
    if status in _RETRIED:
        raise _Again(f"answers with {status_in_words(status)}", retry_after(headers.get("retry-after")))
    if status != HTTPStatus.OK or not whole:
        return _Answer(status, headers)
    coding = headers.get("content-encoding", "").strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip"):
        raise SourceError(f"{host} packs its answer as {shortened(coding)!r}, which was not asked for.")
    pieces = _pieces(answer, host, policy, deadline)
    content = b"".join(_unpacked(pieces, host, policy) if coding.endswith("gzip") else pieces)
    if time.monotonic() >= deadline:  # a line that was cut can look like the end
        _too_slow(host, policy)
    return _Answer(status, headers, content)


def _pieces(answer: requests.Response, host: str, policy: Policy, deadline: float) -> Iterator[bytes]:
    """Give the body as it comes, counted."""
    size = 0
    while piece := answer.raw.read1(_CHUNK, decode_content=False):
        size += len(piece)
        if size > policy.most_bytes:
            _too_much(host, policy)
        if time.monotonic() >= deadline:
            _too_slow(host, policy)
        yield piece


def _unpacked(pieces: Iterator[bytes], host: str, policy: Policy) -> Iterator[bytes]:
    """Give gzip pieces unpacked, counted before they fill the memory."""
    size, unpacker = 0, zlib.decompressobj(wbits=31)
    try:
        for piece in pieces:
            rest = piece
            while rest:
                if unpacker.eof:  # gzip files may follow one another
                    unpacker = zlib.decompressobj(wbits=31)
                part = unpacker.decompress(rest, _CHUNK)
                rest = unpacker.unconsumed_tail or unpacker.unused_data
                size += len(part)
                if size > policy.most_bytes:
                    _too_much(host, policy)
                yield part
    except zlib.error:
        raise _Again("sent a damaged gzip answer") from None
    if not unpacker.eof:
        raise _Again("broke off its answer before the end")


@contextmanager
def _line(policy: Policy, deadline: float, host: str) -> Iterator[HTTPAdapter]:
    """Give what asks over judged sockets, which are cut at the deadline whatever they are waiting for."""
    left = deadline - time.monotonic()
    if left <= 0:
        _too_slow(host, policy)
    opened: list[socket.socket] = []

    def connect(to: str, port: int) -> socket.socket:
        connection = _connect(to, port, policy, deadline)
        opened.append(connection.dup())  # stays ours while the other is wrapped for encryption
        return connection

    def cut() -> None:
        for one in opened:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(left, cut)
    timer.daemon = True
    timer.start()
    adapter = _adapter(connect)
    try:
        yield adapter
    finally:
        timer.cancel()
        timer.join()
        adapter.close()
        for one in opened:
            one.close()


def _adapter(connect: Callable[[str, int], socket.socket]) -> HTTPAdapter:
    """Return a requests adapter whose connections are opened by `connect(host, port)`."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self._dns_host, self.port)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self._dns_host, self.port)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    adapter = HTTPAdapter(max_retries=0)
    adapter.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
    return adapter


def _every_socket_is_ours() -> bool:
    """Return whether both kinds of connections are opened by what `_adapter` is given."""
    opened: list[tuple[str, int]] = []

    class _AskedError(Exception):
        """The socket was asked of us, and nobody else."""

    def connect(host: str, port: int) -> socket.socket:
        opened.append((host, port))
        raise _AskedError

    adapter = _adapter(connect)
    for scheme in ("http", "https"):
        with suppress(_AskedError):
            adapter.send(requests.Request("GET", f"{scheme}://127.0.0.1:9/").prepare(), timeout=1)
    adapter.close()
    return opened == [("127.0.0.1", 9)] * 2


LIBRARY_PARTS = (
    LibraryPart("urllib3", "2.8.0", "The guard that keeps fetches out of private networks", _every_socket_is_ours),
)


@cache
def _check_guard() -> None:
    check_parts(LIBRARY_PARTS)


def _connect(host: str, port: int, policy: Policy, deadline: float) -> socket.socket:
    """Open a socket to the first address of a host that answers, once all of them are judged."""
    host = host.strip("[]").rstrip(".")
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        raise _Again("is not known by that name, or there is no network", 1.0) from None
    for *_, address in addresses:
        ip = str(address[0])
        if not (is_public(ip) or (policy.loopback and is_loopback(ip))):
            raise SourceError(f"{host} is at an address of a private network ({ip}); only public hosts are asked.")
    for family, kind, protocol, _, address in addresses:
        one = socket.socket(family, kind, protocol)
        one.settimeout(max(0.01, min(policy.connect_seconds, deadline - time.monotonic())))
        try:
            one.connect(address)
        except OSError:
            one.close()
        else:
            one.settimeout(policy.read_seconds)
            return one
    raise _Again("can't be reached")


def _wait(problem: _Again, attempt: int, policy: Policy) -> float:
    """Return how long to wait: what the host asks for, else twice as long each time, with jitter, up to the longest."""
    jitter = 0.5 + secrets.randbelow(1000) / 2000
    own = policy.backoff_seconds * 2**attempt * jitter
    return min(policy.longest_wait_seconds, own if problem.wait is None else problem.wait)


def _too_slow(host: str, policy: Policy) -> NoReturn:
    raise SourceError(f"{host} took longer than {policy.deadline_seconds:g} s; it was cut off.")


def _too_much(host: str, policy: Policy) -> NoReturn:
    raise SourceError(f"{host} sent more than {policy.most_bytes / 1e6:,.6g} MB; it was cut off.")
