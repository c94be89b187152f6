/** Actions and folder search with the real daemon and the real tasks. */
package dev.limpet.engine.client.services

import com.google.protobuf.ByteString
import dev.limpet.engine.client.EngineHome
import dev.limpet.engine.v1.ListActionsRequest
import dev.limpet.engine.v1.SearchFolderRequest
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.nio.file.Files

@Timeout(120)
class ActionsClientTest {
    @Test
    fun `the engine lists its actions and searches a folder`() =
        EngineHome(script = SCRIPT).use { home ->
            val connection = home.connection()
            val actions = ActionsClient(connection).list(ListActionsRequest.getDefaultInstance()).actionsList
            assertTrue(actions.any { it.name == "explain" && it.titlesMap.getValue("zh").isNotEmpty() }) { "$actions" }
            val folder = Files.createDirectory(home.folder.resolve("project"))
            Files.writeString(folder.resolve("tides.py"), "def height_of_tide(hour):\n    return hour * 2\n")
            val found = FolderSearchClient(connection).search(request("$folder", "height of tide"))
            assertTrue(found.passagesList.any { it.path.endsWith("tides.py") }) { "$found" }
        }

    private fun request(
        folder: String,
        question: String,
    ): SearchFolderRequest =
        SearchFolderRequest
            .newBuilder()
            .setFolder(ByteString.copyFromUtf8(folder))
            .setQuestion(ByteString.copyFromUtf8(question))
            .build()

    private companion object {
        const val SCRIPT = "[[answers]]\ntext = \"unused\"\n"
    }
}
