"""Whose work goes first: scores in the order asked and only so many at once, maps after them, and nobody for ever."""

import threading
import time

import pytest

from geo.processors import THREADS, processors
from screens.shared import priority
from screens.shared.priority import in_turn, let_others_first


def test_what_can_wait_comes_after_what_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(priority, "ASIDE_SECONDS_EACH", 30.0)
    monkeypatch.setattr(priority, "ASIDE_AT_MOST_SECONDS", 30.0)
    done: list[str] = []

    def wait() -> None:
        let_others_first()
        done.append("map")

    with in_turn():
        other = threading.Thread(target=wait)
        other.start()
        time.sleep(0.05)
        done.append("score")
    other.join()
    assert done == ["score", "map"]


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(priority, "ASIDE_AT_MOST_SECONDS", 0.01)
    waiting = threading.Thread(target=let_others_first, daemon=True)
    with in_turn():
        waiting.start()
        waiting.join(30)
        assert not waiting.is_alive()


def test_turns_come_in_the_order_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(THREADS, "1")
    done: list[int] = []

    def work(number: int) -> None:
        with in_turn():
            done.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
    with in_turn():
        for waiting, thread in enumerate(threads, 2):
            thread.start()
            while len(priority._asked) < waiting:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert done == list(range(20))


def test_work_that_fails_leaves_its_turn_to_others() -> None:
    for _ in range(2 * processors()):
        with pytest.raises(ValueError, match="no"), in_turn():
            raise ValueError("no")
    with in_turn():
        pass
    assert not priority._asked


def test_as_many_at_once_as_processors_and_no_more() -> None:
    together = threading.Barrier(processors(), timeout=30)
    inside, most, lock = 0, 0, threading.Lock()

    def work() -> None:
        nonlocal inside, most
        with in_turn():
            with lock:
                inside += 1
                most = max(most, inside)
            together.wait()
            with lock:
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(3 * processors())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not together.broken
    assert most == processors()
