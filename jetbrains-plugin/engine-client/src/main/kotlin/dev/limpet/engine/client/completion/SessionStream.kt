/** The stream in both directions under a completion session. */
package dev.limpet.engine.client.completion

import com.google.protobuf.ByteString
import dev.limpet.engine.client.EngineConnection
import dev.limpet.engine.client.failure.Cancelled
import dev.limpet.engine.client.failure.EngineFailure
import dev.limpet.engine.client.failure.EngineGone
import dev.limpet.engine.client.failure.EngineHangs
import dev.limpet.engine.client.failure.EngineUnreachable
import dev.limpet.engine.client.failure.NotAllowed
import dev.limpet.engine.client.failure.failureFor
import dev.limpet.engine.client.failure.failureOf
import dev.limpet.engine.v1.CompletionServiceGrpc
import dev.limpet.engine.v1.OffsetUnit
import dev.limpet.engine.v1.SessionRequest
import dev.limpet.engine.v1.SessionResponse
import dev.limpet.engine.v1.SuggestFailed
import dev.limpet.engine.v1.Trigger
import io.grpc.CallOptions
import io.grpc.ClientCall
import io.grpc.Metadata
import io.grpc.Status
import dev.limpet.engine.v1.Suggestions as FoundSuggestions

/** Opens with the connection's link, which may wait. Sending never waits. Throws an EngineFailure. */
internal class SessionStream(
    private val connection: EngineConnection,
    private val received: (SessionStream, SessionResponse) -> Unit,
    private val broken: (SessionStream, EngineFailure) -> Unit,
) : AutoCloseable {
    private val link = connection.link()
    private val call: ClientCall<SessionRequest, SessionResponse> =
        link.channel.newCall(CompletionServiceGrpc.getSessionMethod(), CallOptions.DEFAULT)

    init {
        call.start(Events(), Metadata())
        call.request(1)
    }

    fun show(
        file: EditedFile,
        text: String,
        version: Long,
    ) = send { request ->
        request.openDocumentBuilder
            .setPath(file.path)
            .setText(ByteString.copyFromUtf8(text))
            .setVersion(version)
            .setOffsetUnit(OffsetUnit.OFFSET_UNIT_UTF16)
            .setProjectFolder(file.projectFolder)
            .setModel(file.model)
    }

    fun change(
        version: Long,
        start: Int,
        end: Int,
        text: String,
    ) = send { request ->
        request.changeDocumentBuilder
            .setBaseVersion(version - 1)
            .setVersion(version)
            .addChangesBuilder()
            .setStart(start.toLong())
            .setEnd(end.toLong())
            .setText(ByteString.copyFromUtf8(text))
    }

    fun suggest(
        wish: Long,
        version: Long,
        caret: Int,
        trigger: Trigger,
    ) = send { it.suggestBuilder.setId(wish).setVersion(version).setCaret(caret.toLong()).setTrigger(trigger) }

    fun cancel(wish: Long) = send { it.cancelSuggestBuilder.setId(wish) }

    fun move(
        version: Long,
        caret: Int,
    ) = send { it.moveCaretBuilder.setVersion(version).setCaret(caret.toLong()) }

    fun accept(
        wish: Long,
        taken: String,
    ) = send { it.acceptSuggestionBuilder.setId(wish).setAcceptedBytes(taken.toByteArray().size.toLong()) }

    fun save() = send { it.saveDocumentBuilder }

    /** Null where the engine still gives a sign of life; waits. */
    fun hang(): EngineHangs? = if (link.answers()) null else EngineHangs("Process ${link.endpoint.pid}.")

    /** Leaves an engine that hangs; the next stream opens with a new link. */
    fun abandon() {
        connection.drop(link)
        call.cancel("the engine hangs", null)
    }

    override fun close() = call.cancel("the editor was closed", null)

    private fun send(fill: (SessionRequest.Builder) -> Unit) = call.sendMessage(SessionRequest.newBuilder().also(fill).build())

    private inner class Events : ClientCall.Listener<SessionResponse>() {
        override fun onMessage(message: SessionResponse) {
            received(this@SessionStream, message)
            call.request(1)
        }

        override fun onClose(
            status: Status,
            trailers: Metadata,
        ) {
            val failure = if (status.isOk) EngineGone() else failureOf(status, trailers)
            if (failure is EngineUnreachable || failure is EngineGone || failure is NotAllowed) connection.drop(link)
            broken(this@SessionStream, if (failure is Cancelled) EngineGone(failure) else failure)
        }
    }
}

/** The engine's suggestions as values. */
internal fun suggestionsOf(
    found: FoundSuggestions,
    caret: Int,
): Suggestions =
    Suggestions(
        caret,
        found.suggestionsList.map { Suggestion(it.text.toStringUtf8(), it.replaces.toInt(), it.confidence) },
        found.isFinal,
        found.figures.tokensPerSecond,
    )

/** The failure of one wish. */
internal fun failureOf(failed: SuggestFailed): EngineFailure = failureFor(failed.reason, failed.message, failed.advice)
