"""In which weeks a session is held, in words, where it isn't every week."""

from geo.needs.occurrence import is_dated, parts_of
from screens.shared.words import Say


def weeks_in_words(rule: str, weekday: int, say: Say) -> str:
    """Return a rule (`geo.needs.occurrence`) in words: `only the second Sunday of the month`; empty if weekly."""
    parts = parts_of(rule)
    if not parts:
        return ""
    if not is_dated(rule):
        return say("weeks_alternate" if "alternate" in parts else "weeks_monthly")
    which = [say("nth_-1" if part == "last" else f"nth_{part}") for part in parts]
    return say("weeks_of_month", which=say.habits.listed(which), day=say.habits.weekday(weekday))
