"""Token healing: which tokens at a prompt's end are to be chosen anew.

A text that ends inside a word is cut into tokens that the model never saw in front of the rest of
that word: ` ret` + `u` instead of ` return`. So the tokens of the unfinished word are taken off,
and the first tokens of the answer are chosen among those that agree with its letters.
"""

from __future__ import annotations

from collections.abc import Sequence

MOST_TOKENS = 3


def healed_length(last_texts: Sequence[bytes]) -> int:
    """Return how many of the last tokens are to be chosen anew, given the last tokens' texts.

    Goes back to the token that begins the word, which is one that starts with anything but a
    letter or digit, and at most `MOST_TOKENS` far.
    """
    count = 0
    for text in reversed(last_texts):
        if not text or count == MOST_TOKENS:
            break
        count += 1
        if not text[:1].isalnum():
            break
    return count
