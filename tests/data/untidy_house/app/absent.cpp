// Paths begin at the root of the repository.
#include "absent.h"
