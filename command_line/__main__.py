"""Run the command line as `python -m command_line`."""

from __future__ import annotations

import sys

from command_line.main import main

sys.exit(main())
