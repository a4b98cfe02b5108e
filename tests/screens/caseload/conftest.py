"""The app with an invented vault in a folder of the test's own, cheap to open, whose clock the test moves."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, ModuleType

import pytest
from streamlit.runtime.state.common import TESTING_KEY
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from people.folders import VaultPlace
from people.settings import VaultSettings
from people.vault import Vault, create_vault, lock, open_vault
from screens.caseload import door
from sources.region import open_region
from sources.region.model import Region
from tests.people.conftest import ANA, PASSPHRASE, Clock, cheap

MAIN = Path(__file__).parents[3] / "screens" / "main.py"
Visit = Callable[..., AppTest]


@pytest.fixture(scope="module")
def region(home: Path) -> Iterator[Region]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECOVERY_REACH_HOME", str(home))
        yield open_region("demo")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(clock: Clock) -> VaultSettings:
    return cheap(clock)


@pytest.fixture
def place(tmp_path: Path, settings: VaultSettings, monkeypatch: pytest.MonkeyPatch) -> VaultPlace:
    """Return where the page looks for a vault; there is none yet."""
    place = VaultPlace(tmp_path / "vault" / "people.db", tmp_path / "keys")
    monkeypatch.setattr(door, "vault_place", lambda: place)
    monkeypatch.setattr(door, "USUAL", settings)
    return place


@pytest.fixture
def made(place: VaultPlace, settings: VaultSettings) -> VaultPlace:
    """Return the place of a vault whose first user is Example Ana."""
    vault, _ = create_vault(place, ANA, PASSPHRASE, settings)
    lock(vault)
    return place


@pytest.fixture
def vault(made: VaultPlace, settings: VaultSettings) -> Vault:
    """Return the vault as a supervisor has it open elsewhere."""
    return open_vault(made, ANA, PASSPHRASE, settings)


@pytest.fixture
def visit(demo_region: str) -> Visit:
    """Return what begins a visit of the caseload's page, another session each time."""

    def begun(language: str = "en") -> AppTest:
        page = AppTest.from_file(str(MAIN), default_timeout=60)
        page.query_params["language"] = language
        go_to(page, "caseload")
        return page.run()

    return begun


def go_to(page: AppTest, name: str) -> None:
    """Let the next run show another page."""
    page._page_hash = calc_hash(name)


def shown(page: AppTest) -> str:
    """Return everything that a page shows as markup."""
    return "".join(str(element.proto.body) for element in page.get("html"))


def unlock(page: AppTest, name: str = ANA, passphrase: str = PASSPHRASE) -> AppTest:
    """Type name and passphrase, and unlock."""
    page.text_input("cl_name").input(name)
    next(field for field in page.text_input if field.key.startswith("cl_phrase")).input(passphrase)
    return page.button[labels(page).index("Unlock")].click().run()


def pick(page: AppTest, key: str, value: str) -> AppTest:
    """Choose a part of a page, by the key of what chooses it."""
    return next(group for group in page.get("button_group") if group.key == key).set_value(value).run()


def press(page: AppTest, label: str) -> AppTest:
    """Press the button that says this."""
    return page.button[labels(page).index(label)].click().run()


def labels(page: AppTest) -> list[str]:
    """Return what the buttons say."""
    return [button.label for button in page.button]


def everything_held(page: AppTest) -> str:
    """Return every text that a session's state leads to: what pages keep, widgets, their options and callbacks.

    But for what Streamlit keeps where it runs under a test alone: how options are written.
    """
    state = page.session_state._state._state
    waiting: list[object] = [
        {key: value for key, value in part.items() if key != TESTING_KEY}
        for part in (state._new_session_state, state._old_state)
    ]
    waiting += [state._new_widget_state, state._key_id_mapper]
    texts, seen = [], set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, (type, ModuleType, FrameType)):
            continue
        seen.add(id(one))
        if isinstance(one, (str, bytes)):
            texts.append(str(one))
        elif not (isinstance(one, dict) and "__builtins__" in one):
            waiting.extend(gc.get_referents(one))
    return "\n".join(texts)
