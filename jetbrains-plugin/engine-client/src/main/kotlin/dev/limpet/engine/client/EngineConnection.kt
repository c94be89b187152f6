/** A client's connection to the engine, which outlives the engine's restarts. */
package dev.limpet.engine.client

import dev.limpet.engine.client.completion.CompletionSession
import dev.limpet.engine.client.completion.EditedFile
import dev.limpet.engine.client.discovery.EngineFinder
import dev.limpet.engine.client.discovery.EngineStart
import dev.limpet.engine.client.discovery.Surroundings
import dev.limpet.engine.client.failure.Cancelled
import dev.limpet.engine.client.failure.EngineFailure
import dev.limpet.engine.client.failure.EngineNotRunning
import dev.limpet.engine.client.failure.EngineUnreachable
import dev.limpet.engine.client.failure.NotAllowed
import dev.limpet.engine.client.failure.failureOf
import dev.limpet.engine.client.link.Caller
import dev.limpet.engine.client.link.Channels
import dev.limpet.engine.client.link.EngineStream
import dev.limpet.engine.client.link.Handshake
import dev.limpet.engine.client.link.Link
import dev.limpet.engine.client.link.StreamListener
import io.grpc.CallOptions
import io.grpc.MethodDescriptor
import io.grpc.StatusRuntimeException
import io.grpc.stub.ClientCalls
import java.util.concurrent.Executors
import java.util.concurrent.ScheduledExecutorService
import java.util.concurrent.TimeUnit

/**
 * The one connection of all windows. Nothing happens before the first call. Safe to share by
 * threads; the methods that say "waits" must not be called on an event thread.
 */
class EngineConnection(
    private val caller: Caller,
    private val surroundings: Surroundings = Surroundings(),
    private val startsEngine: Boolean = true,
    internal val patience: Patience = Patience(),
) : AutoCloseable {
    private val channels = Channels()
    private val finder = EngineFinder(surroundings, channels, caller, patience)
    private val timer: ScheduledExecutorService = Executors.newSingleThreadScheduledExecutor { daemon(it, "limpet-engine-timer") }
    private val pool = Executors.newCachedThreadPool { daemon(it, "limpet-engine-work") }
    private val pause = ReconnectPause(patience.firstPauseMillis, patience.longestPauseMillis)
    private val connecting = Any()

    @Volatile private var current: Link? = null

    @Volatile private var isClosed = false

    /** The versions of the engine that is connected now, or null. */
    val handshake: Handshake? get() = current?.handshake

    /** Connects, and starts an engine first where there is none; waits. Throws an EngineFailure. */
    fun connect(): Handshake = link().handshake

    /** Begins to connect, so that the first request need not wait. Returns at once. */
    fun warmUp(then: (EngineFailure?) -> Unit = {}) = inBackground { then(failureIn { link() }) }

    /** Forgets earlier failures, so that the next request tries at once: the user has asked. */
    fun tryAgainNow() {
        pause.reset()
        current?.resetBackoff()
    }

    /**
     * Makes one call; waits. It is made once more if the engine was restarted meanwhile; one that
     * is not [idempotent] only if the token was refused, as it has then not been carried out.
     */
    fun <Q : Any, R : Any> call(
        method: MethodDescriptor<Q, R>,
        request: Q,
        idempotent: Boolean = true,
        deadlineMillis: Long = patience.unaryMillis,
    ): R {
        val link = link()
        try {
            return callOnce(link, method, request, deadlineMillis)
        } catch (failure: NotAllowed) {
            drop(link)
        } catch (failure: EngineUnreachable) {
            drop(link)
            if (!idempotent) throw failure
        }
        return callOnce(link(), method, request, deadlineMillis)
    }

    /** Asks for an answer in steps. Returns at once; cancelling the stream stops the model. */
    fun <Q : Any, R : Any> stream(
        method: MethodDescriptor<Q, R>,
        request: Q,
        listener: StreamListener<R>,
        deadlineMillis: Long = patience.streamMillis,
    ): EngineStream<Q, R> = EngineStream(this, method, request, listener, deadlineMillis, patience.silenceMillis).also { it.start() }

    /** Opens a file for completion. Returns at once, whatever state the engine is in. */
    fun completionSession(file: EditedFile): CompletionSession = CompletionSession(this, file)

    /** Ends everything; running requests are cancelled. */
    override fun close() {
        isClosed = true
        current?.close()
        timer.shutdownNow()
        pool.shutdown()
        channels.close()
    }

    /** The link in use, made anew where it is broken; waits. Throws an EngineFailure. */
    internal fun link(): Link {
        current?.let { return it }
        synchronized(connecting) {
            current?.let { return it }
            if (isClosed) throw Cancelled()
            pause.lastFailure()?.let { throw it }
            try {
                val link = finder.find() ?: started()
                current = link
                pause.reset()
                if (isClosed) link.close()
                return link
            } catch (failure: EngineFailure) {
                pause.failed(failure)
                throw failure
            }
        }
    }

    /** Takes [link] out of use, unless another one is in use already; its calls may finish. */
    internal fun drop(link: Link) {
        synchronized(connecting) {
            if (current === link) current = null
        }
        link.retire()
    }

    /** Runs [work] on a thread of this connection that may wait. */
    internal fun inBackground(work: () -> Unit) {
        if (!isClosed) pool.execute(work)
    }

    /** Runs [work], which must not wait, after a time; the result ends the wait. */
    internal fun later(
        delayMillis: Long,
        work: () -> Unit,
    ): () -> Unit {
        if (isClosed) return {}
        val waiting = timer.schedule(work, delayMillis, TimeUnit.MILLISECONDS)
        return { waiting.cancel(false) }
    }

    private fun started(): Link {
        if (!startsEngine) throw EngineNotRunning()
        return EngineStart(surroundings, patience.startMillis, finder::find).waitForLink()
    }

    private fun <Q : Any, R : Any> callOnce(
        link: Link,
        method: MethodDescriptor<Q, R>,
        request: Q,
        deadlineMillis: Long,
    ): R =
        try {
            val options = CallOptions.DEFAULT.withDeadlineAfter(deadlineMillis, TimeUnit.MILLISECONDS)
            ClientCalls.blockingUnaryCall(link.channel, method, options, request)
        } catch (error: StatusRuntimeException) {
            throw failureOf(error)
        }

    private fun failureIn(work: () -> Unit): EngineFailure? =
        try {
            work()
            null
        } catch (failure: EngineFailure) {
            failure
        }

    private companion object {
        fun daemon(
            work: Runnable,
            name: String,
        ) = Thread(work, name).apply { isDaemon = true }
    }
}
