"""What can go wrong for a client: one tree, in which each failure says what to do next.

Failure
├── InvalidRequest             the request cannot be answered as it was sent        exit 2
│   ├── PromptOverflow         the prompt does not fit; says how large each part is
│   ├── ModelNotFound          no model of that name
│   ├── ConversationNotFound   no conversation or message of that id
│   └── DocumentProblem        a local file, or a place in it, that cannot be used
│       ├── DocumentMissing    no such file
│       ├── DocumentUnreadable not a regular file, no permission, cut in the middle
│       ├── DocumentTooLarge   larger than may be sent
│       ├── DocumentBinary     no text
│       ├── TextNotEncodable   a text that the file's own encoding cannot hold
│       ├── PositionOutside    a line or column that the text does not have
│       └── MalformedLocation  not of the form PATH:LINE:COLUMN or PATH:FROM-TO
├── EngineUnavailable          no engine answers                                    exit 3
│   ├── EngineMissing          there is none, and it cannot be started
│   │   └── EngineNotRunning   there is none, and starting one was not asked for
│   ├── EngineUnreachable      it should be there, but no connection comes about
│   ├── EngineGone             it went away in the middle of an answer
│   ├── EngineTooOld           it does not speak this client's protocol
│   ├── ClientTooOld           this client does not speak the engine's protocol
│   └── NotAllowed             the token was refused
├── ModelUnavailable           the model is known but cannot answer now             exit 3
├── DownloadProblem            the model store could not do what was asked          exit 3
├── ConversationProblem        conversations could not be read or kept              exit 3
├── ToolUnavailable            a program that the engine needs does not work            exit 3
├── AnswerUnusable             the model gave nothing that can be used              exit 3
├── Busy                       too much is waiting; see `retry_after_seconds`       exit 3
├── AnswerInterrupted          the inference process died; send again               exit 3
├── DeadlinePassed             no answer in time                                    exit 3
├── Cancelled                  the client, or a newer request, ended it             exit 130
└── InternalFailure            a defect of the engine                               exit 3
"""

from __future__ import annotations


class Failure(Exception):
    """Something went wrong: `message` says what, `advice` what to do next.

    `reason` is the machine-readable word (`MODEL_NOT_INSTALLED`, …), `exit_code` the one a
    command ends with. `retry_after_seconds` is None unless the engine gave a hint.
    """

    exit_code = 3
    default_reason = "FAILURE"
    default_advice = ""

    def __init__(
        self,
        message: str,
        *,
        advice: str = "",
        reason: str = "",
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice or self.default_advice
        self.reason = reason or self.default_reason
        self.retry_after_seconds = retry_after_seconds


class InvalidRequest(Failure):
    """The request cannot be answered as it was sent."""

    exit_code = 2
    default_reason = "INVALID_INPUT"


class PromptOverflow(InvalidRequest):
    """The prompt does not fit the model's context.

    `parts` are (name, tokens), largest first, so that the user can choose what to leave out.
    """

    default_reason = "PROMPT_TOO_LONG"

    def __init__(
        self,
        message: str,
        *,
        needed_tokens: int,
        available_tokens: int,
        parts: tuple[tuple[str, int], ...],
        advice: str = "",
        reason: str = "",
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(
            message, advice=advice, reason=reason, retry_after_seconds=retry_after_seconds
        )
        self.needed_tokens = needed_tokens
        self.available_tokens = available_tokens
        self.parts = parts


class ModelNotFound(InvalidRequest):
    """No model of that name is in the catalogue or the store."""

    default_reason = "MODEL_NOT_FOUND"
    default_advice = "Run `limpet models list` to see the names."


class ConversationNotFound(InvalidRequest):
    """No conversation, or no message, of that id is kept."""

    default_reason = "CONVERSATION_NOT_FOUND"
    default_advice = "Read the list of conversations again: it may have been deleted elsewhere."


class DocumentProblem(InvalidRequest):
    """A local file, or a place in it, cannot be used."""

    default_reason = "DOCUMENT_PROBLEM"


class DocumentMissing(DocumentProblem):
    """There is no such file."""

    default_reason = "DOCUMENT_MISSING"
    default_advice = "Check the path."


class DocumentUnreadable(DocumentProblem):
    """The path is no regular file, or the file cannot be read."""

    default_reason = "DOCUMENT_UNREADABLE"


class DocumentTooLarge(DocumentProblem):
    """The file is larger than may be sent."""

    default_reason = "DOCUMENT_TOO_LARGE"
    default_advice = "Choose a smaller file, or cut out the part that matters."


class DocumentBinary(DocumentProblem):
    """The file holds no text."""

    default_reason = "DOCUMENT_BINARY"
    default_advice = "Choose a text file."


class TextNotEncodable(DocumentProblem):
    """A text has characters that the file's own encoding cannot hold."""

    default_reason = "TEXT_NOT_ENCODABLE"
    default_advice = "Save the file as UTF-8 first."


class PositionOutside(DocumentProblem):
    """The text has no such line or column."""

    default_reason = "POSITION_OUTSIDE_TEXT"


class MalformedLocation(DocumentProblem):
    """The text is not of the form PATH:LINE:COLUMN or PATH:FROM-TO."""

    default_reason = "MALFORMED_LOCATION"


class EngineUnavailable(Failure):
    """No engine answers."""

    default_reason = "ENGINE_UNAVAILABLE"


class EngineMissing(EngineUnavailable):
    """There is no engine and it cannot be started; `log_lines` are its last words."""

    default_reason = "ENGINE_MISSING"
    default_advice = "Run `limpet doctor` to see what is missing."

    def __init__(
        self,
        message: str,
        *,
        log_lines: tuple[str, ...] = (),
        advice: str = "",
        reason: str = "",
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(
            message, advice=advice, reason=reason, retry_after_seconds=retry_after_seconds
        )
        self.log_lines = log_lines


class EngineNotRunning(EngineMissing):
    """There is no engine, and the caller did not ask for one to be started."""

    default_reason = "ENGINE_NOT_RUNNING"
    default_advice = "Run `limpet engine start`."


class EngineUnreachable(EngineUnavailable):
    """An engine should be there, but no connection to it comes about."""

    default_reason = "ENGINE_UNREACHABLE"
    default_advice = "Run `limpet engine restart`."


class EngineGone(EngineUnavailable):
    """The engine went away in the middle of an answer.

    The stream that raises it can be sent again with its `again()`, which connects anew.
    """

    default_reason = "ENGINE_GONE"
    default_advice = "Send the request again: a new engine is started for it."


class EngineTooOld(EngineUnavailable):
    """The running engine does not speak this client's protocol."""

    default_reason = "ENGINE_TOO_OLD"
    default_advice = "Run `limpet engine restart` so that the installed version is used."


class ClientTooOld(EngineUnavailable):
    """This client does not speak the running engine's protocol."""

    default_reason = "CLIENT_TOO_OLD"
    default_advice = "Update this program to the engine's version."


class NotAllowed(EngineUnavailable):
    """The engine refused the token."""

    default_reason = "NOT_ALLOWED"
    default_advice = "Run `limpet engine restart`: it writes a fresh token for this user."


class ModelUnavailable(Failure):
    """The model is known but cannot answer now; `reason` says why."""

    default_reason = "MODEL_UNAVAILABLE"


class DownloadProblem(Failure):
    """The model store could not fetch, import, check or remove a model; `reason` says why."""

    default_reason = "STORE_FAILURE"


class ConversationProblem(Failure):
    """The engine could not read or keep conversations; `reason` says why. Keep what was typed."""

    default_reason = "CONVERSATION_STORE_FAILURE"


class ToolUnavailable(Failure):
    """A program that the engine needs, such as the sandbox, does not work; `reason` says which."""

    default_reason = "TOOL_FAILED"
    default_advice = "Run `limpet doctor` to see what is missing."


class AnswerUnusable(Failure):
    """The model gave nothing that can be used, such as an edit that does not parse."""

    default_reason = "EDIT_FAILED"


class Busy(Failure):
    """Too much is waiting already."""

    default_reason = "ENGINE_BUSY"
    default_advice = "Try again in a moment."


class AnswerInterrupted(Failure):
    """The inference process ended in the middle of an answer; the engine has a new one."""

    default_reason = "WORKER_DIED"
    default_advice = "Send the request again."


class DeadlinePassed(Failure):
    """No answer came in time."""

    default_reason = "DEADLINE_PASSED"
    default_advice = "Try again; if it happens again, run `limpet engine restart`."


class Cancelled(Failure):
    """The client, or a newer request of the same caret, ended the request."""

    exit_code = 130
    default_reason = "CANCELLED"


class InternalFailure(Failure):
    """The engine has a defect; the message names the incident under which its log has it."""

    default_reason = "INTERNAL"
    default_advice = "Run `limpet engine logs` and report what it says."
