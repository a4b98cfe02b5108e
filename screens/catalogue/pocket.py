"""Words of the pocket page, the quick page for phones, and of the crisis line's ways."""

WORDS: dict[str, tuple[str, str]] = {
    # the crisis line
    "crisis_title": ("In crisis?", "¿En crisis?"),
    "crisis_spanish": (
        "In crisis? Call {number} and press {key}, or text {word} to {number}",
        "¿En crisis? Llame al {number} y oprima el {key}, o envíe {word} por texto al {number}",
    ),
    "crisis_press": ("Call {number} and press {key}", "Llame al {number} y oprima el {key}"),
    "crisis_way_call": ("Call {number}", "Llame al {number}"),
    "crisis_way_text": ("Text {number}", "Envíe un texto al {number}"),
    "crisis_way_word": ("Text {word} to {number}", "Envíe {word} al {number}"),
    "crisis_way_chat": ("Chat", "Chat"),
    "crisis_helpline": (
        "Call {number}: {name}, day and night, free, in English and Spanish",
        "Llame al {number}: {name}, día y noche, gratis, en inglés y español",
    ),
    # the page
    "pocket_title": ("Support near you", "Apoyo cerca de usted"),
    "pocket_full": ("Full app, with the map", "Aplicación completa, con el mapa"),
    "pocket_quick": ("Quick page for phones", "Página rápida para teléfonos"),
    "pocket_quick_why": (
        "Meetings you can get to and the last bus home, in seconds.",
        "Reuniones a las que puede ir y el último autobús a casa, en segundos.",
    ),
    "pocket_loading": ("Loading …", "Cargando …"),
    "pocket_hint": ("Address, or two streets: Main & Elm", "Dirección, o dos calles: Main & Elm"),
    "pocket_find": ("Find support", "Buscar apoyo"),
    "pocket_locate": ("Use where I am", "Usar donde estoy"),
    "pocket_locating": ("Finding where you are …", "Buscando dónde está …"),
    "pocket_not_located": (
        "Your phone did not say where you are. Type an address instead.",
        "Su teléfono no indicó dónde está. Escriba una dirección.",
    ),
    "pocket_here": ("where you are", "donde está usted"),
    "pocket_how": ("How do you get around?", "¿Cómo se mueve?"),
    "pocket_other": ("Another day or time", "Otro día u otra hora"),
    "pocket_other_why": ("Empty means now.", "Vacío significa ahora."),
    "pocket_any": ("Any", "Cualquiera"),
    "pocket_asked": ("{view}, {how}, from {place}", "{view}, {how}, desde {place}"),
    "pocket_working": ("Looking for what you can get to …", "Buscando a qué puede llegar …"),
    "pocket_all_of_day": ("All {count} on this day", "Las {count} de este día"),
    "pocket_more_left": ("{count} more are farther away or later.", "{count} más quedan más lejos o son más tarde."),
    "pocket_day_count": ("{day}: {count}", "{day}: {count}"),
    "pocket_always": ("Right now, wherever you are", "Ahora mismo, esté donde esté"),
    "pocket_nothing": (
        "Nothing that you can get to and home from was found for this. These are always there:",
        "No encontramos nada a lo que pueda ir y de donde pueda volver. Esto siempre está:",
    ),
    "pocket_more": ("More", "Más"),
    "pocket_text": ("Text a friend", "Avisar a una amistad"),
    "pocket_message": (
        "I am going to {name}, {when}, {where}. Will you come with me?",
        "Voy a {name}, {when}, {where}. ¿Me acompaña?",
    ),
    "pocket_message_place": (
        "I am going to {name}, {where}. Will you come with me?",
        "Voy a {name}, {where}. ¿Me acompaña?",
    ),
    "pocket_calendar": ("Add to calendar", "Añadir al calendario"),
    "pocket_directions": ("Directions in Google Maps (leaves this page)", "Cómo llegar en Google Maps (sale de aquí)"),
    "pocket_map": ("Show a map (a picture)", "Mostrar un mapa (imagen)"),
    "pocket_map_alt": (
        "Map of where you start and the numbered places below.",
        "Mapa de su punto de salida y de los lugares numerados de abajo.",
    ),
    "pocket_print": ("Print", "Imprimir"),
    "pocket_back": ("Back to the list", "Volver a la lista"),
    "pocket_new": ("Ask something else", "Buscar otra cosa"),
    "pocket_event": (
        "Leave by {leave}. {last}. Check that it is still held before you go.",
        "Salga a más tardar a las {leave}. {last}. Confirme que se celebra antes de ir.",
    ),
    # what could not be done
    "pocket_no_place": ("Type where you start.", "Escriba desde dónde sale."),
    "pocket_bad_field": (
        "The form held something that this page does not offer.",
        "El formulario contenía algo que esta página no ofrece.",
    ),
    "pocket_bad_field_hint": (
        "Ask again, with the form of this page.",
        "Pregunte de nuevo con el formulario de esta página.",
    ),
    "pocket_bad_day": ("That day or time could not be read.", "No se pudo leer ese día u hora."),
    "pocket_bad_day_hint": (
        "Choose a day within a year from today, and a time like 19:30; or leave both empty for now.",
        "Elija un día a menos de un año de hoy y una hora como 19:30; o deje ambos vacíos para ahora.",
    ),
    "pocket_no_such_region": ("There is no such region here.", "Aquí no existe esa región."),
    "pocket_no_such_region_hint": (
        "Ask again, in a region that this page offers.",
        "Pregunte de nuevo, en una región que ofrece esta página.",
    ),
    "pocket_too_large": ("That was too long to be a question.", "Eso era demasiado largo para ser una pregunta."),
    "pocket_too_large_hint": ("Type an address only.", "Escriba solo una dirección."),
    "pocket_gone": (
        "This can't be reached any more at that time, or is no longer listed.",
        "Ya no se puede llegar a esto a esa hora, o ya no figura.",
    ),
    "pocket_gone_hint": ("Go back to the list: it shows what can.", "Vuelva a la lista: muestra lo que sí se puede."),
    "pocket_busy": ("Many people are asking right now.", "Muchas personas están preguntando ahora."),
    "pocket_busy_hint": ("Wait a moment and try again.", "Espere un momento e inténtelo de nuevo."),
    "pocket_try_again": (
        "Check what you typed, or choose another place.",
        "Revise lo que escribió o elija otro lugar.",
    ),
}
