"""Turns that depend on where one came from further back: links that must be remembered get states of their own.

A sequence of links that may not be driven one after the other (a turn restriction over a way) is followed link by link:
who is on its way along one is in a state that knows it, and leaves that state by any other turn. The states are the
sequences' beginnings, and a turn leads to the longest one that ends as the way driven does: Aho and Corasick,
"Efficient string matching", Communications of the ACM 18 (1975).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]


def remembering(first: Ints, second: Ints, sequences: Sequence[tuple[int, ...]], links: int) -> tuple[Ints, ...]:
    """Return the turns among links and links with a memory, without the forbidden sequences.

    Parameters
    ----------
    first, second
        Allowed turns: directed links, numbered below `links`.
    sequences
        Of three directed links or more each, which may not follow one another.

    Returns
    -------
    first, second
        Turns; numbers from `links` on are links with a memory.
    base
        The directed link of each number.
    """
    plain = np.arange(links, dtype=np.int32)
    known = sorted({sequence[:k] for sequence in sequences for k in range(2, len(sequence))})
    if not known:
        return first, second, plain
    number = {beginning: links + i for i, beginning in enumerate(known)}
    forbidden = set(sequences)
    order = np.argsort(first, kind="stable")
    in_order = first[order]

    def turns_from(link: int) -> npt.NDArray[np.intp]:
        """Return the positions of the turns out of a link."""
        return order[slice(*np.searchsorted(in_order, (link, link + 1)))]

    onward = {link: second[turns_from(link)].tolist() for link in {beginning[-1] for beginning in known}}
    turns = []
    for beginning, state in number.items():
        for link in onward[beginning[-1]]:
            driven = (*beginning, link)
            ends = [driven[k:] for k in range(len(driven) - 1)]
            if not any(end in forbidden for end in ends):
                turns.append((state, next((number[end] for end in ends if end in number), link)))
    second = second.copy()
    for (start, link), state in ((b, s) for b, s in number.items() if len(b) == 2):
        at = turns_from(start)
        second[at[second[at] == link]] = state
    more = np.array(turns, np.int32).reshape(-1, 2)
    base = np.concatenate([plain, np.array([beginning[-1] for beginning in known], np.int32)])
    return np.concatenate([first, more[:, 0]]), np.concatenate([second, more[:, 1]]), base
