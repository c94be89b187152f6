/** What the tests of grey text share: a real editor and prepared suggestions. */
package dev.limpet.jetbrains.greytext

import com.intellij.testFramework.fixtures.LightPlatformCodeInsightFixtureTestCase
import com.intellij.util.ui.UIUtil
import dev.limpet.jetbrains.settings.LimpetSettings

abstract class GreyTextCase : LightPlatformCodeInsightFixtureTestCase() {
    protected val prepared = PreparedSuggestions()

    override fun setUp() {
        super.setUp()
        SuggestionService.get().source = prepared
        LimpetSettings.get().loadState(LimpetSettings.Choices())
        LimpetSettings.get().resume()
    }

    protected fun open(
        text: String,
        name: String = "a.py",
    ) {
        myFixture.configureByText(name, text)
    }

    protected fun suggest(vararg texts: String) {
        prepared.alternatives = texts.map { Alternative(it) }
        myFixture.performEditorAction("Limpet.SuggestNow")
        settle()
    }

    /** Types as a user does, and lets what was put off happen. */
    protected fun type(text: String) {
        text.forEach {
            myFixture.type(it)
            settle()
        }
    }

    protected fun press(action: String) {
        myFixture.performEditorAction(action)
        settle()
    }

    protected fun settle() = UIUtil.dispatchAllInvocationEvents()

    /** The grey text as it is drawn: the first line, then those below. */
    protected fun shown(): List<String> {
        val model = myFixture.editor.inlayModel
        val end = myFixture.editor.document.textLength
        val inlays = model.getInlineElementsInRange(0, end) + model.getBlockElementsInRange(0, end)
        return inlays.map { it.renderer }.filterIsInstance<GreyTextRenderer>().flatMap { it.lines }
    }
}
