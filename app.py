"""The web app: Streamlit's screens under our own headers, with everything a page needs served from here.

Nothing leaves the machine: the page may talk to its own host only (Content-Security-Policy), Streamlit's usage
statistics are off, and only known host names are answered (a page elsewhere can't reach the app under a name of
its own, which is how DNS rebinding works).
"""

import asyncio
import base64
import gc
import hashlib
import re
import socket
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.runtime import Runtime

from geo.errors import InputError, RecoveryReachError
from geo.library_parts import check_parts
from layers.folium_offline import asset_folders
from screens.caseload.sign_in import SignIn, read_sign_in, use_sign_in
from screens.caseload.sign_in_answers import SignInAnswers
from screens.pocket import page as pocket
from screens.pocket.doors import FirstBytes, PhonesFirst
from screens.shared import frame, own_machine, regions, small_fonts
from screens.shared.frame import LOOPBACK_HOSTS
from screens.shared.many_visits import few_closed_visits, raise_file_limit
from screens.shared.packed_files import KEPT_FOREVER, PackedFiles
from screens.shared.quiet_log import quiet_log
from screens.shared.streamlit_parts import library_parts
from screens.shared.uploads import MOST_MEGABYTES, bound_uploads

SETTINGS: dict[str, object] = {
    "browser.gatherUsageStats": False,
    "client.allowedOrigins": [],
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "viewer",
    "global.developmentMode": False,
    "global.disableWidgetStateDuplicationWarning": True,
    "logger.enableRich": False,
    "server.allowRunOnSave": False,
    "server.baseUrlPath": "",
    "server.enableAgentApi": False,
    "server.fileWatcherType": "none",
    "server.maxUploadSize": MOST_MEGABYTES,
    "server.scriptHealthCheckEnabled": False,
    "server.trustedUserHeaders": {},
    "runner.magicEnabled": False,
    "runner.postScriptGC": False,
}
"""Settings that no configuration file may loosen; colors and fonts are in `screens/.streamlit/config.toml`.

A full collection of garbage after every click would stop all visitors for a tenth of a second; Python's own is enough.
What was chosen is put in again where the language changes, also in a list with a usual choice: no mistake to be logged.
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


class NoMetrics:
    """Tell nobody how many visits there are and what they hold, which Streamlit would tell whoever asks."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["path"].rstrip("/").endswith("/_stcore/metrics"):
            await Response("There is nothing here.", 404)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


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
    return Response(content, media_type="application/json", headers={"cache-control": f"private, {KEPT_FOREVER}"})


class KeptFiles(StaticFiles):
    """Files of a folder whose address changes with them: a browser may keep them forever."""

    def file_response(self, *given: Any, **named: Any) -> Response:
        """Return what Starlette answers with a file, and how long it may be kept."""
        response = super().file_response(*given, **named)
        response.headers["cache-control"] = f"public, {KEPT_FOREVER}"
        return response


def routes(drawn: threading.Event) -> list[BaseRoute]:
    """Return what is served beside Streamlit: the pocket page, Leaflet, our own script, a font, and the basemap.

    Parameters
    ----------
    drawn
        Set when the first piece of a basemap is asked for.
    """
    folders = [Mount(f"/assets/{folder.name}", KeptFiles(directory=folder.path)) for folder in asset_folders()]
    return [
        *pocket.routes(),
        *folders,
        Route("/assets/font/source-sans.woff2", lambda _: RedirectResponse(small_fonts.words_address(), 301)),
        Route("/basemap/{region}/{digest}/{zoom:int}/{x:int}/{y:int}.json", partial(tile_route, drawn=drawn)),
    ]


def middleware(hosts: Sequence[str], asked: SignIn | None = None) -> list[Middleware]:
    """Return what every request passes, from the outside in; only these hosts are answered to."""
    signed_in = [Middleware(SignInAnswers, sign_in=asked)] if asked else []
    return [
        *signed_in,
        Middleware(SecurityHeaders, inline_sha256=inline_script_sha256()),
        Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False),
        Middleware(SameOriginOnly),
        Middleware(NoMetrics),
        Middleware(PhonesFirst),
        Middleware(FirstBytes),
        Middleware(PackedFiles),
    ]


def application(
    region: str | None = None,
    allowed_hosts: Sequence[str] = (),
    started: Callable[[], None] = lambda: None,
    asked: SignIn | None = None,
    broke: Callable[[], None] = lambda: None,
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
    asked
        The sign-in that stands before the caseload; none by default.
    broke
        Called when the loop that serves all visits broke off, after which nobody is served.

    Raises
    ------
    LibraryError
        A library lacks a part that the app rests on.
    """
    check_parts(library_parts(SETTINGS))
    hosts = [*LOOPBACK_HOSTS, *allowed_hosts, *([asked.host] if asked else [])]
    own_machine.serve_to(hosts)
    script = Path(__file__).parent / "screens" / "main.py"
    config._main_script_path = str(script)
    for name, value in SETTINGS.items():
        config.set_option(name, value)
    config.set_option("server.allowedHosts", hosts)
    use_sign_in(asked)

    drawn = threading.Event()

    def warm() -> None:
        drawn.wait(LEAD_SECONDS)
        regions.warm(region)

    @asynccontextmanager
    async def lifespan(_: st.App) -> AsyncIterator[None]:
        with quiet_log():
            # whoever waits for the loop of visits takes its error, of which nothing is written later then
            visits = asyncio.gather(Runtime.instance().stopped, return_exceptions=True)
            visits.add_done_callback(lambda done: broke() if _broke(done) else None)
            bound_uploads(Runtime.instance().uploaded_file_mgr)  # type: ignore[arg-type]
            async with few_closed_visits(Runtime.instance()):
                await asyncio.to_thread(regions.ready, region)
                await asyncio.to_thread(small_fonts.ready)
                gc.collect()
                gc.freeze()  # what is here before any visitor stays out of every later collection
                threading.Thread(target=warm, name="warm", daemon=True).start()
                started()
                yield

    return st.App(
        script,
        lifespan=lifespan,
        routes=routes(drawn),
        middleware=middleware(hosts, asked),
        on_script_error=frame.show_problem,
    )


def serve(
    region: str | None = None,
    port: int = 8501,
    host: str = "127.0.0.1",
    allowed_hosts: Sequence[str] = (),
    announce: Callable[[str], None] | None = None,
    sign_in: Path | None = None,
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
    sign_in
        A file that asks for a sign-in before the caseload (`screens.caseload.sign_in.read_sign_in`).

    Raises
    ------
    InputError
        The port can't be listened on; a name is none, or lacks where the app listens on every address; the sign-in file
        is not whole.
    VaultError
        Others may read the sign-in file.
    RecoveryReachError
        What serves the visits broke off; a service manager starts the app again.
    """
    raise_file_limit()
    asked = read_sign_in(sign_in) if sign_in else None
    allowed_hosts = _names(host, allowed_hosts, has_sign_in=asked is not None)
    listener = _listening(host, port)
    origin = asked.origin if asked else f"http://{allowed_hosts[0]}:{listener.getsockname()[1]}"
    address = f"{origin}/" + (f"?region={quote(region)}" if region else "")
    server: uvicorn.Server | None = None
    is_broken = False

    def end() -> None:
        nonlocal is_broken
        is_broken = True
        if server is not None:
            server.should_exit = True

    served = application(region, allowed_hosts, lambda: announce(address) if announce else None, asked, end)
    settings = uvicorn.Config(
        served,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws_max_size=2**25,
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(settings)
    with listener:
        server.run(sockets=[listener])
    if is_broken:
        raise RecoveryReachError("What serves the visits broke off, so the app ended; start it again.")


def check_port(port: int, host: str = "127.0.0.1") -> None:
    """Say at once where a port can't be listened on, before long work that ends with `serve`.

    Raises
    ------
    InputError
        The port can't be listened on.
    """
    _listening(host, port).close()


def _names(host: str, allowed_hosts: Sequence[str], *, has_sign_in: bool) -> list[str]:
    """Return the names that are answered to, this machine's own aside; the one that is listened at first.

    Raises
    ------
    InputError
        A name is none, or none is given where every address is listened at.
    """
    for name in allowed_hosts:
        if not re.fullmatch(r"[\w.-]+|\[[\da-fA-F:]+\]", name):
            raise InputError(f"A host is a name or an address alone, like reach.example.org, not {name!r}.")
    if host not in ("0.0.0.0", "::"):  # noqa: S104  every address, which is no name
        return [f"[{host}]" if ":" in host else host, *allowed_hosts]
    if not (allowed_hosts or has_sign_in):
        raise InputError(f"To listen at {host}, name what others open: --allowed-host with a name or address.")
    return list(allowed_hosts)


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises
    ------
    InputError
        The port can't be listened on.
    """
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
    return listener


def _broke(visits: "asyncio.Future[tuple[BaseException | None]]") -> bool:
    try:
        return any(isinstance(one, BaseException) for one in visits.result())
    except asyncio.CancelledError:
        return False
