/** Splits a command line as a POSIX shell would, and as the Python clients do. */
package dev.limpet.engine.client.discovery

import dev.limpet.engine.client.failure.EngineNotStarted

private const val BLANKS = " \t\r\n"
private const val ESCAPE = '\\'

/** The words of [line]; quotes and backslashes keep blanks. Throws EngineNotStarted if a quote stays open. */
internal fun shellWords(line: String): List<String> {
    val words = mutableListOf<String>()
    var word: StringBuilder? = null
    var quote: Char? = null
    var at = 0
    while (at < line.length) {
        val char = line[at++]
        val isEscape = char == ESCAPE && (quote == null || (quote == '"' && line.getOrNull(at)?.let { it in "\"\\" } == true))
        when {
            isEscape -> {
                if (at == line.length) throw EngineNotStarted(line)
                word = (word ?: StringBuilder()).append(line[at++])
            }
            char == quote -> quote = null
            quote == null && (char == '"' || char == '\'') -> {
                quote = char
                word = word ?: StringBuilder()
            }
            quote == null && char in BLANKS -> {
                word?.let { words += "$it" }
                word = null
            }
            else -> word = (word ?: StringBuilder()).append(char)
        }
    }
    if (quote != null) throw EngineNotStarted(line)
    word?.let { words += "$it" }
    return words
}
