"""The web app: Streamlit's screens under our own headers, with everything a page needs served from here.

Nothing leaves the machine: the page may talk to its own host only (Content-Security-Policy), Streamlit's usage
statistics are off, and only known host names are answered (a page elsewhere can't reach the app under a name of
its own, which is how DNS rebinding works).
"""

import asyncio
import base64
import gc
import gzip
import hashlib
import re
import socket
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

from geo.errors import InputError, RecoveryReachError
from layers.folium_offline import asset_folders
from screens.pocket import page as pocket
from screens.pocket.doors import FirstBytes, PhonesFirst
from screens.shared import frame, regions
from screens.shared.frame import LOOPBACK_HOSTS

SETTINGS: dict[str, object] = {
    "browser.gatherUsageStats": False,
    "client.allowedOrigins": [],
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "viewer",
    "global.developmentMode": False,
    "server.allowRunOnSave": False,
    "server.enableAgentApi": False,
    "server.fileWatcherType": "none",
    "server.maxUploadSize": 20,
    "runner.magicEnabled": False,
    "runner.postScriptGC": False,
}
"""Settings that no configuration file may loosen; colors and fonts are in `screens/.streamlit/config.toml`.

A full collection of garbage after every click would stop all visitors for a tenth of a second; Python's own is enough.
"""

_EVERYWHERE = "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

PAGE_POLICY = (
    f"{_EVERYWHERE}; script-src 'self' 'sha256-{{inline}}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' {socket}; frame-src 'self'; "
    "manifest-src 'self'; worker-src 'self' blob:"
)
MAP_POLICY = (
    f"{_EVERYWHERE}; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'"
)
"""streamlit-folium hands its frame a script as text and evaluates it, so that frame alone must allow it; even there
nothing can be loaded from, or sent to, another host."""

POCKET_POLICY = (
    f"default-src 'none'; style-src 'sha256-{pocket.STYLE_SHA256}'; script-src 'self'; img-src data:; "
    "form-action 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""The pocket page holds its own stylesheet and pictures, and sends its form to this host."""

_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}
_POCKET_HEADERS = _HEADERS | {
    b"referrer-policy": b"same-origin",
    b"permissions-policy": _HEADERS[b"permissions-policy"].replace(b"geolocation=()", b"geolocation=(self)"),
}
"""A form that is sent without a referrer comes from the origin `null`, which `SameOriginOnly` refuses."""


HTTP_OK = 200
_FILES = re.compile(r"/(?:static|assets|component)/[^?]*\.(?:css|html|js|json|map|svg|txt)")
"""What is the same as long as the server runs, and gets smaller: not pictures and fonts, which are packed already."""

KEPT_AT_MOST = 500
"""Files that stay packed: a page is made of fewer, and nobody fills the memory with names."""

LEAD_SECONDS = 10.0
"""How long the warming up waits for a first visitor: their map goes first, for both would share the processor."""


class SecurityHeaders:
    """Put the security headers on every answer; the page's policy names the very host it was asked at."""

    def __init__(self, app: ASGIApp, inline_sha256: str) -> None:
        self.app = app
        self.inline_sha256 = inline_sha256

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        own = _POCKET_HEADERS if _is_pocket(scope) else _HEADERS
        ours = own | {b"content-security-policy": self._policy(scope).encode("latin-1")}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                replaced = {*ours, b"server"}
                kept = [(name, value) for name, value in message["headers"] if name.lower() not in replaced]
                message = {**message, "headers": [*kept, *ours.items()]}
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _policy(self, scope: Scope) -> str:
        if scope["path"].startswith("/component/"):
            return MAP_POLICY
        if _is_pocket(scope):
            return POCKET_POLICY
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        # `connect-src 'self'` doesn't cover WebSockets in every browser.
        secure = "wss" if scope.get("scheme") == "https" else "ws"
        socket_source = f"{secure}://{host}" if re.fullmatch(r"[\w.:\[\]-]+", host) else ""
        return PAGE_POLICY.format(inline=self.inline_sha256, socket=socket_source)


def _is_pocket(scope: Scope) -> bool:
    path: str = scope["path"]
    return path == "/near" or path.startswith("/near/")


class SameOriginOnly:
    """Refuse what another site's page asks of this server.

    Streamlit would look up this machine's public address, by asking another host, before it refuses such a request.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = dict(scope.get("headers", ()))
        origin, host = headers.get(b"origin", b""), headers.get(b"host", b"")
        if scope["type"] not in {"http", "websocket"} or not origin or origin.partition(b"://")[2] == host:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await Response("Another site may not use this app.", 403)(scope, receive, send)


def inline_script_sha256() -> str:
    """Return the digest of the one script that stands in Streamlit's page itself, so that only that one may run."""
    page_text = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    match = re.search(r"<script>(.*?)</script>", page_text, re.DOTALL)
    return base64.b64encode(hashlib.sha256(match[1].encode() if match else b"").digest()).decode()


def tile_route(request: Request, drawn: threading.Event) -> Response:
    """Answer `/basemap/<region>/<digest>/<zoom>/<x>/<y>.json`; the digest makes the address fit to be kept for ever."""
    drawn.set()
    asked = request.path_params
    try:
        content = regions.basemap_tile(asked["region"], asked["digest"], asked["zoom"], asked["x"], asked["y"])
    except RecoveryReachError as problem:
        return Response(str(problem), 404, media_type="text/plain")
    return Response(
        content, media_type="application/json", headers={"cache-control": "private, max-age=31536000, immutable"}
    )


def routes(drawn: threading.Event) -> list[BaseRoute]:
    """Return what is served beside Streamlit: the pocket page, Leaflet, our own script, a font, and the basemap.

    Parameters
    ----------
    drawn
        Set when the first piece of a basemap is asked for.
    """
    folders = [Mount(f"/assets/{folder.name}", StaticFiles(directory=folder.path)) for folder in asset_folders()]
    font = next((Path(st.__file__).parent / "static" / "static" / "media").glob("SourceSansVF-Upright*.woff2"))
    return [
        *pocket.routes(),
        *folders,
        Route("/assets/font/source-sans.woff2", lambda _: FileResponse(font, media_type="font/woff2")),
        Route("/basemap/{region}/{digest}/{zoom:int}/{x:int}/{y:int}.json", partial(tile_route, drawn=drawn)),
    ]


class PackedFiles:
    """Send the scripts, styles and data that a page is made of gzipped, each packed once.

    Streamlit sends its own as they lie on the disk: 2.5 MB, a minute on a slow telephone line.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.packed: dict[str, Response] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if not self._fits(scope):
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        if path not in self.packed:
            plain = await _whole_answer(self.app, scope, receive)
            if plain.status_code != HTTP_OK or "content-encoding" in plain.headers:
                await plain(scope, receive, send)
                return
            packed = await asyncio.to_thread(_packed, plain)
            if len(self.packed) < KEPT_AT_MOST:
                self.packed[path] = packed
            await packed(scope, receive, send)
            return
        await self.packed[path](scope, receive, send)

    @staticmethod
    def _fits(scope: Scope) -> bool:
        """Tell whether a request asks for such a file, whole, and takes it packed."""
        if scope["type"] != "http" or scope["method"] != "GET" or not _FILES.fullmatch(scope["path"]):
            return False
        headers = dict(scope["headers"])
        partly = {b"range", b"if-none-match", b"if-modified-since"} & headers.keys()
        return not partly and b"gzip" in headers.get(b"accept-encoding", b"")


async def _whole_answer(app: ASGIApp, scope: Scope, receive: Receive) -> Response:
    """Return what an application answers, its body in one piece."""
    head: Message = {}
    pieces: list[bytes] = []

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            head.update(message)
        elif message["type"] == "http.response.body":
            pieces.append(message.get("body", b""))

    await app(scope, receive, keep)
    whole = Response(b"".join(pieces), head["status"])
    whole.raw_headers = list(head["headers"])
    return whole


def _packed(plain: Response) -> Response:
    """Return an answer with its body gzipped, as small as it gets; nothing in it depends on when it was packed."""
    body = gzip.compress(bytes(plain.body), mtime=0)
    packed = Response(body)
    replaced = (b"content-length", b"content-encoding", b"vary")
    packed.raw_headers = [
        *((name, value) for name, value in plain.raw_headers if name.lower() not in replaced),
        (b"content-length", str(len(body)).encode()),
        (b"content-encoding", b"gzip"),
        (b"vary", b"Accept-Encoding"),
    ]
    return packed


def middleware(hosts: Sequence[str]) -> list[Middleware]:
    """Return what every request passes, from the outside in; only these hosts are answered to."""
    return [
        Middleware(SecurityHeaders, inline_sha256=inline_script_sha256()),
        Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False),
        Middleware(SameOriginOnly),
        Middleware(PhonesFirst),
        Middleware(FirstBytes),
        Middleware(PackedFiles),
    ]


def application(
    region: str | None = None,
    allowed_hosts: Sequence[str] = (),
    started: Callable[[], None] = lambda: None,
) -> st.App:
    """Return the ASGI application.

    Parameters
    ----------
    region
        The region to read before the server runs, and to warm in the background once it does; the first one by
        default.
    allowed_hosts
        Host names to answer to besides this machine's own, e.g. `("reach.example.org",)`.
    started
        Called once the server is ready.
    """
    hosts = [*LOOPBACK_HOSTS, *allowed_hosts]
    script = Path(__file__).parent / "screens" / "main.py"
    config._main_script_path = str(script)
    for name, value in SETTINGS.items():
        config.set_option(name, value)
    config.set_option("server.allowedHosts", hosts)

    drawn = threading.Event()

    def warm() -> None:
        drawn.wait(LEAD_SECONDS)
        regions.warm(region)

    @asynccontextmanager
    async def lifespan(_: st.App) -> AsyncIterator[None]:
        await asyncio.to_thread(regions.ready, region)
        gc.collect()
        gc.freeze()  # what is here before any visitor stays out of every later collection
        threading.Thread(target=warm, name="warm", daemon=True).start()
        started()
        yield

    return st.App(
        script,
        lifespan=lifespan,
        routes=routes(drawn),
        middleware=middleware(hosts),
        on_script_error=frame.show_problem,
    )


def serve(
    region: str | None = None,
    port: int = 8501,
    host: str = "127.0.0.1",
    allowed_hosts: Sequence[str] = (),
    announce: Callable[[str], None] | None = None,
) -> None:
    """Serve the app until it is interrupted.

    Parameters
    ----------
    region
        The region shown first.
    port
        The port to listen on; 0 takes any free one.
    host
        The address to listen on: this machine only, unless told otherwise.
    allowed_hosts
        Names or addresses to answer to besides this machine's own and `host`.
    announce
        Called with the app's address once it can be opened.

    Raises
    ------
    InputError
        The port can't be listened on; a name is none, or lacks where the app listens on every address.
    """
    shown = f"[{host}]" if ":" in host else host
    for name in allowed_hosts:
        if not re.fullmatch(r"[\w.-]+|\[[\da-fA-F:]+\]", name):
            raise InputError(f"A host is a name or an address alone, like reach.example.org, not {name!r}.")
    if host not in ("0.0.0.0", "::"):  # noqa: S104  every address, which is no name
        allowed_hosts = [shown, *allowed_hosts]
    elif not allowed_hosts:
        raise InputError(f"To listen at {host}, name what others open: --allowed-host with a name or address.")
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError):
        listener.close()
        raise InputError(
            f"Port {port} at {host} is taken, not allowed or not this machine's; try another --port or --host."
        ) from None
    listener.listen()
    address = f"http://{allowed_hosts[0]}:{listener.getsockname()[1]}/" + (f"?region={quote(region)}" if region else "")
    served = application(region, allowed_hosts, lambda: announce(address) if announce else None)
    settings = uvicorn.Config(
        served,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws_max_size=2**25,
        timeout_graceful_shutdown=2,
    )
    with listener:
        uvicorn.Server(settings).run(sockets=[listener])
