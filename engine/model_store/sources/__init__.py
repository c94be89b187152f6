"""Where model files come from: this machine, the model hub, or wheels of a package index."""
