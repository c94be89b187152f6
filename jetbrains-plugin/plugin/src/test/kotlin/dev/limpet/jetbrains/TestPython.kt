/** Stands in for the Python plugin: the same language and file type, with nothing but text inside. */
package dev.limpet.jetbrains

import com.intellij.extapi.psi.PsiFileBase
import com.intellij.lang.ASTFactory
import com.intellij.lang.ASTNode
import com.intellij.lang.Language
import com.intellij.lang.ParserDefinition
import com.intellij.lang.PsiParser
import com.intellij.lexer.EmptyLexer
import com.intellij.lexer.Lexer
import com.intellij.openapi.fileTypes.FileType
import com.intellij.openapi.fileTypes.FileTypeConsumer
import com.intellij.openapi.fileTypes.FileTypeFactory
import com.intellij.openapi.fileTypes.LanguageFileType
import com.intellij.openapi.project.Project
import com.intellij.psi.FileViewProvider
import com.intellij.psi.PsiElement
import com.intellij.psi.PsiFile
import com.intellij.psi.tree.IElementType
import com.intellij.psi.tree.IFileElementType
import com.intellij.psi.tree.TokenSet
import javax.swing.Icon

object TestPythonLanguage : Language("Python")

object TestPythonFileType : LanguageFileType(TestPythonLanguage) {
    override fun getName() = "Python"

    override fun getDescription() = "Python"

    override fun getDefaultExtension() = "py"

    override fun getIcon(): Icon? = null
}

class TestPythonFiles : FileTypeFactory() {
    override fun createFileTypes(consumer: FileTypeConsumer) = consumer.consume(TestPythonFileType, "py")
}

class TestPythonParser : ParserDefinition {
    private val text = IElementType("TEST_PYTHON_TEXT", TestPythonLanguage)
    private val file =
        object : IFileElementType("TEST_PYTHON_FILE", TestPythonLanguage) {
            override fun parseContents(chameleon: ASTNode): ASTNode = ASTFactory.leaf(text, chameleon.chars)
        }

    override fun createLexer(project: Project?): Lexer = EmptyLexer()

    override fun createParser(project: Project?): PsiParser = throw UnsupportedOperationException()

    override fun getFileNodeType() = file

    override fun getCommentTokens(): TokenSet = TokenSet.EMPTY

    override fun getStringLiteralElements(): TokenSet = TokenSet.EMPTY

    override fun createElement(node: ASTNode): PsiElement = throw UnsupportedOperationException()

    override fun createFile(viewProvider: FileViewProvider): PsiFile =
        object : PsiFileBase(viewProvider, TestPythonLanguage) {
            override fun getFileType(): FileType = TestPythonFileType
        }
}
