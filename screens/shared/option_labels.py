"""What the options of a list are called, each otherwise: Streamlit takes the last of those that read alike."""

import itertools
from collections import Counter
from collections.abc import Mapping


def told_apart(names: Mapping[str, str], more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what each option is called; those of one name with what else is known of them, else counted.

    Parameters
    ----------
    names
        Each option's name, by its id.
    more
        What tells those apart that have one name, by their ids; it may be empty, or lack some.
    """
    more, alike = more or {}, Counter(names.values())
    texts = {one: f"{name} ({more[one]})" if alike[name] > 1 and more.get(one) else name for one, name in names.items()}
    still = Counter(texts.values())
    numbers, taken = {text: itertools.count(1) for text in still}, set(still)
    for one in sorted(one for one, text in texts.items() if still[text] > 1):
        counted = (f"{texts[one]} · {number}" for number in numbers[texts[one]])
        texts[one] = next(text for text in counted if text not in taken)
        taken.add(texts[one])
    return texts
