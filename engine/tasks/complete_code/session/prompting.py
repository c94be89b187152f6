"""What a session asks its model with: the model, its family, and the plan that is kept."""

from __future__ import annotations

import msgspec

from engine.inference.language_model import LanguageModel
from engine.inference.model_provider import ModelProvider, Role
from engine.prompts.catalog import Catalog
from engine.prompts.family import Family
from engine.prompts.turns import OtherFile
from engine.tasks.complete_code.caret import CaretText
from engine.tasks.complete_code.request import plan_budget
from engine.tasks.complete_code.session.events import OpenDocument
from engine.tasks.complete_code.session.plan import (
    ANCHOR_LINES,
    PromptPlan,
    lines_above,
    make_plan,
)
from engine.tasks.complete_code.session.project_notes import ProjectNotes


class Respondent(msgspec.Struct, frozen=True):
    """The model that answers a session."""

    name: str
    model: LanguageModel
    family: Family


class Prompting:
    """Knows the model of a session and which parts of its text the prompt shows."""

    def __init__(self, models: ModelProvider, catalog: Catalog) -> None:
        self._models = models
        self._catalog = catalog
        self._opened = OpenDocument("", b"", 0)
        self._notes: ProjectNotes | None = None
        self.plan: PromptPlan | None = None

    @property
    def path(self) -> str:
        """The path of the open file."""
        return self._opened.path

    def open(self, opened: OpenDocument, notes: ProjectNotes, *, is_other: bool) -> None:
        """Work on an opened file from now on."""
        self._opened = opened
        self._notes = notes
        if is_other:
            self.plan = None

    async def respondent(self) -> Respondent:
        """Return the model, loaded first where that is needed. Raises ModelUnavailable."""
        name, model = await self._models.model_for(Role.COMPLETION, self._opened.model)
        return Respondent(name, model, self._catalog.recognise(model.facts))

    async def plan_for(
        self, respondent: Respondent, caret: CaretText, *, renew: bool = False
    ) -> PromptPlan:
        """Return a plan that fits a caret: the one that is kept, or a new one."""
        plan = self.plan
        if plan is None or renew or not plan.fits(caret):
            budget = plan_budget(respondent.model)
            plan = await make_plan(
                respondent.model,
                caret,
                budget,
                anchor=lines_above(caret.before, ANCHOR_LINES),
                path=self._opened.path,
                other_files=await self._other_files(respondent, caret, budget.other_tokens),
            )
            self.plan = plan
        return plan

    async def has_news(self, respondent: Respondent, caret: CaretText) -> bool:
        """Whether other files are to be shown now than the kept plan shows."""
        plan = self.plan
        budget = plan_budget(respondent.model)
        return plan is not None and plan.other_files != await self._other_files(
            respondent, caret, budget.other_tokens
        )

    async def _other_files(
        self, respondent: Respondent, caret: CaretText, budget_tokens: int
    ) -> tuple[OtherFile, ...]:
        if self._notes is None or not respondent.family.shows_other_files:
            return ()
        text = caret.head + caret.tail
        return await self._notes.other_files(respondent.model, text, len(caret.head), budget_tokens)
