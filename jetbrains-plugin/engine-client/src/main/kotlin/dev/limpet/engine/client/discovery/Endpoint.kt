/** The endpoint file: where the running engine listens and the token that opens it. */
package dev.limpet.engine.client.discovery

import com.google.gson.JsonObject
import com.google.gson.JsonParseException
import com.google.gson.JsonParser
import java.io.IOException
import java.nio.file.Files
import java.nio.file.LinkOption.NOFOLLOW_LINKS
import java.nio.file.Path

/** The protocol revision that this client speaks, and the oldest that it still understands. */
const val PROTOCOL_REVISION = 1
const val OLDEST_PROTOCOL_REVISION = 1

/**
 * Where an engine listens: [address] is `unix:PATH`, or `127.0.0.1:PORT` with a [certificate]
 * (PEM) to be pinned. [runId] differs at every start of an engine.
 */
data class Endpoint(
    val address: String,
    val token: String,
    val pid: Long,
    val runId: String,
    val engineVersion: String,
    val protocolRevision: Int,
    val certificate: String,
) {
    /** Without the token, which must not get into a log. */
    override fun toString(): String = "Endpoint($address, pid=$pid, run=$runId)"
}

/** Returns the endpoint that is written down in [folder], or null where none can be trusted. */
fun readEndpoint(folder: Path): Endpoint? {
    val path = folder.resolve("endpoint.json")
    return try {
        if (!Files.isRegularFile(path, NOFOLLOW_LINKS) || !isPrivate(path) || Files.size(path) > LARGEST_FILE) return null
        endpointOf(JsonParser.parseString(Files.readString(path)).asJsonObject)
    } catch (_: IOException) {
        null
    } catch (_: JsonParseException) {
        null
    } catch (_: IllegalStateException) {
        // Gson's word for "no object".
        null
    } catch (_: NumberFormatException) {
        null
    } catch (_: UnsupportedOperationException) {
        null
    }
}

private const val LARGEST_FILE = 1L shl 16

private fun endpointOf(written: JsonObject): Endpoint? {
    fun text(name: String): String? = written.get(name)?.asString
    return Endpoint(
        address = text("address") ?: return null,
        token = text("token") ?: return null,
        pid = written.get("pid")?.asLong ?: return null,
        runId = text("run_id") ?: return null,
        engineVersion = text("engine_version").orEmpty(),
        protocolRevision = written.get("protocol_revision")?.asInt ?: PROTOCOL_REVISION,
        certificate = text("certificate").orEmpty(),
    )
}
