"""The line to call in a crisis: that of the region's country, or none where none is known."""

from markupsafe import Markup

from layers.escaping import html, telephone
from screens.shared.words import Say
from sources.crisis_lines import crisis_lines

UNITED_STATES = "us"


def crisis_in_words(country: str, say: Say) -> str:
    """Return whom to call in a crisis in a country (`RegionFacts.country`); empty where we know no line."""
    line = crisis_lines().get(country)
    if line is None:
        return ""
    if country == UNITED_STATES:  # its line answers in Spanish too, by a key of its own
        return say("crisis_988")
    if line.text:
        return say("crisis", number=line.number)
    return say("crisis_call", number=line.number, name=line.name)


def crisis_link(country: str | None, say: Say) -> Markup:
    """Return the same as a link that calls; without any region (None), the line of the United States, named so."""
    line = crisis_lines().get(UNITED_STATES if country is None else country)
    if line is None:
        return Markup("")
    text = crisis_in_words(country, say) if country is not None else say("crisis_us")
    return html('<p class="rr-crisis"><a href="tel:{number}">{text}</a></p>', number=telephone(line.number), text=text)
