"""Words of a person's papers: consents, what was handed out, their own record, and the audit trail."""

from geo.plurals import Plural

WORDS: dict[str, str | Plural] = {
    # consents
    "papers_consents": "Consents",
    "papers_consents_why": (
        "Each written consent that this person signed. Without one in force, nothing that names them is handed to "
        "anybody else here."
    ),
    "papers_no_consent": "No consent is recorded yet.",
    "papers_in_force": "In force until {day}",
    "papers_revoked": "Revoked. It has not held since {day}",
    "papers_not_yet": "Not in force yet. It holds from {day} until {end}",
    "papers_ended": "Ended on {day}",
    "papers_scope": "May receive: {what}. What for: {purpose}.",
    "papers_given": "Signed on {day}.",
    "papers_revoke": "Revoke",
    "papers_add_consent": "Record a consent",
    "papers_recipient": "Who may receive it",
    "papers_recipient_help": "A person, an agency, or a class of them, as the signed form names them.",
    "papers_what": "What of the record",
    "papers_what_help": "Such as: letter on homes, week plan.",
    "papers_purpose": "What for",
    "papers_purpose_help": "As the signed form says it.",
    "papers_given_on": "Signed on",
    "papers_expires_on": "Last day on which it holds",
    "papers_note": "How it was given, where the paper lies",
    "papers_holds": "Does it hold?",
    "papers_consent_added": "The consent is recorded.",
    "papers_consent_revoked": (
        "The consent is revoked as of today. What was handed out before stays in the list below."
    ),
    # what was handed out
    "papers_disclosures": "What was handed out",
    "papers_disclosures_why": (
        "What was handed out with a consent in the last {years} years, to whom and what for. What was told by "
        "telephone or mailed from other software is not in it."
    ),
    "papers_none_disclosed": "Nothing was handed out in the last {years} years.",
    "papers_count": Plural("Handed out once", "Handed out {count} times"),
    "papers_disclosed_on": "When",
    "papers_by": "By",
    "papers_make_csv": "Make a table (CSV)",
    "papers_get_csv": "Save the table (CSV)",
    "papers_make_pdf": "Make a paper (PDF)",
    "papers_get_pdf": "Save the paper (PDF)",
    "papers_make_json": "Make a file for other software (JSON)",
    "papers_get_json": "Save the file (JSON)",
    "papers_made": "Made on {day} by {who}.",
    # the person's own copy
    "papers_record": "This person's own copy",
    "papers_record_why": (
        "What is kept of this person, for themself: in plain words (PDF), and with every detail and edit (JSON). They"
        " need no consent for it. The files are not encrypted: give them to the person, then delete them from this "
        "computer."
    ),
    "papers_record_of": "Record of {name}",
    "papers_needs": "Needs",
    "papers_short_list": "Short list of homes",
    "papers_progress": "Progress",
    "papers_nothing": "Nothing is saved.",
    "papers_record_end": Plural(
        "The file for other software (JSON) holds every detail, and the 1 edit that was made. If something is wrong, "
        "ask for it to be changed.",
        "The file for other software (JSON) holds every detail, and each of the {count} edits that were made. If "
        "something is wrong, ask for it to be changed.",
    ),
    # who looked, and the audit trail
    "papers_looks": "Who looked",
    "papers_looks_why": "The latest rows of the audit trail about this person. Supervisors alone see them.",
    "trail_rows": Plural("1 row, latest first", "{count} rows, latest first"),
    "trail_when": "When",
    "trail_who": "Who",
    "trail_what": "What",
    "trail_whom": "About",
    "trail_gone": "somebody who is no longer here",
    "case_kind_house_call": "a call to a house",
    "case_kind_backup": "a backup",
    "trail_did_create": "Made the vault",
    "trail_did_unlock": "Unlocked the vault",
    "trail_did_unlock_failed": "Was not let in: name or passphrase was wrong",
    "trail_did_lock": "Locked the vault",
    "trail_did_view": "Looked at the record",
    "trail_did_list": "Looked at the list",
    "trail_did_export": "Made something for the person to take",
    "trail_did_disclose": "Handed something out with a consent",
    "trail_did_refused": "Was refused: it was not theirs to see or do",
    "trail_did_backup": "Made a backup",
    "trail_did_restore": "Restored a backup",
    "trail_did_passphrase": "Changed a passphrase or the recovery code",
    "trail_did_user_added": "Added a colleague",
    "trail_did_user_role": "Gave a colleague another role",
    "trail_did_user_removed": "Took a colleague's passphrase away",
    "trail_did_erase": "Erased a person for good",
    "trail_did_break_accepted": "Went on with an audit trail that was cut off",
    "trail_did_verify": "Checked the audit trail",
}
