/** What is known of the engine, and who wants to hear of it. */
package dev.limpet.jetbrains.engine

import dev.limpet.engine.client.failure.EngineFailure
import dev.limpet.engine.client.failure.EngineUnavailable
import dev.limpet.engine.client.failure.ModelUnavailable
import java.util.concurrent.CopyOnWriteArrayList

/** What the status bar can say. */
enum class Availability { STARTING, READY, WORKING, ABSENT }

/** Safe to use from every thread; listeners are called on the thread that changed it. */
class EngineState {
    private val listeners = CopyOnWriteArrayList<() -> Unit>()

    @Volatile var availability = Availability.STARTING
        private set

    @Volatile var tokensPerSecond = 0.0
        private set

    /** What keeps the engine from answering; null where nothing does. */
    @Volatile var failure: EngineFailure? = null
        private set

    /** Called with what is new to the user: the first of several like failures, not each. */
    @Volatile var tell: (EngineFailure) -> Unit = {}

    fun listen(listener: () -> Unit): () -> Unit {
        listeners.add(listener)
        return { listeners.remove(listener) }
    }

    /** A request is on its way. An engine that was gone counts as gone until it answers. */
    fun working() {
        if (failure == null) become(Availability.WORKING, null)
    }

    fun answered(speed: Double) {
        if (speed > 0) tokensPerSecond = speed
        become(Availability.READY, null)
    }

    /** A request ended; null means well. Cancelled and refused requests say nothing of the engine. */
    fun heard(ended: EngineFailure?) {
        val lasts = ended is EngineUnavailable || ended is ModelUnavailable
        if (!lasts) {
            if (ended == null || failure == null) become(Availability.READY, null)
            return
        }
        val isNew = failure?.javaClass != ended?.javaClass
        become(Availability.ABSENT, ended)
        if (isNew && ended != null) tell(ended)
    }

    private fun become(
        next: Availability,
        reason: EngineFailure?,
    ) {
        val changes = availability != next || failure !== reason
        availability = next
        failure = reason
        if (changes) listeners.forEach { it() }
    }
}
