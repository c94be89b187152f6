/** Both languages say the same things, and hidden characters are seen. */
package dev.limpet.jetbrains.wording

import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.text.MessageFormat
import java.util.Properties

class WordingTest {
    private fun bundle(name: String) =
        Properties().apply { WordingTest::class.java.getResourceAsStream("/messages/$name.properties").use { load(it.reader()) } }

    @Test
    fun `both languages have the same keys and the same blanks`() {
        for (name in listOf("LimpetBundle", "LimpetActions")) {
            val english = bundle(name)
            val chinese = bundle("${name}_zh")
            assertEquals(name, english.stringPropertyNames(), chinese.stringPropertyNames())
            for (key in english.stringPropertyNames()) {
                val blanks = listOf(english, chinese).map { MessageFormat(it.getProperty(key)).formatsByArgumentIndex.size }
                assertEquals(key, blanks[0], blanks[1])
                assertTrue(key, chinese.getProperty(key).isNotBlank())
            }
        }
    }

    @Test
    fun `hidden characters are written out and others left alone`() {
        val cases =
            listOf(
                "a\u202eb" to "a⟨U+202E⟩b",
                "\u200b" to "⟨U+200B⟩",
                "\r" to "⟨U+000D⟩",
                "a\tb\n名字😀" to "a\tb\n名字😀",
            )
        for ((text, shown) in cases) assertEquals(shown, withHiddenCharactersShown(text))
    }
}
