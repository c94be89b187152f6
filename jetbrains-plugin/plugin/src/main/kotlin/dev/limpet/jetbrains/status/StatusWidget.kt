/** Limpet's place in the status bar: its state, and what can be done about it. */
package dev.limpet.jetbrains.status

import com.intellij.openapi.actionSystem.ActionUpdateThread
import com.intellij.openapi.actionSystem.AnAction
import com.intellij.openapi.actionSystem.AnActionEvent
import com.intellij.openapi.actionSystem.DefaultActionGroup
import com.intellij.openapi.application.ApplicationManager
import com.intellij.openapi.fileEditor.FileEditorManager
import com.intellij.openapi.options.ShowSettingsUtil
import com.intellij.openapi.project.DumbAware
import com.intellij.openapi.project.Project
import com.intellij.openapi.ui.popup.JBPopupFactory
import com.intellij.openapi.wm.StatusBar
import com.intellij.openapi.wm.StatusBarWidget
import com.intellij.openapi.wm.StatusBarWidgetFactory
import com.intellij.ide.DataManager
import com.intellij.ui.awt.RelativePoint
import com.intellij.util.Consumer
import dev.limpet.jetbrains.engine.Availability
import dev.limpet.jetbrains.engine.EngineService
import dev.limpet.jetbrains.greytext.languageOf
import dev.limpet.jetbrains.settings.LimpetConfigurable
import dev.limpet.jetbrains.settings.LimpetSettings
import dev.limpet.jetbrains.wording.Messages
import java.awt.Component
import java.awt.event.MouseEvent
import java.time.Duration

private const val WIDGET = "dev.limpet.status"

class StatusWidgetFactory : StatusBarWidgetFactory {
    override fun getId() = WIDGET

    override fun getDisplayName() = "Limpet"

    override fun isAvailable(project: Project) = true

    override fun createWidget(project: Project): StatusBarWidget = StatusWidget(project)

    override fun disposeWidget(widget: StatusBarWidget) = widget.dispose()

    override fun canBeEnabledOn(statusBar: StatusBar) = true
}

class StatusWidget(
    private val project: Project,
) : StatusBarWidget,
    StatusBarWidget.TextPresentation {
    private var bar: StatusBar? = null
    private val stopListening =
        EngineService.get().state.listen {
            ApplicationManager.getApplication().invokeLater({ bar?.updateWidget(WIDGET) }) { project.isDisposed }
        }

    override fun ID() = WIDGET

    override fun install(statusBar: StatusBar) {
        bar = statusBar
    }

    override fun dispose() {
        stopListening()
        bar = null
    }

    override fun getPresentation(): StatusBarWidget.WidgetPresentation = this

    override fun getAlignment() = Component.CENTER_ALIGNMENT

    override fun getText(): String = Messages.text("status.tooltip", stateInWords())

    override fun getTooltipText(): String {
        val state = EngineService.get().state
        val failure = state.failure ?: return "%.0f tokens/s".format(state.tokensPerSecond)
        return failure.sentence(Messages.locale())
    }

    override fun getClickConsumer() =
        Consumer<MouseEvent> { click ->
            val context = DataManager.getInstance().getDataContext(click.component)
            val method = JBPopupFactory.ActionSelectionAid.SPEEDSEARCH
            JBPopupFactory
                .getInstance()
                .createActionGroupPopup("Limpet", DefaultActionGroup(choices()), context, method, true)
                .show(RelativePoint(click))
        }

    /** What a click offers, by its words. */
    fun choices(): List<AnAction> {
        val settings = LimpetSettings.get()
        val pause = Choice(Messages.text("status.pause")) { settings.pause(Duration.ofHours(1)) }
        val resume = Choice(Messages.text("status.resume")) { settings.resume() }
        val page = Choice(Messages.text("status.settings")) {
            ShowSettingsUtil.getInstance().showSettingsDialog(project, LimpetConfigurable::class.java)
        }
        return listOfNotNull(if (settings.isPaused) resume else pause, languageChoice(settings), page)
    }

    private fun languageChoice(settings: LimpetSettings): AnAction? {
        val language = FileEditorManager.getInstance(project).selectedTextEditor?.let(::languageOf)
        if (language.isNullOrEmpty()) return null
        val isOn = language !in settings.state.languagesOff
        val words = Messages.text(if (isOn) "status.languageOff" else "status.languageOn", language)
        return Choice(words) { settings.switchLanguage(language, !isOn) }
    }

    private fun stateInWords(): String =
        Messages.text(
            when {
                LimpetSettings.get().isPaused -> "status.paused"
                else -> STATE_WORDS.getValue(EngineService.get().state.availability)
            },
        )

    private inner class Choice(
        words: String,
        private val act: () -> Unit,
    ) : AnAction(words),
        DumbAware {
        override fun getActionUpdateThread() = ActionUpdateThread.EDT

        override fun actionPerformed(event: AnActionEvent) {
            act()
            bar?.updateWidget(WIDGET)
        }
    }

    private companion object {
        val STATE_WORDS =
            mapOf(
                Availability.STARTING to "status.starting",
                Availability.READY to "status.ready",
                Availability.WORKING to "status.working",
                Availability.ABSENT to "status.absent",
            )
    }
}
