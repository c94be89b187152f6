"""Ends the running engine, one that hangs too."""

from __future__ import annotations


def stop_engine(client_name: str, *, grace_seconds: float = 5.0) -> int | None:
    """End this user's engine and wait until its process is gone; return its process id.

    Returns None where no engine runs. An engine that does not answer, or has not ended after the
    grace time, gets SIGTERM and then SIGKILL. Raises a Failure if it cannot be ended.
    """
    raise NotImplementedError
