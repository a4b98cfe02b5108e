"""The line to call in a crisis: that of the region's country, or none where none is known."""

from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from layers.escaping import html, joined, telephone
from screens.shared.words import Say
from sources.crisis_lines import CrisisLine, crisis_lines

WITHOUT_REGION = "us"


@dataclass(frozen=True)
class Way:
    """A way to reach somebody: an address that a telephone or browser follows, and what it does in words."""

    address: str
    text: str


def crisis_in_words(country: str, say: Say) -> str:
    """Return whom to call in a crisis in a country (`RegionFacts.country`); empty where we know no line."""
    line = crisis_lines().get(country)
    if line is None:
        return ""
    if _in_spanish(line, say):
        return say("crisis_spanish", number=line.number, key=line.spanish_key, word=line.spanish_word)
    if line.text:
        return say("crisis", number=line.number)
    return say("crisis_call", number=line.number, name=line.name)


def crisis_title(country: str | None, say: Say) -> str:
    """Return the same above ways to call: without any region (None), for the United States, named so."""
    return say("crisis_us") if country is None else say("crisis_title")


def crisis_ways(country: str | None, say: Say) -> list[Way]:
    """Return the ways to reach the line of a country (without any region, of the United States): call, text, chat."""
    line = crisis_lines().get(WITHOUT_REGION if country is None else country)
    if line is None:
        return []
    spanish = _in_spanish(line, say)
    number, name = telephone(line.number), "" if line.text else f" ({line.name})"
    called = say("crisis_press", number=line.number, key=line.spanish_key) if spanish else ""
    ways = [Way(f"tel:{number}", called or say("crisis_way_call", number=line.number) + name)]
    if line.text and spanish:
        word = line.spanish_word
        ways.append(Way(text_message(word, line.number), say("crisis_way_word", number=line.number, word=word)))
    elif line.text:
        ways.append(Way(f"sms:{number}", say("crisis_way_text", number=line.number)))
    return ways + ([Way(line.chat, say("crisis_way_chat"))] if line.chat else [])


def helpline(country: str, say: Say) -> Way | None:
    """Return who tells of treatment in a country, day and night; None where we know nobody."""
    line = crisis_lines().get(country)
    if line is None or not line.helpline:
        return None
    text = say("crisis_helpline", number=line.helpline, name=line.helpline_name)
    return Way(f"tel:{telephone(line.helpline)}", text)


def text_message(text: str, number: str = "") -> str:
    """Return the address that opens a text message; `?&` is what both kinds of telephones understand."""
    return f"sms:{telephone(number) or ''}?&body={quote(text)}"


def crisis_link(country: str | None, say: Say) -> Markup:
    """Return whom to call as links that call, text and chat; without any region (None), of the United States."""
    ways = crisis_ways(country, say)
    if not ways:
        return Markup("")
    number = crisis_lines()[WITHOUT_REGION if country is None else country].number
    told = crisis_title(country, say) if country is None else f"{crisis_title(country, say)} {ways[0].text}"
    more = joined(html('<a class="rr-more" href="{to}">{text}</a>', to=way.address, text=way.text) for way in ways[1:])
    call = html('<a href="tel:{number}">{told}</a>', number=telephone(number), told=told)
    return html('<p class="rr-crisis">{call}{more}</p>', call=call, more=more)


def _in_spanish(line: CrisisLine, say: Say) -> bool:
    return say.language == "es" and bool(line.spanish_key)
