"""Words of what goes along with a person: the plan for the pocket, the calendar, the letter, and how they are made."""

from geo.plurals import Plural

_REFUSALS = (
    "That week has begun already: choose today or a later day.",
    "That house isn't in this region's list any more: choose another, or another region.",
    "It isn't public where that house is, so no journey from it can be planned: choose another.",
    "Write why this home: whoever reads the letter will ask.",
    (
        "The reason tells of a diagnosis or of treatment ({words}): write it in neutral words, such as "
        "“appointments” and “support”."
    ),
    "The home that was chosen couldn't be compared with others: choose another.",
    "Choose above whom the consent names: the letter isn't for the person alone.",
    (
        "No consent is in force for this: it has ended, was revoked, or was never recorded. Ask the person for a "
        "new one, and record it first."
    ),
)

WORDS: dict[str, str | Plural] = {
    # on the page
    "case_part_along": "What goes along",
    "along_why": (
        "For the day a person leaves: a plan for the pocket, a calendar for the phone, a letter. They are worked "
        "out from the needs that are saved and from the home chosen here. None of them names a diagnosis, a "
        "medication or a treatment."
    ),
    "along_home": "Home",
    "along_home_none": (
        "Choose the home first: one that the person moved into, or was offered, comes first in the list."
    ),
    "along_house_full": "On {day} this house said that it has no free bed, and it holds none for you.",
    "along_house_refused": "This house refused the person on {day}.",
    "along_house_refuses": "On {day} this house said that it doesn't accept {what}, which the person takes.",
    "along_house_call": "Call it before you hand anything out.",
    "along_start": "The week begins on",
    "along_from_where": "Where they leave from (optional)",
    "along_from_where_help": (
        "The way from there to the house stands first on the plan. The address is kept nowhere and stands on no paper."
    ),
    "along_leave_time": "When they leave",
    "along_leave_passed": "{time} has passed today. Type when they leave from now on.",
    "along_language": "Language of the papers",
    "along_large": "Large print (may take more than one sheet)",
    "along_phone": "Your phone number, if it may stand on the plan",
    "along_for": "Who gets it",
    "along_for_person": "The person",
    "along_for_consent": "{recipient}, for {purpose}",
    "along_for_note": (
        "To the person, no consent is needed. To anybody else it goes by a consent in force, with the notice on "
        "redisclosure. Each one that you make is on record."
    ),
    "along_covers": "This consent covers: {what}. It holds through {day}. Hand out nothing that it doesn't cover.",
    "along_places": "Put addresses into the calendar (a phone may show them to others)",
    "along_working": "Planning the week …",
    "along_left_off": (
        "Not on the papers, because the name tells of treatment: {names}. The address is, and the phone if one is "
        "listed."
    ),
    "along_papers_say": "The papers say: “{text}”",
    "along_pages": "It takes {count} pages: print it on both sides.",
    "along_unmet": "Not everything fits into this week; the plan and the calendar say to ask you.",
    "along_pocket": "Plan for the pocket",
    "along_pocket_why": (
        "One sheet, two sides: the home, phone numbers, each journey of the week, the last bus home of each day."
    ),
    "along_calendar": "Calendar for the phone",
    "along_calendar_why": (
        "A file that phones and computers open: each stop of the week, with a reminder before it is time to leave."
    ),
    "along_letter": "Letter to a court or payer",
    "along_letter_why": (
        "The homes compared and why this one, in neutral words. It names the person, so it always needs a consent."
    ),
    "along_reason": "Why this home",
    "along_reason_help": "It stands in the letter as you write it.",
    "along_make_pocket": "Make the plan (PDF)",
    "along_make_calendar": "Make the calendar (.ics)",
    "along_make_letter": "Make the letter (PDF)",
    "along_get_pocket": "Download the plan (PDF)",
    "along_get_calendar": "Download the calendar (.ics)",
    "along_get_letter": "Download the letter (PDF)",
    "along_no_consent": (
        "No consent is in force, so nothing can be made for anybody but the person. Have one signed, then record it"
        " here."
    ),
    # journeys
    "along_walk": "Walk {minutes} min to {place}.",
    "along_bike": "Cycle {minutes} min to {place}.",
    "along_drive": "Drive {minutes} min to {place}.",
    "along_ride": "{start}: {vehicle}{toward} from {stop}.",
    "along_seated": "Stay on board: it goes on as {vehicle}{toward}.",
    "along_off": "Get off at {place}, {end}.",
    "along_there": "There at {end}.",
    "along_short_walk": "Walk {minutes} min.",
    "along_short_bike": "Cycle {minutes} min.",
    "along_short_drive": "Drive {minutes} min.",
    "along_short_off": "Off at {place}, {end}.",
    "along_on": "{start}: {vehicle}{toward}.",
    "along_as_before": "{start}: {vehicle}.",
    "along_stops_as": "Stops as on {day}.",
    # the plan for the pocket
    "along_title": "My week: {first} to {last}",
    "along_made": "Made on {day}. Bus times can change: ask the driver, or call before you go.",
    "along_numbers": "Phone numbers",
    "along_house": "House: {phone}",
    "along_no_phone": "House: no number is listed. Ask for it.",
    "along_stop_phone": "{what}: {phone}",
    "along_manager": "{name}: {phone}",
    "along_crisis": "In crisis, day or night: {ways}",
    "along_be_home": "Be home by {time}.",
    "along_from": " from {place}",
    "along_last": "Last bus home{where}",
    "along_last_by": "Last bus home{where} before {time}",
    "along_last_left": "The last bus home{where} on this plan has left.",
    "along_nothing_more": "Nothing more is planned on this day.",
    "along_any_hour": "You can walk home{where} at any hour.",
    "along_none": "No bus home{where} was found.",
    "along_not_all": "Not everything asked for fits into this week. Ask {name}.",
    "along_maker": "the person who made this",
    "along_note_stay_away": "About the area around this home: ask {whom} before the first day.",
    "along_note_excused": (
        "{what}, {start} – {end}, ends after the time to be home on {days}. That is excused; tell the house."
    ),
    "along_note_closed_holiday": (
        "{day} is {holiday}, and where you have an appointment on other days it is closed. Ask there before that day."
    ),
    "along_note_holiday": "{day} is {holiday}: ask at your appointments whether their hours differ.",
    "along_note_no_timetable": "No bus timetable is known here: the ways told are without a bus.",
    "along_col_leave": "Leave at",
    "along_col_what": "Where to, and how",
    "along_move": "To the house",
    "along_the_house": "the house",
    "along_move_unknown": "The way to the house isn't on this plan. Ask {name} how you get there.",
    "along_move_none": "No way to the house was found if you leave at {time}. Ask {name} how you get there.",
    "along_move_late": "You are there after the time to be home. Call the house first.",
    "along_move_before": "Before you are at the house, and with no way on this plan: {what}.",
    "along_move_after": "Later that day, with no way from the house on this plan: {what}.",
    "along_timetable": "The bus times are those of the week of {day}: no timetable for these days is known yet.",
    # the calendar
    "along_leave": "Leave at {time}. {way}",
    "along_reminder": "Leave at {time}",
    "along_way_home": "Way home, {time}: {way}",
    "along_last_short": "Last bus home on {day}: {time}",
    # the letter
    "along_letter_title": "Choice of a home for {name}",
    "along_letter_to": "To",
    "along_letter_from": "From",
    "along_letter_about": "About",
    "along_letter_for": "Purpose",
    "along_compared": Plural("{count} home was compared.", "{count} homes were compared."),
    "along_not_compared": Plural(
        "{count} other in the table couldn't be worked out.", "{count} others in the table couldn't be worked out."
    ),
    "along_others_unknown": Plural("Of {count} other that isn't known.", "Of {count} others that isn't known."),
    "along_order": (
        "The chosen home stands first, those on the short list next, then the others: by what is in reach, lower where "
        "the word on a free place is old or missing."
    ),
    "along_chosen": "This letter is about {home}.",
    "along_homes": "Homes compared",
    "along_chosen_mark": "{home} (chosen)",
    "along_regular": "regular appointments",
    "along_col_rent": "Rent a week",
    "along_col_curfew": "Home by",
    "along_col_days": "Days with a group meeting in reach",
    "along_col_minutes": "Minutes from the home",
    "along_col_access": "What is in reach, 0 to 100",
    "along_minutes_to": "{to}: {minutes}",
    "along_reasons": "Why {home}",
    "along_most_access": "Of the homes compared it has the most within reach.",
    "along_nearest_to": "Of the homes compared it is the nearest to {to}.",
    "along_lowest_rent": "Of the homes compared it has the lowest rent that is known.",
    "along_most_days": "Of the homes compared it has group meetings in reach on the most days of the week.",
    "along_method": "How this was worked out",
    "along_method_what": (
        "Travel times are door to door, {ways}, by the published timetable of {day}. “What is in reach” sums up how "
        "much everyday support, work, services and groups one can get to and come back from that way. It is a "
        "planning aid and no judgment of a person or a house."
    ),
    "along_ways": "along streets and paths or by bus",
    "along_notice": "Notice with this disclosure",
    "along_scope": "It is made by a written consent, given on {given} and good through {expires}.",
    "along_scope_who": "Recipient: {recipient}. What: {what}. Purpose: {purpose}.",
    "along_sign": "Signature and date",
    # why it is refused: the English is the error's own
    **{english: english for english in _REFUSALS},
}
