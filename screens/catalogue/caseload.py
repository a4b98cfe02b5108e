"""Words of the caseload's page: the vault's door, the list of people, one person."""

from geo.plurals import Plural

WORDS: dict[str, str | Plural] = {
    "page_caseload": "Caseload",
    "case_promise": (
        "What you save on this page is kept encrypted on the computer that makes it, and sent to nobody. The open "
        "vault is in this visit only, and locks after 15 idle minutes."
    ),
    # before there is a vault
    "case_none": "Keep a caseload here",
    "case_none_what": (
        "For case managers who help the same people week after week. There is no vault on this computer yet."
    ),
    "case_why_1": "Each person's needs, places to go and areas to stay away from, saved as you type.",
    "case_why_2": "What is due: discharge dates, consents that end, houses to call again.",
    "case_why_3": "It is one encrypted file. It opens with your passphrase alone, and every look at it is on record.",
    "case_none_command": "Make the vault with the form below, or type this into a terminal on this computer:",
    "case_none_elsewhere": "The vault is made at the computer that will keep it, by typing this into a terminal there:",
    "case_create": "Make the vault",
    "case_your_name": "Your name",
    "case_passphrase": "Passphrase",
    "case_passphrase_help": "Four or five random words are strong and easy to remember.",
    "case_again": "The same passphrase again",
    "case_strength": "This passphrase is {word}.",
    "case_strength_low": "This passphrase is {word}: take more words, chosen at random.",
    "case_strength_very_weak": "very weak",
    "case_strength_weak": "weak",
    "case_strength_fair": "fair",
    "case_strength_good": "good",
    "case_strength_strong": "strong",
    "case_code": "Print this recovery code now",
    "case_code_why": (
        "It opens the vault if a passphrase is lost. It is shown only this once. If it and every passphrase are lost, "
        "nobody can open the vault. Neither can we."
    ),
    "case_code_paper": (
        "Recovery code. It takes the place of a lost passphrase: in Recovery Reach, open Caseload, then "
        "“Passphrase lost?”."
    ),
    "case_code_how": "Print the code, or write it down. Seal it in an envelope, and lock it away.",
    "case_code_done": "I have it on paper",
    # the door
    "case_unlock": "Unlock",
    "case_unlock_what": "The caseload is locked. Each wrong passphrase makes the next wait longer.",
    "case_swap": (
        "While the vault is open, this computer may write names to its own disk, unencrypted (swap). Ask whoever looks "
        "after it to encrypt swap, or to let this program lock its memory."
    ),
    "case_lost": "Passphrase lost?",
    "case_lost_how": (
        "A supervisor can give you a new one. Or use the printed recovery code here: it gives you a new passphrase, "
        "and is used up. A new code is then shown."
    ),
    "case_lost_elsewhere": (
        "Passphrase lost? Ask a supervisor, or use the printed recovery code in a terminal on the computer that keeps"
        " the vault:"
    ),
    "case_code_field": "Recovery code",
    "case_new_passphrase": "New passphrase",
    "case_lost_use": "Unlock with the recovery code",
    "case_locked_idle": "The vault locked itself after 15 idle minutes. What you had saved is in it.",
    "case_locked_signed_out": "Your sign-in is over, so the vault is locked. What you had saved is in it.",
    "case_sign_in": "Sign in",
    "case_sign_in_out": (
        "Your agency asks you to sign in before its caseload opens. The vault then opens with your own passphrase."
    ),
    "case_sign_in_failed": (
        "Signing in didn't work: the provider didn't answer, or said no. Try again, or ask your agency."
    ),
    "case_sign_in_over": "You signed in too long ago: sign in again, then unlock the vault.",
    "case_sign_in_stranger": (
        "This account may not come in here. Sign out and use the one that your agency gave you, or ask your agency."
    ),
    "case_sign_out": "Sign out {name}",
    "case_locked_asked": "The vault is locked, and this visit has forgotten everyone in it.",
    "case_lock": "Lock",
    "case_who": "{name} has the vault open. It locks after {minutes} minutes without use.",
    # the list
    "case_views": "Part of the caseload",
    "case_view_people": "People",
    "case_view_office": "Office",
    "case_due": "Due",
    "case_due_next": "Due next",
    "case_due_discharge": "Leaves treatment on {day}",
    "case_due_consent": "Consent for {about} ends on {day}",
    "case_due_stale_call": "Call {about}, due for a call on {day}",
    "case_due_ask_again": "Ask {about} again on {day}",
    "case_due_hold_ends": "{about} holds a bed until {day}",
    "case_due_hold_ended": "{about} held a bed until {day}. Call to ask whether they still do",
    "case_open": "Open",
    "case_open_who": "Open the page of {name}",
    "case_choose": "Open a person's page",
    "case_choose_hint": "Type a name …",
    "case_people": Plural("1 person", "{count} people"),
    "case_no_people": "Nobody is on your caseload yet. Add the first person below.",
    "case_no_archived": "Nobody is in the archive.",
    "case_archived": "Show the archive",
    "case_add": "Add a person",
    # one person
    "case_back": "All people",
    "case_archive": "Move to the archive",
    "case_unarchive": "Take out of the archive",
    "case_in_archive": "In the archive since {day}. Nothing is lost.",
    "case_goes_by": "{name} ({called})",
    "case_parts": "Part of this person's page",
    "case_part_needs": "Needs and places",
    "case_part_progress": "How it went",
    "case_part_papers": "Papers",
    "case_part_record": "Name and dates",
    "case_part_history": "History and undo",
    "case_field_name": "Name",
    "case_field_goes_by": "Likes to be called",
    "case_field_born_on": "Date of birth",
    "case_field_phone": "Phone number",
    "case_field_agency_number": "Number at your agency",
    "case_field_discharge_on": "Leaves treatment on",
    "case_field_language": "Language they like to speak",
    "case_field_lives_at": "Where they live now",
    "case_field_archived_on": "In the archive since",
    "case_field_manager": "Case manager",
    "case_field_note": "What a colleague who takes over needs to know",
    "case_save": "Save",
    "case_colleague_saved": (
        "Somebody saved this while the page was open. What you typed is still below; Save puts it in place, and "
        "leaves what you didn't change as they saved it."
    ),
    "case_emptied": "now empty",
    "case_as_typed": "Each change is saved as you make it. “History and undo” takes it back.",
    "case_saved": "Saved at {time}. “History and undo” takes it back.",
    "case_unsaved": "Not saved yet: something above can't be used as it is.",
    "case_unfinished": (
        "Not saved yet: something is unfinished under {what}. Finish it or remove it; what was saved before stays."
    ),
    "case_reload": "Show what is saved now",
    "case_compare": "Compare homes for {name}",
    "case_in_the_way": (
        "“Compare homes” holds needs that were entered for this visit, and for nobody on the caseload. Keep them as a "
        "file there if you want them. Then forget them here to go on."
    ),
    "homes_whose": "Homes for {name}",
    "homes_whose_none": "Choose “Compare homes” on this person's page to compare with their needs.",
    "case_code_print": "Print the code",
    "homes_whose_page": "To the page of {name}",
    # houses
    "case_part_houses": "Short list and calls",
    "case_short": "Put a house on the short list, or move it on",
    "case_short_none": "No house is on this person's short list yet. Those just compared come first below.",
    "case_state": "How far it got",
    "case_state_asked": "asked",
    "case_state_offered": "a place is offered",
    "case_state_waiting": "on the waiting list",
    "case_state_refused": "refused",
    "case_state_moved_in": "moved in",
    "case_why": "Why",
    "case_why_help": "Needed where the house refused or the person moved in: the next colleague will ask.",
    "case_said": "What the house said last",
    "case_heard": "On {day}: {what}.",
    "case_call_save": "Save the call",
    "case_heard_accepts_medications": "accepts {what}",
    "case_heard_refuses_medications": "does not accept {what}",
    "case_heard_ask_again_on": "ask again on {day}",
    "case_heard_hold_until": "holds a bed until {day}",
    "case_heard_hold_ended": "held a bed until {day}",
    "case_call": "Note what a call learned",
    "case_call_why": "For your whole agency, never sent anywhere. No names of people who live or might live there.",
    "case_call_free_beds": "Free beds they said",
    "case_call_rent": "Rent they said ($ a week)",
    "case_call_accepts_medications": "Accepts",
    "case_call_refuses_medications": "Does not accept",
    "case_call_ask_again_on": "Ask again on",
    "case_call_hold_until": "Holds a bed until",
    "case_call_note": "What else they said",
    "case_calls": "Latest calls of your agency",
    "case_call_away": "Take away",
    "case_choice": "{house}: how far it got",
    "case_choice_now": "Now: {state}, since {day}.",
    "case_since": "What changed since {day}",
    "case_since_new": "{house} is new among the homes that fit.",
    "case_since_gone": "{house} no longer fits or is no longer listed.",
    "case_since_total": "{house}: score {before}, now {after}.",
    "case_since_open_beds": "{house}: {before}, now {after}.",
    "case_since_weekly_rent_usd": "{house}: rent {before} a week, now {after}.",
    "case_since_more": Plural("1 more change", "{count} more changes"),
    "case_since_seen": "Noted: count changes from today",
    "case_kind_comparison": "the homes last compared",
    "case_field_state": "How far it got",
    "case_field_why": "Why",
    "case_field_house": "House",
    # history
    "case_history": Plural("1 edit, newest first.", "{count} edits, newest first."),
    "case_undo": "Undo",
    "case_undone": "That is undone.",
    "case_edit": "{what}: {kind}",
    "case_edit_fields": "{what} ({fields})",
    "case_what_add": "Added",
    "case_what_edit": "Changed",
    "case_what_remove": "Taken away",
    "case_what_archive": "Moved to the archive",
    "case_what_unarchive": "Taken out of the archive",
    "case_what_assign": "Handed over",
    "case_what_merge": "Merged with another entry",
    "case_what_import": "Imported",
    "case_what_undo": "Undone",
    "case_kind_person": "name and dates",
    "case_kind_needs": "needs and places",
    "case_kind_consent": "a consent",
    "case_kind_disclosure": "something handed out",
    "case_kind_short_list": "short list",
    "case_kind_barc10": "recovery capital",
    "case_kind_engagement": "engagement",
    "case_kind_home_score": "score of the home",
}
