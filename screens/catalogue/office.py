"""Words of the caseload's office: import, merge, handing over, users, passphrases, audit trail, backup, erasing."""

from geo.plurals import Plural

WORDS: dict[str, str | Plural] = {
    "office_tasks": "What to do",
    "office_task_import": "Import people",
    "office_task_merge": "Merge two entries",
    "office_task_hand_over": "Hand people over",
    "office_task_passphrase": "My passphrase",
    "office_task_users": "Colleagues",
    "office_task_trail": "Audit trail",
    "office_task_backup": "Backup",
    "office_task_erase": "Erase for good",
    # import
    "office_import_why": (
        "From a spreadsheet, Excel (.xlsx) or CSV, one person a row. You see first what would be brought in. All rows "
        "are, or none. The file stays on your computer, unencrypted: delete it afterwards."
    ),
    "office_file": "An Excel (.xlsx) or CSV file of up to 1 MB",
    "office_columns": "Which column is what",
    "office_not_in_file": "not in the file",
    "office_errors": Plural(
        "1 cell can't be used. Mend it in the file, then choose the file again.",
        "{count} cells can't be used. Mend them in the file, then choose the file again.",
    ),
    "office_error": "Row {row}, column “{column}”: {problem}",
    "office_same_names": "The same name twice. They stay two people, unless you merge them later:",
    "office_same_row": "Row {row} has the name of row {other}.",
    "office_same_there": "Row {row} has the name of somebody on your caseload.",
    "office_unused": "Columns that are not taken: {columns}.",
    "office_preview": Plural("1 person in the file", "{count} people in the file"),
    "office_more_rows": Plural("… and 1 more.", "… and {count} more."),
    "office_row": "Row",
    "office_row_wrong": "{row} (not usable yet)",
    "office_import": Plural("Import 1 person", "Import {count} people"),
    "office_other_file": "Choose another file",
    "office_imported": Plural("1 person is on your caseload now.", "{count} people are on your caseload now."),
    # merge
    "office_merge_why": (
        "For one person who was entered twice. Where both have something, the one that is kept stands, and the "
        "other's stays in the history."
    ),
    "office_side_kept": "The entry that is kept",
    "office_side_other": "The entry that goes into it",
    "office_side_result": "What results",
    "office_field": "Field",
    "office_merge_preview": "What the two would become",
    "office_moved": "{kind} ({count})",
    "office_moves": "Goes over to the entry that is kept: {what}.",
    "office_dropped": "Both have {kind}: what the kept entry has stands.",
    "office_merge": "Merge them",
    "office_merged": "The two entries are one now.",
    # handing over
    "office_hand_over_why": (
        "The people chosen go to a colleague's caseload, with all that is kept of them. You no longer see them then, "
        "unless you are a supervisor."
    ),
    "office_from": "From whose caseload",
    "office_who": "Who is handed over",
    "office_everybody": Plural("That 1 person, who is all of it", "All {count} people"),
    "office_to": "To which colleague",
    "office_hand_over": "Hand over",
    "office_handed_over": Plural("1 person was handed over.", "{count} people were handed over."),
    # erasing
    "office_erase_why": (
        "This erases a person and their whole history, and nothing undoes it. Backups made before still hold them. "
        "Ask first how long the record must be kept. To take somebody off the list, use the archive."
    ),
    "office_erase_who": "Who is erased",
    "office_erase_type": "Type their name to confirm",
    "office_erase": "Erase for good",
    "office_erased": "The person is erased. No backup that we know of holds them.",
    "office_erased_backups": "The person is erased. These backups still hold them until you delete them: {files}.",
    # users
    "office_users_why": (
        "Each colleague has a passphrase of their own. A case manager sees their own people; a supervisor sees "
        "everybody, and this page."
    ),
    "office_users": Plural("1 user", "{count} users"),
    "office_user": "Colleague",
    "office_user_name": "The colleague's name",
    "office_role": "Role",
    "office_role_case_manager": "case manager",
    "office_role_supervisor": "supervisor",
    "office_since": "since {day}",
    "office_removed_on": "removed on {day}",
    "office_add_user": "Add a colleague",
    "office_user_added": "They can unlock the vault with that passphrase now.",
    "office_change_user": "Change or remove a colleague",
    "office_change": "What changes",
    "office_change_role": "Give another role",
    "office_change_reset": "Give a new passphrase",
    "office_change_remove": "Take their passphrase away",
    "office_new_role": "New role",
    "office_remove_sure": "Yes: their passphrase opens nothing any more. Their people stay, to be handed over.",
    "office_done_role": "The role is changed. If they have the vault open, it locks there.",
    "office_done_reset": "They can unlock the vault with the new passphrase; the old one opens nothing any more.",
    "office_done_remove": "Their passphrase opens nothing any more. Hand their people to a colleague next.",
    # passphrases
    "office_passphrase_why": (
        "The records stay as they are, and so do your colleagues' passphrases. Backups made before open with the old "
        "one."
    ),
    "office_old": "Passphrase until now",
    "office_change_own": "Change my passphrase",
    "office_changed_own": "Your passphrase is changed.",
    "office_code": "Make a new recovery code",
    "office_code_why": "The code printed before opens nothing any more once you make a new one. It is shown only once.",
    "office_code_elsewhere": "A new code is made only where the app serves the computer it runs on, and no other.",
    # the audit trail
    "office_trail_why": (
        "Every view, edit, export, unlocking and failure is one row, sealed together with the row before."
    ),
    "office_end_kept": "The end of the trail that you kept, if you did",
    "office_end_kept_help": "A number, a colon, and 64 letters and digits, shown here at an earlier check.",
    "office_verify": "Check every row",
    "office_whole": Plural("The 1 row is as it was written.", "All {count} rows are as they were written."),
    "office_keep_end": (
        "Keep this end of the trail in another place. It shows at the next check that nobody wrote it anew:"
    ),
    "office_broken": "The audit trail is broken at row {row}.",
    "office_broken_what": (
        "Somebody may have changed the vault outside of this software. Tell your privacy officer, keep a copy of both "
        "folders as they are, and find out who had access. Then restore the latest backup that is whole: "
        "recovery-reach vault restore FILE --replace"
    ),
    # backups
    "office_backup_why": (
        "All that the vault holds and its keys, encrypted, in one file. It is opened and checked before you get it. "
        "It opens with the passphrases of today. Keep it on another disk."
    ),
    "office_backup": "Make a backup",
    "office_backup_get": "Save the backup",
    "office_backed_up": Plural(
        "The backup holds 1 person, and is whole. Save it now.",
        "The backup holds {count} people, and is whole. Save it now.",
    ),
    "office_restore": "To restore it, close the app and type in a terminal:",
    "office_restore_more": (
        "Add --replace to put it in the place of a vault that is there. Try it on another computer before you need it."
    ),
    "office_backups": Plural("1 backup was made", "{count} backups were made"),
    "office_file_name": "File",
    "office_people": "People in it",
}
