/** What answers at the socket and is no engine, or not one for this client. */
package dev.limpet.engine.client

import com.google.gson.JsonObject
import dev.limpet.engine.client.failure.ClientTooOld
import dev.limpet.engine.client.failure.EngineHangs
import dev.limpet.engine.client.failure.EngineNotRunning
import dev.limpet.engine.client.failure.EngineTooOld
import dev.limpet.engine.client.failure.NotAllowed
import dev.limpet.engine.v1.EngineServiceGrpc
import dev.limpet.engine.v1.HandshakeRequest
import dev.limpet.engine.v1.HandshakeResponse
import io.grpc.netty.NettyServerBuilder
import io.grpc.stub.StreamObserver
import io.netty.channel.MultiThreadIoEventLoopGroup
import io.netty.channel.nio.NioIoHandler
import io.netty.channel.socket.nio.NioServerDomainSocketChannel
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.net.StandardProtocolFamily
import java.net.UnixDomainSocketAddress
import java.nio.ByteBuffer
import java.nio.channels.AsynchronousCloseException
import java.nio.channels.ServerSocketChannel
import java.nio.file.Files
import java.nio.file.attribute.PosixFilePermissions
import kotlin.concurrent.thread

@Timeout(60)
class StandInTest {
    private val impatient = Patience(handshakeMillis = 1_000)

    @Test
    fun `an engine that is too new asks for a newer client`(): Unit = answeredBy(7, 6) { assertThrows(ClientTooOld::class.java) { it.connect() } }

    @Test
    fun `an engine that is too old is said to be`(): Unit = answeredBy(0, 0) { assertThrows(EngineTooOld::class.java) { it.connect() } }

    @Test
    fun `a socket that says nothing is an engine that hangs`(): Unit =
        spokenBy(ByteArray(0)) { assertThrows(EngineHangs::class.java) { it.connect() } }

    @Test
    fun `garbage on the socket is no engine`(): Unit =
        spokenBy("HTTP/1.1 400 Bad Request\r\n\r\n".toByteArray()) { assertThrows(EngineNotRunning::class.java) { it.connect() } }

    @Test
    fun `a stale socket is no engine`(): Unit =
        EngineHome().use { home ->
            endpoint(home, "unix:${home.runtime}/engine.sock")
            assertThrows(EngineNotRunning::class.java) { home.connection(startsEngine = false).connect() }
            forget(home)
        }

    @Test
    fun `a token is never sent in the clear`(): Unit =
        EngineHome().use { home ->
            endpoint(home, "127.0.0.1:9")
            assertThrows(NotAllowed::class.java) { home.connection(startsEngine = false).connect() }
            forget(home)
        }

    private fun answeredBy(
        revision: Int,
        oldest: Int,
        test: (EngineConnection) -> Any?,
    ): Unit = EngineHome().use { home ->
        endpoint(home, "unix:${home.runtime}/engine.sock")
        val loops = MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory())
        val server =
            NettyServerBuilder
                .forAddress(UnixDomainSocketAddress.of("${home.runtime}/engine.sock"))
                .channelType(NioServerDomainSocketChannel::class.java)
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                .addService(Versions(revision, oldest))
                .build()
                .start()
        try {
            test(home.connection(startsEngine = false, patience = impatient.copy(handshakeMillis = 10_000)))
        } finally {
            server.shutdownNow().awaitTermination()
            loops.shutdownGracefully()
            forget(home)
        }
    }

    private fun spokenBy(
        words: ByteArray,
        test: (EngineConnection) -> Any?,
    ): Unit = EngineHome().use { home ->
        endpoint(home, "unix:${home.runtime}/engine.sock")
        val server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of("${home.runtime}/engine.sock"))
        val speaking =
            thread {
                try {
                    while (true) server.accept().apply { if (words.isNotEmpty()) use { it.write(ByteBuffer.wrap(words)) } }
                } catch (_: AsynchronousCloseException) {
                    // The test is over.
                }
            }
        try {
            test(home.connection(startsEngine = false, patience = impatient))
        } finally {
            server.close()
            speaking.join()
            forget(home)
        }
    }

    /** This process passes for the engine. */
    private fun endpoint(
        home: EngineHome,
        address: String,
    ) {
        Files.createDirectories(home.runtime, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
        val written =
            JsonObject().apply {
                addProperty("address", address)
                addProperty("token", "secret")
                addProperty("pid", ProcessHandle.current().pid())
                addProperty("run_id", "run")
                addProperty("engine_version", "9.9.9")
            }
        val path = Files.writeString(home.runtime.resolve("endpoint.json"), "$written")
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"))
    }

    /** Before the home is closed, which ends the process that the endpoint names. */
    private fun forget(home: EngineHome) = Files.delete(home.runtime.resolve("endpoint.json"))

    private class Versions(
        private val revision: Int,
        private val oldest: Int,
    ) : EngineServiceGrpc.EngineServiceImplBase() {
        override fun handshake(
            request: HandshakeRequest,
            observer: StreamObserver<HandshakeResponse>,
        ) {
            observer.onNext(HandshakeResponse.newBuilder().setProtocolRevision(revision).setOldestProtocolRevision(oldest).build())
            observer.onCompleted()
        }
    }
}
