"""The seam to a language model: what a task may ask of it, whatever runs it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from enum import IntEnum, StrEnum
from typing import Protocol

import msgspec


class Priority(IntEnum):
    """Who goes first when several requests want the model; lower goes first."""

    TYPING = 0
    CHAT = 1
    REVIEW = 2
    WARMING = 3


class Segment(msgspec.Struct, frozen=True):
    """A piece of a prompt.

    `special` marks text that the prompt template wrote, whose control tokens (`<|im_end|>`, …)
    count as such. In all other text they are ordinary characters, so that a user's file that
    happens to contain a control token can never end a turn.
    """

    text: bytes
    special: bool = False


Prompt = tuple[Segment, ...]


class Sampling(msgspec.Struct, frozen=True):
    """How the next token is chosen. `temperature` 0 is greedy and ignores the rest."""

    temperature: float = 0.0
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    repeat_penalty: float = 1.0
    seed: int = 0


class Keeping(msgspec.Struct, frozen=True):
    """The file of a project that a prompt shows: what is read of it may be kept on the disk."""

    project: str
    file: str


class GenerationRequest(msgspec.Struct, frozen=True):
    """One answer to be generated.

    `stop_texts` end the answer when its bytes contain one of them; the text from there on is not
    delivered; with `stops_after_text` blanks at the answer's beginning are no reason to end it.
    `stop_tokens` are control tokens by name that end it as well as the model's own end
    tokens. `stop_indentation` ends it in front of the first further line that is indented less and
    not blank. `max_tokens` 0 reads the prompt into the cache and generates nothing (pre-warming).
    `supersedes` names a caret or conversation: a newer request with the same name ends this one.
    `deadline_seconds` counts from the submission; 0 means none. `wants_probabilities` asks for
    each token's log-probability, which costs about half a millisecond a token. `heals` says that
    the prompt may end inside a word: its last tokens are chosen anew, so that they and what follows
    are cut as the model knows it; the answer still begins where the prompt ends (token healing).
    `resembles` are texts that the answer may repeat in part, such as an earlier suggestion: they
    make it quicker where it does, and never change it. With `keeping` the prompt's state is kept
    on the disk for the next time that the file is opened, where the settings allow that. With
    `scores` nothing is generated: that text is read behind the prompt, and comes back in one piece
    for each of its tokens with how likely that was there. Texts scored behind one prompt share it.
    """

    prompt: Prompt
    max_tokens: int
    priority: Priority = Priority.CHAT
    sampling: Sampling = Sampling()
    stop_texts: tuple[bytes, ...] = ()
    stop_tokens: tuple[str, ...] = ()
    stop_indentation: int = 0
    stops_after_text: bool = False
    supersedes: str = ""
    client: str = ""
    deadline_seconds: float = 0.0
    wants_probabilities: bool = False
    heals: bool = False
    resembles: tuple[bytes, ...] = ()
    keeping: Keeping | None = None
    scores: bytes = b""


class FinishReason(StrEnum):
    """Why an answer ended."""

    STOP_TOKEN = "stop_token"  # noqa: S105 - a reason, not a password
    STOP_TEXT = "stop_text"
    BLOCK_END = "block_end"
    LENGTH = "length"
    CONTEXT_FULL = "context_full"
    CANCELLED = "cancelled"
    DEADLINE = "deadline"


class Figures(msgspec.Struct, frozen=True):
    """What one answer cost. Times in milliseconds, measured in the worker from the submission.

    `drafted_tokens` were guessed and verified beside others; `accepted_tokens` of them came true
    and are among the generated ones.
    """

    prompt_tokens: int = 0
    cached_tokens: int = 0
    generated_tokens: int = 0
    time_to_first_token_ms: float = 0.0
    total_ms: float = 0.0
    tokens_per_second: float = 0.0
    drafted_tokens: int = 0
    accepted_tokens: int = 0


class Piece(msgspec.Struct, frozen=True):
    """Some bytes of the answer, in order; a piece may end inside a UTF-8 character.

    `log_probabilities` are those of the tokens behind it, in nats, where they were asked for.
    """

    text: bytes
    log_probabilities: tuple[float, ...] = ()


class Finished(msgspec.Struct, frozen=True):
    """The end of an answer."""

    reason: FinishReason
    figures: Figures


class Speed(msgspec.Struct, frozen=True):
    """What the probe measured: tokens per second, and milliseconds a decode by batch size."""

    prefill_tokens_per_second: float = 0.0
    decode_tokens_per_second: float = 0.0
    batch_milliseconds: Mapping[int, float] = {}
    threads: int = 0
    settings: str = ""


class ModelFacts(msgspec.Struct, frozen=True):
    """What a loaded model says of itself.

    `context_length` is the longest prompt plus answer of one request, in tokens.
    `control_tokens` maps the vocabulary's control tokens by text to their ids.
    """

    name: str
    architecture: str
    context_length: int
    trained_context_length: int
    vocabulary_size: int
    parameters: int
    chat_template: str = ""
    control_tokens: Mapping[str, int] = {}
    description: str = ""


class LanguageModel(Protocol):
    """A model that is ready to answer. Every method may be called from many tasks at once."""

    @property
    def facts(self) -> ModelFacts:
        """What the model says of itself; fixed while it is loaded."""

    @property
    def speed(self) -> Speed:
        """The speed measured on this machine."""

    async def tokenize(self, prompt: Prompt) -> list[list[int]]:
        """Return each segment's token ids, in order; never waits for a running answer."""

    def generate(self, request: GenerationRequest) -> AsyncGenerator[Piece | Finished, None]:
        """Stream an answer; the last item is `Finished`.

        Closing the iterator, or cancelling the task that reads it, stops the model's work.
        Raises PromptTooLong, EngineBusy, WorkerDied.
        """


async def count_tokens(model: LanguageModel, texts: Sequence[Segment]) -> list[int]:
    """Return the number of tokens of each segment."""
    return [len(tokens) for tokens in await model.tokenize(tuple(texts))]
