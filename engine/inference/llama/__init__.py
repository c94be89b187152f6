"""llama.cpp through the low-level bindings of llama-cpp-python; imported nowhere else."""
