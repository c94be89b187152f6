/** What is made ready when a project opens, so that the first keystroke need not wait for it. */
package dev.limpet.jetbrains.engine

import com.intellij.openapi.application.ApplicationManager
import com.intellij.openapi.project.DumbAware
import com.intellij.openapi.project.Project
import com.intellij.openapi.startup.StartupActivity
import dev.limpet.jetbrains.greytext.SuggestionService

class ProjectOpened :
    StartupActivity,
    DumbAware {
    override fun runActivity(project: Project) {
        ApplicationManager.getApplication().invokeLater({ SuggestionService.get().watchPopups(project) }) { project.isDisposed }
    }
}
