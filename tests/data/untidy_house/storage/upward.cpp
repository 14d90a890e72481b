// Storage knows no engine.
#include "engine/engine.h"
