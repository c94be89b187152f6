"""Finds an action by the name that a request gives."""

from __future__ import annotations

from engine.errors import InvalidInput
from engine.prompts.action_words import Action, ActionKind, ActionWords


def action_named(words: ActionWords, name: str, kind: ActionKind) -> Action:
    """Return an action. Raises InvalidInput where there is none of that name and kind."""
    action = words.actions.get(name)
    if action is None or action.kind is not kind:
        names = ", ".join(each.name for each in words.actions.values() if each.kind is kind)
        what = "changes code" if kind is ActionKind.EDIT else "talks about code"
        raise InvalidInput(
            f"There is no action `{name}` that {what}.", advice=f"There are: {names}."
        )
    return action
