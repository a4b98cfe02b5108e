"""What every paper about a person has: the crisis line, the day, who made it."""

from collections.abc import Sequence

from layers.pdf import Part, Report
from people.vault import Vault, today
from screens.shared import visit
from screens.shared.crisis import WITHOUT_REGION, crisis_in_words
from screens.shared.words import Say


def paper(vault: Vault, title: str, parts: Sequence[Part], say: Say, limit: str = "") -> Report:
    """Return a paper; `limit` stands below its title."""
    day, region = today(vault), visit.looked_at()
    return Report(
        title=title,
        subtitle=say("papers_made", day=say.day(day), who=vault.user.name),
        crisis=crisis_in_words(region.country if region else WITHOUT_REGION, say),
        page=say("paper_page"),
        language=say.language,
        date=day,
        parts=parts,
        limit=limit,
    )
