/** Opens gRPC channels to this machine: Unix sockets and pinned TLS, both by the JDK alone. */
package dev.limpet.engine.client.link

import dev.limpet.engine.client.discovery.Endpoint
import dev.limpet.engine.client.failure.NotAllowed
import io.grpc.ManagedChannel
import io.grpc.netty.GrpcSslContexts
import io.grpc.netty.NettyChannelBuilder
import io.netty.channel.MultiThreadIoEventLoopGroup
import io.netty.channel.nio.NioIoHandler
import io.netty.channel.socket.nio.NioDomainSocketChannel
import io.netty.channel.socket.nio.NioSocketChannel
import io.netty.handler.ssl.SslContextBuilder
import io.netty.handler.ssl.SslProvider
import io.netty.util.concurrent.DefaultThreadFactory
import java.net.InetSocketAddress
import java.net.UnixDomainSocketAddress
import java.security.cert.CertificateException
import java.util.concurrent.TimeUnit
import java.util.logging.Level
import java.util.logging.Logger

/** Channels share one thread for their sockets; [close] ends it. */
class Channels : AutoCloseable {
    private val eventLoops = MultiThreadIoEventLoopGroup(1, DefaultThreadFactory("limpet-engine", true), NioIoHandler.newFactory())

    /** Returns a channel that is not connected yet. Throws NotAllowed for an unsafe [endpoint]. */
    fun open(endpoint: Endpoint): ManagedChannel {
        val builder =
            when {
                endpoint.certificate.isNotEmpty() -> pinned(endpoint)
                endpoint.address.startsWith(UNIX) -> domainSocket(endpoint.address.removePrefix(UNIX))
                else -> throw NotAllowed("The token would travel in the clear.")
            }
        return builder
            .eventLoopGroup(eventLoops)
            .maxInboundMessageSize(LARGEST_MESSAGE)
            // Retries are ours: only we know which requests may be sent twice.
            .disableRetry()
            .build()
    }

    override fun close() {
        eventLoops.shutdownGracefully(0, 2, TimeUnit.SECONDS)
    }

    private fun domainSocket(path: String): NettyChannelBuilder =
        // gRPC's own resolver of "unix:" needs native code, which this address does not.
        NettyChannelBuilder
            .forAddress(UnixDomainSocketAddress.of(path))
            .channelType(NioDomainSocketChannel::class.java, UnixDomainSocketAddress::class.java)
            .overrideAuthority("localhost")
            .usePlaintext()

    private fun pinned(endpoint: Endpoint): NettyChannelBuilder {
        val host = endpoint.address.substringBeforeLast(':')
        val port = endpoint.address.substringAfterLast(':').toIntOrNull()
        if (host != "127.0.0.1" || port == null) throw NotAllowed("The address is not on this computer.")
        val certificate = endpoint.certificate.byteInputStream()
        val context =
            try {
                GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK).trustManager(certificate).build()
            } catch (error: CertificateException) {
                throw NotAllowed("The certificate cannot be read.", error)
            } catch (error: IllegalArgumentException) {
                throw NotAllowed("The certificate cannot be read.", error)
            }
        return NettyChannelBuilder
            .forAddress(InetSocketAddress(host, port))
            .channelType(NioSocketChannel::class.java, InetSocketAddress::class.java)
            .sslContext(context)
            // A proxy that the environment or the IDE names has no business on this machine.
            .proxyDetector { null }
    }

    private companion object {
        const val UNIX = "unix:"
        const val LARGEST_MESSAGE = 16 shl 20

        /** Held here, since loggers are collected: netty warns at each connect of SO_KEEPALIVE. */
        val bootstrapLogger: Logger = Logger.getLogger("io.netty.bootstrap.Bootstrap").apply { level = Level.SEVERE }
    }

    init {
        bootstrapLogger.level = Level.SEVERE
    }
}
