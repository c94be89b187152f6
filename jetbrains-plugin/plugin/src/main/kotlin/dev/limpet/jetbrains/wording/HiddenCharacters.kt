/** Writes characters out that would change a text without being seen. */
package dev.limpet.jetbrains.wording

/** Replaces direction marks, zero-width and other control characters by their code in brackets. */
fun withHiddenCharactersShown(text: String): String =
    if (text.none(::isHidden)) {
        text
    } else {
        buildString { text.forEach { if (isHidden(it)) append("⟨U+%04X⟩".format(it.code)) else append(it) } }
    }

private fun isHidden(character: Char): Boolean =
    when (character) {
        '\n', '\t' -> false
        else ->
            character.category == CharCategory.CONTROL || character.category == CharCategory.FORMAT
    }
