"""Runs in the sandbox: runs a file of tests some times, each in another order, and tells how.

A copy of this file is put into the sandbox, so it stands on the standard library alone, and on
pytest where tests are written for it. `run_tests.py PLAN` starts a process for each order and
writes a JSON object for each test that ran. The same file is pytest's plugin there, and, called
with `unittest`, the process that runs unittest's tests.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import unittest
from pathlib import Path
from typing import Any

REPORT = "LIMPET_REPORT"
ORDER = "LIMPET_ORDER"
# pytest's exit statuses for its own trouble and for words that it does not know.
PYTEST_TROUBLE = (3, 4)


def main() -> None:
    """Run the tests in each order."""
    plan = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    here = str(Path(__file__).resolve().parent)
    for order in plan["orders"]:
        path = os.pathsep.join([*(str(Path(each).resolve()) for each in plan["path"]), here])
        report = Path(os.environ.get("TMPDIR", "/tmp")) / "limpet-report.jsonl"  # noqa: S108
        report.unlink(missing_ok=True)
        environment = os.environ | {
            "PYTHONPATH": path,
            "PYTHONHASHSEED": str(order + 1),
            # Plugins of Limpet's own environment are not those of the project.
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            REPORT: str(report),
            ORDER: str(order),
        }
        status, said = run(plan, environment)
        if report.exists():
            for line in report.read_text("utf-8").splitlines():
                print(line)  # noqa: T201 - the answer
        print(json.dumps({"order": order, "status": status, "said": said}))  # noqa: T201


def run(plan: dict[str, Any], environment: dict[str, str]) -> tuple[int, str]:
    """Run the tests once; return the exit status and the end of what was said."""
    if plan["framework"] == "unittest":
        return outcome([sys.executable, __file__, "unittest", plan["file"]], environment, plan)
    command = [sys.executable, "-m", "pytest", plan["file"], "-q", "-p", "run_tests"]
    command += ["-p", "no:cacheprovider", "-o", "addopts="]
    status, said = outcome(command, environment, plan)
    if status in PYTEST_TROUBLE:
        # The project's settings ask for something that is not here.
        command += ["-c", os.devnull, f"--rootdir={Path.cwd()}"]
        status, said = outcome(command, environment, plan)
    return status, said


def outcome(
    command: list[str], environment: dict[str, str], plan: dict[str, Any]
) -> tuple[int, str]:
    """Run a command; one that takes too long has status -1."""
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=plan["seconds"],
            check=False,
        )
    except subprocess.TimeoutExpired:
        return -1, "out of time"
    return done.returncode, done.stdout.decode("utf-8", "replace")[-600:]


def tell(name: str, is_passed: bool, said: str = "") -> None:
    """Append what came of a test."""
    line = json.dumps({"test": name, "passed": is_passed, "said": said[-300:]})
    with Path(os.environ[REPORT]).open("a", encoding="utf-8") as report:
        report.write(f"{line}\n")


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Put the tests in another order."""
    random.Random(int(os.environ[ORDER])).shuffle(items)  # noqa: S311


def pytest_runtest_logreport(report: Any) -> None:
    """Tell what came of a test, also where its setup failed."""
    if report.when == "call" or report.failed:
        name = report.nodeid.rpartition("::")[2].partition("[")[0]
        said = "" if report.passed else str(report.longrepr)
        tell(name, report.passed, said)


class Told(unittest.TestResult):
    """Tells what comes of unittest's tests."""

    def addSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802 - unittest's name
        """Tell of a test that passed."""
        tell(test.id().rpartition(".")[2], True)

    def addError(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802
        """Tell of a test that could not run."""
        tell(test.id().rpartition(".")[2], False, repr(err[1]))

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802
        """Tell of a test that failed."""
        tell(test.id().rpartition(".")[2], False, repr(err[1]))


def run_unittest(file: str) -> None:
    """Run the tests of a file in another order."""
    sys.path.insert(0, str(Path(file).resolve().parent))
    suite = unittest.defaultTestLoader.loadTestsFromName(Path(file).stem)
    tests = list(flat(suite))
    random.Random(int(os.environ[ORDER])).shuffle(tests)  # noqa: S311
    unittest.TestSuite(tests).run(Told())


def flat(suite: unittest.TestSuite) -> list[Any]:
    """Return the tests in a suite and its suites."""
    found: list[Any] = []
    for each in suite:
        found += flat(each) if isinstance(each, unittest.TestSuite) else [each]
    return found


if __name__ == "__main__":
    if sys.argv[1] == "unittest":
        run_unittest(sys.argv[2])
    else:
        main()
