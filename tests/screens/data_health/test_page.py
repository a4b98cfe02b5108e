"""Who may change a region from the page of data health: the person at its machine, and nobody on a shared server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import screens.data_health as page
from screens.data_health import update
from screens.shared import own_machine
from screens.shared.words import Say
from sources.formats import store
from sources.region import RegionInputs, build_region
from tests.sources.region.test_manage import osm_xml

SAY = Say("en")
PAGE = Path(page.__file__ or "").with_name("page.py")


@pytest.fixture(autouse=True)
def unshared() -> Iterator[None]:
    yield
    own_machine.serve_to(["127.0.0.1"])


@pytest.mark.parametrize(
    ("hosts", "shared"),
    [
        (["127.0.0.1", "localhost"], False),
        (["127.0.0.1", "reach.example.org"], True),
        (["127.0.0.1", "192.168.1.20"], True),
    ],
)
def test_a_region_is_changed_only_at_its_own_machine(demo_region: str, hosts: list[str], shared: bool) -> None:
    own_machine.serve_to(hosts)
    assert own_machine.is_shared() == shared

    app = AppTest.from_file(str(PAGE), default_timeout=120).run()
    assert not app.exception
    labels = {button.label for button in app.button}
    assert (SAY("update_now") in labels) != shared
    shown = " ".join(str(part.proto.body) for part in app.get("html"))
    assert ("region update demo" in shown) == shared


def shown(app: AppTest) -> str:
    return " ".join(str(part.proto.body) for part in app.get("html"))


def test_an_update_that_fails_says_so_once_and_is_not_begun_again_by_the_next_click(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path / "home"))
    (tmp_path / "town.osm").write_text(osm_xml(), "utf-8")
    build_region("quay", RegionInputs(osm=tmp_path / "town.osm"))
    path = tmp_path / "home" / "regions" / "quay" / "region.json"
    document = store.read_document(path)
    assert document is not None
    document["recipe"].pop("options")  # built before regions remembered them: an update can't be made
    store.write_document(path, document)
    app = AppTest.from_file(str(PAGE), default_timeout=120).run()
    app.button(key="update_now").click().run()
    assert "built before regions remembered" in shown(app)
    app.run()
    assert "built before regions remembered" not in shown(app)


def test_an_update_that_a_click_stopped_waits_to_be_begun_again(demo_region: str) -> None:
    app = AppTest.from_file(str(PAGE), default_timeout=120)
    app.session_state[update.WORK] = ("demo", "update")
    app.session_state[f"stopped_{update.WORK}"] = True
    for _ in range(2):
        app.run()
        assert SAY("work_stopped") in shown(app)
        assert SAY("work_again") in {button.label for button in app.button}
