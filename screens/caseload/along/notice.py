"""What goes along with a disclosure: the statement of 42 CFR 2.32, word for word, and what the consent covers."""

from people.consent import Disclosure
from screens.shared.words import Say


def notice_texts(disclosure: Disclosure, say: Say) -> list[str]:
    """Return the notice and the scope of the consent, a sentence or two each."""
    scope = disclosure.scope
    return [
        disclosure.notice,
        say("along_scope", given=say.day(scope["given_on"]), expires=say.day(scope["expires_on"])),
        say("along_scope_who", recipient=scope["recipient"], what=scope["what"], purpose=scope["purpose"]),
    ]
