/** When grey text comes, stays and goes. */
package dev.limpet.jetbrains.greytext

import com.intellij.codeInsight.lookup.LookupElementBuilder
import com.intellij.codeInsight.lookup.LookupManager
import com.intellij.codeInsight.template.TemplateManager
import com.intellij.codeInsight.template.impl.TemplateManagerImpl
import com.intellij.openapi.actionSystem.IdeActions
import com.intellij.openapi.command.WriteCommandAction
import com.intellij.openapi.editor.EditorFactory
import com.intellij.openapi.fileEditor.FileEditorManager
import dev.limpet.jetbrains.settings.LimpetSettings
import java.time.Duration

class GreyTextRulesTest : GreyTextCase() {
    fun testItComesByTypingAndKnowsTheWholeText() {
        open("x <caret>\r\ny\n")
        prepared.alternatives = listOf(Alternative(" 1"))
        type("=")
        assertEquals(listOf(" 1"), shown())
        assertEquals("asked", prepared.events.last { it.startsWith("asked") })
        assertEquals(myFixture.editor.document.text, prepared.text.toString())
    }

    fun testTypingThroughShrinksItAndAsksNobody() {
        open("<caret>\n")
        suggest("value = 1")
        val before = prepared.events.count { it.startsWith("asked") }
        type("val")
        assertEquals(listOf("ue = 1"), shown())
        assertEquals(before, prepared.events.count { it.startsWith("asked") })
    }

    fun testTypingSomethingElseTakesItAway() {
        open("<caret>\n")
        suggest("value")
        prepared.alternatives = emptyList()
        type("x")
        assertEquals(emptyList<String>(), shown())
    }

    fun testBracketThatTheEditorClosesIsReplaced() {
        open("<caret>\n", "a.json")
        suggest("(a, b) + c")
        myFixture.editor.document.let { document ->
            WriteCommandAction.runWriteCommandAction(project) {
                document.insertString(0, "(")
                myFixture.editor.caretModel.moveToOffset(1)
                document.insertString(1, ")")
            }
        }
        settle()
        assertEquals(listOf("a, b) + c"), shown())
        press(IdeActions.ACTION_EDITOR_TAB)
        assertEquals("(a, b) + c\n", myFixture.editor.document.text)
    }

    fun testCaretMoveTakesItAway() {
        open("x<caret> y\n")
        suggest(" = 1")
        press(IdeActions.ACTION_EDITOR_MOVE_CARET_RIGHT)
        assertEquals(emptyList<String>(), shown())
    }

    fun testSecondCaretTakesItAwayAndAsksForNone() {
        open("x<caret>\ny\n")
        suggest(" = 1")
        press(IdeActions.ACTION_EDITOR_CLONE_CARET_BELOW)
        assertEquals(emptyList<String>(), shown())
        suggest(" = 2")
        assertEquals(emptyList<String>(), shown())
    }

    fun testReadOnlyFileHasNone() {
        open("x<caret>\n")
        myFixture.editor.document.setReadOnly(true)
        try {
            suggest(" = 1")
            assertEquals(emptyList<String>(), shown())
        } finally {
            myFixture.editor.document.setReadOnly(false)
        }
    }

    fun testPopupHasTheKeysToItself() {
        open("x<caret>\n")
        suggest(" = 1")
        val items = arrayOf(LookupElementBuilder.create("xylophone"))
        LookupManager.getInstance(project).showLookup(myFixture.editor, *items)
        settle()
        assertEquals(emptyList<String>(), shown())
        suggest(" = 2")
        assertEquals(emptyList<String>(), shown())
        LookupManager.getInstance(project).hideActiveLookup()
    }

    fun testTemplateThatIsBeingFilledInHasNone() {
        open("<caret>\n")
        TemplateManagerImpl.setTemplateTesting(project, testRootDisposable)
        val manager = TemplateManager.getInstance(project)
        val template = manager.createTemplate("name", "group", "${'$'}NAME${'$'} = 1")
        template.addVariable("NAME", "\"x\"", "\"x\"", true)
        manager.startTemplate(myFixture.editor, template)
        settle()
        assertNotNull(manager.getActiveTemplate(myFixture.editor))
        myFixture.editor.selectionModel.removeSelection()
        suggest("a")
        assertEquals(emptyList<String>(), shown())
        TemplateManagerImpl.getTemplateState(myFixture.editor)?.gotoEnd()
        settle()
        myFixture.editor.selectionModel.removeSelection()
        suggest("a")
        assertEquals(listOf("a"), shown())
    }

    fun testUndoAndRedoAskForNone() {
        open("x<caret>\n")
        prepared.alternatives = emptyList()
        type("y")
        prepared.alternatives = listOf(Alternative("z"))
        val before = prepared.events.count { it.startsWith("asked") }
        press(IdeActions.ACTION_UNDO)
        press(IdeActions.ACTION_REDO)
        assertEquals(before, prepared.events.count { it.startsWith("asked") })
        assertEquals(emptyList<String>(), shown())
    }

    fun testAnswerForAnOlderTextIsDropped() {
        open("<caret>\n")
        prepared.isSlow = true
        suggest("old")
        prepared.alternatives = emptyList()
        type("x")
        prepared.answerNow()
        settle()
        assertEquals(emptyList<String>(), shown())
    }

    fun testLanguageSwitchedOffIsSilentButTheKeyWorks() {
        LimpetSettings.get().switchLanguage("Python", isOn = false)
        silentWhileTypingButNotByKey()
    }

    fun testPauseIsSilentButTheKeyWorks() {
        LimpetSettings.get().pause(Duration.ofHours(1))
        silentWhileTypingButNotByKey()
    }

    private fun silentWhileTypingButNotByKey() {
        open("<caret>\n")
        prepared.alternatives = listOf(Alternative("a"))
        type("x")
        assertEquals(emptyList<String>(), shown())
        suggest("b")
        assertEquals(listOf("b"), shown())
    }

    fun testHiddenCharactersAndTabsAreDrawnButInsertedAsTheyAre() {
        open("<caret>\n")
        suggest("\ta\u202eb😀")
        assertEquals(listOf("    a⟨U+202E⟩b😀"), shown())
        prepared.alternatives = emptyList()
        press(IdeActions.ACTION_EDITOR_TAB)
        assertEquals("\ta\u202eb😀\n", myFixture.editor.document.text)
    }

    fun testNothingIsLeftOfTwoHundredEditors() {
        val files = (1..200).map { myFixture.addFileToProject("many/f$it.py", "x\n").virtualFile }
        val manager = FileEditorManager.getInstance(project)
        val before = EditorFactory.getInstance().allEditors.size
        prepared.events.clear()
        for (file in files) {
            myFixture.openFileInEditor(file)
            suggest(" = 1")
            assertEquals(listOf(" = 1"), shown())
            manager.closeFile(file)
        }
        settle()
        assertEquals(before, EditorFactory.getInstance().allEditors.size)
        assertEquals(200, prepared.events.count { it == "closed" })
    }
}
