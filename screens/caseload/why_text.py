"""Why the vault refused something, its fields called as the page calls them."""

from geo.errors import InputError, RecoveryReachError
from screens.shared.words import Say


def why_text(problem: RecoveryReachError, say: Say) -> str:
    """Return why something was refused."""
    if isinstance(problem, InputError) and "field" in problem.values:
        field, expected = str(problem.values["field"]), str(problem.values.get("expected", ""))
        words = {"field": say.or_else(f"case_field_{field}", field), "expected": say.or_else(expected, expected)}
        return say.why(InputError(problem.sentence, **(problem.values | words)))
    return say.why(problem)
