/** The arithmetic of offers, case by case. */
package dev.limpet.jetbrains.greytext

import org.junit.Assert.assertEquals
import org.junit.Test

class OfferTest {
    private fun offer(vararg texts: String) = Offer(10, texts.map { Alternative(it) })

    @Test
    fun `what is typed is no longer offered`() {
        val cases =
            listOf(
                Triple("value", "va", "lue"),
                Triple("value", "", "value"),
                Triple("value", "value", null),
                Triple("value", "w", null),
                Triple("\n  b", "\n", "  b"),
            )
        for ((text, typed, rest) in cases) {
            val left = offer(text).typedThrough(typed)
            assertEquals(text, rest, left?.shown?.text)
            if (left != null) assertEquals(10 + typed.length, left.offset)
        }
    }

    @Test
    fun `the shown alternative stays shown when others fall away`() {
        val left = offer("xa", "ya", "yb").cycled(2).typedThrough("y")
        assertEquals(listOf("a", "b"), left?.alternatives?.map { it.text })
        assertEquals("b", left?.shown?.text)
    }

    @Test
    fun `parts begin the text`() {
        val cases =
            listOf(
                Triple(Part.WORD, "  total + 1", "  total"),
                Triple(Part.WORD, "(a)", "("),
                Triple(Part.WORD, "名字 = 1", "名字"),
                Triple(Part.WORD, "😀x", "😀"),
                Triple(Part.WORD, "\n    b", "\n    b"),
                Triple(Part.WORD, "   ", "   "),
                Triple(Part.LINE, "a\nb", "a"),
                Triple(Part.LINE, "\nb\nc", "\nb"),
                Triple(Part.ALL, "a\nb", "a\nb"),
            )
        for ((part, text, beginning) in cases) assertEquals(text, beginning, offer(text).beginning(part))
    }
}
