/** Shows one offer in one editor, and takes it away again. */
package dev.limpet.jetbrains.greytext

import com.intellij.openapi.Disposable
import com.intellij.openapi.editor.Editor
import com.intellij.openapi.editor.Inlay
import com.intellij.openapi.util.Disposer

/** The inlays of an offer: the first line behind the caret, the others below its line. */
class GreyText(
    private val editor: Editor,
) : Disposable {
    private val inlays = mutableListOf<Inlay<*>>()

    fun show(offer: Offer) {
        hide()
        val lines = visibleText(offer).split('\n')
        val tabSize = editor.settings.getTabSize(editor.project)
        val inlayModel = editor.inlayModel
        if (lines.first().isNotEmpty()) {
            val renderer = GreyTextRenderer(lines.take(1), tabSize)
            inlayModel.addInlineElement(offer.offset, true, renderer)?.let(inlays::add)
        }
        if (lines.size > 1) {
            val renderer = GreyTextRenderer(lines.drop(1), tabSize)
            inlayModel.addBlockElement(offer.offset, true, false, 0, renderer)?.let(inlays::add)
        }
    }

    fun hide() {
        inlays.forEach { Disposer.dispose(it) }
        inlays.clear()
    }

    override fun dispose() = hide()

    /** A suggestion that ends its line with the characters it replaces need not show them twice. */
    private fun visibleText(offer: Offer): String {
        val (text, replaces) = offer.shown
        val end = (offer.offset + replaces).coerceAtMost(editor.document.textLength)
        val replaced = editor.document.immutableCharSequence.subSequence(offer.offset, end).toString()
        val first = text.substringBefore('\n')
        return if (replaced.isNotEmpty() && first.endsWith(replaced) && first != replaced) {
            first.removeSuffix(replaced) + text.removePrefix(first)
        } else {
            text
        }
    }
}
