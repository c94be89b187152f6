/** Keeps one editor's grey text in step with what its user does. */
package dev.limpet.jetbrains.greytext

import com.intellij.openapi.Disposable
import com.intellij.openapi.application.ApplicationManager
import com.intellij.openapi.application.ModalityState
import com.intellij.openapi.command.WriteCommandAction
import com.intellij.openapi.command.undo.UndoManager
import com.intellij.openapi.editor.Editor
import com.intellij.openapi.editor.ScrollType
import com.intellij.openapi.editor.event.CaretEvent
import com.intellij.openapi.editor.event.CaretListener
import com.intellij.openapi.editor.event.DocumentEvent
import com.intellij.openapi.editor.event.DocumentListener
import com.intellij.openapi.fileEditor.FileDocumentManager
import com.intellij.openapi.util.Disposer
import com.intellij.openapi.util.Key
import dev.limpet.jetbrains.wording.Messages

/**
 * Lives as long as its editor. Everything happens on the event thread; answers that come on others
 * are brought over, and dropped when the text has changed since.
 */
class EditorSuggestions(
    private val editor: Editor,
    private val source: SuggestionSource,
) : Disposable {
    private val greyText = GreyText(editor)
    private var session: SuggestionSession? = null
    private var askingIsPlanned = false
    private var changeStamp = 0L
    var offer: Offer? = null
        private set

    init {
        Disposer.register(this, greyText)
        editor.document.addDocumentListener(DocumentChanges(), this)
        editor.caretModel.addCaretListener(CaretMoves(), this)
        editor.putUserData(KEY, this)
    }

    /** Asks for suggestions at the caret; a no where the rules forbid them. */
    fun ask(isManual: Boolean): Boolean {
        if (!maySuggest(editor, isManual)) return false
        val caret = editor.caretModel.offset
        val stamp = changeStamp
        openSession().suggest(caret, isManual) { alternatives ->
            onEventThread { if (stamp == changeStamp) show(caret, alternatives, isManual) }
        }
        return true
    }

    fun dismiss() {
        if (offer == null) return
        offer = null
        greyText.hide()
        session?.cancel()
    }

    fun cycle(step: Int) {
        offer?.takeIf { it.alternatives.size > 1 }?.let { display(it.cycled(step)) }
    }

    /** Inserts [part] of what is shown as one step of undo; the rest stays. */
    fun accept(part: Part) {
        val current = offer ?: return
        val project = editor.project ?: return
        if (!FileDocumentManager.getInstance().requestWriting(editor.document, project)) return
        val text = current.beginning(part)
        val isWhole = text == current.shown.text
        val end = if (isWhole) current.offset + current.shown.replaces else current.offset
        if (isWhole) dismissKeepingSession()
        WriteCommandAction.runWriteCommandAction(project, Messages.text("accept.command"), null, {
            editor.document.replaceString(current.offset, end.coerceAtMost(editor.document.textLength), text)
            editor.caretModel.moveToOffset(current.offset + text.length)
        })
        editor.scrollingModel.scrollToCaret(ScrollType.MAKE_VISIBLE)
        session?.accepted(text)
    }

    fun saved() {
        session?.saved()
    }

    /** Ends the session, for example because the engine's settings changed; the next wish opens one. */
    fun reset() {
        dismissKeepingSession()
        session?.close()
        session = null
    }

    override fun dispose() {
        reset()
        if (editor.getUserData(KEY) === this) editor.putUserData(KEY, null)
    }

    private fun show(
        caret: Int,
        alternatives: List<Alternative>,
        isManual: Boolean,
    ) {
        val usable = alternatives.filter { it.text.isNotEmpty() && caret + it.replaces <= editor.document.textLength }
        if (editor.isDisposed || editor.caretModel.offset != caret || !maySuggest(editor, isManual)) return
        // An answer may come in several messages: what the user has cycled to stays.
        val index = offer?.let { old -> usable.indexOfFirst { it == old.shown } }?.coerceAtLeast(0) ?: 0
        if (usable.isEmpty()) dismissKeepingSession() else display(Offer(caret, usable, index))
    }

    private fun display(next: Offer) {
        offer = next
        greyText.show(next)
    }

    private fun dismissKeepingSession() {
        offer = null
        greyText.hide()
    }

    private fun openSession(): SuggestionSession =
        session ?: source.open(sourceText()).also { session = it }

    private fun sourceText(): SourceText =
        SourceText(
            FileDocumentManager.getInstance().getFile(editor.document)?.path.orEmpty(),
            editor.document.text,
            editor.project?.basePath.orEmpty(),
        )

    private fun planToAsk() {
        if (askingIsPlanned) return
        askingIsPlanned = true
        onEventThread {
            askingIsPlanned = false
            if (offer == null) ask(isManual = false)
        }
    }

    private fun onEventThread(work: () -> Unit) =
        ApplicationManager.getApplication().invokeLater(work, ModalityState.any()) { editor.isDisposed }

    private inner class DocumentChanges : DocumentListener {
        override fun documentChanged(event: DocumentEvent) {
            changeStamp++
            session?.changed(event.offset, event.offset + event.oldLength, event.newFragment.toString())
            val follows = if (event.oldLength == 0) offer?.let { follow(it, event) } else null
            if (follows == null) dismissKeepingSession() else display(follows)
            if (isTyping(event)) planToAsk()
        }

        private fun follow(
            current: Offer,
            event: DocumentEvent,
        ): Offer? {
            if (event.offset != current.offset) return null
            val inserted = event.newFragment.toString()
            return current.typedThrough(inserted) ?: current.closedBehind(inserted)
        }

        /** A change at this editor's caret; not a reformatting, nor one made in another editor. */
        private fun isTyping(event: DocumentEvent): Boolean {
            val caret = editor.caretModel.offset
            val length = maxOf(event.oldLength, event.newLength)
            return length <= LONGEST_TYPED && caret in event.offset..event.offset + length && !isUndoing()
        }
    }

    private fun isUndoing(): Boolean =
        editor.project?.let(UndoManager::getInstance)?.run { isUndoInProgress || isRedoInProgress } ?: false

    private inner class CaretMoves : CaretListener {
        override fun caretPositionChanged(event: CaretEvent) {
            val caret = editor.caretModel.offset
            // A step over the grey text itself leaves the caret where it was in the text.
            val isStepOverGreyText = event.oldPosition == event.newPosition
            val hasLeft = offer?.offset != caret || isStepOverGreyText || editor.caretModel.caretCount != 1
            if (offer != null && hasLeft) dismissKeepingSession()
            session?.moved(caret)
        }

        override fun caretAdded(event: CaretEvent) = dismiss()
    }

    companion object {
        private const val LONGEST_TYPED = 100
        private val KEY = Key.create<EditorSuggestions>("limpet.suggestions")

        fun of(editor: Editor): EditorSuggestions? = editor.getUserData(KEY)
    }
}
