"""Drafts: what was entered for a person, kept in this server's memory for an hour, so that a reload doesn't lose it.

A draft is found by a key that only the tab knows that it was typed in: the tab keeps it, hands it over in a field that
nobody sees (`layers/assets/page.js`), and loses it when it is closed. No cookie, no address and no file holds it.
"""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KEPT_SECONDS = 3600.0
KEPT_AT_MOST = 200
"""Drafts of all visitors; the one that was touched longest ago goes first."""


@dataclass(frozen=True)
class _Draft:
    values: Mapping[str, Any]
    touched: float


_DRAFTS: OrderedDict[str, _Draft] = OrderedDict()
_LOCK = threading.Lock()


def keep(key: str, values: Mapping[str, Any]) -> None:
    """Keep what was entered under a tab's key, instead of what was kept there before."""
    with _LOCK:
        _drop_old()
        _DRAFTS[_name(key)] = _Draft(dict(values), time.monotonic())
        _DRAFTS.move_to_end(_name(key))
        while len(_DRAFTS) > KEPT_AT_MOST:
            _DRAFTS.popitem(last=False)


def kept(key: str) -> dict[str, Any]:
    """Return what was kept under a tab's key; nothing where there is none, or no longer."""
    with _LOCK:
        _drop_old()
        draft = _DRAFTS.get(_name(key))
        return {} if draft is None else dict(draft.values)


def forget(key: str) -> None:
    """Forget what was kept under a tab's key."""
    with _LOCK:
        _DRAFTS.pop(_name(key), None)


def _name(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _drop_old() -> None:
    oldest = time.monotonic() - KEPT_SECONDS
    for name in [name for name, draft in _DRAFTS.items() if draft.touched < oldest]:
        del _DRAFTS[name]
