"""Commands run as people run them, each in a process of its own, whatever becomes of that."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.drills.outcome import Outcome

ROOT = Path(__file__).parents[2]
WAIT_SECONDS = 300.0
"""Nothing here takes so long, also on a machine with much else to do."""
FORESEEN = (0, 2)
"""Exit codes: it is done, or refused."""


@dataclass(frozen=True)
class Answer:
    """What a command answered, the most memory that its process held, and what of the processor it took."""

    words: Sequence[str]
    code: int
    output: str = field(repr=False)
    errors: str
    megabytes: float
    cpu_seconds: float

    @property
    def is_refused(self) -> bool:
        """Whether it said what is wrong, and did nothing."""
        return self.code == FORESEEN[1]

    def fault(self, foreseen: Sequence[int] = FORESEEN) -> str | None:
        """Return what is wrong with an answer, unless it is done, or refused in a sentence."""
        said = self.errors.strip().splitlines()
        where = f"{' '.join(map(str, self.words))[:120]}: "
        if self.code < 0:
            return f"{where}ended by signal {signal.Signals(-self.code).name}"
        if "Traceback" in self.errors or "did not foresee" in self.errors or self.code not in foreseen:
            return f"{where}unforeseen, exit {self.code}: {' '.join(said[-1:])[:300]}"
        return None if self.code == 0 or said else f"{where}exit {self.code} without a word"


def ask(
    home: Path, *words: object, cwd: Path = ROOT, most_bytes: int | None = None, also: Mapping[str, str] | None = None
) -> Answer:
    """Run `recovery-reach` with words in a data folder; with `most_bytes`, no file that it writes can grow beyond."""
    command = [sys.executable, "-m", "cli", *map(str, words)]
    process = subprocess.Popen(
        _tight(command, most_bytes), cwd=cwd, env=environment(home, also), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, errors="replace",
    )  # fmt: skip
    timer = threading.Timer(WAIT_SECONDS, process.kill)
    timer.start()
    with ThreadPoolExecutor(2) as readers:
        assert process.stdout is not None
        assert process.stderr is not None
        output, errors = readers.submit(process.stdout.read), readers.submit(process.stderr.read)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    timer.cancel()
    process.stdout.close()
    process.stderr.close()
    return Answer(
        words,
        process.returncode,
        output.result(),
        errors.result(),
        used.ru_maxrss / 1024,
        used.ru_utime + used.ru_stime,
    )


def asked(outcome: Outcome, home: Path, *words: object, foreseen: Sequence[int] = FORESEEN, **how: object) -> Answer:
    """Run a command as `ask` does, noting a fault where it is neither done nor refused in a sentence."""
    answer = ask(home, *words, **how)  # type: ignore[arg-type]
    fault = answer.fault(foreseen)
    outcome.expect(fault is None, str(fault))
    return answer


def environment(home: Path, also: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the variables of a process that works in a data folder."""
    own = {"RECOVERY_REACH_HOME": str(home), "RECOVERY_REACH_KEYS": str(home / "keys"), "COLUMNS": "200"}
    return {**os.environ, **own, **(also or {})}


def _tight(command: list[str], most_bytes: int | None) -> list[str]:
    """Return a command that runs another with a bound on how large its files grow, as `ulimit -f` sets it."""
    if most_bytes is None:
        return command
    code = "import os, resource, sys; n = int(sys.argv[1]); resource.setrlimit(resource.RLIMIT_FSIZE, (n, n)); "
    return [sys.executable, "-c", f"{code}os.execv(sys.argv[2], sys.argv[2:])", str(most_bytes), *command]


@contextmanager
def data_folder(home: Path) -> Iterator[None]:
    """Have this process use a data folder meanwhile."""
    before = os.environ.get("RECOVERY_REACH_HOME")
    os.environ["RECOVERY_REACH_HOME"] = str(home)
    try:
        yield
    finally:
        if before is None:
            del os.environ["RECOVERY_REACH_HOME"]
        else:
            os.environ["RECOVERY_REACH_HOME"] = before
