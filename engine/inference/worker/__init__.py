"""The inference worker: a process of its own, so that a bad model takes only itself down."""
