/** The notes that tell a user of the engine's failures: one for each kind, never one for each key. */
package dev.limpet.jetbrains.engine

import com.intellij.notification.Notification
import com.intellij.notification.NotificationAction
import com.intellij.notification.NotificationType
import com.intellij.notification.Notifications
import com.intellij.openapi.application.ApplicationManager
import com.intellij.openapi.ide.CopyPasteManager
import com.intellij.openapi.options.ShowSettingsUtil
import com.intellij.xml.util.XmlStringUtil
import dev.limpet.engine.client.failure.EngineFailure
import dev.limpet.engine.client.failure.EngineNotInstalled
import dev.limpet.jetbrains.settings.LimpetConfigurable
import dev.limpet.jetbrains.settings.LimpetSettings
import dev.limpet.jetbrains.wording.Messages
import java.awt.datatransfer.StringSelection

const val INSTALL_COMMAND = "pipx install limpet"

/** Shows [failure]; a missing engine is told once in the life of the settings. */
fun tellUser(failure: EngineFailure) = ApplicationManager.getApplication().invokeLater { Notifications.Bus.notify(noteOf(failure) ?: return@invokeLater) }

private fun noteOf(failure: EngineFailure): Notification? {
    if (failure !is EngineNotInstalled) {
        val locale = Messages.locale()
        val text = "${failure.sentence(locale)} ${failure.advice(locale)}".trim()
        // A note is HTML, and the words may come from elsewhere: none of it is markup.
        return note("engine.failed.title", XmlStringUtil.escapeString(text), NotificationType.WARNING)
    }
    val choices = LimpetSettings.get().state
    if (choices.missingEngineWasTold) return null
    choices.missingEngineWasTold = true
    return note("engine.missing.title", Messages.text("engine.missing", INSTALL_COMMAND), NotificationType.INFORMATION)
        .addAction(
            NotificationAction.createSimple(Messages.text("engine.missing.copy")) {
                CopyPasteManager.getInstance().setContents(StringSelection(INSTALL_COMMAND))
            },
        ).addAction(
            NotificationAction.createSimple(Messages.text("engine.missing.settings")) {
                ShowSettingsUtil.getInstance().showSettingsDialog(null, LimpetConfigurable::class.java)
            },
        )
}

private fun note(
    titleKey: String,
    content: String,
    type: NotificationType,
) = Notification("Limpet", Messages.text(titleKey), content, type)
