# llama-cpp-python forces llama.cpp's helper library for its tools into the build, though it ships
# none of them. A variable of llama.cpp's own scope wins over the forced cache entry.
set(LLAMA_BUILD_COMMON OFF)
