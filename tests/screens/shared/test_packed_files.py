"""What every request to the app passes: files of a page are sent packed, each packed once."""

import asyncio
import gzip
import mimetypes
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from screens.shared.packed_files import KEPT_AT_MOST, PackedFiles

SCRIPT = "function far(minutes) { return minutes > 45 }\n" * 400


@pytest.fixture
def asked() -> list[str]:
    """Return the paths that were asked of the application behind."""
    return []


@pytest.fixture
def client(tmp_path: Path, asked: list[str]) -> TestClient:
    """Return a browser before an application with files and pages."""
    (tmp_path / "page.js").write_text(SCRIPT)

    def file(request: Request) -> Response:
        asked.append(request.url.path)
        if "none" in request.url.path:
            return PlainTextResponse("There is none.", 404)
        return FileResponse(tmp_path / "page.js", headers={"cache-control": "public, immutable, max-age=31536000"})

    routes = [Route("/{path:path}", file)]
    return TestClient(
        Starlette(routes=routes, middleware=[Middleware(PackedFiles)]), headers={"accept-encoding": "gzip"}
    )


@pytest.mark.parametrize("machine_says", ["text/javascript", "application/javascript", "text/plain"])
def test_a_script_is_a_script_whatever_the_machine_calls_it(
    client: TestClient, machine_says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mimetypes.init()
    monkeypatch.setitem(mimetypes.types_map, ".js", machine_says)
    for taken in ("gzip", "br"):
        answer = client.get("/static/js/page.js", headers={"accept-encoding": taken})
        assert answer.headers.get_list("content-type") == ["text/javascript; charset=utf-8"]


def test_a_file_is_packed_once_and_keeps_its_headers(client: TestClient, asked: list[str]) -> None:
    for _ in range(3):
        answer = client.get("/static/js/page.js")
        assert answer.text == SCRIPT
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["cache-control"] == "public, immutable, max-age=31536000"
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert answer.headers["vary"] == "Accept-Encoding"
        assert int(answer.headers["content-length"]) == len(gzip.compress(SCRIPT.encode())) < len(SCRIPT) / 20
    assert asked == ["/static/js/page.js"]


def test_who_takes_the_smaller_form_gets_it(client: TestClient) -> None:
    sizes = {}
    for taken in ("gzip, deflate, br, zstd", "gzip;q=1.0, br;q=0", "br"):
        answer = client.get("/static/js/page.js", headers={"accept-encoding": taken})
        assert answer.text == SCRIPT
        sizes[taken] = (answer.headers["content-encoding"], int(answer.headers["content-length"]))
    assert [how for how, _ in sizes.values()] == ["br", "gzip", "br"]
    assert sizes["br"][1] < sizes["gzip;q=1.0, br;q=0"][1]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/static/js/page.js", {"accept-encoding": "identity"}),
        ("/static/js/page.js", {"if-none-match": '"1"'}),
        ("/static/media/font.woff2", {}),
        ("/", {}),
        ("/near", {}),
        ("/static/js/none.js", {}),
    ],
)
def test_all_else_passes_as_it_is(client: TestClient, asked: list[str], path: str, headers: dict[str, str]) -> None:
    for _ in range(2):
        assert "content-encoding" not in client.get(path, headers=headers).headers
    assert asked == [path, path]


def test_part_of_a_file_is_part_of_what_lies_on_the_disk(client: TestClient) -> None:
    answer = client.get("/static/js/page.js", headers={"range": "bytes=0-11"})
    assert (answer.status_code, answer.text) == (206, SCRIPT[:12])


def test_nobody_fills_the_memory_with_names(client: TestClient, asked: list[str]) -> None:
    for number in range(KEPT_AT_MOST + 5):
        client.get(f"/static/{number}.js")
    asked.clear()
    assert client.get("/static/0.js").text == client.get(f"/static/{KEPT_AT_MOST + 4}.js").text == SCRIPT
    assert asked == [f"/static/{KEPT_AT_MOST + 4}.js"]


@pytest.mark.parametrize("sent", [0, 1, 2])
def test_a_file_for_which_nobody_waits_any_more_is_not_kept(sent: int) -> None:
    """An application stops in the middle where the browser left: what it had sent until then is no file."""
    messages = [
        {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/javascript")]},
        {"type": "http.response.body", "body": b"half of ", "more_body": True},
        {"type": "http.response.body", "body": b"a script", "more_body": False},
    ]
    answers: list[list[dict[str, object]]] = []

    async def ask(how_many: int) -> None:
        async def behind(scope: object, receive: object, send: Callable[..., Awaitable[None]]) -> None:
            for message in messages[:how_many]:
                await send(message)

        got: list[dict[str, object]] = []

        async def send(message: dict[str, object]) -> None:
            got.append(message)

        packer.app = behind
        scope = {"type": "http", "method": "GET", "path": "/static/js/a.js", "headers": [(b"accept-encoding", b"gzip")]}
        await packer(scope, None, send)  # type: ignore[arg-type]
        answers.append(got)

    packer = PackedFiles(None)  # type: ignore[arg-type]
    with ThreadPoolExecutor(1) as own:  # a browser test before this one may have left its loop running in this thread
        own.submit(asyncio.run, ask(sent)).result()
        own.submit(asyncio.run, ask(3)).result()
    assert answers[0] == []
    assert gzip.decompress(answers[1][1]["body"]) == b"half of a script"  # type: ignore[arg-type]
