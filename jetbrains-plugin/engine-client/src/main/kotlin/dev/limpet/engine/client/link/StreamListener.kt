/** What the reader of an answer in steps is told. */
package dev.limpet.engine.client.link

import dev.limpet.engine.client.failure.EngineFailure

/** Called by one thread at a time, never by the caller's own. */
interface StreamListener<in Step> {
    /** The next step. */
    fun step(step: Step)

    /** The end, once and last. [failure] is null where the answer is whole. */
    fun ended(failure: EngineFailure?)
}
