/** What can go wrong for a client: one sealed tree, in which each failure has words for the user. */
package dev.limpet.engine.client.failure

import java.text.MessageFormat
import java.util.Locale
import java.util.ResourceBundle

/**
 * Something went wrong. [message] is English, for logs; [sentence] and [advice] are for the user.
 * [details] are the engine's own words about this one case, [engineAdvice] what it recommends,
 * [reason] its machine-readable word.
 */
sealed class EngineFailure(
    /** The key of the sentence in the bundle. */
    private val key: String,
    val details: String,
    val reason: String = "",
    private val engineAdvice: String = "",
    cause: Throwable? = null,
) : RuntimeException("$key: $details", cause) {
    /** One sentence that says what happened; the engine's own words follow where it has some. */
    fun sentence(locale: Locale = Locale.getDefault()): String {
        val general = text("$key.sentence", locale)
        return if (details.isEmpty()) general else MessageFormat(text("with.details", locale), locale).format(arrayOf(general, details))
    }

    /** What the user can do about it; may be empty. */
    fun advice(locale: Locale = Locale.getDefault()): String {
        val own = text("$key.advice", locale)
        return own.ifEmpty { engineAdvice }
    }

    private fun text(
        key: String,
        locale: Locale,
    ): String = ResourceBundle.getBundle(BUNDLE, locale, EngineFailure::class.java.classLoader, NO_FALLBACK).getString(key)

    private companion object {
        const val BUNDLE = "dev.limpet.engine.client.failure.Failures"

        /** Without it, English users on a Chinese system would read Chinese. */
        val NO_FALLBACK: ResourceBundle.Control =
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES)
    }
}

/** No engine answers. */
sealed class EngineUnavailable(
    key: String,
    details: String,
    cause: Throwable? = null,
    engineAdvice: String = "",
) : EngineFailure(key, details, cause = cause, engineAdvice = engineAdvice)

/** No program of the engine's was found on this machine. */
class EngineNotInstalled : EngineUnavailable("not.installed", "")

/** There is no engine and it did not start; [logLines] are its last words. */
class EngineNotStarted(
    details: String,
    val logLines: List<String> = emptyList(),
    engineAdvice: String = "",
) : EngineUnavailable("not.started", details, engineAdvice = engineAdvice)

/** There is no engine, and starting one was not asked for. */
class EngineNotRunning : EngineUnavailable("not.running", "")

/** An engine should be there, but no connection to it comes about. */
class EngineUnreachable(
    details: String,
    cause: Throwable? = null,
) : EngineUnavailable("unreachable", details, cause)

/** It went away in the middle of an answer. */
class EngineGone(
    cause: Throwable? = null,
) : EngineUnavailable("gone", "", cause)

/** It has a process but does not answer. */
class EngineHangs(
    details: String,
    cause: Throwable? = null,
) : EngineUnavailable("hangs", details, cause)

/** It does not speak this client's protocol, or not this request. */
class EngineTooOld(
    details: String,
    cause: Throwable? = null,
) : EngineUnavailable("engine.old", details, cause)

/** This client does not speak the running engine's protocol. */
class ClientTooOld(
    details: String,
) : EngineUnavailable("client.old", details)

/** The token was refused, the certificate is another one, or a folder is not this user's own. */
class NotAllowed(
    details: String,
    cause: Throwable? = null,
) : EngineUnavailable("not.allowed", details, cause)

/** The request cannot be answered as it was sent. */
class InvalidRequest(
    details: String,
    reason: String,
    advice: String,
    cause: Throwable? = null,
) : EngineFailure("invalid", details, reason, advice, cause)

/** The prompt does not fit; [parts] are (name, tokens), largest first. */
class PromptOverflow(
    details: String,
    val neededTokens: Int,
    val availableTokens: Int,
    val parts: List<Pair<String, Int>>,
    reason: String,
    advice: String,
    cause: Throwable? = null,
) : EngineFailure("overflow", details, reason, advice, cause)

/** No model, conversation or message of that name. */
class NotFound(
    details: String,
    reason: String,
    advice: String,
    cause: Throwable? = null,
) : EngineFailure("not.found", details, reason, advice, cause)

/** The model is known but cannot answer now, or none is installed. */
class ModelUnavailable(
    details: String,
    reason: String,
    advice: String,
    cause: Throwable? = null,
) : EngineFailure("model", details, reason, advice, cause)

/** The model store, the conversations or a tool could not do what was asked; [reason] says which. */
class WorkFailed(
    details: String,
    reason: String,
    advice: String,
    cause: Throwable? = null,
) : EngineFailure("work", details, reason, advice, cause)

/** Too much is waiting already. */
class Busy(
    details: String,
    reason: String,
    advice: String,
    val retryAfterMillis: Long?,
    cause: Throwable? = null,
) : EngineFailure("busy", details, reason, advice, cause)

/** The inference process ended in the middle of an answer. */
class AnswerInterrupted(
    details: String,
    reason: String,
    advice: String,
    cause: Throwable? = null,
) : EngineFailure("interrupted", details, reason, advice, cause)

/** No answer in time. */
class DeadlinePassed(
    details: String,
    reason: String = "",
    advice: String = "",
    cause: Throwable? = null,
) : EngineFailure("deadline", details, reason, advice, cause)

/** The client, or a newer request, ended it. */
class Cancelled(
    cause: Throwable? = null,
) : EngineFailure("cancelled", "", cause = cause)

/** A defect of the engine, or of this client. */
class InternalFailure(
    details: String,
    reason: String = "",
    advice: String = "",
    cause: Throwable? = null,
) : EngineFailure("internal", details, reason, advice, cause)
