"""A language that nobody speaks: every message of the screens in wider letters, as one PO file."""

import re
from pathlib import Path

from babel.messages import Catalog

from screens.shared import catalogs

WIDE = str.maketrans("aeiouAEIOUcnsy", "äëïöüÄËÏÖÜçñšÿ")


def widened(text: str) -> str:
    """Return a text in other letters and a third longer, its values as they are."""
    parts = re.split(r"(\{.*?\})", text)
    whole = "".join(part if part.startswith("{") else part.translate(WIDE) for part in parts)
    return f"{whole} {'~' * (len(text) // 3)}".rstrip()


def write_language(folder: Path, language: str) -> None:
    """Write the file of a language as a translator would hand it in: made from the template, with all its plurals."""
    catalog = Catalog(language)
    for message in catalogs.template():
        if message.id:
            forms: tuple[str, ...] = ()
            if message.pluralizable:
                one, other = message.id
                forms = (one, *[other] * (catalog.num_plurals - 1)) if catalog.num_plurals > 1 else (other,)
            texts = tuple(widened(text) for text in forms) or widened(message.id)
            catalog.add(message.id, texts, context=message.context)
    (folder / f"{language}.po").write_bytes(catalogs.merged(catalog))
