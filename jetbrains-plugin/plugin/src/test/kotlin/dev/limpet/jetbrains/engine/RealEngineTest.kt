/** Grey text that comes from the real engine's daemon. */
package dev.limpet.jetbrains.engine

import com.intellij.openapi.actionSystem.IdeActions
import com.intellij.openapi.util.Disposer
import dev.limpet.engine.client.failure.EngineFailure
import dev.limpet.engine.client.failure.EngineNotStarted
import dev.limpet.jetbrains.greytext.GreyTextCase
import dev.limpet.jetbrains.greytext.SuggestionService

class RealEngineTest : GreyTextCase() {
    private val told = mutableListOf<EngineFailure>()

    override fun setUp() {
        super.setUp()
        SuggestionService.get().source = EngineSuggestions(EngineService.get())
        EngineService.get().state.heard(null)
        EngineService.get().state.tell = { synchronized(told) { told += it } }
    }

    private fun connectTo(home: EngineHome) {
        Disposer.register(testRootDisposable) { home.close() }
        EngineService.get().surroundings = { home.surroundings }
        EngineService.get().reconnect()
    }

    /** The fake tasks suggest the version that they have of the text. */
    fun testTypingBringsWhatTheEngineSuggestsAndTabTakesIt() {
        connectTo(EngineHome())
        open("x<caret>\n")
        type("=")
        until("grey text") { shown() == listOf("1") }
        type(" ")
        until("newer grey text") { shown() == listOf("2") }
        press(IdeActions.ACTION_EDITOR_TAB)
        assertTrue(myFixture.editor.document.text, myFixture.editor.document.text.startsWith("x= 2"))
    }

    fun testKilledEngineIsStartedAgainWithoutTheUsersDoing() {
        val home = EngineHome()
        connectTo(home)
        open("x<caret>\n")
        type("=")
        until("grey text") { shown().isNotEmpty() }
        home.kill()
        type(" ")
        until("grey text of the new engine") { shown().isNotEmpty() }
        assertEquals(emptyList<EngineFailure>(), told)
    }

    fun testEngineThatDoesNotStartIsToldOnceForManyKeys() {
        connectTo(EngineHome(listOf("/bin/false")))
        open("<caret>\n")
        type("abc")
        until("the note") { synchronized(told) { told.isNotEmpty() } }
        type("defgh")
        assertEquals(listOf(EngineNotStarted::class.java), synchronized(told) { told.map { it.javaClass } })
        assertEquals(Availability.ABSENT, EngineService.get().state.availability)
        assertEquals("abcdefgh\n", myFixture.editor.document.text)
    }

    fun testSettingsPageNamesTheEngine() {
        connectTo(EngineHome())
        var sentence = ""
        EngineService.get().describe { sentence = it }
        until("an answer") { sentence.isNotEmpty() }
        assertTrue(sentence, Regex("""Limpet \d+\.\d+\S* (answers|已应答).*""").matches(sentence))
    }
}
