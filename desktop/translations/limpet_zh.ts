<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>chat</name>
    <message>
        <source>Apply to {0}</source>
        <translation>应用到 {0}</translation>
    </message>
    <message>
        <source>Put the code</source>
        <translation>把代码放在</translation>
    </message>
    <message>
        <source>Where the code goes</source>
        <translation>代码的位置</translation>
    </message>
    <message>
        <source>The file now</source>
        <translation>现在的文件</translation>
    </message>
    <message>
        <source>With the code</source>
        <translation>应用之后</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>in place of lines {0}, which it resembles</source>
        <translation>替换相似的第 {0} 行</translation>
    </message>
    <message>
        <source>in place of the attached lines {0}</source>
        <translation>替换附上的第 {0} 行</translation>
    </message>
    <message>
        <source>in place of the whole file</source>
        <translation>替换整个文件</translation>
    </message>
    <message>
        <source>at the file&apos;s end</source>
        <translation>文件末尾</translation>
    </message>
    <message>
        <source>{0} is a folder.</source>
        <translation>{0} 是文件夹。</translation>
    </message>
    <message>
        <source>Type the question first, then attach the folder: only the parts that it is about are taken.</source>
        <translation>请先输入问题，再附加文件夹：只会取用与问题有关的部分。</translation>
    </message>
    <message>
        <source>Nothing in {0} fits the question.</source>
        <translation>{0} 中没有与问题相关的内容。</translation>
    </message>
    <message>
        <source>Use other words, or attach the files that matter.</source>
        <translation>换一种说法，或附加相关的文件。</translation>
    </message>
    <message>
        <source>{0} is too large to be searched whole: {1} files were read.</source>
        <translation>{0} 太大，无法全部搜索：已读取 {1} 个文件。</translation>
    </message>
    <message>
        <source>Attach a smaller folder where something is missing.</source>
        <translation>如果缺少内容，请附加较小的文件夹。</translation>
    </message>
    <message>
        <source>{0} is empty.</source>
        <translation>{0} 是空文件。</translation>
    </message>
    <message>
        <source>{0} and what follows is too much for one question.</source>
        <translation>{0} 及之后的文件对一个问题来说太多了。</translation>
    </message>
    <message>
        <source>Attach fewer files, or only the lines that matter.</source>
        <translation>请少附一些文件，或者只附相关的行。</translation>
    </message>
    <message>
        <source>Attached files</source>
        <translation>附件</translation>
    </message>
    <message>
        <source>Take off {0}</source>
        <translation>移除 {0}</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>{0} conversations were imported.</source>
        <translation>已导入 {0} 个对话。</translation>
    </message>
    <message>
        <source>Applied to {0}.</source>
        <translation>已应用到 {0}。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>{0} is as it was.</source>
        <translation>{0} 已恢复原样。</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>已保存为 {0}</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>附上文件</translation>
    </message>
    <message>
        <source>Attach a folder</source>
        <translation>附加文件夹</translation>
    </message>
    <message>
        <source>The clipboard holds {0} million characters.</source>
        <translation>剪贴板里有 {0} 百万个字符。</translation>
    </message>
    <message>
        <source>That is too much for a question. Attach a part of it as a file.</source>
        <translation>对一个问题来说太多了。请把其中一部分作为文件附上。</translation>
    </message>
    <message>
        <source>The conversation was deleted.</source>
        <translation>对话已删除。</translation>
    </message>
    <message>
        <source>The message was deleted.</source>
        <translation>消息已删除。</translation>
    </message>
    <message>
        <source>{0} messages were deleted.</source>
        <translation>已删除 {0} 条消息。</translation>
    </message>
    <message>
        <source>The conversation was archived.</source>
        <translation>对话已归档。</translation>
    </message>
    <message>
        <source>text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Apply to the attached file…</source>
        <translation>应用到附上的文件…</translation>
    </message>
    <message>
        <source>Open as a file</source>
        <translation>作为文件打开</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Copy the code</source>
        <translation>复制代码</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Save as</source>
        <translation>另存为</translation>
    </message>
    <message>
        <source>Open a link</source>
        <translation>打开链接</translation>
    </message>
    <message>
        <source>The model wrote this link. Open it in the browser?</source>
        <translation>这个链接是模型写的。要在浏览器中打开吗？</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>复制地址</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>You are editing an earlier message; it is kept as well.</source>
        <translation>正在编辑之前的消息；原消息会保留。</translation>
    </message>
    <message>
        <source>Stop editing</source>
        <translation>取消编辑</translation>
    </message>
    <message>
        <source>Attach files… (or drop them here)</source>
        <translation>附上文件…（也可拖放到这里）</translation>
    </message>
    <message>
        <source>Stop the answer (Esc)</source>
        <translation>停止回答 (Esc)</translation>
    </message>
    <message>
        <source>Send (Enter)</source>
        <translation>发送 (Enter)</translation>
    </message>
    <message>
        <source>Ask about code…</source>
        <translation>询问代码问题…</translation>
    </message>
    <message>
        <source>Your question</source>
        <translation>你的问题</translation>
    </message>
    <message>
        <source>Show other shelves</source>
        <translation>显示归档或已删除的对话</translation>
    </message>
    <message>
        <source>Search all conversations</source>
        <translation>搜索所有对话</translation>
    </message>
    <message>
        <source>New conversation (Ctrl+N)</source>
        <translation>新对话 (Ctrl+N)</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Your conversations will be listed here.</source>
        <translation>你的对话会列在这里。</translation>
    </message>
    <message>
        <source>Nothing is archived.</source>
        <translation>没有归档的对话。</translation>
    </message>
    <message>
        <source>Nothing was deleted in the last 30 days.</source>
        <translation>最近 30 天没有删除过对话。</translation>
    </message>
    <message>
        <source>Nothing was found.</source>
        <translation>没有找到。</translation>
    </message>
    <message>
        <source>Bring back</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>取消置顶</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>归档</translation>
    </message>
    <message>
        <source>Take out of the archive</source>
        <translation>取消归档</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Title of the conversation</source>
        <translation>对话标题</translation>
    </message>
    <message>
        <source>Recently deleted</source>
        <translation>最近删除</translation>
    </message>
    <message>
        <source>Limpet is answering</source>
        <translation>Limpet 正在回答</translation>
    </message>
    <message>
        <source>The answer is complete</source>
        <translation>回答完毕</translation>
    </message>
    <message>
        <source>Leave out the oldest turns</source>
        <translation>略去最早的几轮</translation>
    </message>
    <message>
        <source>Ask again</source>
        <translation>重新提问</translation>
    </message>
    <message>
        <source>Find in the messages that are shown</source>
        <translation>在显示的消息中查找</translation>
    </message>
    <message>
        <source>The place before</source>
        <translation>上一处</translation>
    </message>
    <message>
        <source>The next place</source>
        <translation>下一处</translation>
    </message>
    <message>
        <source>Stop finding</source>
        <translation>关闭查找</translation>
    </message>
    <message>
        <source>What are you working on?</source>
        <translation>在写什么代码？</translation>
    </message>
    <message>
        <source>The model runs on this machine. Your code stays here.</source>
        <translation>模型在本机运行，代码不会离开这台电脑。</translation>
    </message>
    <message>
        <source>Explain code</source>
        <translation>解释代码</translation>
    </message>
    <message>
        <source>Explain step by step what this code does:

</source>
        <translation>请逐步解释这段代码：

</translation>
    </message>
    <message>
        <source>Find the mistake</source>
        <translation>查找错误</translation>
    </message>
    <message>
        <source>This does not work as it should. What is wrong?

</source>
        <translation>这段代码不能正常工作，问题在哪里？

</translation>
    </message>
    <message>
        <source>Write a function</source>
        <translation>编写函数</translation>
    </message>
    <message>
        <source>Write a function in Python that </source>
        <translation>请用 Python 写一个函数，</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>The last seven days</source>
        <translation>最近七天</translation>
    </message>
    <message>
        <source>The last thirty days</source>
        <translation>最近三十天</translation>
    </message>
    <message>
        <source>Earlier version</source>
        <translation>上一个版本</translation>
    </message>
    <message>
        <source>Later version</source>
        <translation>下一个版本</translation>
    </message>
    <message>
        <source>Copy the message</source>
        <translation>复制消息</translation>
    </message>
    <message>
        <source>Edit and ask again</source>
        <translation>编辑并重新提问</translation>
    </message>
    <message>
        <source>Write another answer</source>
        <translation>重新回答</translation>
    </message>
    <message>
        <source>Quote</source>
        <translation>引用</translation>
    </message>
    <message>
        <source>Save the message…</source>
        <translation>保存消息…</translation>
    </message>
    <message>
        <source>Delete the message and what follows</source>
        <translation>删除这条消息及之后的内容</translation>
    </message>
    <message>
        <source>You</source>
        <translation>你</translation>
    </message>
    <message>
        <source>Limpet</source>
        <translation>Limpet</translation>
    </message>
    <message>
        <source>Thinking…</source>
        <translation>思考中…</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Show earlier messages</source>
        <translation>显示更早的消息</translation>
    </message>
    <message>
        <source>Jump to the latest</source>
        <translation>跳到最新</translation>
    </message>
    <message>
        <source>{0} tokens</source>
        <translation>{0} 个词元</translation>
    </message>
    <message>
        <source>{0} tokens/s</source>
        <translation>{0} 词元/秒</translation>
    </message>
    <message>
        <source>first after {0} s</source>
        <translation>首个用时 {0} 秒</translation>
    </message>
    <message>
        <source>The answer broke off.</source>
        <translation>回答中断了。</translation>
    </message>
    <message>
        <source>The answer was stopped here.</source>
        <translation>回答在此处停止。</translation>
    </message>
    <message>
        <source>Manage models…</source>
        <translation>管理模型…</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Model: {0}</source>
        <translation>模型：{0}</translation>
    </message>
    <message>
        <source>The model that answers</source>
        <translation>回答所用的模型</translation>
    </message>
    <message>
        <source>Import conversations</source>
        <translation>导入对话</translation>
    </message>
    <message>
        <source>What the question costs</source>
        <translation>问题占用的词元</translation>
    </message>
    <message>
        <source>{0} of {1} tokens</source>
        <translation>{0} / {1} 词元</translation>
    </message>
    <message>
        <source>What the question takes of the context, with {0} for the answer</source>
        <translation>问题占用的上下文，另留 {0} 给回答</translation>
    </message>
    <message>
        <source>{0}  {1} – take off</source>
        <translation>{0}  {1} – 移除</translation>
    </message>
    <message>
        <source>instructions to the model</source>
        <translation>给模型的指示</translation>
    </message>
    <message>
        <source>an earlier message</source>
        <translation>之前的一条消息</translation>
    </message>
    <message>
        <source>a summary of earlier messages</source>
        <translation>之前消息的摘要</translation>
    </message>
    <message>
        <source>what you typed</source>
        <translation>你输入的内容</translation>
    </message>
    <message>
        <source>signs between the turns</source>
        <translation>各轮之间的标记</translation>
    </message>
    <message>
        <source>something else</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>{0} (left out)</source>
        <translation>{0}（已略去）</translation>
    </message>
</context>
<context>
    <name>code</name>
    <message>
        <source>Open a file</source>
        <translation>打开文件</translation>
    </message>
    <message>
        <source>The code was changed here: look for defects again.</source>
        <translation>这里的代码已改动：请重新查找缺陷。</translation>
    </message>
    <message>
        <source>The tests are in {0}.</source>
        <translation>测试在 {0} 中。</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Run this project&apos;s code?</source>
        <translation>要运行这个项目的代码吗？</translation>
    </message>
    <message>
        <source>Writing tests runs code of {0} in a sandbox without network.</source>
        <translation>编写测试时会在没有网络的沙箱中运行 {0} 的代码。</translation>
    </message>
    <message>
        <source>Run it</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>未保存的更改</translation>
    </message>
    <message>
        <source>{0} has changes that are not saved.</source>
        <translation>{0} 有未保存的更改。</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Find defects</source>
        <translation>查找缺陷</translation>
    </message>
    <message>
        <source>Write tests</source>
        <translation>编写测试</translation>
    </message>
    <message>
        <source>Change or explain this</source>
        <translation>修改或解释这段代码</translation>
    </message>
    <message>
        <source>Ask about this</source>
        <translation>就此提问</translation>
    </message>
    <message>
        <source>Open a file to complete it while you type, find defects, test it.</source>
        <translation>打开一个文件：边输入边补全、查找缺陷、编写测试。</translation>
    </message>
    <message>
        <source>Open a file…</source>
        <translation>打开文件…</translation>
    </message>
    <message>
        <source>Looking for defects… {0} so far</source>
        <translation>正在查找缺陷…目前 {0} 个</translation>
    </message>
    <message>
        <source>Defects found: {0}</source>
        <translation>找到 {0} 个缺陷</translation>
    </message>
    <message>
        <source>No defect found.</source>
        <translation>没有发现缺陷。</translation>
    </message>
    <message>
        <source>Line {0}</source>
        <translation>第 {0} 行</translation>
    </message>
    <message>
        <source>Apply the fix</source>
        <translation>应用修复</translation>
    </message>
    <message>
        <source>proved</source>
        <translation>已证实</translation>
    </message>
    <message>
        <source>settled</source>
        <translation>已裁定</translation>
    </message>
    <message>
        <source>conflict</source>
        <translation>有分歧</translation>
    </message>
    <message>
        <source>suspected</source>
        <translation>可疑</translation>
    </message>
    <message>
        <source>documented example</source>
        <translation>文档示例</translation>
    </message>
    <message>
        <source>documented exception</source>
        <translation>文档说明的异常</translation>
    </message>
    <message>
        <source>property</source>
        <translation>性质</translation>
    </message>
    <message>
        <source>confirmed</source>
        <translation>已确认</translation>
    </message>
    <message>
        <source>pins what it does today</source>
        <translation>固定现有行为</translation>
    </message>
    <message>
        <source>{0}: left out, {1}</source>
        <translation>{0}：略去，{1}</translation>
    </message>
    <message>
        <source>{0} calls proposed by the model, {1} found in the code</source>
        <translation>模型提出 {0} 个调用，代码中找到 {1} 个</translation>
    </message>
    <message>
        <source>{0} calls run: {1} valid, {2} repaired</source>
        <translation>运行了 {0} 个调用：{1} 个有效，{2} 个经修复</translation>
    </message>
    <message>
        <source>kept {0} ({1}): {2}</source>
        <translation>保留 {0}（{1}）：{2}</translation>
    </message>
    <message>
        <source>dropped: {0}</source>
        <translation>丢弃：{0}</translation>
    </message>
    <message>
        <source>possible defect: {0}</source>
        <translation>可能的缺陷：{0}</translation>
    </message>
    <message>
        <source>Steps of writing tests</source>
        <translation>编写测试的步骤</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Save the tests</source>
        <translation>保存测试</translation>
    </message>
    <message>
        <source>Writing tests…</source>
        <translation>正在编写测试…</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>{0} tests; they run {1} of {2} lines and notice {3} of {4} changes.</source>
        <translation>{0} 个测试；运行了 {2} 行中的 {1} 行，能发现 {4} 处改动中的 {3} 处。</translation>
    </message>
    <message>
        <source>What should change?</source>
        <translation>要改什么？</translation>
    </message>
    <message>
        <source>The model would change nothing here.</source>
        <translation>模型认为这里无需修改。</translation>
    </message>
    <message>
        <source>The code was changed meanwhile, so it is left as it is.</source>
        <translation>代码在此期间被改动，因此保持原样。</translation>
    </message>
    <message>
        <source>Line numbers</source>
        <translation>行号</translation>
    </message>
</context>
<context>
    <name>commands</name>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>All commands</source>
        <translation>所有命令</translation>
    </message>
    <message>
        <source>Find in this conversation</source>
        <translation>在此对话中查找</translation>
    </message>
    <message>
        <source>Find in all conversations</source>
        <translation>在所有对话中查找</translation>
    </message>
    <message>
        <source>Go to the question</source>
        <translation>转到输入框</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>附上文件</translation>
    </message>
    <message>
        <source>Attach a folder</source>
        <translation>附加文件夹</translation>
    </message>
    <message>
        <source>Stop the answer</source>
        <translation>停止回答</translation>
    </message>
    <message>
        <source>Show or hide the list</source>
        <translation>显示或隐藏列表</translation>
    </message>
    <message>
        <source>Show the chat</source>
        <translation>显示对话</translation>
    </message>
    <message>
        <source>Show the code</source>
        <translation>显示代码</translation>
    </message>
    <message>
        <source>Open a file to edit</source>
        <translation>打开文件进行编辑</translation>
    </message>
    <message>
        <source>Save the file</source>
        <translation>保存文件</translation>
    </message>
    <message>
        <source>Find defects in the file</source>
        <translation>在文件中查找缺陷</translation>
    </message>
    <message>
        <source>Write tests for the file</source>
        <translation>为文件编写测试</translation>
    </message>
    <message>
        <source>Ask about the selected code</source>
        <translation>就选中的代码提问</translation>
    </message>
    <message>
        <source>Change or explain the selected code</source>
        <translation>修改或解释选中的代码</translation>
    </message>
    <message>
        <source>Show the models</source>
        <translation>显示模型</translation>
    </message>
    <message>
        <source>Show the settings</source>
        <translation>显示设置</translation>
    </message>
    <message>
        <source>Larger</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Smaller</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Normal size</source>
        <translation>正常大小</translation>
    </message>
    <message>
        <source>Light colours</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark colours</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Colours of the system</source>
        <translation>跟随系统颜色</translation>
    </message>
    <message>
        <source>Export this conversation</source>
        <translation>导出此对话</translation>
    </message>
    <message>
        <source>Export all conversations</source>
        <translation>导出所有对话</translation>
    </message>
    <message>
        <source>Import conversations</source>
        <translation>导入对话</translation>
    </message>
    <message>
        <source>Log and report to copy</source>
        <translation>日志和报告</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Type a command, or a file and a line: app.py:12</source>
        <translation>输入命令，或文件和行号：app.py:12</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>New line</source>
        <translation>换行</translation>
    </message>
    <message>
        <source>Stop, or stop editing</source>
        <translation>停止回答或取消编辑</translation>
    </message>
    <message>
        <source>Recall what was sent</source>
        <translation>找回发送过的内容</translation>
    </message>
    <message>
        <source>Rename a conversation in the list</source>
        <translation>重命名列表中的对话</translation>
    </message>
    <message>
        <source>Delete a conversation in the list</source>
        <translation>删除列表中的对话</translation>
    </message>
    <message>
        <source>Open {0}</source>
        <translation>打开 {0}</translation>
    </message>
    <message>
        <source>Open {0} at line {1}</source>
        <translation>打开 {0} 的第 {1} 行</translation>
    </message>
</context>
<context>
    <name>models</name>
    <message>
        <source>Other models…</source>
        <translation>其他模型…</translation>
    </message>
    <message>
        <source>To answer, Limpet needs a model: {0}</source>
        <translation>Limpet 需要一个模型才能回答：{0}</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Download {0}</source>
        <translation>下载 {0}</translation>
    </message>
    <message>
        <source>{0} Download: {1}, to this machine only. Licence: {2}.</source>
        <translation>{0} 下载大小：{1}，只保存在本机。许可证：{2}。</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>{0} is under the licence {1}.</source>
        <translation>{0} 的许可证是 {1}。</translation>
    </message>
    <message>
        <source>Read it before you accept: {0}</source>
        <translation>接受之前请先阅读：{0}</translation>
    </message>
    <message>
        <source>Accept and download</source>
        <translation>接受并下载</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Download again</source>
        <translation>重新下载</translation>
    </message>
    <message>
        <source>Remove {0}…</source>
        <translation>移除 {0}…</translation>
    </message>
    <message>
        <source>default</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>installed</source>
        <translation>已安装</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>file was changed</source>
        <translation>文件被改动</translation>
    </message>
    <message>
        <source>loaded</source>
        <translation>已加载</translation>
    </message>
    <message>
        <source>tight in memory</source>
        <translation>内存偏紧</translation>
    </message>
    <message>
        <source>too large for the free memory</source>
        <translation>超出可用内存</translation>
    </message>
    <message>
        <source>{0} parameters</source>
        <translation>{0} 参数</translation>
    </message>
    <message>
        <source>needs {0} of memory</source>
        <translation>需要 {0} 内存</translation>
    </message>
    <message>
        <source>{0} tokens/s measured here</source>
        <translation>本机实测 {0} 词元/秒</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Import a GGUF file…</source>
        <translation>导入 GGUF 文件…</translation>
    </message>
    <message>
        <source>Engine {0}, {1} of memory. Models stay on this machine.</source>
        <translation>引擎 {0}，占用内存 {1}。模型只保存在本机。</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>本机模型</translation>
    </message>
    <message>
        <source>To download</source>
        <translation>可下载</translation>
    </message>
    <message>
        <source>Importing {0}</source>
        <translation>正在导入 {0}</translation>
    </message>
    <message>
        <source>Import a model</source>
        <translation>导入模型</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Remove a model</source>
        <translation>移除模型</translation>
    </message>
    <message>
        <source>Delete the file of {0}?</source>
        <translation>要删除 {0} 的文件吗？</translation>
    </message>
    <message>
        <source>{0} become free. It can be downloaded again.</source>
        <translation>将释放 {0}，以后可以重新下载。</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>The settings cannot be kept: {0}.</source>
        <translation>无法保存设置：{0}。</translation>
    </message>
    <message>
        <source>Log and report</source>
        <translation>日志和报告</translation>
    </message>
    <message>
        <source>Looking at this machine…</source>
        <translation>正在检查这台电脑…</translation>
    </message>
    <message>
        <source>Nothing is sent. Read it before you pass it on: it names your folders.</source>
        <translation>不会发送任何内容。转发前请先看一遍：其中有你的文件夹名。</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>as the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Light, dark, or whatever the system uses at the moment.</source>
        <translation>浅色、深色，或跟随系统当前的选择。</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Text, icons and distances grow together. Keys: Ctrl and ±.</source>
        <translation>文字、图标和间距一起缩放。快捷键：Ctrl 加 ±。</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Of the window, and of the instructions to the model.</source>
        <translation>界面的语言，以及给模型的指示所用的语言。</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>All of them in one file, with every branch.</source>
        <translation>全部对话连同所有分支，存成一个文件。</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>An exported file. What is here already is kept once.</source>
        <translation>导入之前导出的文件，已有的内容不会重复。</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Everything can be done without a mouse.</source>
        <translation>不用鼠标也能完成所有操作。</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Something is wrong</source>
        <translation>出了问题</translation>
    </message>
    <message>
        <source>Checks this machine and shows the log, to be copied.</source>
        <translation>检查这台电脑并显示日志，可以复制。</translation>
    </message>
    <message>
        <source>Show the report</source>
        <translation>显示报告</translation>
    </message>
</context>
<context>
    <name>window</name>
    <message>
        <source>Close this message</source>
        <translation>关闭这条提示</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
</context>
</TS>
