"""Whom the person calls about the papers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Manager:
    """The case manager's name, and a number if it may stand on the paper."""

    name: str
    phone: str = ""
