"""The command `limpet-engine`: starts the engine and tells in its exit code why it ended."""

from __future__ import annotations

import argparse
import faulthandler
import os
import sys
from collections.abc import Sequence

from engine.errors import EngineError, InvalidInput, UnsafeEndpoint

DONE = 0
BAD_USAGE = 2  # arguments, settings, or an address or folder that would not be safe
UNAVAILABLE = 3  # another engine runs, or this one cannot start here


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the engine until its end and return the exit code."""
    # Whatever is created from here on, by workers too, is this user's alone.
    os.umask(0o077)
    # The core of gRPC would write to stderr beside us; what matters reaches us as an exception.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    faulthandler.enable()
    given = _parser().parse_args(arguments)
    try:
        _run(given)
    except EngineError as error:
        print(f"limpet-engine: {error.message}", file=sys.stderr)  # noqa: T201
        if error.advice:
            print(error.advice, file=sys.stderr)  # noqa: T201
        return BAD_USAGE if isinstance(error, InvalidInput | UnsafeEndpoint) else UNAVAILABLE
    except OSError as trouble:  # a full disk, a folder that went away
        where = f" {trouble.filename}" if trouble.filename else ""
        print(f"limpet-engine: cannot work here:{where} {trouble.strerror}", file=sys.stderr)  # noqa: T201
        return UNAVAILABLE
    return DONE


def _run(given: argparse.Namespace) -> None:
    # Imported late so that `--help` and a wrong argument are answered at once.
    from engine.daemon.daemon import Options, run  # noqa: PLC0415
    from engine.daemon.loopback import parse_loopback  # noqa: PLC0415
    from engine.settings import load_settings, settings_path  # noqa: PLC0415

    environment = dict(os.environ)
    if given.idle_exit is not None:
        environment["LIMPET_IDLE_EXIT_SECONDS"] = str(given.idle_exit)
    if given.log_level is not None:
        environment["LIMPET_LOG_LEVEL"] = given.log_level
    settings = load_settings(settings_path(), environment)
    listen = parse_loopback(given.listen) if given.listen is not None else None
    run(Options(settings, listen))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="limpet-engine",
        description="The Limpet engine: owns the code model and answers this user's clients.",
        epilog="Exit codes: 0 ended as asked; 2 bad usage or settings; 3 another engine runs, "
        "or this one cannot start.",
    )
    parser.add_argument(
        "--foreground", action="store_true", help="stay in the foreground (it always does)"
    )
    parser.add_argument(
        "--listen",
        metavar="127.0.0.1:PORT",
        help="listen on TCP of this machine, encrypted, instead of a Unix socket; port 0: any",
    )
    parser.add_argument(
        "--idle-exit", metavar="SECONDS", type=int, help="end after so long without work; 0: never"
    )
    parser.add_argument("--log-level", metavar="LEVEL", help="debug, info, warning or error")
    return parser


if __name__ == "__main__":
    sys.exit(main())
