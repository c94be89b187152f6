/** The keys that mean something else while grey text is shown. */
package dev.limpet.jetbrains.greytext

import com.intellij.openapi.actionSystem.DataContext
import com.intellij.openapi.editor.Caret
import com.intellij.openapi.editor.Editor
import com.intellij.openapi.editor.actionSystem.EditorActionHandler

/** Does [act] where grey text is shown, and what the IDE does with the key everywhere else. */
abstract class GreyTextKey(
    private val original: EditorActionHandler,
    private val act: (EditorSuggestions) -> Unit,
) : EditorActionHandler() {
    override fun isEnabledForCaret(
        editor: Editor,
        caret: Caret,
        dataContext: DataContext?,
    ): Boolean = shownIn(editor) != null || original.isEnabled(editor, caret, dataContext)

    override fun doExecute(
        editor: Editor,
        caret: Caret?,
        dataContext: DataContext?,
    ) {
        val shown = shownIn(editor)
        if (shown != null) act(shown) else original.execute(editor, caret, dataContext)
    }

    private fun shownIn(editor: Editor): EditorSuggestions? =
        EditorSuggestions.of(editor)?.takeIf { it.offer != null }
}

class AcceptKey(
    original: EditorActionHandler,
) : GreyTextKey(original, { it.accept(Part.ALL) })

class AcceptWordKey(
    original: EditorActionHandler,
) : GreyTextKey(original, { it.accept(Part.WORD) })

class DismissKey(
    original: EditorActionHandler,
) : GreyTextKey(original, { it.dismiss() })
