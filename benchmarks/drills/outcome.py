"""What a drill is given, and what it tells."""

import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Outcome:
    """What a drill did, and each fault in a sentence: what was lost, torn, silently wrong, or unforeseen."""

    figures: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def expect(self, holds: bool, fault: str) -> bool:
        """Note a fault unless something holds, and return whether it does."""
        if not holds:
            self.faults.append(fault)
        return holds


@dataclass(frozen=True)
class Work:
    """What a drill works with: an empty folder, the data folder of the demo, its share of the time, and its seed."""

    folder: Path
    demo: Path
    seconds: float
    seed: int

    def until(self, share: float) -> float:
        """Return when a share of the time is over, counted from now, by `time.monotonic`."""
        return time.monotonic() + share * self.seconds
