"""Minutes by car say which hour holds, in both languages."""

from geo.needs.needs import SavedPlace
from geo.score.errands import Errand, Reach
from screens.case_manager.homes import _hour_of, minutes_text
from screens.shared.journey_text import how_far
from screens.shared.words import Say

EN, ES = Say("en"), Say("es")


def test_a_typical_trip_by_car_names_its_hour() -> None:
    place = {"minutes": 11.6, "mode": "drive", "at": "08:00", "traffic": "rush"}
    assert how_far(place, EN) == "12 min by car at 8:00 AM"
    assert how_far(place, ES) == "12 min en carro a las 8:00 a.m."
    assert how_far({"minutes": 0.2, "mode": "walk"}, EN) == "1 min on foot"


def test_minutes_to_ones_own_places_name_the_hour() -> None:
    court = SavedPlace("court", 41.0, -87.0)
    work, saved = Errand("work", court, 0, 9 * 60, 17 * 60), Errand("saved", court)
    texts = [minutes_text(Reach(12, "drive"), say, _hour_of(one, say)) for one in (work, saved) for say in (EN, ES)]
    assert texts == [
        "12 (car, there by 9:00 AM)",
        "12 (carro, para llegar a las 9:00 a.m.)",
        "12 (car at 8:00 AM)",
        "12 (carro a las 8:00 a.m.)",
    ]
    assert minutes_text(Reach(12, "walk"), EN, "") == "12 (on foot)"
