"""Words of the participant's screen."""

WORDS: dict[str, tuple[str, str]] = {}
