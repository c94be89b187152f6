"""The engine's tree of failures; each is converted once, in `engine.service`, to a gRPC status.

EngineError
├── InvalidInput               the request cannot be answered as it was sent
│   ├── UnreadableText         a file or text that cannot be worked on (binary, too large, …)
│   ├── PositionOutsideText    a line, column or offset that the text does not have
│   └── PromptTooLong          the prompt does not fit the context; says what to drop
├── ModelNotFound              no model of that name in the catalogue or the store
├── ModelUnavailable           the model is known but cannot answer now
│   ├── ModelNotInstalled      its file is not on this machine yet
│   ├── ModelFileInvalid       the file is no usable GGUF (truncated, hostile, unknown)
│   ├── ModelAltered           the file is not the one that was checked
│   └── ModelLoadFailed        llama.cpp refused it, or memory did not suffice
├── TemplateFailed             a model file's own chat template did not render
├── StoreFailure               the model store could not do what was asked
│   ├── DownloadFailed         every source failed; says each one's reason
│   ├── NetworkUnavailable     no source can be reached from here
│   ├── DiskFull               not enough room; what was fetched is kept
│   ├── StoreReadOnly          the store's folder cannot be written
│   ├── StoreBusy              another process is fetching the same model
│   ├── DownloadCancelled      the client ended a download, import or check
│   └── LicenceNotAccepted     the model's licence must be shown and accepted first
├── ConversationNotFound       no conversation or message of that id
├── ConversationStoreFailure   the conversations could not be read or written
│   ├── ConversationsBusy      another program holds their file
│   ├── ConversationsReadOnly  their file may not be written, or not be opened
│   ├── ConversationsDamaged   their file is no database any more
│   ├── ConversationsTooNew    a newer engine has written their file
│   └── ConversationsDiskFull  not enough room to keep what was sent
├── ToolFailed                 a program that looks at code for the engine did not work
├── SandboxUnavailable         programs cannot be run safely on this machine
├── ConsentNeeded              the user has not agreed that the project's code is run
├── EditFailed                 the model gave no edit that can be used
├── EngineBusy                 too much is waiting; try again after `retry_after_seconds`
├── WorkerDied                 the inference process ended in the middle of an answer
├── DeadlinePassed             the request's time ran out before the answer was complete
├── GenerationCancelled        the client, or a newer request, ended this one
├── EngineStopping             the engine is on its way out; the next one will answer
├── EngineAlreadyRunning       another engine owns this user's endpoint
└── UnsafeEndpoint             the address or folder asked for would let others in
"""

from __future__ import annotations


class EngineError(Exception):
    """A failure with a sentence for the user and, in `advice`, what to do next."""

    reason = "ENGINE_ERROR"
    default_advice = ""

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice or self.default_advice


class InvalidInput(EngineError):
    """The request cannot be answered as it was sent."""

    reason = "INVALID_INPUT"


class UnreadableText(InvalidInput):
    """The text or file cannot be worked on."""

    reason = "UNREADABLE_TEXT"


class PositionOutsideText(InvalidInput):
    """A line, column or offset lies outside the text, or inside a character."""

    reason = "POSITION_OUTSIDE_TEXT"


class PromptTooLong(InvalidInput):
    """The prompt does not fit the model's context.

    `parts` names what the prompt is made of with its size in tokens, largest first, so that a
    client can offer what to drop.
    """

    reason = "PROMPT_TOO_LONG"

    def __init__(
        self,
        message: str,
        *,
        needed_tokens: int,
        available_tokens: int,
        parts: tuple[tuple[str, int], ...] = (),
        advice: str = "",
    ) -> None:
        super().__init__(message, advice=advice)
        self.needed_tokens = needed_tokens
        self.available_tokens = available_tokens
        self.parts = parts


class ModelNotFound(EngineError):
    """No model of that name is in the catalogue or the store."""

    reason = "MODEL_NOT_FOUND"
    default_advice = "Run `limpet models list` to see the names."


class ModelUnavailable(EngineError):
    """The model is known but cannot answer now."""

    reason = "MODEL_UNAVAILABLE"


class ModelNotInstalled(ModelUnavailable):
    """The model's file is not on this machine yet."""

    reason = "MODEL_NOT_INSTALLED"
    default_advice = "Run `limpet models download NAME` first, with the model's name."


class ModelFileInvalid(ModelUnavailable):
    """The file is no usable GGUF."""

    reason = "MODEL_FILE_INVALID"


class ModelAltered(ModelUnavailable):
    """The file's digest is not the one that it was installed with."""

    reason = "MODEL_ALTERED"
    default_advice = "Remove it with `limpet models remove` and download or import it again."


class ModelLoadFailed(ModelUnavailable):
    """llama.cpp refused the model, or memory did not suffice."""

    reason = "MODEL_LOAD_FAILED"


class TemplateFailed(EngineError):
    """A model file's own chat template did not render in time or without error."""

    reason = "TEMPLATE_FAILED"


class StoreFailure(EngineError):
    """The model store could not do what was asked."""

    reason = "STORE_FAILURE"


class DownloadFailed(StoreFailure):
    """Every source of a model failed."""

    reason = "DOWNLOAD_FAILED"


class NetworkUnavailable(DownloadFailed):
    """No source of a model can be reached from here."""

    reason = "NETWORK_UNAVAILABLE"


class DiskFull(StoreFailure):
    """There is not enough room on the disk; what was fetched so far is kept."""

    reason = "DISK_FULL"


class StoreReadOnly(StoreFailure):
    """The store's folder cannot be written."""

    reason = "STORE_READ_ONLY"


class StoreBusy(StoreFailure):
    """Another process is fetching or removing the same model."""

    reason = "STORE_BUSY"


class DownloadCancelled(StoreFailure):
    """The client ended a download, import or check; what was fetched so far is kept."""

    reason = "DOWNLOAD_CANCELLED"


class LicenceNotAccepted(StoreFailure):
    """The model's licence must be shown and accepted before the download."""

    reason = "LICENCE_NOT_ACCEPTED"
    default_advice = "Read the licence with `limpet models show`, then accept it with `--yes`."


class ConversationNotFound(EngineError):
    """There is no conversation, or no message, of that id."""

    reason = "CONVERSATION_NOT_FOUND"
    default_advice = "Read the list of conversations again: it may have been deleted elsewhere."


class ConversationStoreFailure(EngineError):
    """The conversations could not be read or written; what was acknowledged before is kept."""

    reason = "CONVERSATION_STORE_FAILURE"


class ConversationsBusy(ConversationStoreFailure):
    """Another program holds the conversations' file for longer than is waited."""

    reason = "CONVERSATIONS_BUSY"
    default_advice = "End the other program that has the file open, and try again."


class ConversationsReadOnly(ConversationStoreFailure):
    """The conversations' file or folder may not be written, or not even be opened."""

    reason = "CONVERSATIONS_READ_ONLY"
    default_advice = "Allow this user to write the file and its folder, and try again."


class ConversationsDamaged(ConversationStoreFailure):
    """The conversations' file is no database, or a damaged one."""

    reason = "CONVERSATIONS_DAMAGED"
    default_advice = (
        "Move the file away to begin anew; `sqlite3 FILE .recover` may read what is left in it."
    )


class ConversationsTooNew(ConversationStoreFailure):
    """A newer engine has written the conversations' file; it is left as it is."""

    reason = "CONVERSATIONS_TOO_NEW"
    default_advice = "Update this program."


class ConversationsDiskFull(ConversationStoreFailure):
    """There is not enough room on the disk to keep what was sent."""

    reason = "CONVERSATIONS_DISK_FULL"
    default_advice = "Free some room on the disk and try again; nothing that was kept is lost."


class ToolFailed(EngineError):
    """A program that looks at code for the engine did not work."""

    reason = "TOOL_FAILED"


class SandboxUnavailable(EngineError):
    """Programs cannot be run safely on this machine, so they are not run."""

    reason = "SANDBOX_UNAVAILABLE"


class ConsentNeeded(EngineError):
    """The user has not agreed that the project's code is run."""

    reason = "CONSENT_NEEDED"
    default_advice = "Agree once for the project, and ask again."


class EditFailed(EngineError):
    """The model gave no edit that can be used, also not when it was told why."""

    reason = "EDIT_FAILED"
    default_advice = "Say it in other words, select other lines, or choose a larger model."


class EngineBusy(EngineError):
    """Too many requests wait already."""

    reason = "ENGINE_BUSY"

    def __init__(self, message: str, *, retry_after_seconds: float = 1.0, advice: str = "") -> None:
        super().__init__(message, advice=advice)
        self.retry_after_seconds = retry_after_seconds


class WorkerDied(EngineError):
    """The inference process ended in the middle of an answer; a new one is being started."""

    reason = "WORKER_DIED"
    default_advice = "Send the request again: the engine has started a new worker."

    retry_after_seconds = 0.5


class DeadlinePassed(EngineError):
    """The request's time ran out before the answer was complete."""

    reason = "DEADLINE_PASSED"


class GenerationCancelled(EngineError):
    """The client, or a newer request of the same caret, ended this one."""

    reason = "GENERATION_CANCELLED"


class EngineStopping(EngineError):
    """The engine was told to end and takes no new requests."""

    reason = "ENGINE_STOPPING"
    default_advice = "Send the request again: a new engine is started for it."


class EngineAlreadyRunning(EngineError):
    """Another engine owns this user's endpoint."""

    reason = "ENGINE_ALREADY_RUNNING"


class UnsafeEndpoint(EngineError):
    """The address or folder asked for would let other users in."""

    reason = "UNSAFE_ENDPOINT"
