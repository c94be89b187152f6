/** Listeners that keep what they are told, for a test to wait for. */
package dev.limpet.engine.client

import com.google.protobuf.ByteString
import dev.limpet.engine.client.completion.SuggestionListener
import dev.limpet.engine.client.completion.Suggestions
import dev.limpet.engine.client.failure.EngineFailure
import dev.limpet.engine.client.link.StreamListener
import dev.limpet.engine.v1.ChatRequest
import dev.limpet.engine.v1.Role
import dev.limpet.engine.v1.Turn
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

class Steps<R> : StreamListener<R> {
    val steps = LinkedBlockingQueue<R>()
    private val end = CountDownLatch(1)

    @Volatile private var failure: EngineFailure? = null

    override fun step(step: R) {
        steps.add(step)
    }

    override fun ended(failure: EngineFailure?) {
        this.failure = failure
        end.countDown()
    }

    fun next(): R = checkNotNull(steps.poll(DEADLINE_SECONDS, TimeUnit.SECONDS)) { "no step; ended with $failure" }

    /** The failure, or null for a whole answer. */
    fun awaitEnd(): EngineFailure? {
        check(end.await(DEADLINE_SECONDS, TimeUnit.SECONDS)) { "no end" }
        return failure
    }
}

class Wish : SuggestionListener {
    private val outcome = CompletableFuture<Suggestions>()

    override fun suggested(suggestions: Suggestions) {
        if (suggestions.isFinal) outcome.complete(suggestions)
    }

    override fun failed(failure: EngineFailure) {
        outcome.completeExceptionally(failure)
    }

    val isAnswered: Boolean get() = outcome.isDone

    fun texts(): List<String> = outcome.get(DEADLINE_SECONDS, TimeUnit.SECONDS).all.map { it.text }
}

fun question(text: String): ChatRequest =
    ChatRequest
        .newBuilder()
        .addTurns(Turn.newBuilder().setRole(Role.ROLE_USER).setContent(ByteString.copyFromUtf8(text)))
        .build()
