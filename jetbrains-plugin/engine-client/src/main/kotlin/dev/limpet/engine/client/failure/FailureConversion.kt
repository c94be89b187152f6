/** Turns a failed call into an EngineFailure, with the details that the engine sent along. */
package dev.limpet.engine.client.failure

import com.google.protobuf.InvalidProtocolBufferException
import com.google.rpc.ErrorInfo
import com.google.rpc.RetryInfo
import dev.limpet.engine.v1.Advice
import io.grpc.Metadata
import io.grpc.Status
import io.grpc.Status.Code
import io.grpc.StatusException
import io.grpc.StatusRuntimeException
import io.grpc.protobuf.StatusProto
import io.netty.handler.codec.http2.Http2Exception
import java.io.IOException
import javax.net.ssl.SSLException
import dev.limpet.engine.v1.PromptOverflow as OverflowDetails

private const val DOMAIN = "limpet"

private typealias Maker = (Told, Throwable?) -> EngineFailure

private val invalid: Maker = { told, cause -> InvalidRequest(told.message, told.reason, told.advice, cause) }
private val notFound: Maker = { told, cause -> NotFound(told.message, told.reason, told.advice, cause) }
private val model: Maker = { told, cause -> ModelUnavailable(told.message, told.reason, told.advice, cause) }
private val work: Maker = { told, cause -> WorkFailed(told.message, told.reason, told.advice, cause) }
private val busy: Maker = { told, cause -> Busy(told.message, told.reason, told.advice, told.retryAfterMillis, cause) }
private val interrupted: Maker = { told, cause -> AnswerInterrupted(told.message, told.reason, told.advice, cause) }
private val deadline: Maker = { told, cause -> DeadlinePassed(told.message, told.reason, told.advice, cause) }
private val cancelled: Maker = { _, cause -> Cancelled(cause) }
private val internal: Maker = { told, cause -> InternalFailure(told.message, told.reason, told.advice, cause) }

/** The engine's reasons, where the status code alone does not tell the kind. */
private val makersByReason: Map<String, Maker> =
    buildMap {
        listOf("INVALID_INPUT", "UNREADABLE_TEXT", "POSITION_OUTSIDE_TEXT", "PROMPT_TOO_LONG", "CONSENT_NEEDED")
            .forEach { put(it, invalid) }
        listOf("MODEL_NOT_FOUND", "CONVERSATION_NOT_FOUND").forEach { put(it, notFound) }
        listOf("MODEL_UNAVAILABLE", "MODEL_NOT_INSTALLED", "MODEL_FILE_INVALID", "MODEL_ALTERED", "MODEL_LOAD_FAILED", "TEMPLATE_FAILED")
            .forEach { put(it, model) }
        listOf(
            "STORE_FAILURE",
            "DOWNLOAD_FAILED",
            "NETWORK_UNAVAILABLE",
            "DISK_FULL",
            "STORE_READ_ONLY",
            "STORE_BUSY",
            "LICENCE_NOT_ACCEPTED",
            "CONVERSATION_STORE_FAILURE",
            "CONVERSATIONS_BUSY",
            "CONVERSATIONS_READ_ONLY",
            "CONVERSATIONS_DAMAGED",
            "CONVERSATIONS_FULL",
            "TOOL_FAILED",
            "SANDBOX_UNAVAILABLE",
        ).forEach { put(it, work) }
        listOf("DOWNLOAD_CANCELLED", "GENERATION_CANCELLED").forEach { put(it, cancelled) }
        put("ENGINE_BUSY", busy)
        put("WORKER_DIED", interrupted)
        put("DEADLINE_PASSED", deadline)
    }

private val makersByCode: Map<Code, Maker> =
    mapOf(
        Code.INVALID_ARGUMENT to invalid,
        Code.OUT_OF_RANGE to invalid,
        Code.NOT_FOUND to notFound,
        Code.FAILED_PRECONDITION to model,
        Code.RESOURCE_EXHAUSTED to busy,
        Code.ABORTED to interrupted,
        Code.DEADLINE_EXCEEDED to deadline,
        Code.CANCELLED to cancelled,
    )

/** Returns the failure that [error], thrown by a call, stands for. */
fun failureOf(error: Throwable): EngineFailure =
    when (error) {
        is EngineFailure -> error
        is StatusRuntimeException -> failureOf(error.status, error.trailers, error)
        is StatusException -> failureOf(error.status, error.trailers, error)
        else -> InternalFailure(error.toString(), cause = error)
    }

/** Returns the failure that a call's end stands for. */
fun failureOf(
    status: Status,
    trailers: Metadata?,
    cause: Throwable? = status.cause,
): EngineFailure {
    val told = Told.from(status, trailers)
    told.overflow?.let { over ->
        val parts = over.partsList.map { it.name to it.tokens }
        return PromptOverflow(told.message, over.neededTokens, over.availableTokens, parts, told.reason, told.advice, cause)
    }
    if (told.reason.isEmpty()) ownWords(status, cause)?.let { return it }
    val make = makersByReason[told.reason] ?: makersByCode[status.code] ?: internal
    return make(told, cause)
}

/** Returns the failure that the engine names inside a stream that goes on. */
fun failureFor(
    reason: String,
    message: String,
    advice: String,
): EngineFailure = (makersByReason[reason] ?: internal)(Told(message, reason, advice), null)

/** What is said where the status comes from gRPC, whose own words help nobody. */
private fun ownWords(
    status: Status,
    cause: Throwable?,
): EngineFailure? =
    when (status.code) {
        Code.UNAVAILABLE ->
            if (generateSequence(status.cause) { it.cause }.any { it is SSLException }) {
                NotAllowed("The certificate is not the one that the engine wrote down.", cause)
            } else {
                EngineUnreachable("", cause)
            }
        Code.UNAUTHENTICATED, Code.PERMISSION_DENIED -> NotAllowed("", cause)
        Code.UNIMPLEMENTED -> EngineTooOld("", cause)
        Code.DEADLINE_EXCEEDED -> DeadlinePassed("", cause = cause)
        // What answers is no engine: not even HTTP/2.
        Code.INTERNAL, Code.UNKNOWN -> if (isNotHttp2(status)) EngineUnreachable("", cause) else null
        else -> null
    }

/** The google.rpc details of a status. */
private class Told(
    val message: String,
    var reason: String = "",
    var advice: String = "",
    var retryAfterMillis: Long? = null,
    var overflow: OverflowDetails? = null,
) {
    companion object {
        /** What cannot be read is left out, as the status itself still speaks. */
        fun from(
            status: Status,
            trailers: Metadata?,
        ): Told {
            val told = Told(status.description.orEmpty())
            try {
                val details = trailers?.let { StatusProto.fromStatusAndTrailers(status, it) }?.detailsList.orEmpty()
                for (packed in details) {
                    when {
                        packed.`is`(ErrorInfo::class.java) ->
                            packed.unpack(ErrorInfo::class.java).let { if (it.domain == DOMAIN) told.reason = it.reason }
                        packed.`is`(RetryInfo::class.java) ->
                            told.retryAfterMillis =
                                packed.unpack(RetryInfo::class.java).retryDelay.let { it.seconds * 1000 + it.nanos / 1_000_000 }
                        packed.`is`(Advice::class.java) -> told.advice = packed.unpack(Advice::class.java).text
                        packed.`is`(OverflowDetails::class.java) -> told.overflow = packed.unpack(OverflowDetails::class.java)
                    }
                }
            } catch (_: InvalidProtocolBufferException) {
                return Told(told.message)
            }
            return told
        }
    }
}

private fun isNotHttp2(status: Status): Boolean = generateSequence(status.cause) { it.cause }.any { it is IOException || it is Http2Exception }
