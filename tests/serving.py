"""The app's server inside the test's own process, asked without a browser."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.testclient import TestClient
from streamlit.runtime import Runtime

import app


@contextmanager
def served(region: str | None = None) -> Iterator[TestClient]:
    """Give what asks a server that runs; Streamlit has room for one in a process, which is free again afterwards."""
    try:
        with TestClient(app.application(region), base_url="http://127.0.0.1") as asking:
            gc.unfreeze()  # tests that follow collect their garbage as ever
            yield asking
    finally:
        Runtime._instance = None
