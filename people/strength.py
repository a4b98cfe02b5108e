"""How hard a passphrase is to guess, as zxcvbn estimates it (Wheeler 2016): words, names, dates, keys side by side."""

from dataclasses import dataclass

_MOST_LETTERS = 72
"""What is looked at: zxcvbn takes no more."""
LEAST_GUESSES = 1e10
"""What a passphrase should take: at Argon2id's tenth of a second each, 30 years of one processor."""
WORDS = ("very weak", "weak", "fair", "good", "strong")


@dataclass(frozen=True)
class Strength:
    """How hard to guess: about how many guesses it takes, 0–4 of five bars, and whether that is enough."""

    guesses: float
    bars: int

    @property
    def is_enough(self) -> bool:
        """Return whether it takes at least LEAST_GUESSES."""
        return self.guesses >= LEAST_GUESSES

    @property
    def word(self) -> str:
        """Return one of WORDS."""
        return WORDS[self.bars]


def passphrase_strength(passphrase: str, known: tuple[str, ...] = ()) -> Strength:
    """Estimate how hard a passphrase is to guess; nothing of it leaves this machine.

    Parameters
    ----------
    known
        Words that a guesser would try first: the user's own name, the agency's.
    """
    from zxcvbn import zxcvbn

    result = zxcvbn(passphrase[:_MOST_LETTERS], user_inputs=[word for text in known for word in (text, *text.split())])
    return Strength(float(result["guesses"]), int(result["score"]))
