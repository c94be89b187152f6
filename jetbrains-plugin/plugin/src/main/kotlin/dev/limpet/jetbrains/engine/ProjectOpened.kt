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
        val application = ApplicationManager.getApplication()
        application.invokeLater({ SuggestionService.get().watchPopups(project) }) { project.isDisposed }
        // A test decides itself which engine it talks to.
        if (application.isUnitTestMode) return
        EngineService.get().state.tell = ::tellUser
        EngineService.get().warmUp()
    }
}
