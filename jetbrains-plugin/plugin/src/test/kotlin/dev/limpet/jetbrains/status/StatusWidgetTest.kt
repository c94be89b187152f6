/** The status bar's widget and its choices. */
package dev.limpet.jetbrains.status

import com.intellij.openapi.actionSystem.ActionPlaces
import com.intellij.openapi.actionSystem.AnActionEvent
import com.intellij.openapi.actionSystem.DataContext
import com.intellij.openapi.wm.StatusBarWidget
import com.intellij.openapi.wm.StatusBarWidgetFactory
import dev.limpet.engine.client.failure.EngineNotInstalled
import dev.limpet.jetbrains.engine.EngineService
import dev.limpet.jetbrains.greytext.GreyTextCase
import dev.limpet.jetbrains.settings.LimpetSettings

class StatusWidgetTest : GreyTextCase() {
    override fun setUp() {
        super.setUp()
        LimpetSettings.get().state.interfaceLanguage = "en"
    }

    private fun widget(): StatusWidget {
        val factory = StatusBarWidgetFactory.EP_NAME.extensions.first { it.id == "dev.limpet.status" }
        return factory.createWidget(project) as StatusWidget
    }

    private fun words(widget: StatusWidget) = (widget.presentation as StatusBarWidget.TextPresentation).text

    fun testItSaysWhatTheEngineDoes() {
        val widget = widget()
        val state = EngineService.get().state
        state.tell = {}
        val cases =
            listOf<Pair<() -> Unit, String>>(
                { state.working() } to "Limpet: working",
                { state.answered(31.4) } to "Limpet: ready",
                { state.heard(EngineNotInstalled()) } to "Limpet: no engine",
                { state.heard(null) } to "Limpet: ready",
            )
        for ((change, text) in cases) {
            change()
            assertEquals(text, words(widget))
        }
        assertEquals("31 tokens/s", widget.tooltipText)
        widget.dispose()
    }

    fun testPauseAndLanguageAreSwitchedFromIt() {
        open("x<caret>\n")
        val widget = widget()
        choose(widget, "Pause for an Hour")
        assertTrue(LimpetSettings.get().isPaused)
        assertEquals("Limpet: paused", words(widget))
        choose(widget, "Resume")
        assertFalse(LimpetSettings.get().isPaused)
        choose(widget, "No Suggestions in Python")
        assertFalse(LimpetSettings.get().suggestsIn("Python"))
        choose(widget, "Suggestions in Python")
        assertTrue(LimpetSettings.get().suggestsIn("Python"))
        widget.dispose()
    }

    private fun choose(
        widget: StatusWidget,
        words: String,
    ) {
        val action = widget.choices().first { it.templatePresentation.text == words }
        action.actionPerformed(AnActionEvent.createFromAnAction(action, null, ActionPlaces.UNKNOWN, DataContext.EMPTY_CONTEXT))
    }
}
