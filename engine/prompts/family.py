"""What is known of a model family: how it is recognised, and the forms of its prompts."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from engine.inference.language_model import Sampling

# A piece of a layout that is one of these stands for the text of that name; every other piece is
# text of the template's own, in which control tokens count.
PLACEHOLDERS = frozenset(
    {"{prefix}", "{suffix}", "{middle}", "{repository}", "{path}", "{content}"}
)

Layout = tuple[str, ...]


class Order(StrEnum):
    """Which side of the caret a prompt shows first."""

    PREFIX_FIRST = "psm"
    SUFFIX_FIRST = "spm"


class Recognition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a model is of the family: all of these must hold; an empty one asks for nothing.

    `name_contains`, in small letters, is looked for in the model's name and description: for
    families whose vocabulary is another family's.
    """

    architectures: tuple[str, ...] = ()
    control_tokens: tuple[str, ...] = ()
    name_contains: str = ""


class Repository(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How other files are shown: the header once, each file, then `layout` for the edited one.

    The header is left out when the repository has no name. `single_file_too` says that the form
    is used, for its path, even when there are no other files.
    """

    header: Layout
    file: Layout
    layout: Layout
    single_file_too: bool = False


class Fim(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a family fills in between two texts: one file alone, and within its repository."""

    layout: Layout
    repository: Repository | None = None

    @property
    def order(self) -> Order:
        """Whether the prefix or the suffix comes first."""
        suffix_first = self.layout.index("{suffix}") < self.layout.index("{prefix}")
        return Order.SUFFIX_FIRST if suffix_first else Order.PREFIX_FIRST


class ChatSource(StrEnum):
    """Where a family's chat form comes from."""

    DECLARED = "declared"
    FILE = "file"


class Chat(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a family writes turns, where its model file's own template is not used.

    With an empty `system` there is no such role: instructions go in front of the first question.
    `answer` invites the model to speak. `stop_texts` end an answer in this form.
    """

    source: ChatSource
    system: Layout = ()
    user: Layout = ()
    assistant: Layout = ()
    answer: Layout = ()
    stop_texts: tuple[str, ...] = ()
    sampling: Sampling | None = None


class FamilyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A family as its data file holds it."""

    title: str
    recognition: Recognition
    chat: Chat
    end_token: str = ""
    stop_tokens: tuple[str, ...] = ()
    fim: Fim | None = None


class Family(msgspec.Struct, frozen=True):
    """A family as it applies to one model file.

    `fim` None means completion by plain continuation. A `chat_template` that is not empty is the
    file's own and is used instead of the turns of `chat`. `stop_tokens` holds only tokens that the
    model has; `stop_texts` are those of chat. `end_token` is what the file's template gets as
    `eos_token`. `sampling` is the makers' recommendation for chat, where known. `notes` are
    sentences for the model's card.
    """

    name: str
    title: str
    fim: Fim | None
    chat: Chat
    chat_template: str
    stop_tokens: tuple[str, ...]
    stop_texts: tuple[bytes, ...]
    end_token: str
    sampling: Sampling | None
    notes: tuple[str, ...]

    @property
    def shows_other_files(self) -> bool:
        """Whether a completion prompt of this family has a place for other files."""
        return self.fim is not None and self.fim.repository is not None
