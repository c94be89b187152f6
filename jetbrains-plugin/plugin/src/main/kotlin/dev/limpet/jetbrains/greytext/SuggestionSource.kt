/** Where suggestions come from, as an editor sees it. */
package dev.limpet.jetbrains.greytext

/** A file as the editor has it when a session begins; lines end with `\n`. */
data class SourceText(
    val path: String,
    val text: String,
    val projectFolder: String,
)

/** Opens sessions; one is an engine, others are made up by tests. */
fun interface SuggestionSource {
    /** Called on the event thread: must return at once, whatever state the engine is in. */
    fun open(source: SourceText): SuggestionSession
}

/**
 * Suggestions for one editor. All methods are called on the event thread and return at once;
 * offsets count UTF-16 units.
 */
interface SuggestionSession : AutoCloseable {
    /** The text from [start] to [end] became [text]. */
    fun changed(
        start: Int,
        end: Int,
        text: String,
    )

    /** The caret moved without a change. */
    fun moved(caret: Int)

    /** Asks for suggestions; a newer call ends an older one. [answer] may come on any thread. */
    fun suggest(
        caret: Int,
        manual: Boolean,
        answer: (List<Alternative>) -> Unit,
    )

    /** Nothing is wanted any longer. */
    fun cancel()

    /** [text] of the last suggestions was taken. */
    fun accepted(text: String)

    /** The file was saved. */
    fun saved()
}
