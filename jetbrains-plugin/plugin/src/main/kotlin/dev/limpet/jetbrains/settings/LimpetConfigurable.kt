/** The settings page, under Tools. */
package dev.limpet.jetbrains.settings

import com.intellij.openapi.options.Configurable
import com.intellij.openapi.ui.ComboBox
import dev.limpet.jetbrains.engine.EngineService
import dev.limpet.jetbrains.greytext.SuggestionService
import dev.limpet.jetbrains.wording.Messages
import java.awt.GridBagConstraints
import java.awt.GridBagLayout
import java.awt.Insets
import javax.swing.JCheckBox
import javax.swing.JComponent
import javax.swing.JLabel
import javax.swing.JPanel
import javax.swing.JTextField

/** What is applied here holds at once, in every open editor. */
class LimpetConfigurable : Configurable {
    val suggestWhileTyping = JCheckBox(Messages.text("settings.suggestWhileTyping"))
    val reviewOnSave = JCheckBox(Messages.text("settings.reviewOnSave"))
    val languagesOff = JTextField(FIELD_COLUMNS)
    val executable = JTextField(FIELD_COLUMNS)
    val interfaceLanguage = ComboBox(arrayOf("auto", "en", "zh"))

    override fun getDisplayName(): String = "Limpet"

    override fun createComponent(): JComponent {
        val page = JPanel(GridBagLayout())
        var row = 0
        listOf(suggestWhileTyping, reviewOnSave).forEach { page.add(it, cell(row++, 0, 2)) }
        listOf(
            "settings.languagesOff" to languagesOff,
            "settings.executable" to executable,
            "settings.interfaceLanguage" to interfaceLanguage,
        ).forEach { (key, field) ->
            val label = JLabel(Messages.text(key)).apply { labelFor = field }
            page.add(label, cell(row, 0, 1))
            field.toolTipText = Messages.text("$key.help")
            page.add(field, cell(row++, 1, 1))
        }
        val bottom = cell(row, 0, 2).apply { weighty = 1.0 }
        page.add(ConnectionTest().component, bottom)
        reset()
        return page
    }

    override fun isModified(): Boolean = entered() != stored()

    override fun apply() {
        val choices = LimpetSettings.get().state
        val mustReconnect = choices.executable != executable.text.trim()
        choices.suggestWhileTyping = suggestWhileTyping.isSelected
        choices.reviewOnSave = reviewOnSave.isSelected
        choices.languagesOff = languageNames().toMutableList()
        choices.executable = executable.text.trim()
        choices.interfaceLanguage = interfaceLanguage.selectedItem as String
        if (mustReconnect) {
            SuggestionService.get().resetAll()
            EngineService.get().reconnect()
        }
    }

    override fun reset() {
        val choices = LimpetSettings.get().state
        suggestWhileTyping.isSelected = choices.suggestWhileTyping
        reviewOnSave.isSelected = choices.reviewOnSave
        languagesOff.text = choices.languagesOff.joinToString(", ")
        executable.text = choices.executable
        interfaceLanguage.selectedItem = choices.interfaceLanguage
    }

    private fun languageNames() = languagesOff.text.split(',').map(String::trim).filter(String::isNotEmpty)

    private fun entered() =
        listOf(
            suggestWhileTyping.isSelected,
            reviewOnSave.isSelected,
            languageNames(),
            executable.text.trim(),
            interfaceLanguage.selectedItem,
        )

    private fun stored() =
        LimpetSettings.get().state.run {
            listOf(suggestWhileTyping, reviewOnSave, languagesOff, executable, interfaceLanguage)
        }

    private fun cell(
        row: Int,
        column: Int,
        width: Int,
    ) = GridBagConstraints().apply {
        gridx = column
        gridy = row
        gridwidth = width
        weightx = if (column + width == 2) 1.0 else 0.0
        anchor = GridBagConstraints.NORTHWEST
        insets = Insets(4, 4, 4, 4)
    }

    private companion object {
        const val FIELD_COLUMNS = 40
    }
}
