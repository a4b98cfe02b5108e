"""Why a file or a region is refused: the English is the error's own (`geo.errors`), found by its sentence."""

from geo.plurals import Plural

_SENTENCES = (
    "The needs file {where} is not readable TOML: {problem}.",
    "{where} must be a table of keys and values, not {value!r}.",
    "{where} has the unknown key {key!r}; known keys are {known}.",
    "{where}: give doses_per_week or dose_days, not both.",
    "{where} must be a clock time like 22:30 or 10:30 pm, not {value!r}.",
    "{where} must be two clock times like 06:00-10:00, not {value!r}.",
    "{where} must end after it starts, not {value!r}.",
    "{where} must be a number, not {value!r}.",
    "{where}: {key} must be a list, not {value!r}.",
    "{where}: {key} must hold text, not {value!r}.",
    "{where}: {key} must hold one of {allowed}, not {value!r}.",
    "{where}: {key} must be one of {allowed}, not {value!r}.",
    "{where}: {key} must be a number from {low:g} to {high:g}, not {value!r}.",
    "{where}: {key} must be a whole number from {low} to {high}, not {value!r}.",
    "{where}: {key} must be true or false, not {value!r}.",
    "{where}: {key} must be names like monday, not {value!r}.",
    "{where}: {key} needs lat and lon, not {value!r}.",
    "{where}: {key} is no place on Earth: lat {lat:g}, lon {lon:g}.",
    "{where} says no time; give every_day, or a day like friday, a clock time.",
    "{where}: except must hold work, treatment, or names of saved places and appointments, not {value!r}.",
    "{where}: a shift needs days, start and end (and may say overnight), not {value!r}.",
    "{where}: a shift ends ({end}) before it starts ({start}); for one that passes midnight, say overnight = true.",
    "{where}: a shift from {start} to {end} of the next day is a day long or more; leave overnight out.",
    (
        "{where}: an appointment needs day, start, end, and name, lat and lon or a saved place's name as place, not "
        "{value!r}."
    ),
    "{where}: an appointment ends ({end}) before it starts ({start}).",
    "{where}: an appointment is at {place!r}, which is not among saved_places.",
    "{where}: a saved place needs name, lat and lon, not {value!r}.",
    "{where}: a saved place's name must be text, not {value!r}.",
    "{where}: a place to stay away from needs lat, lon and meters, or a polygon of [lat, lon] corners, not {value!r}.",
    "{where}: stay_away {value!r} is not a place on Earth with a radius up to 50 km.",
    "{where}: {key} has {count} areas, and {most} are the most; put some together into one polygon.",
    "{where}: a polygon to stay away from has {count} corners, and {most} are the most; leave some out.",
    "{where}: a polygon to stay away from needs a list of corners [lat, lon], not {value!r}.",
    "{where}: a polygon to stay away from needs three corners or more, not {value!r}.",
    "{where}: a polygon to stay away from has a corner that is no place on Earth: {value!r}.",
    (
        "{where}: a polygon to stay away from crosses itself, or has no ground within it; give its corners in order "
        "around it, not {value!r}."
    ),
    "{where}: a polygon to stay away from must lie within 50 km of its middle, not {value!r}.",
    "a shift's start",
    "a shift's end",
    "a shift's days",
    "a shift's overnight",
    "an appointment's day",
    "an appointment's start",
    "an appointment's end",
    "the start",
    "the end",
    "a corner",
    "the form",
    "The week has too many choices to plan in time; ask for fewer kinds of meetings.",
    "The region has no data on any class that applies, so nothing can be scored; add resources to it.",
    "There is no region called {name!r} (there is: {names}); build it with `region build {name}`.",
    (
        "The region.json of the region {name!r} is missing or not as it was written; `recovery-reach region check "
        "{name}` makes it again from the raw files."
    ),
    (
        "Neither region.json nor raw/recipe.json of the region {name!r} is as it was written, so nothing tells how "
        "it was made; `recovery-reach region build {name}` with its files builds it again."
    ),
    (
        "The region {name!r} can't be opened: {damaged} is not as it was written, and can't be made again from "
        "{file}, which isn't either (SHA-256 {expected}… expected, {found} found). `recovery-reach region "
        "update {name}` fetches or reads that file anew."
    ),
    (
        "The region's own copy of {given} ({file}) is not as it was kept (SHA-256 {expected}… expected), and "
        "no other is at hand. Put the file where it lay and run `recovery-reach region update {name}`, or "
        "build the region again with it."
    ),
)

WORDS: dict[str, str | Plural] = {english: english for english in _SENTENCES}
