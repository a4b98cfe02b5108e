"""Words of the paper that a participant takes along, and of the way to it."""

WORDS: dict[str, tuple[str, str]] = {
    "near_take": ("Take it with you", "Llévelo consigo"),
    "near_take_why": (
        "A paper to print or keep: map, places, meetings and ways home. It shows your place: mind who sees it.",
        "Una hoja con mapa, lugares, reuniones y vueltas a casa. Muestra el lugar que eligió: cuide quién la ve.",
    ),
    "near_make_pdf": ("Make the PDF", "Hacer el PDF"),
    "near_get_pdf": ("Download the PDF", "Descargar el PDF"),
    "near_making": ("Drawing the map and setting the pages …", "Dibujando el mapa y componiendo las páginas …"),
    "paper_title": ("What I can reach from here", "Lo que puedo alcanzar desde aquí"),
    "paper_from": ("From {place}", "Desde {place}"),
    "paper_how": ("{how}, {day}, from {time}", "{how}, {day}, desde las {time}"),
    "paper_map": (
        "The numbers are those of the lists. Shaded: within 15, 30 and 45 minutes {how}{leaving}.",
        "Los números son los de las listas. Sombreado: a 15, 30 y 45 minutos {how}{leaving}.",
    ),
    "paper_leaving": (
        ", for at least half of the departures from {start} to {end}",
        ", en al menos la mitad de las salidas de {start} a {end}",
    ),
    "paper_places": ("Nearest places", "Lugares más cercanos"),
    "paper_places_nodata": (
        "We have no data on places in this region.",
        "No tenemos datos de lugares en esta región.",
    ),
    "paper_places_none": (
        "No place that we know to be open at that time can be reached {how}.",
        "No se puede llegar {how} a ningún lugar del que sepamos que está abierto a esa hora.",
    ),
    "paper_week": ("The week of meetings", "La semana de reuniones"),
    "paper_week_none": ("No meeting in reach.", "Ninguna reunión al alcance."),
    "paper_more": ("{count} more that day, in the app.", "Otras {count} ese día, en la aplicación."),
    "paper_hours": ("Hours", "Horario"),
    "paper_phone": ("Phone", "Teléfono"),
    "paper_leave": ("Leave", "Salir"),
    "paper_last": ("Last way home", "Última vuelta"),
    "paper_any": ("any hour", "a cualquier hora"),
    "paper_unknown_hours": ("call first", "llame antes"),
    "paper_method": ("How this was worked out", "Cómo se calculó"),
    "paper_method_transit": (
        "Door to door by the timetable of {date}: 20 minutes on foot, an hour of travel at most, home by 2 at night.",
        "De puerta a puerta, horario del {date}: hasta 20 minutos a pie y una hora de viaje, en casa antes de las 2.",
    ),
    "paper_method_streets": (
        "Door to door along the streets, 45 minutes at most.",
        "De puerta a puerta por las calles, 45 minutos como máximo.",
    ),
    "paper_made": ("Made {date} with Recovery Reach.", "Hecho el {date} con Recovery Reach."),
    "paper_page": ("Page", "Página"),
}
