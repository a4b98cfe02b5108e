"""The server of the app, without a browser: what it tells nobody, and how many visits it bears."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient
from streamlit import config
from streamlit.runtime.session_manager import SessionInfo

import app
from layers.folium_offline import asset_address
from screens.shared.many_visits import MOST_KEPT, ClosedVisits, raise_file_limit
from tests.serving import served

resource: Any = pytest.importorskip("resource", reason="only Unix limits the files of a process so")

ROOT = Path(__file__).parents[1]
STREAM = "ws://127.0.0.1/_stcore/stream"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Return what asks a server that has no region."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECOVERY_REACH_HOME", str(tmp_path_factory.mktemp("home")))
        with served() as asking:
            yield asking


@pytest.fixture
def limits() -> Iterator[tuple[int, int]]:
    """Return how many files may be open, and put it back after the test."""
    known = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield known
    resource.setrlimit(resource.RLIMIT_NOFILE, known)


def open_files() -> set[int]:
    return {int(number) for number in os.listdir("/dev/fd") if os.path.exists(f"/dev/fd/{number}")}


def leave_room(files: int, hard: int) -> None:
    """Let this process open so many files more; the system limits their numbers, and there are gaps."""
    taken = open_files()
    free = (number for number in count() if number not in taken)
    resource.setrlimit(resource.RLIMIT_NOFILE, (next(islice(free, files, None)), hard))


def visit(client: TestClient) -> None:
    with client.websocket_connect(STREAM, subprotocols=["streamlit"]):
        pass


def kept(session_id: str, ended: list[str]) -> SessionInfo:
    session: Any = SimpleNamespace(id=session_id, shutdown=lambda: ended.append(session_id))
    return SessionInfo(client=None, session=session)


def test_no_variable_loosens_what_the_app_sets(demo_region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMLIT_CLIENT_SHOW_ERROR_DETAILS", "full")
    monkeypatch.setenv("STREAMLIT_BROWSER_GATHER_USAGE_STATS", "true")
    config.get_config_options(force_reparse=True)
    assert config.get_option("client.showErrorDetails") == "full"
    with served(demo_region):
        assert {name: config.get_option(name) for name in app.SETTINGS} == app.SETTINGS


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics/", "/_stcore/metrics?families=active_sessions"])
def test_nobody_is_told_of_visits(client: TestClient, path: str) -> None:
    for method in ("GET", "OPTIONS", "HEAD"):
        assert client.request(method, path).status_code == 404
    assert client.get("/_stcore/health").status_code == 200
    assert "<title>" in client.get("/_stcore/script-health-check").text


def test_a_server_with_few_files_bears_any_number_of_visits(client: TestClient, limits: tuple[int, int]) -> None:
    visit(client)
    before = len(open_files())
    leave_room(4 * MOST_KEPT, limits[1])
    for _ in range(100):
        visit(client)
    assert len(open_files()) <= before + 3 * MOST_KEPT


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_who_leaves_makes_room_for_another_where_files_ran_out(client: TestClient, limits: tuple[int, int]) -> None:
    for _ in range(MOST_KEPT):
        visit(client)
    with client.websocket_connect(STREAM, subprotocols=["streamlit"]):
        leave_room(1, limits[1])
        with pytest.raises(OSError, match="Too many open files"):
            visit(client)
    leave_room(4, limits[1])
    for _ in range(MOST_KEPT):
        visit(client)
    gc.collect()  # what was half made when files ran out complains while this test still expects it


def test_the_limit_is_raised_as_far_as_the_system_lets(limits: tuple[int, int]) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, limits[1]))
    raise_file_limit(300)
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (300, limits[1])
    raise_file_limit(280)
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (300, limits[1])
    if limits[1] != resource.RLIM_INFINITY:
        raise_file_limit(limits[1] + 1)
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (limits[1], limits[1])


def test_closed_visits_are_few_and_go_when_their_time_is_over() -> None:
    now, ended = [0.0], list[str]()
    visits = ClosedVisits(2, 60.0, lambda: now[0])
    for name in "abc":
        visits.save(kept(name, ended))
        now[0] += 25
    assert ended == ["a"]
    assert visits.get("a") is None
    assert visits.get("b") is not None
    now[0] += 15
    assert visits.get("b") is None
    assert [info.session.id for info in visits.list()] == ["c"]
    visits.delete("c")
    visits.delete("c")
    assert (visits.list(), ended) == ([], ["a", "b"])


BREAK_OFF = """
import app
from streamlit.runtime import Runtime

def break_off(address):
    of_loop = Runtime.instance()._get_async_objs()
    of_loop.must_stop.is_set = lambda: 1 / 0
    for awaited in (of_loop.has_connection, of_loop.need_send_data):
        of_loop.eventloop.call_soon_threadsafe(awaited.set)

app.serve(None, 0, announce=break_off)
"""


def test_a_server_that_can_serve_no_visit_ends_so_that_it_is_started_again(tmp_path: Path) -> None:
    environment = os.environ | {"RECOVERY_REACH_HOME": str(tmp_path)}
    command = [sys.executable, "-c", BREAK_OFF]
    ended = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 1
    assert "What serves the visits broke off" in ended.stderr


def test_scripts_and_styles_are_kept_by_the_browser_until_they_change(client: TestClient) -> None:
    for folder, file in (("reach", "page.js"), ("leaflet", "leaflet.css")):
        answered = client.get(asset_address(folder, file))
        assert answered.status_code == 200
        assert answered.headers["cache-control"] == "public, max-age=31536000, immutable"
