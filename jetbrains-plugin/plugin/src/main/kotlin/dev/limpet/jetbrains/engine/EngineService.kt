/** The connection to the engine that all windows of the IDE share. */
package dev.limpet.jetbrains.engine

import com.intellij.openapi.Disposable
import com.intellij.openapi.application.ApplicationManager
import com.intellij.openapi.application.ModalityState
import com.intellij.util.concurrency.AppExecutorUtil
import dev.limpet.engine.client.EngineConnection
import dev.limpet.engine.client.discovery.Surroundings
import dev.limpet.engine.client.failure.EngineFailure
import dev.limpet.engine.client.link.Caller
import dev.limpet.engine.client.services.EngineClient
import dev.limpet.engine.v1.GetStatusRequest
import dev.limpet.jetbrains.settings.LimpetSettings
import dev.limpet.jetbrains.wording.Messages
import java.util.concurrent.ExecutorService

/**
 * Work is done in order on one background thread: loading gRPC's classes takes a second or two, which the event
 * thread never waits for. The work given must not wait itself.
 */
class EngineService : Disposable {
    private val inOrder: ExecutorService = AppExecutorUtil.createBoundedApplicationPoolExecutor("Limpet", 1)
    private var connection: EngineConnection? = null

    /** The environment that the engine is looked for in; a test puts a home of its own here. */
    @Volatile var surroundings: () -> Surroundings = { Surroundings(engineCommand = chosenCommand()) }
    val state = EngineState()

    /** Runs [work] with the connection after all that was given before. */
    fun with(work: (EngineConnection) -> Unit) = inOrder.execute { work(connected()) }

    /** Connects in the background, so that the first keystroke need not. */
    fun warmUp() = with { connection -> connection.warmUp { state.heard(it) } }

    /** Ends the connection; the next work makes one by the settings as they are then. */
    fun reconnect() =
        inOrder.execute {
            connection?.close()
            connection = null
        }

    /** Says in a sentence who answers, or why nobody does; [tell] is called on the event thread. */
    fun describe(tell: (String) -> Unit) =
        with { connection ->
            val application = ApplicationManager.getApplication()
            connection.tryAgainNow()
            application.executeOnPooledThread {
                val sentence = sentenceOf(connection)
                application.invokeLater({ tell(sentence) }, ModalityState.any())
            }
        }

    override fun dispose() {
        inOrder.execute { connection?.close() }
        inOrder.shutdown()
    }

    private fun connected(): EngineConnection =
        connection ?: EngineConnection(Caller("jetbrains", VERSION), surroundings()).also { connection = it }

    private fun sentenceOf(connection: EngineConnection): String =
        try {
            val status = EngineClient(connection).status(GetStatusRequest.getDefaultInstance())
            state.heard(null)
            val models = status.loadedModelsList.joinToString(", ") { it.model }
            Messages.text("engine.answers", status.engineVersion, models.ifEmpty { Messages.text("engine.noModel") })
        } catch (failure: EngineFailure) {
            state.heard(failure)
            val locale = Messages.locale()
            "${failure.sentence(locale)} ${failure.advice(locale)}".trim()
        }

    private fun chosenCommand(): List<String> =
        LimpetSettings.get().state.executable.let { if (it.isEmpty()) emptyList() else listOf(it) }

    companion object {
        private const val VERSION = "0.1.0"

        fun get(): EngineService = ApplicationManager.getApplication().getService(EngineService::class.java)
    }
}
