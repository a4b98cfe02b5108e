"""How it went: one picture over time, what lacks and what of it is in reach, and what is asked from time to time."""

from collections.abc import Mapping
from typing import Any

from layers.escaping import html
from people.person_needs import read_needs_of
from people.progress import DOMAINS, barc10, current_home, engagement, home_scores, moves
from people.vault import Vault
from screens.caseload import home_score, in_reach, progress_forms
from screens.caseload.in_reach import Around
from screens.caseload.progress_picture import Story, picture
from screens.shared import components, frame
from screens.shared.words import Say
from sources.region.model import Region


def progress_part(vault: Vault, record: Mapping[str, Any], region: Region, say: Say) -> None:
    """Show the picture, the score of where they live as kept and as it is now, what is in reach, and the forms."""
    person_id = str(record["person_id"])
    story = Story(
        barc10(vault, person_id), engagement(vault, person_id), home_scores(vault, person_id), moves(vault, person_id)
    )
    frame.show(
        components.empty_card(say, "progress_title", "progress_empty") if story.is_empty else picture(story, say), say
    )
    progress_forms.forms(vault, person_id, story, say)
    progress_forms.entries(vault, story, say)
    home = current_home(vault, person_id)
    if home is None:
        frame.show(html('<p class="rr-note" role="status">{text}</p>', text=say("progress_no_home")), say)
        return
    needs, _ = read_needs_of(vault, person_id)
    compared = home_score.score_now(region, home, needs, say)
    if compared is None:
        return
    home_score.then_and_now(vault, person_id, region, home, compared, story.homes, say)
    around = Around(vars(compared.score), compared.home_id, region.resources)
    answers = {domain: int(story.capital[domain].iloc[-1]) for domain in DOMAINS} if len(story.capital) else None
    engaged = dict(story.engagement.iloc[-1]) if len(story.engagement) else None
    for title, what in (
        ("reach_title", in_reach.what_lacks(around, answers, say)),
        ("reach_learn", in_reach.learn_from(around, needs, engaged, say)),
    ):
        frame.show(html("<h2>{title}</h2>{what}", title=say(title), what=what), say)
