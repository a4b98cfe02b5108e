"""What the server answers while somebody signs in: back to the caseload, cookies as short as the agency's hours."""

import re
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from screens.caseload.sign_in import CALLBACK, SignIn

LOGIN = "/auth/login"
PAGE = "/caseload"
FAILED = "sign_in"
"""The parameter of the page's address that says that signing in didn't work."""
_COOKIES, _USER = "_streamlit", "_streamlit_user="


class SignInAnswers:
    """Bring who signed in to the caseload, and who couldn't to a page that says so.

    Streamlit's cookies last as long as the hours, and travel by TLS alone where the app is opened by it.
    """

    def __init__(self, app: ASGIApp, sign_in: SignIn) -> None:
        self.app = app
        self.seconds = int(sign_in.hours * 3600)
        self.secure = "; Secure" if sign_in.redirect_uri.startswith("https://") else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_on_the_way = scope["path"] in (LOGIN, CALLBACK)
        has_failed = False

        async def send_ours(message: Message) -> None:
            nonlocal has_failed
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=self._with_our_cookies(message["headers"]))
                has_failed = is_on_the_way and _has_failed(scope, message["status"], headers)
                if has_failed:
                    headers["location"], headers["content-length"] = f"{PAGE}?{FAILED}=failed", "0"
                    message = {**message, "status": 302}
                elif scope["path"] == CALLBACK and headers.get("location") == "/":
                    headers["location"] = PAGE
                message = {**message, "headers": headers.raw}
            elif has_failed:
                message = {**message, "body": b""}
            await send(message)

        await self.app(scope, receive, send_ours)

    def _with_our_cookies(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        return [(name, self._cookie(value) if name.lower() == b"set-cookie" else value) for name, value in headers]

    def _cookie(self, value: bytes) -> bytes:
        text = value.decode("latin-1")
        if not text.startswith(_COOKIES):
            return value
        return (re.sub(r"(?i)max-age=[1-9]\d*", f"Max-Age={self.seconds}", text) + self.secure).encode("latin-1")


def _has_failed(scope: Scope, status: int, headers: MutableHeaders) -> bool:
    """Return whether signing in ends here without a user: no answer from the provider, or a bad one, or a no."""
    if scope["path"] == LOGIN:
        return status >= 400
    asked = parse_qs(scope["query_string"].decode("latin-1"))  # who comes back from signing out brings neither
    return bool({"code", "error"} & set(asked)) and not any(
        one.startswith(_USER) and not re.search(r"(?i)max-age=0\b", one) for one in headers.getlist("set-cookie")
    )
