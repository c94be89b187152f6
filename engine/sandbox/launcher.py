"""Runs inside the sandbox: gives up what is left of root, sets the limits, becomes the program.

A copy of this file is put into the sandbox, so it stands on the standard library alone. Its
arguments are a JSON object and the program with its arguments.
"""

import json
import os
import resource
import sys
from pathlib import Path

# As shells say that a program could not be started.
CANNOT_START = 127


def main() -> None:
    """Become the program."""
    wanted = json.loads(sys.argv[1])
    # Where memory runs out for everybody, this is to end first.
    Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
    if wanted["user"] is not None:
        _become(wanted["user"])
    for name, (soft, hard) in wanted["limits"].items():
        resource.setrlimit(getattr(resource, name), (soft, hard))
    try:
        os.execvp(sys.argv[2], sys.argv[2:])
    except OSError as problem:
        sys.stderr.write(f"{sys.argv[2]}: {problem.strerror}\n")
        sys.exit(CANNOT_START)


def _become(user: int) -> None:
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    if os.getresuid() != (user, user, user) or os.getresgid() != (user, user, user):
        sys.exit("the user did not change")


if __name__ == "__main__":
    main()
