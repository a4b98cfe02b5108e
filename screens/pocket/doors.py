"""How a phone gets to the pocket page: sent there from the front door, and by the first bytes of every other page.

Streamlit's own page is an empty shell until three megabytes have come. Until then its first bytes show the crisis line
and the way to the pocket page, in plain HTML that Streamlit replaces once it runs.
"""

import gzip
import re
from urllib.parse import parse_qs, urlencode

from jinja2 import Template
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.errors import RecoveryReachError
from layers.folium_offline import asset_address
from screens.pocket.answer import facts_of
from screens.pocket.fields import Refused, language_of
from screens.shared import crisis
from screens.shared.catalogs import preferred
from screens.shared.words import Say

SHELL = b'<div id="root"></div>'
"""Where Streamlit puts its page; what stands in it is replaced."""

SCRIPT = b'<script type="module"'
FIRST_SCRIPT = f'<script src="{asset_address("reach", "first.js")}"></script>'.encode()

_NOSCRIPT = re.compile(rb"<noscript>.*?</noscript>", re.DOTALL)
"""What Streamlit tells those without scripts: to switch them on. The way to the pocket page serves them better."""

NOT_PAGES = ("/near", "/assets/", "/basemap/", "/component/", "/media/", "/static/", "/_stcore/")
_UNASKED = ("accept-encoding", "if-none-match", "if-modified-since")

_FIRST = Template(
    '<div id="root"><div lang="{{ say.language }}" style="font:1.1rem/1.5 system-ui,sans-serif;max-width:30rem;'
    'margin:2rem auto;padding:0 1rem;text-align:center"><p><strong>{{ title }}</strong></p>'
    '{% for way in ways %}<p><a style="{{ big }};background:#9c2f1f;color:#fff" href="{{ way.address }}">{{ way.text }}'
    '</a></p>{% endfor %}<p>{{ say("pocket_loading") }}</p><p><a style="{{ big }};background:#155e66;color:#fff" '
    'href="{{ quick }}">{{ say("pocket_quick") }}</a></p><p>{{ say("pocket_quick_why") }}</p></div></div>',
    autoescape=True,
)
_BIG = "display:block;padding:.8rem 1rem;border-radius:10px;font-weight:700;text-decoration:none"


class PhonesFirst:
    """Send a phone that asks for the front door (`/`, without a query) to the pocket page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and _is_phone_at_front_door(scope):
            headers = {"cache-control": "no-store", "vary": "user-agent, sec-ch-ua-mobile"}
            await RedirectResponse("/near", 303, headers=headers)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class FirstBytes:
    """Put the crisis line and the way to the pocket page into the empty shell of Streamlit's page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if not _is_page(scope):
            await self.app(scope, receive, send)
            return
        packs = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        plain = {**scope, "headers": [pair for pair in scope["headers"] if pair[0].decode("latin-1") not in _UNASKED]}
        started: list[Message] = []
        body = bytearray()

        async def hold(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)
                if not Headers(raw=message["headers"]).get("content-type", "").startswith("text/html"):
                    await send(message)
            elif not Headers(raw=started[0]["headers"]).get("content-type", "").startswith("text/html"):
                await send(message)
            else:
                body.extend(message.get("body", b""))
                if not message.get("more_body"):
                    own = Headers(scope=scope).get("accept-language", "")
                    first = await run_in_threadpool(first_html, scope["query_string"].decode("latin-1"), own)
                    page = _NOSCRIPT.sub(b"", bytes(body)).replace(SHELL, first)
                    await _send_whole(page.replace(SCRIPT, FIRST_SCRIPT + SCRIPT, 1), started[0], packs, send)

        await self.app(plain, receive, hold)


def first_html(query: str, languages: str = "") -> bytes:
    """Return what stands in the shell of a page that was asked for with this query, by a browser of these languages."""
    given = {"language": preferred(languages)} | {name: values[0] for name, values in parse_qs(query).items()}
    say = Say(language_of(given))
    try:
        facts = facts_of(given.get("region", ""))
    except (Refused, RecoveryReachError):
        facts = None
    country = None if facts is None else facts.country
    kept = ({} if facts is None else {"region": facts.name}) | {"language": say.language}
    title, ways = crisis.crisis_title(country, say), crisis.crisis_ways(country, say)
    html: str = _FIRST.render(
        say=say, title=title if ways else "", ways=ways, quick=f"/near?{urlencode(kept)}", big=_BIG
    )
    return html.encode()


async def _send_whole(body: bytes, start: Message, packs: bool, send: Send) -> None:
    headers = MutableHeaders(raw=list(start["headers"]))
    for name in ("etag", "last-modified", "content-length"):
        if name in headers:
            del headers[name]
    headers["vary"] = "accept-encoding, accept-language"
    if packs:
        body = gzip.compress(body, 6)
        headers["content-encoding"] = "gzip"
    headers["content-length"] = str(len(body))
    await send({**start, "headers": headers.raw})
    await send({"type": "http.response.body", "body": body})


def _is_phone_at_front_door(scope: Scope) -> bool:
    if scope["method"] != "GET" or scope["path"] != "/" or scope["query_string"]:
        return False
    headers = Headers(scope=scope)
    return headers.get("sec-ch-ua-mobile") == "?1" or "Mobi" in headers.get("user-agent", "")


def _is_page(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or scope["path"].startswith(NOT_PAGES):
        return False
    return "text/html" in Headers(scope=scope).get("accept", "")
