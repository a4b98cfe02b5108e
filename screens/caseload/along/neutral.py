"""Words that tell of a diagnosis or of treatment, in English and Spanish: they stay off what a stranger may read."""

import re

from geo.spelling import plain_words

_STEMS = (
    "abuse", "abuso", "abstin", "addict", "adicci", "adicto", "adult child", "al ?anon", r"alano\b", "alateen", "alcoh",
    "anonym", "anonim", "behaviou?ral", "big ?book", "bupreno", "cannabis", "co ?anon", "co ?depend", "co ?occurring",
    "cocain", "conductual", "crystal meth", "dependen", "desintox", "detox", "diagn", "disorder", "dosage", "dose",
    "dosis", "dosing", "drinker", "drog", "drug", "drunk", "families anon", "fentan", "gam ?anon", "gran libro",
    "half ?way house", "harm reduction", r"hep ?[bc]\b", "hepatitis", "heroin", "inpatient",
    "intercambio de (?:agujas|jeringas)", "intoxic", "jering", "ketamin", "learn to cope", "libro azul", "marihuana",
    "marijuana", "medicacion asistida", "medication assisted", "medio camino", "mental", "metadon", r"meth\b", "methad",
    "methamph", "metanf", "nalox", "naltrex", "nar ?anon", "nar ?ateen", "narc[ao]", "needle exchange", "opi[ao]",
    "outpatient", "overdos", "oxford house", "patient", "pacient", "psic[oh]", "psiq", "psych", "recaid", "recover",
    "recuper", "rehab", "relaps", "residential treatment", "sobri", "sober", "sobredosis", "spravato", "sublocad",
    "suboxon", "substanc", "subutex", "sustanc", "syringe", "terap", "therap", "trastorno", "tratamiento", "treatment",
    "(?:12|twelve) ?step", "(?:12|doce) ?pasos", r"(?:12|twelve|doce)(?: | and | y | ?x ?)(?:12|twelve|doce)\b",
    "vivitrol", "withdraw",
)  # fmt: skip
"""How telling words begin, as patterns of plain words."""
_SHORT = ("aa", "acoa", "cma", "hiv", "moud", "narr", "otp", "oud", "vih")
_CAPITALS = ("ACA", "C[Oo]DA", "MAT", "MAUD", "NA", "SUD", r"(?<!, )CA(?! \d{5})")
"""Abbreviations that are other words in small letters; after a comma, or before a ZIP code, CA is California."""
_TELLING = re.compile(
    rf"(?i:\b(?:{'|'.join(_STEMS)})\w*)|(?i:\b(?:{'|'.join(_SHORT)})\b)|\b(?:{'|'.join(_CAPITALS)})\b"
)


def telling_words(text: str) -> list[str]:
    """Return the words of a text that tell of a diagnosis or of treatment, each once."""
    return list(dict.fromkeys(match.group() for match in _TELLING.finditer(plain_words(text))))


def neutral(text: str, otherwise: str = "") -> str:
    """Return a name as it is where it tells nothing, else another."""
    return otherwise if telling_words(text) else text
