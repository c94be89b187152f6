/** Suggestions from the engine. */
package dev.limpet.jetbrains.engine

import dev.limpet.jetbrains.greytext.Alternative
import dev.limpet.jetbrains.greytext.SourceText
import dev.limpet.jetbrains.greytext.SuggestionSession
import dev.limpet.jetbrains.greytext.SuggestionSource

class EngineSuggestions : SuggestionSource {
    override fun open(source: SourceText): SuggestionSession = NoSession

    private object NoSession : SuggestionSession {
        override fun changed(start: Int, end: Int, text: String) = Unit
        override fun moved(caret: Int) = Unit
        override fun suggest(caret: Int, manual: Boolean, answer: (List<Alternative>) -> Unit) = Unit
        override fun cancel() = Unit
        override fun accepted(text: String) = Unit
        override fun saved() = Unit
        override fun close() = Unit
    }
}
