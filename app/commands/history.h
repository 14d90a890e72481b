// hearth history, between its files.
#pragma once

#include "app/commands/commands.h"
#include "storage/store.h"

namespace hearth {

// history_archive.cpp: conversations out of the store and into it.
Result<void> export_history(const HistoryArguments& arguments, Store& store, Output& out);
Result<void> import_history(const HistoryArguments& arguments, Store& store, Output& out);

}  // namespace hearth
