"""The terminal chat: prompt, conversation, commands and the drawing of answers."""
