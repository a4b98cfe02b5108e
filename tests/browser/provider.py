"""A provider of OpenID Connect on loopback, for tests alone: whoever presses a name is that person."""

import json
import secrets
import sys
import time
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
PEOPLE = {
    "Ana": {"sub": "1", "email": "Ana@agency.example"},
    "Ben": {"sub": "2", "email": "ben@agency.example"},
    "Late": {"sub": "3", "email": "ana@agency.example", "hours_ago": 9},
    "Stranger": {"sub": "4", "email": "stranger@elsewhere.example"},
}
GIVEN: dict[str, tuple[str, str]] = {}
"""Who and which nonce each code stands for."""


def facts(request: Request) -> Response:
    """Say where everything is."""
    here = str(request.base_url).rstrip("/")
    return JSONResponse(
        {
            "issuer": here,
            "authorization_endpoint": f"{here}/authorize",
            "token_endpoint": f"{here}/token",
            "jwks_uri": f"{here}/keys",
            "end_session_endpoint": f"{here}/bye",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }
    )


def authorize(request: Request) -> Response:
    """Ask who it is."""
    asked = request.query_params
    links = []
    for name in PEOPLE:
        code = secrets.token_urlsafe(16)
        GIVEN[code] = (name, asked["nonce"])
        links.append(
            f'<a href="{asked["redirect_uri"]}?{urlencode({"code": code, "state": asked["state"]})}">{name}</a>'
        )
    return HTMLResponse("<!doctype html><title>Provider</title><link rel=icon href=data:,>" + " ".join(links))


async def token(request: Request) -> Response:
    """Hand out a signed token for a code, once."""
    name, nonce = GIVEN.pop(str((await request.form())["code"]))
    person = dict(PEOPLE[name])
    issued = int(time.time()) - 3600 * int(person.pop("hours_ago", 0))
    claims = {
        **person,
        "iss": str(request.base_url).rstrip("/"),
        "aud": "reach",
        "iat": issued,
        "exp": int(time.time()) + 600,
        "nonce": nonce,
    }
    signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, KEY)
    return JSONResponse({"access_token": "x", "token_type": "Bearer", "expires_in": 600, "id_token": signed})


def keys(_: Request) -> Response:
    """Return the public key."""
    return JSONResponse({"keys": [json.loads(json.dumps(KEY.as_dict(private=False)))]})


def bye(request: Request) -> Response:
    """End the session here, and go back."""
    return RedirectResponse(request.query_params["post_logout_redirect_uri"])


if __name__ == "__main__":
    paths = {"/.well-known/openid-configuration": facts, "/authorize": authorize, "/keys": keys, "/bye": bye}
    served = Starlette(
        routes=[*(Route(path, work) for path, work in paths.items()), Route("/token", token, methods=["POST"])]
    )
    uvicorn.run(served, port=int(sys.argv[1]), log_level="warning")
