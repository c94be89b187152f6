"""Ends the running engine, one that hangs too."""

from __future__ import annotations

import os
import signal
import time

import grpc

from rpc.endpoint import read_endpoint
from rpc.engine_lock import engine_lock_holder
from rpc.failure_conversion import failure_from_call
from rpc.failures import EngineUnreachable, Failure
from rpc.link import Client, Link, open_link
from rpc.patience import Patience
from rpc.places import runtime_directory
from rpc.processes import is_alive
from rpc.stubs.limpet.v1 import engine_pb2
from rpc.stubs.limpet.v1.engine_pb2_grpc import EngineServiceStub

_POLL_SECONDS = 0.02
# After the grace time the engine still has to end its workers and close its files.
_CLOSING_SECONDS = 3.0
_SIGNAL_SECONDS = 3.0


def stop_engine(
    client_name: str, *, grace_seconds: float = 5.0, patience: Patience | None = None
) -> int | None:
    """End this user's engine and wait until its process is gone; return its process id.

    Returns None where no engine runs. An engine that does not answer, or has not ended after the
    grace time, gets SIGTERM and then SIGKILL. Raises EngineUnreachable if it cannot be ended.
    """
    endpoint = read_endpoint()
    if endpoint is None or not is_alive(endpoint.pid):
        return _end_nameless(grace_seconds)
    try:
        link = open_link(endpoint, Client(client_name), patience or Patience())
    except EngineUnreachable:
        # Nobody listens: the file is stale, or the engine has closed its socket to end.
        return _end_nameless(grace_seconds)
    except Failure:
        # It hangs, or is of a version that we cannot talk to: ask in the way that all understand.
        return _end_by_signals(endpoint.pid)
    try:
        _ask_to_end(link, grace_seconds)
    finally:
        link.close()
    if _is_gone(endpoint.pid, grace_seconds + _CLOSING_SECONDS):
        return endpoint.pid
    return _end_by_signals(endpoint.pid)


def _end_nameless(grace_seconds: float) -> int | None:
    """End an engine that has no endpoint: it is starting, or ending already, or hangs in that."""
    pid = engine_lock_holder(runtime_directory())
    if not pid:
        return None
    return pid if _is_gone(pid, grace_seconds) else _end_by_signals(pid)


def _ask_to_end(link: Link, grace_seconds: float) -> None:
    try:
        EngineServiceStub(link.channel).Shutdown(
            engine_pb2.ShutdownRequest(grace_seconds=grace_seconds),
            timeout=link.patience.unary_seconds,
            metadata=link.metadata,
        )
    except grpc.RpcError as error:
        failure = failure_from_call(error)
        # An engine that is ending already may close the connection before it answers.
        if not isinstance(failure, EngineUnreachable):
            raise failure from error


def _end_by_signals(pid: int) -> int:
    # The process id in the endpoint file may have been given to another program since.
    if engine_lock_holder(runtime_directory()) != pid:
        raise EngineUnreachable(
            f"The engine (process {pid}) does not answer and cannot safely be ended.",
            advice=f"If process {pid} is `limpet-engine`, end it with `kill {pid}`.",
        )
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, number)
            # One that was stopped (Ctrl+Z, a debugger) must run to see the signal.
            os.kill(pid, signal.SIGCONT)
        except ProcessLookupError:
            return pid
        if _is_gone(pid, _SIGNAL_SECONDS):
            return pid
    raise EngineUnreachable(f"The engine (process {pid}) could not be ended.")


def _is_gone(pid: int, within_seconds: float) -> bool:
    deadline = time.monotonic() + within_seconds
    while is_alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True
