"""Why a scenario, a question of siting or a list of places is refused: the English is the error's own, part by part."""

from geo.plurals import Plural

_SENTENCES = (
    # scenarios: buses
    "The timetable has no stop {stop!r}{near}",
    "There is a route {route!r} already; give the new line another name.",
    "Line {line} would have {number:,} trips; ask for fewer.",
    "{number} stops are called {stop!r}; name the one that is meant by its id: {ids}.",
    "Line {line}: {one} and {other} are at one place; give stops that are apart.",
    "no street leads there",
    (
        "Line {line}: a bus can't go from {one} to {other} as drawn ({why}); draw it over a bridge, or with stops "
        "where it turns."
    ),
    "{along:,.0f} m along streets, {straight:,.0f} m straight",
    (
        "The builds have no populated area in common ({before} areas before, {after} after): they are of "
        "different places, or their areas are numbered in different ways. Compare two builds of one place, with "
        "zones of one kind."
    ),
    "The new path",
    "{path} begins and ends at one place of the streets; check its points.",
    "{path} is {meters:,.0f} m long, and {most:,.0f} m are the most; check its points.",
    "{path}: its end",
    "The timetable has no route {route!r}{near} Its routes are {known}.",
    "{number} timetables have a route {route!r}: say which by one of {names}.",
    (
        "Route {route}, from {one} to {other}: fewer than {least} trips in the {minutes} minutes up to the last "
        "({last}) tell no headway; say minutes = N, or on which days."
    ),
    "Route {route} would get {number:,} more trips, and {most:,} are the most; ask for fewer.",
    "A scenario can't cut every trip of a timetable; build a region without one instead.",
    "No trip of route {route} rides from {one!r} straight to {other!r}; name two stops that follow each other.",
    (
        "Route {route}: its stops are too close together to tell how fast it goes; add the stop between two that "
        "are farther apart."
    ),
    "Route {route}",
    "{of}, stop {number}",
    "The region has no timetable, so no route can change; build it with --gtfs.",
    "It isn't known what the region's streets were built from, so no path can be added.",
    # scenarios: places and values
    "{where}: {name} must be {expected}, not {value}.",
    "{where}: {name} can't hold {value}{near} Words are {known}.",
    "{where}: {name} can't hold {value}{near} Words are {known}, or years like 18-25 or 18+.",
    "{where}: the score doesn't look at {names} of a {category}, so that it would change nothing; it reads {known}.",
    "{where} names {name!r}, which is no column of a place{near}",
    "one of {allowed}",
    "true or false",
    "a whole number from 0 to a million",
    "a number from 0 to a million",
    "a date like 2026-05-31",
    "text",
    "like {example}",
    "a clock time like 22:30",
    "{where}: languages are codes of two letters like en or es (ISO 639-1), not {value}.",
    "{where}: no place of the region has {value} among its {name}{near}",
    "The new place {place!r}",
    "The new place",
    "The change of {place}",
    "The region lists no place {place!r}{near}",
    "{where}: a meeting without a session is never held; give sessions = {example}.",
    "{where}: the score looks at the sessions of meetings alone, not of a {category}; these would change nothing.",
    "{where} has the id of a place that is there; give it another one, or close that first.",
    "{where} has no category; give one of {known}.",
    "{number} places are called {place!r}; name the one that is meant by its id: {ids}.",
    "The region has no populated areas that could be scored; build it again with --zones.",
    "A measure is one of {known}, not {measure!r}.",
    "Scenario {title!r}: {problem}",
    # scenarios: the file
    "{where} is too large: a scenario has {most:,} bytes at most; is it the right file?",
    "{where} is not readable TOML: {problem}.",
    "it has over {most:,} bytes, the most that are read; is it the right file?",
    "it is nested too deeply: {most} levels are the most",
    "it holds a number of thousands of digits",
    "{where}: changes of a {topic} are written as [[{topic}.{kind}]].",
    "{where} has {number:,} changes, and {most:,} are the most; split it.",
    "{where}: write each {topic}.{kind} as a table of its own, [[{topic}.{kind}]].",
    "{where} has the unknown key {name!r}{near} Keys are {known}.",
    "{where} lacks the key {name!r}: {expected}.",
    "{where} lacks the key {name!r}.",
    "{where}: from is before 04:00, the night after the day; say until when too.",
    "{where} changes nothing: give a column of the place, such as beds or genders.",
    "{where} needs either minutes = N or halved = true.",
    "a list of 2 to {most} points like [-113.43, 40.36], longitude first",
    "a list of 2 to {most} stops: their ids or names, or points like [-113.43, 40.36]",
    "a list like {example}",
    "a list of {allowed}",
    "the names of two stops",
    "the names or ids of two stops that follow each other",
    "a point like [-113.43, 40.36], or the id or name of a stop",
    "later than from",
    "a time like 22:30",
    "a number from {least:g} to {most:g}",
    "a number above {above:g} to {most:g}",
    "text of up to {letters:,} letters",
    "a table",
    "a list of tables",
    "; did you mean {one}?",
    "; did you mean {one} or {other}?",
    "; did you mean {one} or {other} or {third}?",
    "There is no scenario file at {path}; check the path.",
    "The scenario file {path} can't be read: {problem}.",
    "The region {name} has no copy of the streets that it was built from; build it again.",
    (
        "The timetable is valid {valid}, and {date} is outside of that; choose a date inside, or build the region "
        "with a newer timetable."
    ),
    "from {first} to {last}",
    "{one} and {other}",
    # where a place lies
    "The home",
    "The place",
    "any street",
    "any street for bicycles",
    "any street for cars",
    "{what} at {lat:.5f}, {lon:.5f} is over {distance} from {streets} in the region; {advice}",
    (
        "{what} at {lat:.5f}, {lon:.5f} is over {distance} from {streets} that keeps out of the areas to stay "
        "away from; check these areas."
    ),
    (
        "{what} at {lat:.5f}, {lon:.5f} is over {distance} from {streets} that leads anywhere, though nearer ones "
        "are mapped; {advice}"
    ),
    "latitude comes first: did you mean {first:.5f},{second:.5f}?",
    "check the coordinates, or choose another region.",
    "{what} at {lat:.5f}, {lon:.5f} lies in {water}; check the coordinates, or choose a place on land.",
    "water ({name})",
    "water",
    # siting
    "The id {id!r} is given to two candidates; each needs an id of its own.",
    (
        "Equity ranks people by the income or pay of their area, and the region tells none, or the same of all; "
        "choose another objective."
    ),
    (
        "The poorest four tenths have nothing of this class in reach, so no Palma ratio can be told before and "
        "after; choose another objective, such as worst-off."
    ),
    "An objective is within:MINUTES (like within:30), score, worst-off or equity, not {objective!r}.",
    "Minutes must lie between 0 and {most}, not {minutes:g}.",
    "Ask for at least one site, not {sites}.",
    "An objective is one of {known}, not {objective!r}.",
    "Cells count by one of {known}, not by {weight!r}.",
    "A budget needs what each candidate costs: give the cost, as a column or a number.",
    "The capacity",
    "The cost",
    "The budget",
    "The time in seconds",
    "{what} must be a number from 0 up, not {amount}.",
    "There is no class of places {name!r}{near} Classes are {known}.",
    (
        "The score of {class_name} knows no capacity; give one with people in reach (within:MINUTES), or with a "
        "class that has beds."
    ),
    (
        "{sites} sites can't be chosen among {candidates} candidates ({aside} more are set aside); ask for no "
        "more than there are."
    ),
    "The region tells no {weight} of its areas; weigh by another number of people.",
    "No area of the region with at least {least} people has a street within 1 km to set out on.",
    "No candidate is in reach of anyone who is counted; give other candidates.",
    "is none of the candidates",
    "was set aside ({reason})",
    "off_streets",
    "excluded",
    "no_capacity",
    "no_cost",
    "{candidate!r} {why}; name candidates by their ids, such as {other!r}.",
    "The weight can't be the column {column!r}, which the answer has of its own.",
    "theirs are {columns}",
    "give them as a table that has it",
    "The {what} have no column {column!r} to sum; {theirs}.",
    "The column {column!r} must hold numbers; row {row} holds {value!r}.",
    "The column {column!r} must hold finite numbers of at least 0.",
    # lists of places
    "candidates",
    "zones",
    "areas",
    "{path}, shape {number} crosses itself ({reason}); draw it anew.",
    (
        "Candidates are {addresses}, a file (.csv, .parquet, .geojson, .gpkg, zipped shapefile) or a category of "
        "places ({known}), not {candidates!r}."
    ),
    (
        "No area of {path} lies in the region: they are between longitude {west:.3f} and {east:.3f}, latitude "
        "{south:.3f} and {north:.3f}; check the file's coordinates."
    ),
    "The region lists no {category} with a place, so none can be a candidate.",
    (
        "{path} tells no place; its columns are {columns}. Give it columns lat and lon, or a column address, "
        "which the region's map looks up."
    ),
    "The region's map knows no address of {path} for certain (first: {first}). Give it columns lat and lon.",
    "places of {path}",
    "addresses of the region",
    "{number} of {all} addresses of {path} are not known for certain, and left out (first: {first}).",
    "The region's map knows no address; give candidates as a file, or a category of places.",
    "{path}, shape {number} is a {kind}, and no area; draw areas to leave out as polygons.",
    "row without a shape",
    "{number} of {all} places of {category} have no coordinates, and are no candidates.",
    "{number} of {all} {what} are there more than once (first: {first!r}); the first of each is the candidate.",
    "{number} of {all} rows of {path} have no shape.",
    "row {number}: {text!r}",
    "There is no file {path} that can be read; check the path.",
    "There is no file {path}; check the path, or give a place as lat,lon.",
    "{path} holds no row; it needs at least one point.",
    "{path} needs columns lat and lon; it has {columns}.",
    "{path}, row {row}: {lat},{lon} is not a place on Earth; lat must be within ±90 and lon within ±180.",
    "{path} gives the id {id!r} to two rows; each row needs an id of its own.",
    "{path} can't be read as a table of points: {problem}.",
    "{number} of {all} rows of {path} are set aside: no lat or lon (first: row {first}).",
    "{path} has {number} columns named {name}; keep the one that is meant.",
    "{path} holds no {what}.",
    "{path} would unpack to far more than shapes need; it was not opened.",
    "{path} should hold one shapefile (.shp), not {number}.",
    "{path} is no readable zip file.",
    "{path} is no zipped shapefile, GeoPackage or GeoJSON with {what}.",
    "{path} can't be read as {what}; is the file whole?",
    "{path} is no CSV table: it needs a first line with the names of its columns.",
    "{path} has {number} columns; it is no table of places or zones.",
    "{path} is no readable CSV table: {problem}.",
    "{path} holds over {rows:,} rows or {cells:,} cells; no list of places or zones does.",
    "{path} starts with a byte order mark; save it as UTF-8 without one.",
    "{path} is empty where JSON was expected.",
    "{path} is not UTF-8 text: byte {byte} can't be read; save it as UTF-8.",
    "{path} is not valid JSON: {problem} at line {line}, column {column}.",
    "{path} is not valid JSON: {problem}.",
    "{path} is nested too deeply to be a feed.",
    "{path} holds over {most:,} values; no feed does.",
    # tables of points
    " The columns given are {columns}.",
    " Give a table that holds geometries as a GeoDataFrame with its CRS.",
    "The {what} must be a table with the columns id, lon and lat, or a GeoDataFrame of points, not a {kind}.",
    "Row {row} of the {what} is no place on Earth with an id: id {id!r}, lat {lat!r}, lon {lon!r}.",
    (
        "The {what} are a GeoDataFrame without a CRS; say what its coordinates are, e.g. with "
        "set_crs('EPSG:4326') if they are degrees."
    ),
    (
        "The {what} must be points; row {row} is a {shape}. To let a point inside stand for each shape, use "
        "points.set_geometry(points.representative_point())."
    ),
    "The {what} is no place on Earth: lon {lon:g}, lat {lat:g}.",
    "The {what} need the columns id, lon and lat; {name} is missing.{advice}",
    "The {what} must be one place, not {number}.",
    "The {what} must be a place: (lon, lat), a Point of the two, or a table of one row, not {place!r}.",
    (
        "Latitude and longitude are swapped in {whose}: did you mean lon {y:.5f}, lat {x:.5f}, not lon {x:.5f}, "
        "lat {y:.5f}? This network lies between longitude {west:.2f} and {east:.2f} and between latitude "
        "{south:.2f} and {north:.2f}."
    ),
    "row {row} of the {what}",
    "the {what}",
)

WORDS: dict[str, str | Plural] = {english: english for english in _SENTENCES}
