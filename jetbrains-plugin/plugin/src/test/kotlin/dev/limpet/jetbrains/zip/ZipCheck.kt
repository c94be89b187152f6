/** The zip that users install: what is in it, what it refers to, and that it works by itself. */
package dev.limpet.jetbrains.zip

import dev.limpet.jetbrains.engine.EngineHome
import org.junit.AfterClass
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.BeforeClass
import org.junit.Test
import java.lang.reflect.Proxy
import java.net.URLClassLoader
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import java.util.zip.ZipFile

class ZipCheck {
    @Test
    fun `it is small and has what it needs, and nothing that the IDE has`() {
        assertTrue("${Files.size(ZIP)} bytes", Files.size(ZIP) <= LARGEST_BYTES)
        val names = jars.map { it.fileName.toString() }
        for (needed in listOf("limpet-jetbrains-plugin", "limpet-engine-client", "grpc-netty", "protobuf-java")) {
            assertTrue(needed, names.any { it.startsWith("$needed-") })
        }
        val forbidden = listOf("kotlin-", "kotlinx-", "annotations-", "intellij-platform", "jsr305", "junit")
        assertEquals(emptyList<String>(), names.filter { name -> forbidden.any(name::startsWith) })
    }

    @Test
    fun `every class that the descriptor names is inside`() {
        val plugin = jars.first { it.fileName.toString().startsWith("limpet-jetbrains-plugin-") }
        ZipFile(plugin.toFile()).use { jar ->
            val descriptor = jar.getInputStream(jar.getEntry("META-INF/plugin.xml")).reader().readText()
            assertTrue(descriptor.contains("""<idea-version since-build="243"/>"""))
            val named = Regex(""""(dev\.limpet\.jetbrains\.\w+\.[A-Z]\w+)"""").findAll(descriptor).map { it.groupValues[1] }.toList()
            assertTrue("$named", named.size > 10)
            assertEquals(emptyList<String>(), named.filter { jar.getEntry("${it.replace('.', '/')}.class") == null })
        }
    }

    @Test
    fun `every name of the IDE's that it uses is in the platform`() {
        val api = Api(platform())
        val plugin = jars.first { it.fileName.toString().startsWith("limpet-jetbrains-plugin-") }
        val references =
            ZipFile(plugin.toFile()).use { jar ->
                jar
                    .entries()
                    .asSequence()
                    .filter { it.name.endsWith(".class") }
                    .flatMap { apiReferencesOf(jar.getInputStream(it).readAllBytes()) }
                    .toSet()
            }
        assertTrue("${references.size}", references.size > 100)
        assertEquals(emptyList<ApiReference>(), references.filterNot(api::resolves))
        assertEquals(emptyList<ApiReference>(), references.filter { it.owner in REMOVED_SINCE })
    }

    @Test
    fun `its own class loader completes code with the platform and Kotlin beside it`() {
        val beside = URLClassLoader(platform().map { it.toUri().toURL() }.toTypedArray(), ClassLoader.getPlatformClassLoader())
        val own = ZipFirst(jars, beside)
        EngineHome().use { home ->
            val answer = CompletableFuture<String>()
            val connection = connect(own, home)
            val fileType = own.loadClass("$CLIENT.completion.EditedFile")
            val file = fileType.constructors.first { it.parameterCount == 4 }.newInstance("/a.py", "x = ", "", "")
            val session = connection.javaClass.getMethod("completionSession", fileType).invoke(connection, file)
            val listenerType = own.loadClass("$CLIENT.completion.SuggestionListener")
            val listener =
                Proxy.newProxyInstance(own, arrayOf(listenerType)) { _, method, values ->
                    if (method.name == "suggested") answer.complete("${values[0]}")
                    if (method.name == "failed") answer.completeExceptionally(values[0] as Throwable)
                    null
                }
            val suggest = session.javaClass.getMethod("suggest", Int::class.java, Boolean::class.java, listenerType)
            suggest.invoke(session, 4, true, listener)
            val suggested = answer.get(60, TimeUnit.SECONDS)
            assertTrue(suggested, suggested.contains("Suggestion(text=1"))
            connection.javaClass.getMethod("close").invoke(connection)
        }
        own.close()
        beside.close()
    }

    private fun connect(
        loader: ClassLoader,
        home: EngineHome,
    ): Any {
        val caller = loader.loadClass("$CLIENT.link.Caller").getConstructor(String::class.java, String::class.java)
        val surroundings = loader.loadClass("$CLIENT.discovery.Surroundings").getConstructor(Map::class.java, List::class.java)
        val patience = loader.loadClass("$CLIENT.Patience").getConstructor().newInstance()
        val type = loader.loadClass("$CLIENT.EngineConnection")
        val values =
            arrayOf(
                caller.newInstance("zip", "1"),
                surroundings.newInstance(home.surroundings.variables, home.surroundings.engineCommand),
                true,
                patience,
            )
        return type.constructors.first { it.parameterCount == values.size }.newInstance(*values)
    }

    /** As the IDE's plugin class loader: the plugin's own classes before those of the platform. */
    private class ZipFirst(
        jars: List<Path>,
        private val platform: ClassLoader,
    ) : URLClassLoader(jars.map { it.toUri().toURL() }.toTypedArray(), null) {
        override fun findClass(name: String): Class<*> =
            try {
                super.findClass(name)
            } catch (_: ClassNotFoundException) {
                platform.loadClass(name)
            }
    }

    companion object {
        private const val CLIENT = "dev.limpet.engine.client"
        private const val LARGEST_BYTES = 11 * 1024 * 1024
        private val ZIP: Path = Path.of(System.getProperty("limpet.zip"))

        /** In the platform of 2018, and gone or inlined in the IDEs of today. */
        private val REMOVED_SINCE =
            listOf("openapi/components/ServiceManager", "openapi/components/ProjectComponent", "ui/content/ContentFactory\$SERVICE")
                .map { "com/intellij/$it" }
        private lateinit var folder: Path
        private lateinit var jars: List<Path>

        @BeforeClass
        @JvmStatic
        fun unpack() {
            folder = Files.createTempDirectory("limpet-zip-")
            ZipFile(ZIP.toFile()).use { zip ->
                jars =
                    zip.entries().asSequence().filter { it.name.endsWith(".jar") }.map { entry ->
                        assertTrue(entry.name, Regex("""limpet/lib/[^/]+\.jar""").matches(entry.name))
                        val jar = folder.resolve(entry.name.substringAfterLast('/'))
                        zip.getInputStream(entry).use { Files.copy(it, jar) }
                        jar
                    }.toList()
            }
        }

        @AfterClass
        @JvmStatic
        fun remove() {
            folder.toFile().deleteRecursively()
            assertNull(folder.toFile().list())
        }

        private fun platform(): List<Path> =
            System.getProperty("java.class.path").split(java.io.File.pathSeparator).map { Path.of(it) }.filter { jar ->
                val name = "$jar"
                "limpet/test-platform" in name || jar.fileName.toString().startsWith("kotlin-stdlib-")
            }
    }
}
