/** What the engine offers at a caret, as plain values that know no editor. */
package dev.limpet.jetbrains.greytext

/** One text to insert, and how many characters behind the caret it takes the place of. */
data class Alternative(
    val text: String,
    val replaces: Int = 0,
)

/** How much of a suggestion the user takes with one key. */
enum class Part { ALL, WORD, LINE }

/**
 * The alternatives for a caret at [offset], best first, of which [index] is shown.
 */
data class Offer(
    val offset: Int,
    val alternatives: List<Alternative>,
    val index: Int = 0,
) {
    val shown: Alternative get() = alternatives[index]

    /** The same offer with another alternative shown; steps wrap around. */
    fun cycled(step: Int): Offer = copy(index = Math.floorMod(index + step, alternatives.size))

    /**
     * What is left of the offer after [inserted] appeared at its offset, or null where the text
     * is not the beginning of what is shown. Alternatives that begin otherwise are left out.
     */
    fun typedThrough(inserted: String): Offer? {
        if (!shown.text.startsWith(inserted) || inserted.length == shown.text.length) return null
        val still = alternatives.filter { it.text.startsWith(inserted) && it.text.length > inserted.length }
        return Offer(
            offset + inserted.length,
            still.map { it.copy(text = it.text.substring(inserted.length)) },
            still.indexOf(shown),
        )
    }

    /**
     * The offer after the editor itself put [closing] behind the caret, as it does with brackets
     * and quotes: a suggestion that brings them anyway takes their place. Null where none does.
     */
    fun closedBehind(closing: String): Offer? =
        if (!shown.text.contains(closing)) {
            null
        } else {
            copy(
                alternatives =
                    alternatives.map {
                        if (it.text.contains(closing)) it.copy(replaces = it.replaces + closing.length) else it
                    },
            )
        }

    /** The beginning of the shown text that [part] means; never empty, never half a character. */
    fun beginning(part: Part): String =
        when (part) {
            Part.ALL -> shown.text
            Part.WORD -> WORD.find(shown.text)?.value ?: shown.text
            Part.LINE -> LINE.find(shown.text)?.value ?: shown.text
        }

    private companion object {
        val WORD = Regex("""^\s*(?:[\p{L}\p{N}_]+|[^\p{L}\p{N}_\s]+)""")
        val LINE = Regex("""^\n?[^\n]+""")
    }
}
