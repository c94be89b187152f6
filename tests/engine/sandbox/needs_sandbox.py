"""Marks tests that need a working sandbox; where there is none they are skipped and say why."""

from __future__ import annotations

import asyncio

import pytest

from engine.sandbox.sandbox import sandbox_available

_REASON = asyncio.run(sandbox_available())
needs_sandbox = pytest.mark.skipif(_REASON is not None, reason=_REASON or "")
