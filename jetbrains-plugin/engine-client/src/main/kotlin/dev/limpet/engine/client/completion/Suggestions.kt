/** What a completion session gives and takes, as plain values. */
package dev.limpet.engine.client.completion

import dev.limpet.engine.client.failure.EngineFailure

/** A file as the editor has it when a session begins; lines end with `\n`. */
data class EditedFile(
    val path: String,
    val text: String,
    val projectFolder: String = "",
    /** The model's id; empty means the one chosen for completion. */
    val model: String = "",
)

/** Text to insert at the caret; [replaces] UTF-16 units after it are overwritten. */
data class Suggestion(
    val text: String,
    val replaces: Int = 0,
    val confidence: Double = 0.0,
)

/** Suggestions for the latest wish, best first; each replaces the one before. */
data class Suggestions(
    val caret: Int,
    val all: List<Suggestion>,
    val isFinal: Boolean,
    val tokensPerSecond: Double = 0.0,
) {
    /** What is left after [inserted] was typed at [caret]; null where it goes another way. */
    fun typedThrough(inserted: String): Suggestions? {
        val still = all.filter { it.text.startsWith(inserted) && it.text.length > inserted.length }
        if (still.isEmpty()) return null
        return copy(caret = caret + inserted.length, all = still.map { it.copy(text = it.text.substring(inserted.length)) })
    }
}

/** Called by one thread at a time, never by the caller's own; nothing comes for older wishes. */
interface SuggestionListener {
    /** Something can be shown, or, empty and final, nothing will be. */
    fun suggested(suggestions: Suggestions)

    /** The wish could not be answered; the session goes on. */
    fun failed(failure: EngineFailure)
}
