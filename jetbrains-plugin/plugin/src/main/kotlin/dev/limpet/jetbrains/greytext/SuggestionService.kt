/** Gives every editor of a project's file its suggestions, and takes them when it closes. */
package dev.limpet.jetbrains.greytext

import com.intellij.codeInsight.lookup.Lookup
import com.intellij.codeInsight.lookup.LookupManagerListener
import com.intellij.openapi.Disposable
import com.intellij.openapi.application.ApplicationManager
import com.intellij.openapi.editor.Document
import com.intellij.openapi.editor.Editor
import com.intellij.openapi.editor.EditorFactory
import com.intellij.openapi.editor.event.EditorFactoryEvent
import com.intellij.openapi.editor.event.EditorFactoryListener
import com.intellij.openapi.fileEditor.FileDocumentManagerListener
import com.intellij.openapi.project.Project
import com.intellij.openapi.util.Disposer
import dev.limpet.jetbrains.engine.EngineService
import dev.limpet.jetbrains.engine.EngineSuggestions

/** One for the IDE. */
class SuggestionService : Disposable {
    /** Where suggestions come from; tests put their own here before they open an editor. */
    var source: SuggestionSource = EngineSuggestions(EngineService.get())

    init {
        val editors = EditorFactory.getInstance()
        editors.addEditorFactoryListener(EditorsComeAndGo(), this)
        editors.allEditors.forEach(::attach)
    }

    /** Hides the grey text of [project] when the IDE's own completion opens its popup. */
    fun watchPopups(project: Project) {
        project.messageBus.connect(project).subscribe(
            LookupManagerListener.TOPIC,
            object : LookupManagerListener {
                override fun activeLookupChanged(
                    oldLookup: Lookup?,
                    newLookup: Lookup?,
                ) {
                    newLookup?.editor?.let(EditorSuggestions::of)?.dismiss()
                }
            },
        )
    }

    /** Begins anew in all editors, after settings changed. */
    fun resetAll() {
        EditorFactory.getInstance().allEditors.forEach { EditorSuggestions.of(it)?.reset() }
    }

    override fun dispose() {
        EditorFactory.getInstance().allEditors.forEach(::detach)
    }

    private fun attach(editor: Editor) {
        if (servesEditor(editor) && EditorSuggestions.of(editor) == null) EditorSuggestions(editor, source)
    }

    private fun detach(editor: Editor) {
        EditorSuggestions.of(editor)?.let { Disposer.dispose(it) }
    }

    private inner class EditorsComeAndGo : EditorFactoryListener {
        override fun editorCreated(event: EditorFactoryEvent) = attach(event.editor)

        override fun editorReleased(event: EditorFactoryEvent) = detach(event.editor)
    }

    companion object {
        fun get(): SuggestionService = ApplicationManager.getApplication().getService(SuggestionService::class.java)
    }
}

/** Tells the engine of files that are saved. */
class SavedFiles : FileDocumentManagerListener {
    override fun beforeDocumentSaving(document: Document) =
        EditorFactory.getInstance().getEditors(document).forEach { EditorSuggestions.of(it)?.saved() }
}
