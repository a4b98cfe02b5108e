"""Words of the paper that a participant takes along, and of the way to it."""

from geo.plurals import Plural

WORDS: dict[str, str | Plural] = {
    "near_take": "Take it with you",
    "near_take_why": (
        "A paper to print or keep: map, places, meetings and ways home. It shows your place: mind who sees it."
    ),
    "near_make_pdf": "Make the PDF",
    "near_get_pdf": "Download the PDF",
    "near_making": "Drawing the map and setting the pages …",
    "paper_title": "What I can reach from here",
    "paper_from": "From {place}",
    "paper_how": "{how}, {day}, from {time}",
    "paper_map": "The numbers are those of the lists. Shaded: within 15, 30 and 45 minutes {how}{leaving}.",
    "paper_leaving": ", for at least half of the departures from {start} to {end}",
    "paper_places": "Nearest places",
    "paper_places_nodata": "We have no data on places in this region.",
    "paper_places_none": "No place that we know to be open at that time can be reached {how}.",
    "paper_week": "The week of meetings",
    "paper_week_none": "No meeting in reach.",
    "paper_more": Plural("1 more that day, in the app.", "{count} more that day, in the app."),
    "paper_hours": "Hours",
    "paper_phone": "Phone",
    "paper_leave": "Leave",
    "paper_last": "Last way home",
    "paper_any": "any hour",
    "paper_unknown_hours": "call first",
    "paper_method": "How this was worked out",
    "paper_method_transit": (
        "Door to door by the timetable of {date}: 20 minutes on foot, an hour of travel at most, home by {night}."
    ),
    "paper_method_streets": "Door to door along the streets, 45 minutes at most.",
    "paper_made": "Made {date} with Recovery Reach.",
    "paper_page": "Page",
}
