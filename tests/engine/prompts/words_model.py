"""A model for tests whose tokens are known beforehand: one for each four bytes of text."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping

from engine.inference.language_model import (
    Finished,
    GenerationRequest,
    ModelFacts,
    Piece,
    Prompt,
    Speed,
)

BYTES_PER_TOKEN = 4


def facts_of(
    architecture: str = "qwen2",
    control_tokens: tuple[str, ...] = (),
    *,
    name: str = "a model",
    chat_template: str = "",
    context_length: int = 2048,
) -> ModelFacts:
    """Return the facts of a model with these control tokens."""
    ids: Mapping[str, int] = {token: number for number, token in enumerate(control_tokens)}
    return ModelFacts(
        name=name,
        architecture=architecture,
        context_length=context_length,
        trained_context_length=context_length,
        vocabulary_size=1000,
        parameters=1,
        chat_template=chat_template,
        control_tokens=ids,
    )


class WordsModel:
    """Tokenizes; generates nothing. Counts how often it was asked."""

    def __init__(self, facts: ModelFacts, bytes_per_token: int = BYTES_PER_TOKEN) -> None:
        self.facts = facts
        self.speed = Speed()
        self.asked = 0
        self._bytes_per_token = bytes_per_token

    async def tokenize(self, prompt: Prompt) -> list[list[int]]:
        self.asked += 1
        size = self._bytes_per_token
        return [
            [
                hash(segment.text[start : start + size])
                for start in range(0, len(segment.text), size)
            ]
            for segment in prompt
        ]

    def generate(self, request: GenerationRequest) -> AsyncGenerator[Piece | Finished, None]:
        raise NotImplementedError
