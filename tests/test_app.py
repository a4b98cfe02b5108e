"""What every request to the app passes: files of a page are sent packed, each packed once."""

import gzip
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from app import KEPT_AT_MOST, PackedFiles

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
    return TestClient(Starlette(routes=routes, middleware=[Middleware(PackedFiles)]))


def test_a_file_is_packed_once_and_keeps_its_headers(client: TestClient, asked: list[str]) -> None:
    for _ in range(3):
        answer = client.get("/static/js/page.js")
        assert answer.text == SCRIPT
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["cache-control"] == "public, immutable, max-age=31536000"
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.headers["vary"] == "Accept-Encoding"
        assert int(answer.headers["content-length"]) == len(gzip.compress(SCRIPT.encode())) < len(SCRIPT) / 20
    assert asked == ["/static/js/page.js"]


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
