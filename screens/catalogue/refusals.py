"""Why a file or a region is refused: the English is the error's own (`geo.errors`), found by its sentence."""

_SPANISH: dict[str, str] = {
    "The needs file {where} is not readable TOML: {problem}.": (
        "El archivo {where} no se puede leer como TOML; el lector dice, en inglés: {problem}."
    ),
    "{where} must be a table of keys and values, not {value!r}.": (
        "{where} debe ser una tabla de claves y valores, no {value!r}."
    ),
    "{where} has the unknown key {key!r}; known keys are {known}.": (
        "{where} tiene la clave desconocida {key!r}; las claves que hay son {known}."
    ),
    "{where}: give doses_per_week or dose_days, not both.": "{where}: dé doses_per_week o dose_days, no los dos.",
    "{where} must be a clock time like 22:30, not {value!r}.": "{where} debe ser una hora como 22:30, no {value!r}.",
    "{where} must be two clock times like 06:00-10:00, not {value!r}.": (
        "{where} deben ser dos horas como 06:00-10:00, no {value!r}."
    ),
    "{where} must end after it starts, not {value!r}.": "{where} debe terminar después de empezar, no {value!r}.",
    "{where} must be a number, not {value!r}.": "{where} debe ser un número, no {value!r}.",
    "{where}: {key} must be a list, not {value!r}.": "{where}: {key} debe ser una lista, no {value!r}.",
    "{where}: {key} must hold text, not {value!r}.": "{where}: {key} debe contener textos, no {value!r}.",
    "{where}: {key} must hold one of {allowed}, not {value!r}.": (
        "{where}: {key} debe contener valores de esta lista: {allowed}; no {value!r}."
    ),
    "{where}: {key} must be one of {allowed}, not {value!r}.": (
        "{where}: {key} debe ser uno de {allowed}; no {value!r}."
    ),
    "{where}: {key} must be a number from {low:g} to {high:g}, not {value!r}.": (
        "{where}: {key} debe ser un número de {low:g} a {high:g}, no {value!r}."
    ),
    "{where}: {key} must be a whole number from {low} to {high}, not {value!r}.": (
        "{where}: {key} debe ser un número entero de {low} a {high}, no {value!r}."
    ),
    "{where}: {key} must be true or false, not {value!r}.": "{where}: {key} debe ser true o false, no {value!r}.",
    "{where}: {key} must be names like monday, not {value!r}.": (
        "{where}: {key} deben ser nombres en inglés como monday, no {value!r}."
    ),
    "{where}: {key} needs lat and lon, not {value!r}.": "{where}: {key} necesita lat y lon, no {value!r}.",
    "{where}: {key} is no place on Earth: lat {lat:g}, lon {lon:g}.": (
        "{where}: {key} no es un lugar de la Tierra: lat {lat:g}, lon {lon:g}."
    ),
    "{where}: a shift needs days, start and end (and may say overnight), not {value!r}.": (
        "{where}: un turno necesita days, start y end (y puede decir overnight), no {value!r}."
    ),
    "{where}: a shift ends ({end}) before it starts ({start}); for one that passes midnight, say overnight = true.": (
        "{where}: un turno termina ({end}) antes de empezar ({start}); si pasa de medianoche, ponga overnight = true."
    ),
    "{where}: a shift from {start} to {end} of the next day is a day long or more; leave overnight out.": (
        "{where}: un turno de {start} a {end} del día siguiente dura un día o más; quite overnight."
    ),
    "{where}: an appointment needs day, start, end, and name, lat and lon or a saved place's name as place, not "
    "{value!r}.": (
        "{where}: una cita necesita day, start, end, y name, lat y lon o, como place, el nombre de un lugar guardado; "
        "no {value!r}."
    ),
    "{where}: an appointment ends ({end}) before it starts ({start}).": (
        "{where}: una cita termina ({end}) antes de empezar ({start})."
    ),
    "{where}: an appointment is at {place!r}, which is not among saved_places.": (
        "{where}: una cita es en {place!r}, que no está entre saved_places."
    ),
    "{where}: a saved place needs name, lat and lon, not {value!r}.": (
        "{where}: un lugar guardado necesita name, lat y lon, no {value!r}."
    ),
    "{where}: a saved place's name must be text, not {value!r}.": (
        "{where}: el nombre de un lugar guardado debe ser texto, no {value!r}."
    ),
    "{where}: a place to stay away from needs lat, lon and meters, or a polygon of [lat, lon] corners, not "
    "{value!r}.": (
        "{where}: un lugar del que alejarse necesita lat, lon y meters, o un polygon de esquinas [lat, lon]; "
        "no {value!r}."
    ),
    "{where}: stay_away {value!r} is not a place on Earth with a radius up to 50 km.": (
        "{where}: stay_away {value!r} no es un lugar de la Tierra con un radio de hasta 50 km."
    ),
    "{where}: a polygon to stay away from needs a list of corners [lat, lon], not {value!r}.": (
        "{where}: una zona de la que alejarse necesita una lista de esquinas [lat, lon], no {value!r}."
    ),
    "{where}: a polygon to stay away from needs three corners or more, not {value!r}.": (
        "{where}: una zona de la que alejarse necesita tres esquinas o más, no {value!r}."
    ),
    "{where}: a polygon to stay away from has a corner that is no place on Earth: {value!r}.": (
        "{where}: una zona de la que alejarse tiene una esquina que no es un lugar de la Tierra: {value!r}."
    ),
    "{where}: a polygon to stay away from must lie within 50 km of its middle, not {value!r}.": (
        "{where}: una zona de la que alejarse debe quedar a menos de 50 km de su centro, no {value!r}."
    ),
    "a shift's start": "el inicio de un turno",
    "a shift's end": "el fin de un turno",
    "a shift's days": "los días de un turno",
    "a shift's overnight": "overnight de un turno",
    "an appointment's day": "el día de una cita",
    "an appointment's start": "el inicio de una cita",
    "an appointment's end": "el fin de una cita",
    "the start": "el inicio",
    "the end": "el fin",
    "a corner": "una esquina",
    "the form": "el formulario",
    "The week has too many choices to plan in time; ask for fewer kinds of meetings.": (
        "La semana tiene demasiadas opciones para planearla a tiempo; pida menos tipos de reuniones."
    ),
    "The region has no data on any class that applies, so nothing can be scored; add resources to it.": (
        "La región no tiene datos de ninguna clase que se aplique, así que no hay resultado; agréguele recursos."
    ),
    "There is no region called {name!r} (there is: {names}); build it with `region build {name}`.": (
        "No hay ninguna región llamada {name!r} (hay: {names}); créela con `region build {name}`."
    ),
    "The region {name!r} has no readable region.json; build it again.": (
        "La región {name!r} no tiene un region.json que se pueda leer; créela de nuevo."
    ),
    "The region {name!r} is damaged, and so is the record of how it was made; build it again.": (
        "La región {name!r} está dañada, y también el registro de cómo se creó; créela de nuevo."
    ),
    "The region {name!r} is damaged ({damaged}), and its raw file {file} can't mend it; build the region again from "
    "your own files.": (
        "La región {name!r} está dañada ({damaged}), y su archivo original {file} no basta para repararla; créela de "
        "nuevo con sus propios archivos."
    ),
}

WORDS: dict[str, tuple[str, str]] = {english: (english, spanish) for english, spanish in _SPANISH.items()}
