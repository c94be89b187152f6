"""The name by which a client introduces itself on each call, for logs and for fair turns."""

from __future__ import annotations

import re
from typing import Any

from rpc.endpoint import CLIENT_NAME_HEADER

_LONGEST = 40
_UNWANTED = re.compile(r"[^A-Za-z0-9 ._/-]+")


def clean_client_name(name: str) -> str:
    """Return the name cut to what may stand in a log."""
    return _UNWANTED.sub("", name)[:_LONGEST].strip()


def client_name(context: Any) -> str:
    """Return the name that the call gives, or an empty one."""
    for key, value in context.invocation_metadata() or ():
        if key == CLIENT_NAME_HEADER and isinstance(value, str):
            return clean_client_name(value)
    return ""
