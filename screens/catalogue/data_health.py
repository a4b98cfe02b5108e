"""Words of the data-health screen."""

WORDS: dict[str, tuple[str, str]] = {
    "health_title": (
        "Can you rely on this region's data?",
        "¿Puede fiarse de los datos de esta región?",
    ),
    "health_good": (
        "This region's data is good enough for {what}.",
        "Los datos de esta región bastan para {what}.",
    ),
    "health_good_nothing": (
        "This region's data is not good enough to answer anything yet.",
        "Los datos de esta región aún no bastan para responder nada.",
    ),
    "health_good_near": (
        "finding support on foot and by bicycle",
        "encontrar apoyo a pie y en bicicleta",
    ),
    "health_good_bus": (
        "trips by bus",
        "viajes en autobús",
    ),
    "health_good_meetings": (
        "meetings through the week",
        "las reuniones de la semana",
    ),
    "health_good_score": (
        "the score in all four dimensions",
        "el resultado en las cuatro dimensiones",
    ),
    "health_good_gaps": (
        "counting who is left out",
        "contar a quién no le llega",
    ),
    "health_check": (
        "What to check",
        "Qué conviene comprobar",
    ),
    "health_check_nothing": (
        "Nothing stands out. Still call before you go.",
        "Nada llama la atención. Aun así, llame antes de ir.",
    ),
    "health_check_no_timetable": (
        "There is no bus timetable: every trip is on foot or by bicycle. Build the region with one (--gtfs).",
        "No hay horario de autobuses: todo viaje es a pie o en bicicleta. Cree la región con uno (--gtfs).",
    ),
    "health_check_ended": (
        "The bus timetable ended on {end}: bus times may be wrong. Fetch a newer one.",
        "El horario de autobuses terminó el {end}: los tiempos pueden estar mal. Obtenga uno más nuevo.",
    ),
    "health_check_not_yet": (
        "The bus timetable only begins on {start}: today's buses may differ.",
        "El horario de autobuses empieza el {start}: los autobuses de hoy pueden ser otros.",
    ),
    "health_check_ends_soon": (
        "The bus timetable ends on {end} (days left: {days}). Fetch a newer one before then.",
        "El horario de autobuses termina el {end} (días que quedan: {days}). Obtenga uno más nuevo antes.",
    ),
    "health_check_no_dimension": (
        "We have no data on {name} at all, so it is left out of every score.",
        "No tenemos ningún dato sobre {name}, por eso no cuenta en ningún resultado.",
    ),
    "health_check_no_meetings": (
        "No weekly meeting is listed. That is missing data, not proof that there are none.",
        "No hay ninguna reunión semanal en las listas. Faltan datos; no prueba que no existan.",
    ),
    "health_check_no_people": (
        "Nothing tells how many people live where, so nobody can be counted as left out.",
        "Nada dice cuánta gente vive dónde, así que no se puede contar a quién no le llega.",
    ),
    "health_check_stale": (
        "Could not be fetched anew, so an older copy is used: {names}.",
        "No se pudo volver a obtener y se usa una copia anterior: {names}.",
    ),
    "health_check_old": (
        "Older than such a list stays right: {names}. Call before you go.",
        "Más antiguo de lo que una lista así sigue siendo válida: {names}. Llame antes de ir.",
    ),
    "health_check_undated": (
        "Does not say when it was fetched: {names}.",
        "No dice cuándo se obtuvo: {names}.",
    ),
    "health_check_set_aside": (
        "More than 5 of 100 rows could not be used: {names}. The reasons are below.",
        "Más de 5 de cada 100 filas no se pudieron usar: {names}. Los motivos están abajo.",
    ),
    "health_check_imprecise": (
        "Places with only a rough position: {count}. Minutes to them are rough too.",
        "Lugares con solo una posición aproximada: {count}. Los minutos hasta ellos también lo son.",
    ),
    "health_check_no_category": (
        "We have no data on: {names}.",
        "No tenemos datos sobre: {names}.",
    ),
    "health_rebuilt": (
        "Damaged parts were found and made anew from the original files: {parts}.",
        "Se encontraron partes dañadas y se rehicieron con los archivos originales: {parts}.",
    ),
    "health_built": (
        "Region built {built}; looked at on {today}.",
        "Región creada el {built}; vista el {today}.",
    ),
    "health_timetable": (
        "Bus timetable",
        "Horario de autobuses",
    ),
    "health_timetable_valid": (
        "Valid from {start} to {end}; days left: {days}.",
        "Válido del {start} al {end}; días que quedan: {days}.",
    ),
    "health_timetable_ended": (
        "It was valid from {start} to {end}; days since it ended: {days}.",
        "Fue válido del {start} al {end}; días desde que terminó: {days}.",
    ),
    "health_timetable_not_yet": (
        "It will be valid from {start} to {end}; days until its end: {days}.",
        "Será válido del {start} al {end}; días hasta su final: {days}.",
    ),
    "health_lacks": (
        "What we have no data on",
        "Sobre qué no tenemos datos",
    ),
    "health_lacks_nothing": (
        "Every kind of support has at least one place.",
        "Cada tipo de apoyo tiene al menos un lugar.",
    ),
    "health_lack_population": (
        "How many people live where",
        "Cuánta gente vive dónde",
    ),
    "health_lack_workers": (
        "Where workers live",
        "Dónde viven los trabajadores",
    ),
    "health_lack_jobs": (
        "Where jobs are",
        "Dónde están los empleos",
    ),
    "health_lack_need": (
        "How many people need recovery housing, and where",
        "Cuánta gente necesita vivienda de recuperación, y dónde",
    ),
    "health_lack_outlines": (
        "The outlines of small areas: they are drawn as squares",
        "Los contornos de las zonas pequeñas: se dibujan como cuadrados",
    ),
    "health_unused": (
        "Sources that were not used: {count}",
        "Fuentes que no se usaron: {count}",
    ),
    "health_sources": (
        "Where it comes from, and what was lost",
        "De dónde vienen, y qué se perdió",
    ),
    "health_sources_lead": (
        "Every row of every file is kept, repaired or set aside with a reason. Nothing is lost silently.",
        "Cada fila de cada archivo se conserva, se repara o se aparta con un motivo. Nada se pierde en silencio.",
    ),
    "health_sources_caption": (
        "The same place in two files, now one: {merged}. Online only, so not on a map: {online}.",
        "El mismo lugar en dos archivos, ahora uno: {merged}. Solo en línea, por eso no está en un mapa: {online}.",
    ),
    "health_file": (
        "File",
        "Archivo",
    ),
    "health_file_of": (
        "{file}. Published by: {publisher}",
        "{file}. Quién publica: {publisher}",
    ),
    "health_file_day": (
        "Looked at on",
        "Visto el",
    ),
    "health_file_built": (
        "Built",
        "Creada",
    ),
    "health_file_hash": (
        "Region (SHA-256)",
        "Región (SHA-256)",
    ),
    "health_file_source": (
        "Source",
        "Fuente",
    ),
    "health_age": (
        "How fresh",
        "Qué antigüedad",
    ),
    "health_age_days": (
        "fetched {date}; days since: {days}",
        "obtenido el {date}; días desde entonces: {days}",
    ),
    "health_age_unknown": (
        "fetched on an unknown day",
        "obtenido en un día desconocido",
    ),
    "health_tag_fresh": (
        "fresh",
        "reciente",
    ),
    "health_tag_old": (
        "old",
        "antiguo",
    ),
    "health_tag_unknown": (
        "undated",
        "sin fecha",
    ),
    "health_stale": (
        "Stale: {why}",
        "Copia anterior: {why}",
    ),
    "health_verified": (
        "Its publisher checked it between {start} and {end}.",
        "Quien lo publica lo revisó entre el {start} y el {end}.",
    ),
    "health_rows": (
        "Rows",
        "Filas",
    ),
    "health_rows_told": (
        "{rows} = {kept} kept + {repaired} repaired + {set_aside} set aside",
        "{rows} = {kept} conservadas + {repaired} reparadas + {set_aside} apartadas",
    ),
    "health_rows_none": (
        "a timetable: trips, not rows",
        "un horario: viajes, no filas",
    ),
    "health_lost": (
        "Why",
        "Por qué",
    ),
    "health_no_reasons": (
        "nothing to note",
        "nada que señalar",
    ),
    "health_reasons": (
        "Reasons: {count}",
        "Motivos: {count}",
    ),
    "health_example": ("For example:", "Por ejemplo:"),
    "health_outcome_set_aside": (
        "set aside",
        "apartadas",
    ),
    "health_outcome_repaired": (
        "repaired",
        "reparadas",
    ),
    "health_outcome_notice": (
        "noted",
        "anotadas",
    ),
    "health_imprecise": (
        "Places whose position is only roughly known",
        "Lugares cuya posición solo se conoce de forma aproximada",
    ),
    "health_imprecise_lead": (
        "{count} of {all} places have no exact position: minutes to them are rough.",
        "{count} de {all} lugares no tienen posición exacta: los minutos hasta ellos son aproximados.",
    ),
    "health_imprecise_none": (
        "Every place that is on the map has an exact position.",
        "Cada lugar que está en el mapa tiene una posición exacta.",
    ),
    "health_imprecise_caption": (
        "{count} of {all} such places.",
        "{count} de {all} lugares así.",
    ),
    "health_listed_by": (
        "Listed by",
        "Lo publica",
    ),
    "health_hidden": (
        "Places kept hidden, to protect the people there: {count}. They are on no map and in no list here.",
        "Lugares ocultos, para proteger a quienes están allí: {count}. No están en ningún mapa ni lista de aquí.",
    ),
    "health_map_hint": (
        "Only places whose publisher shows where they are. The table beside the map lists the same ones.",
        "Solo lugares cuya posición se publica. La tabla junto al mapa muestra los mismos.",
    ),
    "health_licenses": (
        "Publishers, licenses and how to name them",
        "Quién publica, licencias y cómo citarlas",
    ),
    "health_outward": (
        "Links marked ↗ lead out of this machine to the web; nothing is asked there unless you follow one.",
        "Los enlaces con ↗ llevan fuera de este equipo, a internet; no se pide nada allí si no los sigue.",
    ),
    "health_leads_out": (
        "(leads out to the web)",
        "(lleva fuera, a internet)",
    ),
    "health_download": (
        "All tables (CSV)",
        "Todas las tablas (CSV)",
    ),
    # why rows were set aside, repaired or noted
    "health_code_no_name": (
        "no name",
        "sin nombre",
    ),
    "health_code_confidential": (
        "its place is confidential",
        "su lugar es confidencial",
    ),
    "health_code_no_point": (
        "no position",
        "sin posición",
    ),
    "health_code_inactive": (
        "no longer active",
        "ya no está activo",
    ),
    "health_code_no_category": (
        "not a kind of support we list",
        "no es un tipo de apoyo que listemos",
    ),
    "health_code_no_address": (
        "no address",
        "sin dirección",
    ),
    "health_code_no_time": (
        "no time of day",
        "sin hora",
    ),
    "health_code_no_day": (
        "no day of the week",
        "sin día de la semana",
    ),
    "health_code_no_data_value": (
        "a code that means no data",
        "un código que significa sin datos",
    ),
    "health_code_duplicate": (
        "listed twice",
        "aparece dos veces",
    ),
    "health_code_bad_geometry": (
        "a shape that can't be drawn",
        "una forma que no se puede dibujar",
    ),
    "health_code_outside_region": (
        "outside the region",
        "fuera de la región",
    ),
    "health_code_online_without_link": (
        "online, but without a link or number",
        "en línea, pero sin enlace ni número",
    ),
    "health_code_hybrid_without_link": (
        "also online, but without a link or number",
        "también en línea, pero sin enlace ni número",
    ),
    "health_code_impossible_point": (
        "a position that can't exist",
        "una posición que no puede existir",
    ),
    "health_code_closed_for_now": (
        "closed for now",
        "cerrado por ahora",
    ),
    "health_code_closed": (
        "closed",
        "cerrado",
    ),
    "health_code_bad_end": (
        "an end time that can't be read",
        "una hora de fin que no se entiende",
    ),
    "health_code_bad_day": (
        "a day that can't be read",
        "un día que no se entiende",
    ),
    "health_code_bad_duration": (
        "a length that can't be read",
        "una duración que no se entiende",
    ),
    "health_code_unpublished": (
        "not published by its publisher",
        "no publicado por quien lo gestiona",
    ),
    "health_code_swapped": (
        "latitude and longitude were swapped",
        "latitud y longitud estaban cambiadas",
    ),
    "health_code_sign": (
        "a minus sign was lost",
        "faltaba un signo menos",
    ),
    "health_code_null_island": (
        "a position of 0, 0, which means unknown",
        "una posición 0, 0, que significa desconocida",
    ),
    "health_code_not_located": (
        "its address could not be found",
        "no se encontró su dirección",
    ),
    "health_code_needs_geocoding": (
        "an address without a position",
        "una dirección sin posición",
    ),
    "health_code_leading_zero": (
        "a number had lost its first zero",
        "un número había perdido su primer cero",
    ),
    "health_code_hours_in_words": (
        "opening hours in words",
        "horario escrito con palabras",
    ),
    "health_code_unclear_hours": (
        "opening hours that can't be read",
        "horario que no se entiende",
    ),
    "health_code_mobile": (
        "a van without a place of its own",
        "una unidad móvil sin lugar propio",
    ),
    "health_code_administrative": (
        "an office where nobody is seen",
        "una oficina donde no se atiende a nadie",
    ),
    "health_code_dui_only": (
        "only for people sent there after driving under the influence",
        "solo para personas enviadas por conducir bajo los efectos",
    ),
    "health_code_midnight": (
        "a time of 00:00 that may mean unknown",
        "una hora 00:00 que puede significar desconocida",
    ),
    "health_code_unknown_code": (
        "a code that we don't know",
        "un código que no conocemos",
    ),
    "health_code_counted_already": (
        "counted in another file",
        "ya contado en otro archivo",
    ),
    "health_code_unknown_block": (
        "a census block without a place",
        "una manzana censal sin lugar",
    ),
    "health_code_no_access": (
        "a street that nobody may use",
        "una calle que nadie puede usar",
    ),
    "health_code_a_person": (
        "a person, not an organization",
        "una persona, no una organización",
    ),
    "health_code_private": (
        "private",
        "privado",
    ),
    "health_code_virtual": (
        "online only",
        "solo en línea",
    ),
    "health_code_service_never_runs": (
        "a bus service that never runs",
        "un servicio de autobús que nunca circula",
    ),
    "health_code_unused_stop": (
        "a stop where nothing calls",
        "una parada sin servicio",
    ),
}
