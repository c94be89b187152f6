/** The actions of grey text that have keys of their own. */
package dev.limpet.jetbrains.greytext

import com.intellij.openapi.actionSystem.ActionPromoter
import com.intellij.openapi.actionSystem.ActionUpdateThread
import com.intellij.openapi.actionSystem.AnAction
import com.intellij.openapi.actionSystem.AnActionEvent
import com.intellij.openapi.actionSystem.CommonDataKeys
import com.intellij.openapi.actionSystem.DataContext
import com.intellij.openapi.project.DumbAware

/** An action on an editor's suggestions; switched off, its keys belong to the IDE. */
abstract class SuggestionAction :
    AnAction(),
    DumbAware {
    override fun getActionUpdateThread() = ActionUpdateThread.EDT

    override fun update(event: AnActionEvent) {
        event.presentation.isEnabled = suggestionsOf(event)?.let(::isWanted) ?: false
    }

    override fun actionPerformed(event: AnActionEvent) {
        suggestionsOf(event)?.let(::act)
    }

    protected abstract fun isWanted(suggestions: EditorSuggestions): Boolean

    protected abstract fun act(suggestions: EditorSuggestions)

    private fun suggestionsOf(event: AnActionEvent) = event.getData(CommonDataKeys.EDITOR)?.let(EditorSuggestions::of)
}

class AcceptLineAction : SuggestionAction() {
    override fun isWanted(suggestions: EditorSuggestions) = suggestions.offer != null

    override fun act(suggestions: EditorSuggestions) = suggestions.accept(Part.LINE)
}

class NextSuggestionAction : SuggestionAction() {
    override fun isWanted(suggestions: EditorSuggestions) = suggestions.offer != null

    override fun act(suggestions: EditorSuggestions) = suggestions.cycle(1)
}

class PreviousSuggestionAction : SuggestionAction() {
    override fun isWanted(suggestions: EditorSuggestions) = suggestions.offer != null

    override fun act(suggestions: EditorSuggestions) = suggestions.cycle(-1)
}

class SuggestNowAction : SuggestionAction() {
    override fun isWanted(suggestions: EditorSuggestions) = true

    override fun act(suggestions: EditorSuggestions) {
        suggestions.ask(isManual = true)
    }
}

/** Puts the actions of grey text first where the IDE has others on the same keys. */
class SuggestionActionsFirst : ActionPromoter {
    override fun promote(
        actions: List<AnAction>,
        context: DataContext,
    ): List<AnAction> = actions.filterIsInstance<SuggestionAction>()
}
