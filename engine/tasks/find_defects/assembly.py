"""Puts the task together from the signals that there are."""

from __future__ import annotations

from pathlib import Path

from engine.tasks.find_defects.find_defects import FindDefects
from engine.tasks.find_defects.finding_cache import FindingCache
from engine.tasks.find_defects.signals.code_patterns import CodePatterns
from engine.tasks.find_defects.signals.python_rules import PythonRules
from engine.tasks.find_defects.signals.syntax_errors import SyntaxErrors


def assemble(cache_folder: Path) -> FindDefects:
    """Return the task with all static signals; findings are kept in the folder."""
    return FindDefects((PythonRules(), SyntaxErrors(), CodePatterns()), FindingCache(cache_folder))
