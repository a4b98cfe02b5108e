"""The pocket page: `/near`, beside Streamlit in the same server, as plain HTML that is sent as soon as it is known.

The crisis line and the form go first, then the answer, each piece compressed and flushed by itself. A question comes as
the body of a POST: no place is in an address, nothing is stored, and no cookie is set.
"""

import asyncio
import base64
import datetime
import hashlib
import logging
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from geo.dates import local_date
from geo.errors import RecoveryReachError
from geo.processors import processors
from geo.timetables.ended import last_day
from screens.pocket import answer, calendar
from screens.pocket.answer import Suggestions
from screens.pocket.fields import MAX_BYTES, Fields, Refused, as_hidden, language_of, raw_fields, read
from screens.shared import crisis, frame, near_me, regions
from screens.shared.catalogs import languages, preferred
from screens.shared.credits import credits_of
from screens.shared.packed_files import KEPT_FOREVER
from screens.shared.quiet_log import kind_and_place
from screens.shared.words import Say
from sources.region.model import Region, RegionFacts

WAITING_AT_MOST = 24
"""So many questions may wait for their turn; whoever comes after them is told to try again."""

IN_THE_ADDRESS = ("region", "language")
NO_STORE = {"cache-control": "no-store"}

HERE = Path(__file__).parent
STYLE = (HERE / "pocket.css").read_text(encoding="utf-8")
STYLE_SHA256 = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
SCRIPT = (HERE / "pocket.js").read_text(encoding="utf-8")
SCRIPT_ADDRESS = f"/near/pocket.js?{hashlib.blake2b(SCRIPT.encode(), digest_size=6).hexdigest()}"
"""Another one once the script is another."""

_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_log = logging.getLogger(__name__)


class Asked(NamedTuple):
    """One request: its fields as they came and checked, the region, the language, and the host that it was sent to."""

    fields: Fields
    facts: RegionFacts | None
    say: Say
    host: str
    refused: Refused | None = None


Answer = Callable[[Region, Asked], str]
Part = Callable[[], Awaitable[str]]


def routes() -> list[BaseRoute]:
    """Return the routes of the page."""
    turns = Turns()
    answers: dict[str, Answer] = {"/near": _lists, "/near/way": _way, "/near/map": _map}
    posts = [Route(path, partial(_post, turns=turns, made=made), methods=["POST"]) for path, made in answers.items()]
    return [
        Route("/near", _start, methods=["GET"]),
        *posts,
        Route("/near/calendar", partial(_calendar, turns=turns), methods=["POST"]),
        *(Route(path, _to_start, methods=["GET"]) for path in ("/near/way", "/near/map", "/near/calendar")),
        Route("/near/pocket.js", _script, methods=["GET"]),
    ]


class Turns:
    """How many questions are answered at once, and how many wait."""

    def __init__(self) -> None:
        self.free = asyncio.Semaphore(2 * processors())
        self.asked = 0

    async def take(self, work: Callable[[], Any]) -> Any:
        """Return what a thread works out, once it is its turn.

        Raises
        ------
        Refused
            Too many wait already.
        """
        if self.asked >= WAITING_AT_MOST:
            raise Refused("pocket_busy", "pocket_busy_hint", 503)
        self.asked += 1
        try:
            async with self.free:
                return await run_in_threadpool(work)
        finally:
            self.asked -= 1


async def _start(request: Request) -> Response:
    """Answer `GET /near`: the form. Anything in the address but a region and a language is dropped from it."""
    given = dict(request.query_params)
    allowed = {name: given[name] for name in IN_THE_ADDRESS if name in given}
    if given != allowed:
        return _to_start(request)
    own = {"language": preferred(request.headers.get("accept-language", ""))}
    asked = await run_in_threadpool(_checked, own | allowed, _host(request))
    parts = [_worked_out(_form, asked), _worked_out(_told, asked, _lists)]
    return _streamed(request, asked, parts if asked.refused else [_worked_out(_form, asked, is_open=True)])


def _to_start(request: Request) -> Response:
    """Send a browser to the form: what was asked can't be asked by an address."""
    allowed = {name: request.query_params[name] for name in IN_THE_ADDRESS if name in request.query_params}
    return RedirectResponse("/near" + (f"?{urlencode(allowed)}" if allowed else ""), 303, headers=NO_STORE)


async def _post(request: Request, turns: Turns, made: Answer) -> Response:
    """Answer a question with a page: crisis line and form at once, then what `made` tells."""
    asked = await _asked(request)

    async def told() -> str:
        try:
            return str(await turns.take(partial(_told, asked, made)))
        except Refused as problem:
            return await run_in_threadpool(_told, asked._replace(refused=problem), made)

    return _streamed(request, asked, [_worked_out(_form, asked), told])


async def _calendar(request: Request, turns: Turns) -> Response:
    """Answer with a session as a file for a calendar; a page says why where there is none."""
    asked = await _asked(request)
    problem = asked.refused
    if problem is None:
        try:
            made: Response = await turns.take(partial(_event, asked))
        except Refused as refused:
            problem = refused
        except (Suggestions, RecoveryReachError):
            problem = Refused("pocket_gone", "pocket_gone_hint", 404)
        except Exception as raised:  # as in `_told`
            _log_quietly(raised)
            problem = Refused("problem", status=500)
        else:
            return made
    asked = asked._replace(refused=problem)
    return _streamed(request, asked, [_worked_out(_form, asked), _worked_out(_told, asked, _lists)])


def _event(asked: Asked) -> Response:
    if asked.facts is None or asked.fields.target is None or asked.fields.target.day is None:
        raise Refused("pocket_bad_field", "pocket_bad_field_hint")
    region = regions.opened(asked.facts.name)
    question, row = answer.chosen(region, asked.fields, asked.say)
    made, service = datetime.datetime.now(datetime.UTC), question.when.service
    content = calendar.event(
        row, question.mode, asked.facts.time_zone, made, asked.say,
        limits=answer.limits(region, question, [question.when.day], asked.say),
        holds_until=last_day(region.network.feed, service) if service == question.when.day else None,
    )  # fmt: skip
    headers = NO_STORE | {"content-disposition": f'attachment; filename="{calendar.file_name(row)}"'}
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)


async def _script(_: Request) -> Response:
    """Answer with the optional script, which only helps: location and printing."""
    return Response(SCRIPT, media_type="text/javascript", headers={"cache-control": f"public, {KEPT_FOREVER}"})


async def _asked(request: Request) -> Asked:
    """Return what was asked; what is wrong with it is in `refused`."""
    host = _host(request)
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return await run_in_threadpool(_checked, {}, host, Refused("pocket_bad_field", "pocket_bad_field_hint", 415))
    body = b""
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > MAX_BYTES:
                break
        raw = raw_fields(body)
    except Refused as problem:
        return await run_in_threadpool(_checked, {}, host, problem)
    except ClientDisconnect:
        return await run_in_threadpool(_checked, {}, host, Refused("pocket_bad_field"))
    return await run_in_threadpool(_checked, raw, host)


def _checked(raw: Mapping[str, str], host: str, problem: Refused | None = None) -> Asked:
    say, facts, fields = Say(language_of(raw)), None, Fields(language=language_of(raw))
    try:
        facts = answer.facts_of("")
        facts = answer.facts_of(raw.get("region", ""))
        if facts is not None:
            fields = read({**raw, "region": facts.name}, local_date(facts.time_zone))
    except Refused as refused:
        problem = problem or refused
    except RecoveryReachError:
        problem = problem or Refused("problem", status=500)
    return Asked(fields, facts, say, host, problem)


def _worked_out(make: Callable[..., str], *given: Any, **named: Any) -> Part:
    """Return a part of a page that a thread makes."""
    return partial(run_in_threadpool, make, *given, **named)


def _streamed(request: Request, asked: Asked, parts: Sequence[Part]) -> StreamingResponse:
    """Return a page whose parts are sent as they are ready, the crisis line first."""
    packs = "gzip" in request.headers.get("accept-encoding", "")
    packer = zlib.compressobj(9, wbits=31)

    def packed(text: str) -> bytes:
        return packer.compress(text.encode()) + packer.flush(zlib.Z_SYNC_FLUSH) if packs else text.encode()

    async def pieces() -> AsyncIterator[bytes]:
        yield packed(_top(asked))
        for part in parts:
            yield packed(await part())
        yield packed(await run_in_threadpool(_end, asked, is_answered=len(parts) > 1)) + (
            packer.flush() if packs else b""
        )

    headers = NO_STORE | {"vary": "accept-encoding, accept-language"} | ({"content-encoding": "gzip"} if packs else {})
    status = 200 if asked.refused is None else asked.refused.status
    return StreamingResponse(pieces(), status, media_type="text/html; charset=utf-8", headers=headers)


def _page(name: str, asked: Asked, **values: Any) -> str:
    known = {"say": asked.say, "language": asked.say.language, "languages": languages(), "full": _full(asked)}
    known["script"] = SCRIPT_ADDRESS
    return _templates.get_template(name).render(known | values)


def _top(asked: Asked) -> str:
    """Return the head and the crisis line: what must be there before anything else is known."""
    country = None if asked.facts is None else asked.facts.country
    return _page(
        "top.html",
        asked,
        style=Markup(STYLE),  # noqa: S704  our own file
        title=crisis.crisis_title(country, asked.say),
        ways=crisis.crisis_ways(country, asked.say),
    )


def _form(asked: Asked, *, is_open: bool = False) -> str:
    """Return the form, open where there is no answer to read."""
    place = {"region": asked.facts.name} if asked.facts else {}
    links = [(code, name, f"/near?{urlencode(place | {'language': code})}") for code, name in languages().items()]
    form, why = None, asked.say("no_region") if asked.facts is None and is_open else ""
    try:
        form = None if asked.facts is None else answer.form(asked.facts, asked.fields, asked.say)
    except Exception as problem:  # as in `_told`
        why = " ".join(_why(problem, asked.say))
    return _page(
        "form.html",
        asked,
        form=form,
        links=links,
        why=why,
        is_open=is_open,
        fictional=asked.say("fictional") if asked.facts and asked.facts.fictional else "",
        private=frame.kept_where(asked.host, asked.say, "near_private"),
    )


def _full(asked: Asked) -> str:
    """Return the address of the full app, in this region and language."""
    place = {"region": asked.facts.name} if asked.facts else {}
    return f"/?{urlencode({'full': 1, **place, 'language': asked.say.language})}"


def _told(asked: Asked, made: Answer) -> str:
    """Return an answer, or the sentence that says why there is none and what is always there."""
    facts, say = asked.facts, asked.say
    problem: Exception | None = asked.refused
    if problem is None:
        try:
            return made(_region(facts), asked)
        except Exception as raised:  # whatever it is, the page must still tell whom to call
            problem = raised
    sentence, hint = _why(problem, say)
    near = answer.suggestions(problem) if isinstance(problem, Suggestions) else []
    again = [(name, value) for name, value in as_hidden(asked.fields).items() if name not in ("at", "from")]
    typed = None if facts is None else asked.fields.typed
    return _page(
        "refused.html", asked, sentence=sentence, hint=hint, near=near, again=again, typed=typed,
        always=answer.always(facts, say),
    )  # fmt: skip


def _region(facts: RegionFacts | None) -> Region:
    if facts is None:
        raise Refused("no_region", "no_region_hint")
    return regions.opened(facts.name)


def _why(problem: Exception, say: Say) -> tuple[str, str]:
    """Return why there is no answer, and what to try."""
    if isinstance(problem, Suggestions):
        return say("not_found", text=problem.typed), "" if problem.near else say("not_found_hint")
    if isinstance(problem, Refused):
        return say(problem.key), say(problem.hint) if problem.hint else ""
    if isinstance(problem, RecoveryReachError):
        return say.why(problem), say("pocket_try_again")
    _log_quietly(problem)
    return say("problem"), ""


def _log_quietly(problem: Exception) -> None:
    """Note where something broke; its text may hold what was typed, so it is never written down."""
    _log.error("The pocket page could not answer: %s", kind_and_place(problem))


def _lists(region: Region, asked: Asked) -> str:
    told = answer.lists(region, asked.fields, asked.say)
    return _page("lists.html", asked, told=told, **_always(asked, told["asked"]))


def _way(region: Region, asked: Asked) -> str:
    told = answer.way(region, asked.fields, asked.say)
    return _page("way.html", asked, told=told, **_always(asked, told["asked"]))


def _map(region: Region, asked: Asked) -> str:
    told = answer.picture(region, asked.fields, asked.say)
    image = base64.b64encode(told["image"]).decode()
    return _page("map.html", asked, told=told, image=image, **_always(asked, told["asked"]))


def _always(asked: Asked, question: near_me.Question) -> dict[str, Any]:
    """Return what every answer holds: whom one can always call, and the fields that ask the same again."""
    fields = replace(asked.fields, place=question.place)
    return {"always": answer.always(asked.facts, asked.say), "again": as_hidden(fields).items()}


def _end(asked: Asked, *, is_answered: bool) -> str:
    """Return the end of the page: whose data it is and, where a region was opened to answer, when it was verified."""
    sources = credits_of(asked.facts.sources, asked.say) if asked.facts else []
    verified: list[str] = []
    if is_answered and asked.facts is not None:
        try:
            verified = regions.verified(regions.opened(asked.facts.name), asked.say)
        except Exception as problem:  # as in `_told`, which has said why
            _log_quietly(problem)
    return _page("end.html", asked, sources=sources, verified=verified)


def _host(request: Request) -> str:
    return request.headers.get("host", "")
