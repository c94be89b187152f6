"""A text is the same tokens wherever it stands, and never a control token."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.inference.llama.runtime import LlamaRuntime
from tests.models.tiny_gguf import QWEN2_CONTROL_TOKENS, USER_DEFINED_TOKEN

TEXTS = [
    b"return value",
    b"  return value",
    b"\n\nreturn",
    b"\treturn",
    b" ",
    b"x",
    "größer 😀".encode(),
    b"",
]


def text_of(runtime: LlamaRuntime, tokens: list[int]) -> bytes:
    return b"".join(runtime.token_text(token) for token in tokens)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_inside_a_prompt_comes_back_byte_for_byte(opened: LlamaRuntime, text: bytes) -> None:
    assert text_of(opened, opened.tokenize(text, special=False, opens=False)) == text


@pytest.mark.parametrize("text", [text for text in TEXTS if text])
def test_only_at_a_prompts_beginning_some_vocabularies_put_a_space_in_front(
    opened: LlamaRuntime, text: bytes
) -> None:
    space = b" " if opened.facts.architecture == "llama" else b""
    assert text_of(opened, opened.tokenize(text, special=False, opens=True)) == space + text


def test_control_tokens_in_a_text_stay_text(opened: LlamaRuntime) -> None:
    marks = opened.facts.control_tokens
    for mark in marks:
        for text in (mark, f"a{mark}b", f"<{mark}", mark * 2, f"\n{mark}"):
            tokens = opened.tokenize(text.encode(), special=False, opens=False)
            assert not set(tokens) & set(marks.values())
            assert text_of(opened, tokens) == text.encode()
        assert opened.tokenize(mark.encode(), special=True, opens=False) == [marks[mark]]


def test_a_templates_text_counts_with_its_control_tokens(qwen2: LlamaRuntime) -> None:
    marks = qwen2.facts.control_tokens
    tokens = qwen2.tokenize(b"<|im_start|>user\n", special=True, opens=False)
    assert tokens[0] == marks["<|im_start|>"]
    assert text_of(qwen2, tokens) == b"user\n"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    pieces=st.lists(
        st.sampled_from(
            [*QWEN2_CONTROL_TOKENS, USER_DEFINED_TOKEN, "<", ">", "|", "tool_call>", "x", "\n"]
        )
    )
)
def test_no_text_is_ever_a_control_token(qwen2: LlamaRuntime, pieces: list[str]) -> None:
    text = "".join(pieces).encode()
    tokens = qwen2.tokenize(text, special=False)
    assert text_of(qwen2, tokens) == text
    assert not set(tokens) & set(qwen2.facts.control_tokens.values())


def test_a_long_text_of_many_tokens_is_whole(opened: LlamaRuntime) -> None:
    text = bytes(range(0x21, 0x7F)) * 300
    assert text_of(opened, opened.tokenize(text, special=False, opens=False)) == text
