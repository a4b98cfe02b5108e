"""What to do about a row of a list that can't be used as it is, in words."""

from screens.shared.words import Say


def advice(code: str, say: Say) -> str:
    """Return what to do about a code of SET_ASIDE."""
    return say.or_else(f"mend_{code}", say("mend_other"))
