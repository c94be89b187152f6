"""What a session asks its model with: the model, its family, and the plans that are kept."""

from __future__ import annotations

import msgspec

from engine.inference.language_model import LanguageModel
from engine.inference.model_provider import ModelProvider, Role
from engine.prompts.catalog import Catalog
from engine.prompts.family import Family
from engine.prompts.turns import OtherFile
from engine.tasks.complete_code.caret import CaretText
from engine.tasks.complete_code.request import plan_budget, short_budget
from engine.tasks.complete_code.session.events import OpenDocument
from engine.tasks.complete_code.session.plan import (
    ANCHOR_LINES,
    PlanBudget,
    PromptPlan,
    lines_above,
    make_plan,
    unread_bytes,
)
from engine.tasks.complete_code.session.project_notes import ProjectNotes

# Code has about so many bytes a token; only used to guess what a prompt would cost.
_BYTES_A_TOKEN = 3
# A short prompt is only worth it where the long one costs so many times more.
_WORTHWHILE = 2.0


class Respondent(msgspec.Struct, frozen=True):
    """The model that answers a session."""

    name: str
    model: LanguageModel
    family: Family


class Prompting:
    """Knows the model of a session and which parts of its text the prompt shows.

    Two plans are kept: the whole one, which is read while the user rests, and a short one for who
    types at a place before that is read.
    """

    def __init__(self, models: ModelProvider, catalog: Catalog) -> None:
        self._models = models
        self._catalog = catalog
        self._opened = OpenDocument("", b"", 0)
        self._notes: ProjectNotes | None = None
        self._short: PromptPlan | None = None
        # The last plan whose prompt the model has read.
        self._read: PromptPlan | None = None
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
            self.plan = self._short = self._read = None

    async def respondent(self) -> Respondent:
        """Return the model, loaded first where that is needed. Raises ModelUnavailable."""
        name, model = await self._models.model_for(Role.COMPLETION, self._opened.model)
        return Respondent(name, model, self._catalog.recognise(model.facts))

    async def plan_for(
        self, respondent: Respondent, caret: CaretText, *, renew: bool = False
    ) -> PromptPlan:
        """Return the whole plan for a caret: the one that is kept while it fits, or a new one."""
        plan = self.plan
        if plan is None or renew or not plan.fits(caret):
            budget = plan_budget(respondent.model)
            other_files = await self._other_files(respondent, caret, budget.other_tokens)
            plan = await self._made(respondent, caret, budget, other_files)
            self.plan = plan
        return plan

    async def urgent_plan_for(self, respondent: Respondent, caret: CaretText) -> PromptPlan:
        """Return the plan for somebody who waits: a short one where the whole one takes long."""
        if (ready := self.ready_plan_for(caret)) is not None:
            return ready
        plan = await self.plan_for(respondent, caret)
        budget = short_budget(respondent.model)
        most_bytes = _WORTHWHILE * _BYTES_A_TOKEN * (budget.prefix_tokens + budget.suffix_tokens)
        if unread_bytes(plan, self._read) <= most_bytes:
            return plan
        self._short = await self._made(respondent, caret, budget, ())
        return self._short

    def ready_plan_for(self, caret: CaretText) -> PromptPlan | None:
        """Return a plan that fits a caret and whose prompt is read, or else the kept short one."""
        if self.plan is not None and self.is_read(self.plan) and self.plan.fits(caret):
            return self.plan
        return self._short if self._short is not None and self._short.fits(caret) else None

    def is_read(self, plan: PromptPlan) -> bool:
        """Whether the model has read the prompt of a plan, and no other one since."""
        return plan == self._read

    def note_read(self, plan: PromptPlan) -> None:
        """Note that the model has read the prompt of a plan."""
        if plan is not self._short:
            self._read = plan

    async def has_news(self, respondent: Respondent, caret: CaretText) -> bool:
        """Whether other files are to be shown now than the kept plan shows."""
        plan = self.plan
        budget = plan_budget(respondent.model)
        return plan is not None and plan.other_files != await self._other_files(
            respondent, caret, budget.other_tokens
        )

    async def _made(
        self,
        respondent: Respondent,
        caret: CaretText,
        budget: PlanBudget,
        other_files: tuple[OtherFile, ...],
    ) -> PromptPlan:
        return await make_plan(
            respondent.model,
            caret,
            budget,
            anchor=lines_above(caret.before, ANCHOR_LINES),
            path=self._opened.path,
            other_files=other_files,
        )

    async def _other_files(
        self, respondent: Respondent, caret: CaretText, budget_tokens: int
    ) -> tuple[OtherFile, ...]:
        if self._notes is None or not respondent.family.shows_other_files:
            return ()
        text = caret.head + caret.tail
        return await self._notes.other_files(respondent.model, text, len(caret.head), budget_tokens)
