"""Inference: the seam to a language model, and the worker process that runs llama.cpp."""
