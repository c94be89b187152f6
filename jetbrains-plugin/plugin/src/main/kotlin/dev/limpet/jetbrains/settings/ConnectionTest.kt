/** The button that asks the engine who it is. */
package dev.limpet.jetbrains.settings

import dev.limpet.jetbrains.engine.EngineService
import dev.limpet.jetbrains.wording.Messages
import java.awt.FlowLayout
import javax.swing.JButton
import javax.swing.JComponent
import javax.swing.JLabel
import javax.swing.JPanel

class ConnectionTest {
    private val answer = JLabel()
    private val button = JButton(Messages.text("settings.test"))
    val component: JComponent =
        JPanel(FlowLayout(FlowLayout.LEADING)).apply {
            add(button)
            add(answer)
        }

    init {
        // A label takes text that begins with <html> as such, and fetches what it names.
        answer.putClientProperty("html.disable", true)
        button.addActionListener {
            button.isEnabled = false
            answer.text = Messages.text("settings.test.running")
            EngineService.get().describe { sentence ->
                answer.text = sentence
                button.isEnabled = true
            }
        }
    }
}
