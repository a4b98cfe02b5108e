"""What hosts say, in words: statuses, broken lines, how long to wait; and how this software names itself to them."""

import datetime
from email.utils import parsedate_to_datetime
from functools import cache
from http import HTTPStatus
from importlib import metadata


def retry_after(value: str | None) -> float | None:
    """Return the seconds of a Retry-After header, which holds a number or a date; None where it tells neither."""
    if value is None:
        return None
    if value.strip().isdecimal() and len(value.strip()) < 10:
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=datetime.UTC)
    return max(0.0, (until - datetime.datetime.now(tz=datetime.UTC)).total_seconds())


def in_words(problem: Exception) -> str:
    """Return what happened on the line, as the end of a sentence that begins with the host."""
    text = f"{type(problem).__name__} {problem}"
    if "SSL" in text:
        return "has no valid certificate, or can't be spoken to in encrypted form"
    if "IncompleteRead" in text:
        return "broke off its answer before the end"
    if "timed out" in text.lower():
        return "doesn't answer in time"
    return "broke off its answer"


def status_in_words(status: int) -> str:
    """Return a status with its meaning."""
    try:
        return f"{status} ({HTTPStatus(status).phrase.lower()})"
    except ValueError:
        return str(status)


def advice(status: int) -> str:
    """Return what a refusal may mean."""
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return "it wants a key, or another one, or doesn't serve programs."
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return "its address may have changed."
    return "the source may have changed."


def user_agent() -> str:
    """Return how this software names itself to the hosts that it asks."""
    return f"RecoveryReach/{_version()}"


@cache
def _version() -> str:
    try:
        return metadata.version("recovery-reach")
    except metadata.PackageNotFoundError:
        return "0"
