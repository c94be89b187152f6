/** The settings page: what is entered is kept, and holds at once. */
package dev.limpet.jetbrains.settings

import com.intellij.util.xmlb.XmlSerializer
import dev.limpet.jetbrains.greytext.Alternative
import dev.limpet.jetbrains.greytext.GreyTextCase

class LimpetConfigurableTest : GreyTextCase() {
    fun testWhatIsEnteredIsKept() {
        val page = LimpetConfigurable()
        page.createComponent()
        assertFalse(page.isModified)
        page.suggestWhileTyping.isSelected = false
        page.languagesOff.text = "Python, , Markdown "
        page.executable.text = " /opt/limpet-engine "
        page.interfaceLanguage.selectedItem = "zh"
        assertTrue(page.isModified)
        page.apply()
        assertFalse(page.isModified)
        val stored = XmlSerializer.serialize(LimpetSettings.get().state)
        val read = XmlSerializer.deserialize(stored, LimpetSettings.Choices::class.java)
        assertEquals(listOf("Python", "Markdown"), read.languagesOff)
        assertEquals("/opt/limpet-engine", read.executable)
        assertEquals("zh", read.interfaceLanguage)
        assertFalse(read.suggestWhileTyping)
    }

    fun testWhatIsAppliedHoldsInTheOpenEditor() {
        open("<caret>\n")
        val page = LimpetConfigurable()
        page.createComponent()
        page.suggestWhileTyping.isSelected = false
        page.apply()
        prepared.alternatives = listOf(Alternative("x"))
        type("a")
        assertEquals(emptyList<String>(), shown())
        page.suggestWhileTyping.isSelected = true
        page.apply()
        type("b")
        assertEquals(listOf("x"), shown())
    }
}
