/** One channel to one run of the engine, opened by a version handshake. */
package dev.limpet.engine.client.link

import dev.limpet.engine.client.Patience
import dev.limpet.engine.client.discovery.Endpoint
import dev.limpet.engine.client.discovery.OLDEST_PROTOCOL_REVISION
import dev.limpet.engine.client.discovery.PROTOCOL_REVISION
import dev.limpet.engine.client.failure.ClientTooOld
import dev.limpet.engine.client.failure.DeadlinePassed
import dev.limpet.engine.client.failure.EngineFailure
import dev.limpet.engine.client.failure.EngineHangs
import dev.limpet.engine.client.failure.EngineTooOld
import dev.limpet.engine.client.failure.failureOf
import dev.limpet.engine.v1.EngineServiceGrpc
import dev.limpet.engine.v1.HandshakeRequest
import dev.limpet.engine.v1.HandshakeResponse
import io.grpc.CallOptions
import io.grpc.Channel
import io.grpc.ClientInterceptors
import io.grpc.ManagedChannel
import io.grpc.Metadata
import io.grpc.StatusRuntimeException
import io.grpc.stub.ClientCalls
import io.grpc.stub.MetadataUtils
import java.util.concurrent.TimeUnit

/** Who calls, as the engine shows it in its status and logs. */
data class Caller(
    val name: String,
    val version: String = "",
)

/** The engine's side of the version handshake; [runId] differs at every start. */
data class Handshake(
    val engineVersion: String,
    val protocolRevision: Int,
    val oldestProtocolRevision: Int,
    val pid: Long,
    val runId: String,
)

/** An open channel; [channel] sends the token with every call. */
class Link private constructor(
    val endpoint: Endpoint,
    private val managed: ManagedChannel,
    val channel: Channel,
    val handshake: Handshake,
    private val caller: Caller,
    private val patience: Patience,
) {
    /** Tells whether the engine still answers at all; false means that it hangs. Waits. */
    fun answers(): Boolean =
        try {
            shakeHands(channel, endpoint, caller, patience)
            true
        } catch (_: EngineHangs) {
            false
        } catch (_: EngineFailure) {
            // It is gone or refuses us: a running stream ends by itself and says so better.
            true
        }

    /** Lets a channel that lost its engine try again at once. */
    fun resetBackoff() = managed.resetConnectBackoff()

    /** Lets running calls finish and takes no new ones. */
    fun retire() {
        managed.shutdown()
    }

    /** Ends the channel; running calls are cancelled. */
    fun close() {
        managed.shutdownNow()
    }

    companion object {
        /**
         * Connects and exchanges versions; waits. Throws EngineUnreachable, EngineHangs, NotAllowed,
         * EngineTooOld, ClientTooOld.
         */
        fun open(
            channels: Channels,
            endpoint: Endpoint,
            caller: Caller,
            patience: Patience,
        ): Link {
            if (endpoint.protocolRevision < OLDEST_PROTOCOL_REVISION) throw engineTooOld(endpoint.engineVersion)
            val managed = channels.open(endpoint)
            try {
                val channel = ClientInterceptors.intercept(managed, MetadataUtils.newAttachHeadersInterceptor(headers(endpoint, caller)))
                val handshake = shakeHands(channel, endpoint, caller, patience)
                check(handshake, caller)
                return Link(endpoint, managed, channel, handshake, caller, patience)
            } catch (error: Throwable) {
                managed.shutdownNow()
                throw error
            }
        }

        private fun headers(
            endpoint: Endpoint,
            caller: Caller,
        ): Metadata =
            Metadata().apply {
                put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer ${endpoint.token}")
                put(Metadata.Key.of("limpet-client", Metadata.ASCII_STRING_MARSHALLER), caller.name.filter { it in ' '..'~' })
            }

        private fun shakeHands(
            channel: Channel,
            endpoint: Endpoint,
            caller: Caller,
            patience: Patience,
        ): Handshake {
            val request =
                HandshakeRequest
                    .newBuilder()
                    .setClientName(caller.name)
                    .setClientVersion(caller.version)
                    .setProtocolRevision(PROTOCOL_REVISION)
                    .build()
            val options = CallOptions.DEFAULT.withDeadlineAfter(patience.handshakeMillis, TimeUnit.MILLISECONDS)
            try {
                return handshakeOf(ClientCalls.blockingUnaryCall(channel, EngineServiceGrpc.getHandshakeMethod(), options, request))
            } catch (error: StatusRuntimeException) {
                val failure = failureOf(error)
                if (failure is DeadlinePassed) throw EngineHangs("Process ${endpoint.pid}.", error)
                throw failure
            }
        }

        private fun handshakeOf(response: HandshakeResponse) =
            Handshake(
                response.engineVersion,
                response.protocolRevision,
                response.oldestProtocolRevision,
                response.pid.toLong(),
                response.runId,
            )

        private fun check(
            handshake: Handshake,
            caller: Caller,
        ) {
            if (handshake.protocolRevision < OLDEST_PROTOCOL_REVISION) throw engineTooOld(handshake.engineVersion)
            if (handshake.oldestProtocolRevision > PROTOCOL_REVISION) {
                throw ClientTooOld("${caller.version} / ${handshake.engineVersion}")
            }
        }

        private fun engineTooOld(version: String) = EngineTooOld("$version")
    }
}
