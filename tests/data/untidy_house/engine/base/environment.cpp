// The environment is read by app/config.
#include <cstdlib>
const char* home() { return std::getenv("HOME"); }
