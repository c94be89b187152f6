/** Command lines are split as Python's shlex splits them: the same lines go to both. */
package dev.limpet.engine.client.discovery

import com.google.gson.JsonParser
import dev.limpet.engine.client.failure.EngineNotStarted
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test

class ShellWordsTest {
    private val lines =
        listOf(
            "engine",
            "  engine   --flag\t",
            "'/a folder/python' -m engine",
            "\"/a folder/python\" -m \"\"",
            "/a\\ folder/python -m ''",
            "a'b c'\"d e\"f",
            "\"say \\\"hi\\\" \\n \\\\\"",
            "'no \\ escape'",
            "a # b",
        )

    @Test
    fun `a command is split as the Python clients split it`() {
        val process = ProcessBuilder("python3", "-c", SPLIT, *lines.toTypedArray()).start()
        val expected = JsonParser.parseReader(process.inputReader()).asJsonArray.map { words -> words.asJsonArray.map { it.asString } }
        assertEquals(expected, lines.map(::shellWords))
    }

    @Test
    fun `an open quote or a last backslash is refused`() {
        for (line in listOf("'a", "a \"b", "a\\", "\"a\\")) assertThrows(EngineNotStarted::class.java, { shellWords(line) }, line)
    }

    private companion object {
        const val SPLIT = "import json, shlex, sys; print(json.dumps([shlex.split(line) for line in sys.argv[1:]]))"
    }
}
