"""Shows a message as a column of blocks, and goes on with it while it is being written."""

from __future__ import annotations

from markdown_it import MarkdownIt
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from desktop.appearance.look import Look
from desktop.chat.code_block import CodeBlock
from desktop.chat.prose_block import ProseBlock
from desktop.chat.segments import Segment, Segmenter, SegmentKind

Block = ProseBlock | CodeBlock


class MessageBody(QWidget):
    """The blocks of one message. Only the last block of a growing message is drawn anew."""

    link_wanted = Signal(str)
    save_wanted = Signal(str, str)
    open_wanted = Signal(str, str)
    apply_wanted = Signal(str)

    def __init__(
        self,
        look: Look,
        markdown: MarkdownIt,
        parent: QWidget | None = None,
        *,
        hugs: bool = False,
    ) -> None:
        super().__init__(parent)
        self._hugs = hugs
        self._look = look
        self._markdown = markdown
        self._segmenter = Segmenter()
        self._tail: tuple[SegmentKind, Block] | None = None
        self._blocks: list[Block] = []
        self._can_apply = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(look.theme.units(3))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks, from above."""
        return tuple(self._blocks)

    def add(self, text: str) -> None:
        """Go on with the message."""
        self._segmenter.add(text)
        self._draw_sealed()
        tail = self._segmenter.tail()
        if tail is None:
            self._drop_tail()
        else:
            self._draw(tail)

    def end(self) -> None:
        """Take note that the message is whole."""
        self._segmenter.end()
        self._draw_sealed()
        self._drop_tail()

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        self._column.setSpacing(self._look.theme.units(3))
        for block in self._blocks:
            block.restyle()

    def set_can_apply(self, can_apply: bool) -> None:
        """Offer to apply code where a file is attached."""
        self._can_apply = can_apply
        for block in self._blocks:
            if isinstance(block, CodeBlock):
                block.set_can_apply(can_apply)

    def _draw_sealed(self) -> None:
        for segment in self._segmenter.take_sealed():
            self._draw(segment).seal()
            self._tail = None

    def _draw(self, segment: Segment) -> Block:
        """Draw a segment in the tail's block, or in a new one where the kinds differ."""
        if self._tail is not None and self._tail[0] is not segment.kind:
            self._drop_tail()
        if self._tail is None:
            self._tail = (segment.kind, self._new_block(segment.kind))
        block = self._tail[1]
        block.show_segment(segment)
        return block

    def _new_block(self, kind: SegmentKind) -> Block:
        block: Block
        if kind is SegmentKind.PROSE:
            block = ProseBlock(self._look, self._markdown, self, hugs=self._hugs)
            block.link_wanted.connect(self.link_wanted)
        else:
            block = CodeBlock(self._look, kind, self)
            block.save_wanted.connect(self.save_wanted)
            block.open_wanted.connect(self.open_wanted)
            block.apply_wanted.connect(self.apply_wanted)
            block.set_can_apply(self._can_apply)
        self._blocks.append(block)
        self._column.addWidget(block)
        block.show()
        return block

    def _drop_tail(self) -> None:
        if self._tail is None:
            return
        block = self._tail[1]
        self._tail = None
        self._blocks.remove(block)
        self._column.removeWidget(block)
        block.hide()
        block.deleteLater()
