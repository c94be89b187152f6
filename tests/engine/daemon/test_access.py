"""Access: no other user can get at the socket, the token, the log or the lock."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.engine.daemon.engine_process import Home

NOBODY = 65534
# Another user's program. It becomes one only once it runs, since Python's own folder may be closed
# to others.
ATTEMPT = """
import json, os, socket, sys
uid = int(sys.argv.pop(1))
os.setgroups([])
os.setgid(uid)
os.setuid(uid)
seen = {}
for path in sys.argv[1:]:
    try:
        if path.endswith(".sock"):
            socket.socket(socket.AF_UNIX).connect(path)
        else:
            open(path).read()
        seen[path] = "open"
    except PermissionError:
        seen[path] = "denied"
    except OSError as trouble:
        seen[path] = repr(trouble)
print(json.dumps({"uid": os.getuid(), "seen": seen}))
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize("umask", [0o000, 0o002, 0o022, 0o077])
def test_other_user_gets_nowhere(home: Home, umask: int) -> None:
    home.umask = umask
    engine = home.start()
    # Only our own folders shall keep the stranger out, so all those above them are opened.
    for place in (home.folder, home.folder / "run", home.folder / "state"):
        place.chmod(0o755)
    paths = [
        str(home.runtime / "engine.sock"),
        str(home.endpoint_path),
        str(home.runtime / "engine.lock"),
        str(home.log),
    ]
    outcome = subprocess.run(
        [sys.executable, "-I", "-c", ATTEMPT, str(NOBODY), *paths],
        cwd="/",
        env={},
        capture_output=True,
        text=True,
        check=True,
    )
    seen = json.loads(outcome.stdout)
    assert seen == {"uid": NOBODY, "seen": dict.fromkeys(paths, "denied")}
    assert list(engine.chat("the owner gets in"))
    engine.close()
