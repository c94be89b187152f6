/** Draws lines of a suggestion in the editor's font, in grey. */
package dev.limpet.jetbrains.greytext

import com.intellij.openapi.editor.Editor
import com.intellij.openapi.editor.EditorCustomElementRenderer
import com.intellij.openapi.editor.Inlay
import com.intellij.openapi.editor.colors.EditorFontType
import com.intellij.openapi.editor.markup.TextAttributes
import com.intellij.ui.JBColor
import dev.limpet.jetbrains.wording.withHiddenCharactersShown
import java.awt.FontMetrics
import java.awt.Graphics
import java.awt.Rectangle

/** Takes the room of [lines] and paints them; hidden characters are written out, tabs as spaces. */
class GreyTextRenderer(
    lines: List<String>,
    tabSize: Int,
) : EditorCustomElementRenderer {
    val lines: List<String> =
        lines.map { withHiddenCharactersShown(it).replace("\t", " ".repeat(tabSize)) }

    override fun calcWidthInPixels(inlay: Inlay<*>): Int {
        val metrics = metricsOf(inlay.editor)
        return lines.maxOf { metrics.stringWidth(it) }.coerceAtLeast(1)
    }

    override fun calcHeightInPixels(inlay: Inlay<*>): Int = inlay.editor.lineHeight * lines.size

    override fun paint(
        inlay: Inlay<*>,
        g: Graphics,
        targetRegion: Rectangle,
        textAttributes: TextAttributes,
    ) {
        val editor = inlay.editor
        g.color = JBColor.GRAY
        g.font = editor.colorsScheme.getFont(EditorFontType.PLAIN)
        // A line is higher than its letters: they stand in its middle, as the editor's own do.
        val metrics = metricsOf(editor)
        val baseline = (editor.lineHeight - metrics.height) / 2 + metrics.ascent
        lines.forEachIndexed { row, line ->
            g.drawString(line, targetRegion.x, targetRegion.y + baseline + row * editor.lineHeight)
        }
    }

    private fun metricsOf(editor: Editor): FontMetrics =
        editor.contentComponent.getFontMetrics(editor.colorsScheme.getFont(EditorFontType.PLAIN))
}
