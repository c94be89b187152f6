/** The connection to the engine that all windows of the IDE share. */
package dev.limpet.jetbrains.engine

import com.intellij.openapi.Disposable
import com.intellij.openapi.application.ApplicationManager
import com.intellij.openapi.application.ModalityState

class EngineService : Disposable {
    /** Says in a sentence who answers, or why nobody does; [tell] is called on the event thread. */
    fun describe(tell: (String) -> Unit) {
        val application = ApplicationManager.getApplication()
        application.executeOnPooledThread {
            application.invokeLater({ tell("…") }, ModalityState.any())
        }
    }

    override fun dispose() = Unit

    companion object {
        fun get(): EngineService = ApplicationManager.getApplication().getService(EngineService::class.java)
    }
}
