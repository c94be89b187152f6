/** One open file of an editor: changes go to the engine as they happen, suggestions come back. */
package dev.limpet.engine.client.completion

import dev.limpet.engine.client.EngineConnection
import dev.limpet.engine.client.failure.EngineFailure
import dev.limpet.engine.client.failure.InvalidRequest
import dev.limpet.engine.v1.SessionResponse
import dev.limpet.engine.v1.Trigger
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.atomic.AtomicBoolean

/**
 * All methods return at once and may be called on an event thread; call them in the order in which
 * things happen. Offsets count UTF-16 units. A broken connection is made anew and the text sent
 * again, without the caller's doing.
 */
class CompletionSession internal constructor(
    private val connection: EngineConnection,
    private val file: EditedFile,
) : AutoCloseable {
    private val work = LinkedBlockingQueue<() -> Unit>()
    private val isWorking = AtomicBoolean()
    private val text = StringBuilder(file.text)
    private val rhythm = TypingRhythm()
    private var stream: SessionStream? = null
    private var version = 1L
    private var wish = 0L
    private var wanted: Wanted? = null
    private var answered: Suggestions? = null
    private var stopWaiting: () -> Unit = {}

    @Volatile private var isClosed = false

    private class Wanted(
        val id: Long,
        val caret: Int,
        val isManual: Boolean,
        val listener: SuggestionListener,
        val askedAt: Long = System.nanoTime(),
        var isSent: Boolean = false,
        var isAnswered: Boolean = false,
        var triesLeft: Int = 2,
        var lastSignAt: Long = askedAt,
        var isFinished: Boolean = false,
        var watched: SessionStream? = null,
    )

    /** The text from [start] to [end] became [replacement]. */
    fun changed(
        start: Int,
        end: Int,
        replacement: String,
    ) = next {
        rhythm.keyPressed()
        text.replace(start, end, replacement)
        version++
        stream?.change(version, start, end, replacement)
        val known = answered
        answered = if (known != null && start == end && start == known.caret) known.typedThrough(replacement) else null
    }

    /** The caret moved without a change. */
    fun moved(caret: Int) = next { stream?.move(version, caret) }

    /** Asks for suggestions; a newer call ends an older one. A manual one is asked for at once. */
    fun suggest(
        caret: Int,
        isManual: Boolean,
        listener: SuggestionListener,
    ) = next {
        stopWaiting()
        val wanted = Wanted(++wish, caret, isManual, listener).also { this.wanted = it }
        val known = answered
        when {
            !isManual && known != null && known.caret == caret && known.isFinal -> listener.suggested(known)
            isManual -> ask(wanted)
            else -> stopWaiting = connection.later(rhythm.delayMillis()) { next { if (this.wanted === wanted) ask(wanted) } }
        }
    }

    /** Nothing is wanted any longer; the model stops. */
    fun cancel() =
        next {
            stopWaiting()
            wanted?.takeIf { it.isSent }?.let { stream?.cancel(it.id) }
            wanted = null
            answered = null
        }

    /** [taken] of the last suggestions was accepted; the change itself is told by [changed]. */
    fun accepted(taken: String) = next { stream?.accept(wish, taken) }

    /** The file was saved. */
    fun saved() = next { stream?.save() }

    /** Ends the session; whatever the model does for it stops. */
    override fun close() {
        isClosed = true
        next {
            stopWaiting()
            wanted = null
            stream?.close()
            stream = null
        }
    }

    private fun ask(wanted: Wanted) {
        if (text.length > LARGEST_TEXT) {
            return fail(wanted, InvalidRequest("${file.path}: ${text.length}", "TEXT_TOO_LARGE", ""))
        }
        try {
            val open = stream ?: SessionStream(connection, ::received, ::broken).also { stream = open(it) }
            wanted.isSent = true
            open.suggest(wanted.id, version, wanted.caret, if (wanted.isManual) Trigger.TRIGGER_MANUAL else Trigger.TRIGGER_TYPING)
            wanted.lastSignAt = System.nanoTime()
            if (wanted.watched !== open) watch(wanted, open.also { wanted.watched = it })
        } catch (failure: EngineFailure) {
            fail(wanted, failure)
        }
    }

    private fun open(stream: SessionStream): SessionStream = stream.apply { show(file, text.toString(), version) }

    private fun received(
        from: SessionStream,
        response: SessionResponse,
    ) = next {
        if (from !== stream) return@next
        val wanted = wanted
        when (response.eventCase) {
            SessionResponse.EventCase.RESEND_TEXT -> {
                open(from)
                wanted?.takeIf { it.isSent }?.let(::ask)
            }
            SessionResponse.EventCase.SUGGESTIONS ->
                if (wanted != null && response.suggestions.id == wanted.id) show(wanted, suggestionsOf(response.suggestions, wanted.caret))
            SessionResponse.EventCase.SUGGEST_FAILED ->
                if (wanted != null && response.suggestFailed.id == wanted.id) fail(wanted, failureOf(response.suggestFailed))
            else -> Unit
        }
    }

    private fun show(
        wanted: Wanted,
        found: Suggestions,
    ) {
        if (!wanted.isAnswered) rhythm.answered((System.nanoTime() - wanted.askedAt) / 1e6)
        wanted.isAnswered = true
        wanted.isFinished = found.isFinal
        wanted.lastSignAt = System.nanoTime()
        answered = found
        wanted.listener.suggested(found)
    }

    /** Gives the wish up if nothing has come for long and the engine hangs. */
    private fun watch(
        wanted: Wanted,
        asked: SessionStream,
    ) {
        val silenceMillis = connection.patience.silenceMillis
        connection.later(silenceMillis) {
            next {
                if (!isAwaited(wanted, asked)) return@next
                if (System.nanoTime() - wanted.lastSignAt < silenceMillis * NANOS_PER_MILLI) return@next watch(wanted, asked)
                // Not here: edits must not queue up behind an engine that hangs.
                connection.inBackground {
                    val hang = asked.hang()
                    next { if (hang == null) watch(wanted, asked) else leave(wanted, asked, hang) }
                }
            }
        }
    }

    private fun leave(
        wanted: Wanted,
        asked: SessionStream,
        hang: EngineFailure,
    ) {
        if (!isAwaited(wanted, asked)) return
        stream = null
        asked.abandon()
        fail(wanted, hang)
    }

    private fun isAwaited(
        wanted: Wanted,
        asked: SessionStream,
    ): Boolean = this.wanted === wanted && stream === asked && !wanted.isFinished

    private fun broken(
        from: SessionStream,
        failure: EngineFailure,
    ) = next {
        if (from !== stream) return@next
        stream = null
        val wanted = wanted ?: return@next
        if (wanted.triesLeft-- > 0) ask(wanted) else fail(wanted, failure)
    }

    private fun fail(
        wanted: Wanted,
        failure: EngineFailure,
    ) {
        if (this.wanted === wanted) this.wanted = null
        wanted.listener.failed(failure)
    }

    /** Does [step] after those before it, on a thread that may wait. */
    private fun next(step: () -> Unit) {
        work.add(step)
        if (isWorking.compareAndSet(false, true)) connection.inBackground(::workOff)
    }

    private fun workOff() {
        do {
            while (true) work.poll()?.invoke() ?: break
            isWorking.set(false)
        } while (work.isNotEmpty() && isWorking.compareAndSet(false, true))
    }

    private companion object {
        /** A request of 16 MiB is refused; a character takes at most three bytes. */
        const val LARGEST_TEXT = 5_000_000
        const val NANOS_PER_MILLI = 1_000_000L
    }
}
