// Each third-party header has its family.
#include <ncurses.h>
#include <sqlite3.h>
