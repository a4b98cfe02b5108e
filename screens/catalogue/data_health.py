"""Words of the data-health screen."""

WORDS: dict[str, tuple[str, str]] = {}
