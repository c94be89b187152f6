/** Reads which names of the IDE's API compiled classes refer to, and looks them up in jars. */
package dev.limpet.jetbrains.zip

import org.objectweb.asm.ClassReader
import org.objectweb.asm.ClassVisitor
import org.objectweb.asm.FieldVisitor
import org.objectweb.asm.MethodVisitor
import org.objectweb.asm.Opcodes
import java.nio.file.Path
import java.util.zip.ZipFile

/** A class, or with [member] a method or field of it, as the class file writes them. */
data class ApiReference(
    val owner: String,
    val member: String = "",
)

/** The references of one class into `com/intellij`. */
fun apiReferencesOf(classFile: ByteArray): Set<ApiReference> {
    val found = mutableSetOf<ApiReference>()
    val body =
        object : MethodVisitor(Opcodes.ASM9) {
            override fun visitMethodInsn(
                opcode: Int,
                owner: String,
                name: String,
                descriptor: String,
                isInterface: Boolean,
            ) {
                found += ApiReference(owner, name + descriptor)
            }

            override fun visitFieldInsn(
                opcode: Int,
                owner: String,
                name: String,
                descriptor: String,
            ) {
                found += ApiReference(owner, "$name:$descriptor")
            }

            override fun visitTypeInsn(
                opcode: Int,
                type: String,
            ) {
                found += ApiReference(type)
            }
        }
    val reader =
        object : ClassVisitor(Opcodes.ASM9) {
            override fun visit(
                version: Int,
                access: Int,
                name: String,
                signature: String?,
                superName: String?,
                interfaces: Array<String>,
            ) {
                (interfaces.toList() + listOfNotNull(superName)).forEach { found += ApiReference(it) }
            }

            override fun visitMethod(
                access: Int,
                name: String,
                descriptor: String,
                signature: String?,
                exceptions: Array<String>?,
            ): MethodVisitor = body
        }
    ClassReader(classFile).accept(reader, 0)
    return found.filter { it.owner.startsWith("com/intellij/") }.toSet()
}

/** The classes of jars, by which references are resolved. */
class Api(
    jars: List<Path>,
) {
    private class Known(
        val members: Set<String>,
        val parents: List<String>,
    )

    private val bytes = mutableMapOf<String, ByteArray>()
    private val known = mutableMapOf<String, Known>()

    init {
        for (jar in jars) {
            ZipFile(jar.toFile()).use { zip ->
                for (entry in zip.entries()) {
                    if (!entry.name.startsWith("com/intellij/") || !entry.name.endsWith(".class")) continue
                    bytes.putIfAbsent(entry.name.removeSuffix(".class"), zip.getInputStream(entry).readAllBytes())
                }
            }
        }
    }

    /** Whether the class is there and has the member, or inherits it perhaps from outside the jars. */
    fun resolves(reference: ApiReference): Boolean {
        val owner = reference.owner
        if (owner !in bytes) return false
        return reference.member.isEmpty() || has(owner, reference.member)
    }

    private fun has(
        owner: String,
        member: String,
    ): Boolean {
        val known = read(owner) ?: return true
        return member in known.members || known.parents.any { it != "java/lang/Object" && has(it, member) }
    }

    private fun read(owner: String): Known? {
        val classFile = bytes[owner] ?: return null
        return known.getOrPut(owner) {
            val members = mutableSetOf<String>()
            val parents = mutableListOf<String>()
            ClassReader(classFile).accept(Members(members, parents), ClassReader.SKIP_CODE or ClassReader.SKIP_DEBUG)
            Known(members, parents)
        }
    }

    private class Members(
        private val members: MutableSet<String>,
        private val parents: MutableList<String>,
    ) : ClassVisitor(Opcodes.ASM9) {
        override fun visit(
            version: Int,
            access: Int,
            name: String,
            signature: String?,
            superName: String?,
            interfaces: Array<String>,
        ) {
            parents += interfaces.toList() + listOfNotNull(superName)
        }

        override fun visitMethod(
            access: Int,
            name: String,
            descriptor: String,
            signature: String?,
            exceptions: Array<String>?,
        ): MethodVisitor? {
            members += name + descriptor
            return null
        }

        override fun visitField(
            access: Int,
            name: String,
            descriptor: String,
            signature: String?,
            value: Any?,
        ): FieldVisitor? {
            members += "$name:$descriptor"
            return null
        }
    }
}
