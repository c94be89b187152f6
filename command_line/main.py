"""The entry point of `limpet`: parses the arguments, runs the command, ends with its exit code."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from importlib import import_module

from command_line.arguments import UsageProblem, build_parser
from command_line.exit_codes import ExitCode
from command_line.explaining import explain
from command_line.interruption import Terminated, ignore_signals, raise_on_signals
from command_line.output import Output, discard_output
from rpc.failures import Failure


def main(words: Sequence[str] | None = None) -> int:
    """Run the command that `words` (without the program's name) ask for; return its exit code."""
    raise_on_signals()
    words = sys.argv[1:] if words is None else words
    output = Output(json_wanted="--json" in words)
    try:
        code = _run_and_explain(words, output)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough (`| head`): nothing went wrong, and nobody would read it.
        discard_output()
        code = ExitCode.DONE
    return int(code)


def _run_and_explain(words: Sequence[str], output: Output) -> int:
    try:
        return _run(words, output)
    except BrokenPipeError:
        raise
    except (KeyboardInterrupt, Terminated):
        ignore_signals()
        if output.json_wanted:
            output.failure("Interrupted.", reason="INTERRUPTED")
        elif output.diagnostics_are_terminal:
            output.notice("")
        return ExitCode.INTERRUPTED
    except UsageProblem as problem:
        output.failure(problem.message, problem.usage, "USAGE")
        return ExitCode.BAD_INPUT
    except Failure as failure:
        explain(failure, output)
        return failure.exit_code
    except OSError as error:
        output.failure(f"{error.filename or 'The system'}: {error.strerror}.", reason="SYSTEM")
        return ExitCode.UNAVAILABLE
    except Exception:  # noqa: BLE001 - the last place that can turn a defect into an exit code
        traceback.print_exc()
        output.failure("This is a defect of limpet; please report the lines above.", "", "DEFECT")
        return ExitCode.UNAVAILABLE


def _run(words: Sequence[str], output: Output) -> int:
    arguments = build_parser().parse_args(words)
    module = "command_line.commands.version" if arguments.version else arguments.run
    # Imported only now: each command pays for what it needs, and `ask` starts fast.
    code: int = import_module(module).run(arguments, output)
    return code
