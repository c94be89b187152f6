"""The chat view: the list on the left, the conversation on the right, and how they go together."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QSplitter, QVBoxLayout, QWidget

from desktop.appearance.look import Look
from desktop.appearance.toast import Toast
from desktop.background.jobs import Background
from desktop.chat.answering import Answering
from desktop.chat.attaching import Attaching, ReadFiles
from desktop.chat.chat_actions import ChatActions
from desktop.chat.conversation_desk import ConversationDesk
from desktop.chat.conversation_list import ConversationList
from desktop.chat.conversation_view import ConversationView
from desktop.chat.drafts import Drafts
from desktop.chat.folder_passages import FolderPassages, question_needed
from desktop.chat.keeping_up import is_other
from desktop.chat.list_desk import ListDesk
from desktop.chat.metering import Draft, Metering
from rpc.conversation_records import BranchWindow, Conversation, Message
from rpc.visible_text import visible

translate = QCoreApplication.translate
_MOST_PROBLEMS = 5


class ChatPage(QWidget):
    """Conversations."""

    title_changed = Signal(str)

    def __init__(
        self,
        look: Look,
        background: Background,
        *,
        desk: ConversationDesk,
        list_desk: ListDesk,
        answering: Answering,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._look = look
        self._desk = desk
        self._list_desk = list_desk
        self._message_to_reveal = ""
        self.list = ConversationList(look, list_desk, answering)
        self.view = ConversationView(look, desk)
        self.toast = Toast(look, self)
        self.drafts = Drafts(background, self)
        self.attaching = Attaching(background, self)
        self.folders = FolderPassages(background, self)
        self.metering = Metering(background, self)
        self.actions_of_chat = ChatActions(look, background, self.toast, self)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.addWidget(self.list)
        self._splitter.addWidget(self.view)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setHandleWidth(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._splitter)
        self._connect()
        self._connect_actions()
        self._size()

    def start(self, draft: str = "") -> None:
        """Read the list, and be ready for a first question; `draft` was typed for it earlier."""
        typed = self.view.composer.content
        self._list_desk.refresh()
        self.drafts.keep_new(typed or draft)
        self._desk.start_new()

    def start_new(self) -> None:
        """Begin a conversation and put the caret where it is typed."""
        self._desk.start_new()
        self.focus_composer()

    def focus_composer(self) -> None:
        """Put the caret into the composer."""
        self.view.composer.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_search(self) -> None:
        """Put the caret into the search of all conversations."""
        self.list.search.selectAll()
        self.list.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def export_open(self) -> None:
        """Export the open conversation."""
        if self._desk.conversation is not None:
            self.actions_of_chat.export(self._desk.conversation.id)

    def keep_up(self, window: BranchWindow) -> None:
        """Show what another client did to the open conversation."""
        open_one = self._desk.conversation
        is_here = open_one is not None and open_one.id == window.conversation.id
        is_busy = self._desk.answer is not None or self.view.composer.editing is not None
        shown = tuple(card.message for card in self.view.column.cards)
        if is_here and not is_busy and is_other(window, shown):
            self._desk.read_again()

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        self._size()
        self.view.restyle()

    def _size(self) -> None:
        unit = self._look.theme.units
        self.list.setMinimumWidth(unit(50))
        self.list.setMaximumWidth(unit(110))
        self.view.setMinimumWidth(unit(80))
        self._splitter.setSizes([unit(68), max(unit(80), self.width() - unit(68))])

    def _connect(self) -> None:
        self.list.new_wanted.connect(self.start_new)
        self.list.open_wanted.connect(self._open)
        self._desk.opened.connect(self._opened)
        self._desk.message_deleted.connect(self._message_deleted)
        self._desk.shown.connect(self._shown)
        self._desk.changed.connect(self._changed)
        self._desk.answer_ended.connect(self._refresh_list)
        self._list_desk.deleted.connect(self._deleted)
        self._list_desk.updated.connect(self._updated)
        self._list_desk.failed.connect(self.view.show_failure)

    def _connect_actions(self) -> None:
        view, actions, composer = self.view, self.actions_of_chat, self.view.composer
        view.link_wanted.connect(actions.follow_link)
        view.save_wanted.connect(actions.save_code)
        view.open_wanted.connect(actions.open_code)
        view.apply_wanted.connect(actions.apply)
        view.save_message_wanted.connect(actions.save_message)
        self.list.export_wanted.connect(actions.export)
        actions.failed.connect(view.show_failure)
        actions.imported.connect(lambda _: self._list_desk.refresh())
        composer.files_wanted.connect(self.choose_files)
        composer.paths_dropped.connect(self.attaching.attach)
        composer.text_too_large.connect(self._refuse_paste)
        composer.changed.connect(self._note_draft)
        self.attaching.read.connect(self._attach)
        self.folders.read.connect(self._attach)
        self.metering.measured.connect(composer.meter.show_measure)

    def choose_files(self) -> None:
        """Ask which files to attach."""
        dialog = QFileDialog(self, translate("chat", "Attach files"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self.attaching.attach)
        dialog.open()

    def choose_folder(self) -> None:
        """Ask which folder is searched for what the question is about."""
        dialog = QFileDialog(self, translate("chat", "Attach a folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self.attaching.attach)
        dialog.open()

    def _attach(self, files: ReadFiles) -> None:
        problems = files.problems
        question = self.view.composer.content
        for folder in files.folders:
            if question.strip():
                self.folders.search(folder, question)
            else:
                problems += (question_needed(folder),)
        if files.attachments:
            self.view.composer.attach(files.attachments)
            self.focus_composer()
        if problems:
            text = "\n".join(problem.message for problem in problems[:_MOST_PROBLEMS])
            self.view.banner.tell(visible(text), visible(problems[-1].advice), kind="warning")

    def _refuse_paste(self, characters: int) -> None:
        self.view.banner.tell(
            translate("chat", "The clipboard holds {0} million characters.").format(
                f"{characters / 1e6:.0f}"
            ),
            translate("chat", "That is too much for a question. Attach a part of it as a file."),
            kind="warning",
        )

    def _note_draft(self) -> None:
        composer, open_one = self.view.composer, self._desk.conversation
        self.metering.note(
            Draft(
                composer.content,
                composer.attachments,
                open_one.id if open_one is not None else "",
                self._desk.model,
            )
        )
        if composer.editing is None:
            self.drafts.change(composer.content)

    def _refresh_list(self, *_: object) -> None:
        self._list_desk.refresh()

    def _open(self, conversation: str, message: str) -> None:
        self._message_to_reveal = message
        self._desk.open(conversation)

    def _opened(self, conversation: Conversation | None) -> None:
        self.list.mark(conversation.id if conversation is not None else "")
        self.view.composer.start(self.drafts.open(conversation))
        self.title_changed.emit(visible(conversation.title) if conversation is not None else "")

    def _shown(self, window: BranchWindow) -> None:
        self.list.mark(window.conversation.id)
        wanted, self._message_to_reveal = self._message_to_reveal, ""
        if wanted:
            self.view.column.reveal(wanted)

    def _changed(self, conversation: Conversation) -> None:
        open_one = self._desk.conversation
        if open_one is not None and open_one.id == conversation.id:
            self.drafts.begin(conversation)
            self.list.mark(conversation.id)
        self._list_desk.refresh()

    def _deleted(self, conversation: Conversation) -> None:
        open_one = self._desk.conversation
        if open_one is not None and open_one.id == conversation.id:
            self._desk.start_new()
        self.toast.tell(
            translate("chat", "The conversation was deleted."),
            translate("chat", "Undo"),
            lambda: self._list_desk.restore(conversation.id),
        )

    def _message_deleted(self, message: Message, removed: int) -> None:
        told = translate("chat", "The message was deleted.")
        if removed > 1:
            told = translate("chat", "{0} messages were deleted.").format(removed)
        self.toast.tell(
            told, translate("chat", "Undo"), lambda: self._desk.undelete_message(message)
        )

    def _updated(self, conversation: Conversation) -> None:
        if conversation.archived:
            self.toast.tell(
                translate("chat", "The conversation was archived."),
                translate("chat", "Undo"),
                lambda: self._list_desk.update(conversation.id, archived=False),
            )
