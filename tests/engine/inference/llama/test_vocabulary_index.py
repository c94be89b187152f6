"""The index finds what a plain search through the vocabulary finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.inference.llama.vocabulary_index import VocabularyIndex

# Few different bytes, among them the greatest, so that texts often begin alike.
_FEW = bytes([97, 98, 255][byte % 3] for byte in range(256))
_TEXTS = st.lists(st.binary(max_size=4).map(lambda text: text.translate(_FEW)), max_size=30)


@given(_TEXTS, st.binary(min_size=1, max_size=4).map(lambda text: text.translate(_FEW)))
def test_it_finds_what_a_plain_search_finds(texts: list[bytes], typed: bytes) -> None:
    index = VocabularyIndex(len(texts), lambda: texts)
    wanted = [
        token
        for token, text in enumerate(texts)
        if text and (text.startswith(typed) or typed.startswith(text))
    ]
    if wanted:
        assert sorted(index.agreeing_with(typed).tolist()) == wanted
    else:
        with pytest.raises(ValueError, match="no token begins like"):
            index.agreeing_with(typed)
