"""Why the vault refuses, on the caseload's page: the English is the error's own (`people/`), found by its sentence."""

from geo.plurals import Plural

_SENTENCES = (
    "The next attempt has to wait {seconds} s: each wrong passphrase makes the wait longer.",
    (
        "The name or the passphrase is wrong: check both; the next attempt has to wait {seconds} s. "
        "A lost passphrase is made anew with the printed recovery code, or by a supervisor."
    ),
    "The two passphrases differ; type the same one twice.",
    "That passphrase is too easy to guess: take four or five random words.",
    "A user needs a name, by which they unlock the vault.",
    "A passphrase needs at least {least} letters; four or five random words are easy to remember.",
    "This computer has no SQLCipher or Argon2 that Python can use, so no vault opens here.",
    "The vault is locked; unlock it with your passphrase.",
    "This user was removed from the vault, or has another role now; unlock it again.",
    "This user was removed from the vault; ask a supervisor.",
    "That isn't yours to see or change; a supervisor can help. The attempt was recorded.",
    "Write the person's name.",
    "Choose a house first.",
    "The BARC-10 needs an answer for each of its ten domains; a missing one is never guessed.",
    "Enter at least one answer on the last 30 days.",
    "Say on which day it was asked.",
    "Say why: why the house refused, or why this home was chosen. The next colleague will ask.",
    "Somebody changed this while you were typing; what you typed is not saved. Look at it again, then save.",
    "This was taken away meanwhile; undo that to change it.",
    "Somebody took these needs away while you were typing; look again, then save.",
    "This was changed again since: undo the later edit first.",
    "Your sign-in is over, so nothing was done: sign in again.",
    "Somebody worked on these people since; move those who don't belong to the archive.",
    (
        "A restore was cut off here, so the vault that was there is still aside: run "
        "`recovery-reach vault restore` once more with the same backup, and it is brought to its end."
    ),
    "This entry was merged into another, or taken away; undo that to see it.",
    "Somebody else is saving right now, for longer than we wait; try again.",
    (
        "The disk is full or can't be written: nothing of this was saved, and all that was saved before is as it was. "
        "Make room, then save again; what you typed is still where you typed it."
    ),
    "Others on this computer can open {path}: close it with `chmod {mode:o} {path}`, then try again.",
    "{field} can't be empty.",
    "{field} must be {expected}.",
    "a date like 2026-11-23",
    "A consent says who may receive what, what for, when it was signed and until when it holds.",
    "A consent can't end before it was given; check the two dates.",
    "The file holds {count} rows; 1 to {most} can be imported.",
    ("Say which column holds the names; without one nobody can be imported. The file's columns are {columns}."),
    "Nobody was imported: {count} cells can't be used. Mend them in the file, then import it again.",
    "Choose two different entries to make one.",
    "One of the two was merged or taken away already.",
    "Choose who is handed over, and to whom.",
    "There is no such user to hand this person to.",
    "Nobody was erased: choose the person, and type their name as it stands in the list.",
    "This entry was merged into another: undo that first, or erase the other.",
    (
        "The person is erased, but another session was reading, so that the log beside the database still holds them, "
        "encrypted: lock every session, then it is gone. Backups that still hold them: {files}."
    ),
    "Somebody of that name has a passphrase already; choose another name.",
    "Nobody was removed: check the box first.",
    "There is no such user.",
    "This is the last supervisor; add another before removing this one.",
    "Nobody of that name has a passphrase for this vault; check the name.",
    "A recovery code is 32 letters and digits in eight groups of four; compare what you typed with the print.",
    "An end of the trail is written as it was printed: a number, a colon, 64 letters and digits.",
    "The note of where the audit trail ends is missing or changed.",
    "Row {row} is missing.",
    "Row {row} is not as it was written.",
    "Row {row} is not the one that was written.",
    "Row {row} is not the one that you kept.",
    "The change of row {row} is not as it was saved.",
    "An entry is not as the edit of this row left it.",
    "The trail ends at row {last}; {rows} rows had been written.",
    "The trail ends at row {last}; when you kept its end it had {rows}.",
)

WORDS: dict[str, str | Plural] = {english: english for english in _SENTENCES}
