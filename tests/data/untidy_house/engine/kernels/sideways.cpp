// Kernels know of a file format only its element types.
#include "engine/gguf/dtype.h"
#include "engine/gguf/gguf.h"
