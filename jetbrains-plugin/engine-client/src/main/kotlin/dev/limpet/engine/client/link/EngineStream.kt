/** An answer that comes in steps: cancellable, watched, and begun anew where nothing was lost. */
package dev.limpet.engine.client.link

import dev.limpet.engine.client.EngineConnection
import dev.limpet.engine.client.failure.Cancelled
import dev.limpet.engine.client.failure.EngineFailure
import dev.limpet.engine.client.failure.EngineGone
import dev.limpet.engine.client.failure.EngineHangs
import dev.limpet.engine.client.failure.EngineUnreachable
import dev.limpet.engine.client.failure.NotAllowed
import dev.limpet.engine.client.failure.failureOf
import io.grpc.CallOptions
import io.grpc.ClientCall
import io.grpc.Metadata
import io.grpc.MethodDescriptor
import io.grpc.Status
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean

/** One running request; [cancel] stops the model. */
class EngineStream<Q : Any, R : Any> internal constructor(
    private val connection: EngineConnection,
    private val method: MethodDescriptor<Q, R>,
    private val request: Q,
    private val listener: StreamListener<R>,
    private val deadlineMillis: Long,
    private val silenceMillis: Long,
) {
    private val isOver = AtomicBoolean()

    @Volatile private var call: ClientCall<Q, R>? = null

    @Volatile private var isCancelled = false

    @Volatile private var lastStepAt = System.nanoTime()

    @Volatile private var hung: EngineHangs? = null
    private var received = 0
    private var startedOver = false

    /** Ends the request. Safe from any thread and at any time. */
    fun cancel() {
        isCancelled = true
        call?.cancel("cancelled by the user", null)
    }

    internal fun start() =
        connection.inBackground {
            try {
                begin(connection.link())
            } catch (failure: EngineFailure) {
                end(failure)
            }
        }

    private fun begin(link: Link) {
        val options = CallOptions.DEFAULT.withDeadlineAfter(deadlineMillis, TimeUnit.MILLISECONDS)
        val begun = link.channel.newCall(method, options)
        lastStepAt = System.nanoTime()
        begun.start(Steps(link), Metadata())
        call = begun
        begun.request(1)
        begun.sendMessage(request)
        begun.halfClose()
        // By another thread, which may have seen only the time before the call.
        if (isCancelled) begun.cancel("cancelled by the user", null)
        watch(link)
    }

    private fun end(failure: EngineFailure?) {
        if (isOver.compareAndSet(false, true)) listener.ended(failure)
    }

    /** Gives the call up if nothing has come for long and the engine hangs. */
    private fun watch(link: Link) {
        connection.later(silenceMillis) {
            if (isOver.get()) return@later
            if (System.nanoTime() - lastStepAt < TimeUnit.MILLISECONDS.toNanos(silenceMillis)) return@later watch(link)
            connection.inBackground {
                if (link.answers()) {
                    watch(link)
                } else {
                    hung = EngineHangs("Process ${link.endpoint.pid}.")
                    call?.cancel("the engine hangs", null)
                }
            }
        }
    }

    private inner class Steps(
        private val link: Link,
    ) : ClientCall.Listener<R>() {
        override fun onMessage(message: R) {
            received++
            lastStepAt = System.nanoTime()
            if (!isCancelled) listener.step(message)
            call?.request(1)
        }

        override fun onClose(
            status: Status,
            trailers: Metadata,
        ) {
            if (status.isOk) return end(null)
            val failure = meaningOf(status, trailers)
            val isBroken = failure is EngineGone || failure is EngineUnreachable || failure is NotAllowed
            if (isBroken) connection.drop(link)
            if (!isBroken || received > 0 || startedOver) return end(failure)
            // The engine ended or was restarted while this connection lay idle.
            startedOver = true
            start()
        }
    }

    private fun meaningOf(
        status: Status,
        trailers: Metadata,
    ): EngineFailure {
        hung?.let { return it }
        if (isCancelled) return Cancelled()
        val failure = failureOf(status, trailers)
        // Not by us: gRPC says so of a call whose server was taken down.
        val wasCut = failure is Cancelled || (failure is EngineUnreachable && received > 0)
        return if (wasCut) EngineGone(failure) else failure
    }
}
