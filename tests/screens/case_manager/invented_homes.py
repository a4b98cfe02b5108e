"""Compared homes that are invented, without any search."""

import datetime
from types import SimpleNamespace

import numpy as np
import pandas as pd

from geo.needs.curfew import every_evening
from geo.needs.needs import Needs, SavedPlace, StayAway
from geo.score.compare_homes import ComparedHome
from geo.score.errands import Errand, Reach
from screens.case_manager.homes import Compared, Home

TODAY = datetime.date(2026, 11, 29)


def house(**facts: object) -> dict[str, object]:
    return {
        "resource_id": "a", "name": "=Yarrow House", "address": "1 Elm Street", "genders": "women;men", "open_beds": 2,
        "weekly_rent_usd": 150.0, "certification_level": "2", "certified": True, "house_rules": "Be kind",
        "peer_run": True, "shared_meals": False, "house_meetings": pd.NA, "activities": pd.NA, "work_required": True,
        "stay_limit_days": 90, "curfew": "22:00", "reasons": (), "unknown": (),
        "phone": "(859) 555-0101 x2", "call_hours": "Mo-Fr 09:00-17:00",
        "url": "https://house.example.org/1", "verified_on": "2026-11-20", "lat": 40.3, "lon": -113.4,
        "bed_age_days": 9.0, "bed_chance": 0.9, "is_bed_current": True, **facts,
    }  # fmt: skip


def compared(
    *facts: dict[str, object],
    apart: list[dict[str, object]] = [],  # noqa: B006  not changed
    total: float | None = 61.2,
) -> Compared:
    score = SimpleNamespace(
        total=total,
        no_total=None if total else {"dimensions": ["home"], "data": 0.42},
        dimensions={"health": 50.0, "home": None, "purpose": 20.0, "community": 80.0},
        classes=(
            {"name": "opioid_treatment_program", "dimension": "health", "status": "unreachable", "score": 0.0},
            {"name": "jobs", "dimension": "purpose", "status": "scored", "score": 0.125},
            {"name": "meetings", "dimension": "community", "status": "scored", "score": 0.9, "points": 60.0},
            {"name": "household", "dimension": "home", "status": "no_data", "score": None},
            {"name": "education", "dimension": "purpose", "status": "no_data", "score": None},
        ),
        meetings={"days_covered": 5.24, "sessions_counted": 12},
        limits={"dimension": "purpose", "score": 20.0, "classes": [{"name": "jobs", "points_lost": 40.0}]},
        sensitivity={"p5": 57.0, "p95": 65.2} if total else {"p5": None, "p95": None},
        gains=(),
        confidence={"value": 0.93, "age": None, "location": None, "timetable": 1.0, "timetable_ended": None},
    )
    ranked = [
        Home(
            number,
            str(one.get("name", "An address")),
            ComparedHome(
                f"h{number}", -113.4, 40.3, Needs(curfew=every_evening(1320)), score, "",
                (Reach(31.4, "transit"), Reach(np.inf, "walk")),
                (StayAway(40.3, -113.4, 300.0),) if number == 1 else (),
            ),
            one,
        )
        for number, one in enumerate(facts, 1)
    ]  # fmt: skip
    wanted = (Errand("work", SavedPlace("work", 1, 2)), Errand("saved", SavedPlace("court", 1, 2)))
    needs = Needs(medications=("methadone",), curfew=every_evening(1320))
    one_gender = sum(one.get("genders") in ("women", "men") for one in facts)
    return Compared(needs, tuple(ranked), pd.DataFrame(apart), len(facts), one_gender, wanted, TODAY)
