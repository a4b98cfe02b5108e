"""The files that a page is made of, sent as small as they get: what a slow line must carry before anything is seen.

Streamlit sends its own as they lie on the disk: 2.5 MB of scripts and 0.5 MB of fonts.
"""

import asyncio
import gzip
import re

import brotli
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from screens.shared import small_fonts

HTTP_OK = 200
MEDIA_TYPES = {
    "css": "text/css",
    "html": "text/html",
    "js": "text/javascript",
    "json": "application/json",
    "map": "application/json",
    "svg": "image/svg+xml",
    "txt": "text/plain",
}
"""What the files are, said here: a machine's own list can call a script plain text, which no browser runs then."""

_TEXTS = re.compile(rf"/(?:static|assets|component)/[^?]*\.({'|'.join(MEDIA_TYPES)})")
"""What is the same as long as the server runs, and gets smaller: not pictures, which are packed already."""

BROTLI_QUALITY = 9
"""The highest that packs a page in half a second; 11 takes ten, for 8 % less."""

FONT = "font"
KEPT_FOREVER = "max-age=31536000, immutable"
"""How long a browser may keep a file whose address changes with what is in it."""
KEPT_AT_MOST = 500
"""Files that stay packed: a page is made of fewer, and nobody fills the memory with names."""


class PackedFiles:
    """Send scripts, styles and data compressed, each once, and fonts with what the screens need of them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.packed: dict[tuple[str, str], Response] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        how = _how(scope)
        if how is None:
            await self.app(scope, receive, send)
            return
        key = (scope["path"], how)
        if key not in self.packed:
            plain = await _whole_answer(self.app, scope, receive)
            if plain is None:
                return
            if plain.status_code != HTTP_OK or "content-encoding" in plain.headers:
                await plain(scope, receive, send)
                return
            packed = await asyncio.to_thread(_packed, scope["path"], plain, how)
            if len(self.packed) < KEPT_AT_MOST:
                self.packed[key] = packed
            await packed(scope, receive, send)
            return
        await self.packed[key](scope, receive, send)


def _how(scope: Scope) -> str | None:
    """Return how the file that a request asks for is packed: `br`, `gzip`, `font`; None: it is sent as it is."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    headers = dict(scope["headers"])
    if {b"range", b"if-none-match", b"if-modified-since"} & headers.keys():
        return None
    if scope["path"] in small_fonts.addresses():
        return FONT
    if not _TEXTS.fullmatch(scope["path"]):
        return None
    offers = re.sub(rb"\s", b"", headers.get(b"accept-encoding", b"")).split(b",")
    taken = {
        name for name, _, weight in (offer.partition(b";") for offer in offers) if weight not in {b"q=0", b"q=0.0"}
    }
    return next((how for how in ("br", "gzip") if how.encode() in taken), None)


async def _whole_answer(app: ASGIApp, scope: Scope, receive: Receive) -> Response | None:
    """Return what an application answers, its body in one piece; None where it stopped because the browser left."""
    head: Message = {}
    pieces: list[bytes] = []
    is_whole = False

    async def keep(message: Message) -> None:
        nonlocal is_whole
        if message["type"] == "http.response.start":
            head.update(message)
        elif message["type"] == "http.response.body":
            pieces.append(message.get("body", b""))
            is_whole = not message.get("more_body", False)

    await app(scope, receive, keep)
    if not is_whole:
        return None
    whole = Response(b"".join(pieces), head["status"])
    whole.raw_headers = list(head["headers"])
    return whole


def _packed(path: str, plain: Response, how: str) -> Response:
    """Return an answer with its body packed; nothing in it depends on when it was packed."""
    body = bytes(plain.body)
    encoding: list[tuple[bytes, bytes]] = []
    if how == FONT:
        body = small_fonts.small_font(path) or body
    else:
        body = brotli.compress(body, quality=BROTLI_QUALITY) if how == "br" else gzip.compress(body, mtime=0)
        media_type = MEDIA_TYPES[path.rpartition(".")[2]]
        encoding = [
            (b"content-type", f"{media_type}; charset=utf-8".encode()),
            (b"content-encoding", how.encode()),
            (b"vary", b"Accept-Encoding"),
        ]
    packed = Response(body)
    replaced = {b"content-length", *(name for name, _ in encoding)}
    packed.raw_headers = [
        *((name, value) for name, value in plain.raw_headers if name.lower() not in replaced),
        (b"content-length", str(len(body)).encode()),
        *encoding,
    ]
    return packed
