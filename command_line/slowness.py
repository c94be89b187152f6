"""Says that a model is too slow here to complete code, and what to do."""

from __future__ import annotations

from rpc.engine import Slowness


def slowness_text(model: str, slowness: Slowness) -> str:
    """Return what is the matter, in one line."""
    return (
        f"{model} needs about {slowness.suggestion_seconds:.1f} s for a suggestion on this "
        f"machine; more than {slowness.longest_useful_seconds:.0f} s is too late while typing"
    )


def slowness_advice(slowness: Slowness) -> str:
    """Return what the user may do about it, in one line."""
    if not slowness.faster_model:
        return (
            "No model on offer would be quick enough here: close busy programs, "
            "or ask for suggestions only by hand."
        )
    return (
        f'Set `completion_model = "{slowness.faster_model}"` in the settings: about '
        f"{slowness.faster_suggestion_seconds:.1f} s expected. Chat can stay as it is."
    )
