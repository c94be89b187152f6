/** Suggestions from the engine. */
package dev.limpet.jetbrains.engine

import dev.limpet.engine.client.completion.CompletionSession
import dev.limpet.engine.client.completion.EditedFile
import dev.limpet.engine.client.completion.SuggestionListener
import dev.limpet.engine.client.completion.Suggestions
import dev.limpet.engine.client.failure.EngineFailure
import dev.limpet.jetbrains.greytext.Alternative
import dev.limpet.jetbrains.greytext.SourceText
import dev.limpet.jetbrains.greytext.SuggestionSession
import dev.limpet.jetbrains.greytext.SuggestionSource

class EngineSuggestions(
    private val engine: EngineService,
) : SuggestionSource {
    override fun open(source: SourceText): SuggestionSession = Session(source)

    private inner class Session(
        private val source: SourceText,
    ) : SuggestionSession {
        private var session: CompletionSession? = null

        init {
            engine.with { session = it.completionSession(EditedFile(source.path, source.text, source.projectFolder)) }
        }

        override fun changed(
            start: Int,
            end: Int,
            text: String,
        ) = inSession { changed(start, end, text) }

        override fun moved(caret: Int) = inSession { moved(caret) }

        override fun suggest(
            caret: Int,
            manual: Boolean,
            answer: (List<Alternative>) -> Unit,
        ) = inSession {
            engine.state.working()
            suggest(caret, manual, Answers(answer))
        }

        override fun cancel() = inSession { cancel() }

        override fun accepted(text: String) = inSession { accepted(text) }

        override fun saved() = inSession { saved() }

        override fun close() = inSession { close() }

        private fun inSession(work: CompletionSession.() -> Unit) = engine.with { session?.work() }
    }

    private inner class Answers(
        private val answer: (List<Alternative>) -> Unit,
    ) : SuggestionListener {
        override fun suggested(suggestions: Suggestions) {
            if (suggestions.isFinal) engine.state.answered(suggestions.tokensPerSecond)
            answer(suggestions.all.map { Alternative(it.text, it.replaces) })
        }

        override fun failed(failure: EngineFailure) {
            engine.state.heard(failure)
            answer(emptyList())
        }
    }
}
