"""The Limpet engine: a daemon that owns a code model and answers every client."""
