/** What the user chose, kept by the IDE in `limpet.xml`. */
package dev.limpet.jetbrains.settings

import com.intellij.openapi.application.ApplicationManager
import com.intellij.openapi.components.PersistentStateComponent
import com.intellij.openapi.components.State
import com.intellij.openapi.components.Storage
import java.time.Clock
import java.time.Duration
import java.time.Instant

@State(name = "Limpet", storages = [Storage("limpet.xml")])
class LimpetSettings : PersistentStateComponent<LimpetSettings.Choices> {
    /** Names and values are those of the file: renaming one loses what users chose. */
    class Choices {
        /** Whether grey text comes while typing; asking for it by key always works. */
        @JvmField var suggestWhileTyping: Boolean = true

        /** File types in which it does not come, by their name in the IDE. */
        @JvmField var languagesOff: MutableList<String> = mutableListOf()

        /** Whether a file is reviewed when it is saved. */
        @JvmField var reviewOnSave: Boolean = false

        /** `auto`, `en` or `zh`. */
        @JvmField var interfaceLanguage: String = "auto"

        /** The `limpet` program; empty means that it is looked for. */
        @JvmField var executable: String = ""

        /** Whether the note about a missing engine has been shown. */
        @JvmField var missingEngineWasTold: Boolean = false
    }

    private var choices = Choices()

    /** Until when suggestions rest; forgotten when the IDE closes, as nobody wants it the next day. */
    var pausedUntil: Instant = Instant.MIN
        private set
    var clock: Clock = Clock.systemUTC()

    override fun getState(): Choices = choices

    override fun loadState(state: Choices) {
        choices = state
    }

    val isPaused: Boolean get() = clock.instant().isBefore(pausedUntil)

    fun pause(duration: Duration) {
        pausedUntil = clock.instant().plus(duration)
    }

    fun resume() {
        pausedUntil = Instant.MIN
    }

    fun suggestsIn(language: String): Boolean =
        choices.suggestWhileTyping && !isPaused && language !in choices.languagesOff

    fun switchLanguage(
        language: String,
        isOn: Boolean,
    ) {
        choices.languagesOff.remove(language)
        if (!isOn) choices.languagesOff.add(language)
    }

    companion object {
        fun get(): LimpetSettings = ApplicationManager.getApplication().getService(LimpetSettings::class.java)
    }
}
