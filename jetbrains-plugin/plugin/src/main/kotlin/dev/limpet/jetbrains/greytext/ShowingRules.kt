/** The rules by which grey text may stand in an editor. */
package dev.limpet.jetbrains.greytext

import com.intellij.codeInsight.lookup.LookupManager
import com.intellij.codeInsight.template.TemplateManager
import com.intellij.openapi.command.undo.UndoManager
import com.intellij.openapi.editor.Editor
import com.intellij.openapi.editor.EditorKind
import com.intellij.openapi.fileEditor.FileDocumentManager
import com.intellij.testFramework.LightVirtualFile
import dev.limpet.jetbrains.settings.LimpetSettings

/** Larger files are left alone: the engine reads no more, and copying them costs the event thread. */
const val LARGEST_FILE_CHARACTERS = 2_000_000

private val EDITING_KINDS = setOf(EditorKind.MAIN_EDITOR, EditorKind.UNTYPED)

/** Whether grey text has any place in this editor: a text file of a project, shown to be edited. */
fun servesEditor(editor: Editor): Boolean {
    if (editor.editorKind !in EDITING_KINDS || editor.isViewer || editor.isOneLineMode) return false
    val file = FileDocumentManager.getInstance().getFile(editor.document) ?: return false
    // Fields of dialogs and consoles edit files that exist in memory only.
    return editor.project != null && file !is LightVirtualFile && !file.fileType.isBinary
}

/**
 * Whether a suggestion may be asked for and shown at the caret now.
 *
 * A popup with the IDE's own completions has the keys to itself: while it is open there is no grey
 * text, so that Tab never means two things. [isManual] passes by what the user switched off, and
 * nothing else.
 */
fun maySuggest(
    editor: Editor,
    isManual: Boolean,
): Boolean {
    val project = editor.project ?: return false
    val isWritable = editor.document.isWritable && !editor.isViewer
    val isPlain = editor.caretModel.caretCount == 1 && !editor.selectionModel.hasSelection()
    val isSmall = editor.document.textLength <= LARGEST_FILE_CHARACTERS
    return isWritable &&
        isPlain &&
        isSmall &&
        LookupManager.getInstance(project).activeLookup == null &&
        TemplateManager.getInstance(project).getActiveTemplate(editor) == null &&
        !UndoManager.getInstance(project).isUndoInProgress &&
        !UndoManager.getInstance(project).isRedoInProgress &&
        (isManual || LimpetSettings.get().suggestsIn(languageOf(editor)))
}

/** The file type's name, by which suggestions are switched off and on. */
fun languageOf(editor: Editor): String =
    FileDocumentManager
        .getInstance()
        .getFile(editor.document)
        ?.fileType
        ?.name
        .orEmpty()
