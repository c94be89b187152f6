"""`limpet version`: the versions of the command line and of a running engine."""

from __future__ import annotations

import argparse
import platform
from importlib.metadata import version

from command_line.connecting import connect
from command_line.exit_codes import ExitCode
from command_line.output import Output
from rpc.endpoint import PROTOCOL_REVISION
from rpc.failures import EngineNotRunning, Failure


def run(_arguments: argparse.Namespace, output: Output) -> ExitCode:
    """Print the versions; an engine that is not running is not started."""
    own = version("limpet")
    try:
        with connect(output, start=False) as engine:
            engine_version = engine.engine.handshake().engine_version
        engine_text = engine_version
    except EngineNotRunning:
        engine_version, engine_text = "", "not running"
    except Failure as failure:
        engine_version, engine_text = "", failure.message
    if output.json_wanted:
        output.object(
            {
                "version": own,
                "engine_version": engine_version or None,
                "protocol_revision": PROTOCOL_REVISION,
                "python": platform.python_version(),
            }
        )
        return ExitCode.DONE
    output.line(f"limpet {own}")
    output.line(f"engine {engine_text}")
    output.line(f"python {platform.python_version()}")
    return ExitCode.DONE
