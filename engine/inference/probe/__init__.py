"""The probe: tries a model on this machine in a process of its own before anything relies on it.

A correct build of llama.cpp can still crash on some processors at the first prefill (AMX: upstream
issue 20824), and nobody knows a laptop's speed beforehand. So each new combination of model file,
build and processor is first run by a child that may die; safer settings are tried after a crash,
speed and the best number of threads are measured, and the result is remembered.
"""
