"""`limpet engine`: start, stop, restart and status of the engine, and its log."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import msgspec

from command_line import quantities
from command_line.connecting import CLIENT_NAME, connect
from command_line.engine_log import show_log
from command_line.exit_codes import ExitCode
from command_line.output import Output, failure_object
from command_line.slowness import slowness_advice, slowness_text
from rpc.engine import EngineStatus, LoadedModel, Stage
from rpc.failures import EngineNotRunning
from rpc.stopping import stop_engine

_GRACE_SECONDS = 10.0


def run(arguments: argparse.Namespace, output: Output) -> ExitCode:
    """Do what the chosen action says."""
    actions: dict[str, Callable[[argparse.Namespace, Output], ExitCode]] = {
        "start": _start,
        "stop": _stop,
        "restart": _restart,
        "status": _status,
        "logs": _logs,
        "forget": _forget,
    }
    return actions[arguments.action](arguments, output)


def _start(_: argparse.Namespace, output: Output) -> ExitCode:
    with connect(output) as engine:
        status = engine.engine.status()
    if output.json_wanted:
        output.object({"running": True, **msgspec.to_builtins(status)})
    else:
        output.line(f"The engine runs: version {status.engine_version}, process {status.pid}.")
    return ExitCode.DONE


def _stop(_: argparse.Namespace, output: Output) -> ExitCode:
    pid = stop_engine(CLIENT_NAME, grace_seconds=_GRACE_SECONDS)
    if output.json_wanted:
        output.object({"running": False, "stopped_pid": pid})
    elif pid is None:
        output.line("The engine was not running.")
    else:
        output.line(f"The engine (process {pid}) has ended.")
    return ExitCode.DONE


def _restart(arguments: argparse.Namespace, output: Output) -> ExitCode:
    stop_engine(CLIENT_NAME, grace_seconds=_GRACE_SECONDS)
    return _start(arguments, output)


def _status(_: argparse.Namespace, output: Output) -> ExitCode:
    try:
        with connect(output, start=False) as engine:
            status = engine.engine.status()
    except EngineNotRunning as failure:
        if not output.json_wanted:
            raise
        error = failure_object(failure.message, failure.advice, failure.reason)
        output.object({"running": False, "error": error})
        return ExitCode.UNAVAILABLE
    if output.json_wanted:
        output.object({"running": True, **msgspec.to_builtins(status)})
        return ExitCode.DONE
    for name, value in _status_rows(status).items():
        output.line(f"{name:<12}{value}")
    return ExitCode.DONE


def _status_rows(status: EngineStatus) -> dict[str, str]:
    idle = status.idle_exit_seconds
    rows = {
        "engine": f"version {status.engine_version}, process {status.pid}, "
        f"up {quantities.duration(status.uptime_seconds)}",
        "memory": quantities.size(status.resident_bytes),
        "requests": f"{status.running_requests} running, {status.waiting_requests} waiting, "
        f"{status.answered_requests} answered",
        "network": "offline" if status.offline else "only for downloads on request",
        "idle exit": f"after {quantities.duration(idle)}" if idle else "never",
        "log": status.log_path,
    }
    if status.worker_restarts:
        rows["workers"] = f"{status.worker_restarts} restarted after they died"
    for model in status.loaded_models:
        rows[f"model {model.model}"] = _model_text(model)
        if model.slowness is not None:
            rows["too slow"] = slowness_text(model.model, model.slowness)
            rows["advice"] = slowness_advice(model.slowness)
    if not status.loaded_models:
        rows["models"] = "none loaded"
    return rows


def _model_text(model: LoadedModel) -> str:
    if model.stage is not Stage.READY:
        return f"  {model.stage.value}"
    parts = [f"{model.context_length} tokens of context"]
    if model.threads:
        parts.append(f"{model.threads} threads")
    if model.decode_tokens_per_second:
        parts.append(f"reads {model.prefill_tokens_per_second:.0f} tokens/s")
        parts.append(f"writes {model.decode_tokens_per_second:.1f} tokens/s")
    if model.fallback:
        parts.append(f"safe settings: {model.fallback}")
    return "  " + ", ".join(parts)


def _forget(arguments: argparse.Namespace, output: Output) -> ExitCode:
    """Delete what was read of a project that is named, or of all of them."""
    folder = "" if arguments.all else str(Path(arguments.project).absolute())
    with connect(output) as engine:
        forgotten = engine.engine.forget(folder)
    if output.json_wanted:
        output.object(msgspec.to_builtins(forgotten))
    else:
        freed = quantities.size(forgotten.freed_bytes)
        output.line(f"Deleted what was read of {forgotten.files} files ({freed}).")
    return ExitCode.DONE


def _logs(arguments: argparse.Namespace, output: Output) -> ExitCode:
    return show_log(output, lines=arguments.lines, follow=arguments.follow)
