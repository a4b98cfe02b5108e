"""The fields of the form: read from a request's body, each checked, so that what follows may rely on them.

A place is only ever in a body, never in an address. Whatever isn't offered by the page is refused with a sentence.
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from geo.nearby.places import Wishes
from geo.tables import MODES
from layers.escaping import plain
from screens.shared.catalogs import languages
from screens.shared.near_lists import VIEWS
from screens.shared.queries import ChosenPlace

MAX_BYTES = 8192
MAX_FIELDS = 40
LONGEST_TEXT, LONGEST_KEY = 200, 300
DAYS_AROUND = 366

_AT = re.compile(r"(-?\d{1,2}(?:\.\d{1,9})?),(-?\d{1,3}(?:\.\d{1,9})?);(.*)", re.DOTALL)
_TARGET = re.compile(r"(\d{4}-\d\d-\d\d)?\|(\d{1,4})?\|(.+)", re.DOTALL)


class Refused(Exception):  # noqa: N818  no error of ours: what was sent can't be answered
    """What was asked can't be answered: `key` and `hint` name the sentences that say why, and what to try."""

    def __init__(self, key: str, hint: str = "", status: int = 400) -> None:
        super().__init__(key)
        self.key, self.hint, self.status = key, hint, status


@dataclass(frozen=True)
class Target:
    """One place or session of a list: `day` and `start_minute` are those of a session."""

    resource_id: str
    day: datetime.date | None = None
    start_minute: int | None = None


@dataclass(frozen=True)
class Fields:
    """What was chosen on the form; empty strings are what nobody chose."""

    region: str = ""
    language: str = "en"
    typed: str = ""
    place: ChosenPlace | None = None
    view: str = "now"
    mode: str = ""
    date: str = ""
    time: str = ""
    day: str = ""
    wishes: Wishes = Wishes()  # noqa: RUF009  frozen
    target: Target | None = None

    @property
    def when(self) -> tuple[datetime.date | None, datetime.time | None]:
        """Return the day and time that were chosen, None where it is now's."""
        return (
            datetime.date.fromisoformat(self.date) if self.date else None,
            datetime.time.fromisoformat(self.time) if self.time else None,
        )


def raw_fields(body: bytes) -> dict[str, str]:
    """Return the fields of a form as they were sent; of two with one name the last, which is the button.

    Raises
    ------
    Refused
        It is too long, or holds too many of them.
    """
    if len(body) > MAX_BYTES:
        raise Refused("pocket_too_large", "pocket_too_large_hint", 413)
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise Refused("pocket_bad_field", "pocket_bad_field_hint") from None
    return dict(pairs)


def language_of(raw: Mapping[str, str]) -> str:
    """Return the language of a form or an address; English where it names none that we speak."""
    return raw["language"] if raw.get("language") in languages() else "en"


def read(raw: Mapping[str, str], today: datetime.date) -> Fields:
    """Return the fields, checked.

    Raises
    ------
    Refused
        One holds what the page doesn't offer.
    """
    known = {name: raw.get(name, "") for name in ("from", "at", "view", "mode", "date", "time", "day", "to")}
    wishes = {name: plain(raw.get(name, "")) for name in ("kind", "fellowship", "format", "spoken")}
    view = known["view"] or "now"
    is_offered = view in VIEWS and known["mode"] in ("", *MODES) and raw.get("step_free", "") in ("", "yes")
    if not is_offered or max(map(len, (known["from"], *wishes.values()))) > LONGEST_TEXT:
        raise Refused("pocket_bad_field", "pocket_bad_field_hint")
    for name in ("date", "day"):
        _check_date(known[name], today)
    if known["time"] and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", known["time"]):
        raise Refused("pocket_bad_day", "pocket_bad_day_hint")
    chosen = {name: (value,) if value else () for name, value in wishes.items()}
    return Fields(
        region=raw.get("region", ""),
        language=language_of(raw),
        typed=plain(known["from"]),
        place=_place(known["at"]),
        view=view,
        mode=known["mode"],
        date=known["date"],
        time=known["time"],
        day=known["day"],
        wishes=Wishes(
            kinds=chosen["kind"],
            fellowships=chosen["fellowship"],
            formats=chosen["format"],
            languages=chosen["spoken"],
            step_free=raw.get("step_free") == "yes",
        ),
        target=_target(known["to"]),
    )


def as_hidden(fields: Fields) -> dict[str, str]:
    """Return what asks the same again: the fields of a form that nobody sees."""
    place, wishes = fields.place, fields.wishes
    chosen = {
        "region": fields.region,
        "language": fields.language,
        "from": fields.typed,
        "at": "" if place is None else at_text(place),
        "view": fields.view,
        "mode": fields.mode,
        "date": fields.date,
        "time": fields.time,
        "kind": "".join(wishes.kinds),
        "fellowship": "".join(wishes.fellowships),
        "format": "".join(wishes.formats),
        "spoken": "".join(wishes.languages),
        "step_free": "yes" if wishes.step_free else "",
    }
    return {name: value for name, value in chosen.items() if value}


def at_text(place: ChosenPlace) -> str:
    """Return a place as the form sends it: to about a meter, with its name."""
    return f"{place.lat:.5f},{place.lon:.5f};{place.name}"


def target_text(target: Target) -> str:
    """Return a place or session as the form sends it."""
    start = "" if target.start_minute is None else str(target.start_minute)
    return f"{target.day or ''}|{start}|{target.resource_id}"


def _check_date(text: str, today: datetime.date) -> None:
    try:
        day = datetime.date.fromisoformat(text) if text else today
    except ValueError:
        raise Refused("pocket_bad_day", "pocket_bad_day_hint") from None
    if len(text) not in (0, 10) or abs((day - today).days) > DAYS_AROUND:
        raise Refused("pocket_bad_day", "pocket_bad_day_hint")


def _place(text: str) -> ChosenPlace | None:
    if not text:
        return None
    match = _AT.fullmatch(text[: 2 * LONGEST_TEXT])
    if match is None or not (-90 <= float(match[1]) <= 90 and -180 <= float(match[2]) <= 180):
        raise Refused("pocket_bad_field", "pocket_bad_field_hint")
    return ChosenPlace(float(match[2]), float(match[1]), plain(match[3])[:LONGEST_TEXT])


def _target(text: str) -> Target | None:
    if not text:
        return None
    match = _TARGET.fullmatch(text)
    if match is None or len(text) > LONGEST_KEY or (match[1] is None) != (match[2] is None):
        raise Refused("pocket_bad_field", "pocket_bad_field_hint")
    if match[1] is None:
        return Target(match[3])
    try:
        return Target(match[3], datetime.date.fromisoformat(match[1]), int(match[2]))
    except ValueError:
        raise Refused("pocket_bad_day", "pocket_bad_day_hint") from None
