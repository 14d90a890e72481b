// This one may.
#include <cstdlib>
#include "engine/engine.h"
const char* home() { return std::getenv("HOME"); }
