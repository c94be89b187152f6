/** The sentences that users read, in the language they chose. */
package dev.limpet.jetbrains.wording

import dev.limpet.jetbrains.settings.LimpetSettings
import java.text.MessageFormat
import java.util.Locale
import java.util.ResourceBundle

object Messages {
    private const val BUNDLE = "messages.LimpetBundle"

    /** The text under [key] with [values] filled in; a missing key is a defect and fails. */
    fun text(
        key: String,
        vararg values: Any,
    ): String {
        val pattern = ResourceBundle.getBundle(BUNDLE, locale(), javaClass.classLoader, NO_FALLBACK).getString(key)
        return if (values.isEmpty()) pattern else MessageFormat(pattern, locale()).format(values)
    }

    fun locale(): Locale =
        when (LimpetSettings.get().state.interfaceLanguage) {
            "en" -> Locale.ENGLISH
            "zh" -> Locale.CHINESE
            else -> Locale.getDefault()
        }

    /** Without it, English users on a Chinese system would read Chinese. */
    private val NO_FALLBACK = ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES)
}
