/** Each key of grey text, in a real editor. */
package dev.limpet.jetbrains.greytext

import com.intellij.openapi.actionSystem.IdeActions

class GreyTextKeysTest : GreyTextCase() {
    fun testLinesStandBehindTheCaretAndBelowItWithoutTouchingTheText() {
        open("def f(a, b):\n    <caret>\n")
        suggest("return a + b\n# done")
        assertEquals(listOf("return a + b", "# done"), shown())
        assertEquals("def f(a, b):\n    \n", myFixture.editor.document.text)
    }

    fun testTabTakesAllInOneStepOfUndo() {
        open("def f(a, b):\n    <caret>\n")
        suggest("return a + b\n# done")
        prepared.alternatives = emptyList()
        press(IdeActions.ACTION_EDITOR_TAB)
        myFixture.checkResult("def f(a, b):\n    return a + b\n# done<caret>\n")
        assertEquals(emptyList<String>(), shown())
        press(IdeActions.ACTION_UNDO)
        myFixture.checkResult("def f(a, b):\n    <caret>\n")
        press(IdeActions.ACTION_REDO)
        myFixture.checkResult("def f(a, b):\n    return a + b\n# done<caret>\n")
    }

    fun testTabIndentsWhereNothingIsShown() {
        open("<caret>x\n")
        press(IdeActions.ACTION_EDITOR_TAB)
        myFixture.checkResult("    <caret>x\n")
    }

    fun testWordsAreTakenOneByOneAndTheRestStays() {
        open("x = <caret>\n")
        suggest("total + 1")
        val steps = listOf("x = total" to " + 1", "x = total +" to " 1")
        for ((text, rest) in steps) {
            press("EditorNextWord")
            assertEquals("$text\n", myFixture.editor.document.text)
            assertEquals(listOf(rest), shown())
        }
        prepared.alternatives = emptyList()
        press("EditorNextWord")
        myFixture.checkResult("x = total + 1<caret>\n")
        assertEquals(emptyList<String>(), shown())
    }

    fun testWordKeyMovesTheCaretWhereNothingIsShown() {
        open("<caret>one two\n")
        press("EditorNextWord")
        assertEquals("one two\n", myFixture.editor.document.text)
        assertTrue(myFixture.editor.caretModel.offset > 0)
    }

    fun testLinesAreTakenOneByOne() {
        open("<caret>")
        suggest("a = 1\nb = 2")
        press("Limpet.AcceptLine")
        myFixture.checkResult("a = 1<caret>")
        assertEquals(listOf("b = 2"), shown().filter(String::isNotEmpty))
        prepared.alternatives = emptyList()
        press("Limpet.AcceptLine")
        myFixture.checkResult("a = 1\nb = 2<caret>")
    }

    fun testAlternativesTurnInBothDirections() {
        open("<caret>")
        suggest("one", "two", "three")
        press("Limpet.NextSuggestion")
        assertEquals(listOf("two"), shown())
        press("Limpet.PreviousSuggestion")
        press("Limpet.PreviousSuggestion")
        assertEquals(listOf("three"), shown())
        prepared.alternatives = emptyList()
        press(IdeActions.ACTION_EDITOR_TAB)
        myFixture.checkResult("three<caret>")
    }

    fun testEscapeHidesAndTellsTheEngine() {
        open("x <caret>\n")
        suggest("= 1")
        press(IdeActions.ACTION_EDITOR_ESCAPE)
        assertEquals(emptyList<String>(), shown())
        assertEquals("cancelled", prepared.events.last())
        assertEquals("x \n", myFixture.editor.document.text)
    }

    fun testEscapePassesOnWhereNothingIsShown() {
        open("<selection>x</selection> <caret>\n")
        press(IdeActions.ACTION_EDITOR_ESCAPE)
        assertFalse(myFixture.editor.selectionModel.hasSelection())
    }

    fun testReplacedCharactersGoWhenAllIsTaken() {
        open("print(<caret>)\n")
        prepared.alternatives = listOf(Alternative("name)", 1))
        press("Limpet.SuggestNow")
        assertEquals(listOf("name"), shown())
        prepared.alternatives = emptyList()
        press(IdeActions.ACTION_EDITOR_TAB)
        myFixture.checkResult("print(name)<caret>\n")
    }
}
