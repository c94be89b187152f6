"""Says a failure to the user: what went wrong, how large the parts are, what to do next."""

from __future__ import annotations

from command_line.output import Output
from rpc.failures import Failure, PromptOverflow


def explain(failure: Failure, output: Output) -> None:
    """Write the failure to standard error, and as an object where JSON is wanted."""
    message = failure.message
    if isinstance(failure, PromptOverflow):
        parts = [f"  {tokens:>8} tokens  {name}" for name, tokens in failure.parts]
        message = "\n".join((message, *parts))
    output.failure(message, failure.advice, failure.reason)
