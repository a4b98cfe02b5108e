"""Words with values, as parts of a sentence: in English here, on the screens in any language that knows them."""


class Phrase:
    """A part of a sentence that is said in another language as a whole, like the sentence of an error.

    Parameters
    ----------
    sentence
        English, a template that the values are put into; it is what a screen finds it by.
    values
        By name; one may be a phrase again.

    Examples
    --------
    >>> f"Beds must be {Phrase('a number from {low} to {high}', low=1, high=9)}."
    'Beds must be a number from 1 to 9.'
    """

    def __init__(self, sentence: str, /, **values: object) -> None:
        self.sentence, self.values = sentence, values

    def __str__(self) -> str:
        """Return it in English."""
        return self.sentence.format(**self.values) if self.values else self.sentence

    def __format__(self, form: str) -> str:
        """Return it in English, as a text is formatted."""
        return format(str(self), form)
