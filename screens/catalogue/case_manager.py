"""Words of the case manager's screen."""

WORDS: dict[str, tuple[str, str]] = {}
