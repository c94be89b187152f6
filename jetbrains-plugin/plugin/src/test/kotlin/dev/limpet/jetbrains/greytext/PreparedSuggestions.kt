/** A source that answers with what a test prepared, and notes what it is told. */
package dev.limpet.jetbrains.greytext

/** Answers at once, on the thread that asks, until [isSlow]; then by [answerNow]. */
class PreparedSuggestions : SuggestionSource {
    var alternatives: List<Alternative> = emptyList()
    var isSlow = false
    val events = mutableListOf<String>()
    val opened = mutableListOf<SourceText>()

    /** The text as the engine would have it after all deltas. */
    val text = StringBuilder()
    private val waiting = mutableListOf<() -> Unit>()

    fun answerNow() {
        val answers = waiting.toList()
        waiting.clear()
        answers.forEach { it() }
    }

    override fun open(source: SourceText): SuggestionSession {
        opened += source
        text.setLength(0)
        text.append(source.text)
        return Session()
    }

    private inner class Session : SuggestionSession {
        override fun changed(
            start: Int,
            end: Int,
            text: String,
        ) {
            this@PreparedSuggestions.text.replace(start, end, text)
            events += "changed"
        }

        override fun moved(caret: Int) {
            events += "moved $caret"
        }

        override fun suggest(
            caret: Int,
            manual: Boolean,
            answer: (List<Alternative>) -> Unit,
        ) {
            events += if (manual) "asked by key" else "asked"
            val prepared = alternatives
            if (isSlow) waiting += { answer(prepared) } else answer(prepared)
        }

        override fun cancel() {
            events += "cancelled"
        }

        override fun accepted(text: String) {
            events += "accepted $text"
        }

        override fun saved() {
            events += "saved"
        }

        override fun close() {
            events += "closed"
        }
    }
}
