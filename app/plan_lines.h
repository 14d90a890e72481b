// PlanLines: the five steps of planning, one line each, on a terminal or in a log.
#pragma once

#include <string>
#include <string_view>

#include "app/output.h"
#include "planner/progress.h"

namespace hearth {

// " 2/5 flash      sequential 3.2 GB/s · random 8 KB 538 MB/s      done  2.1 s": the line of the
// step that runs is written again as it gets on; where the output is no terminal, or a dumb one,
// only finished steps are told.
class PlanLines {
  public:
    PlanLines(Output& output, std::string_view term);
    ~PlanLines() { clear(); }
    PlanLines(const PlanLines&) = delete;
    PlanLines& operator=(const PlanLines&) = delete;

    void show(const PlanProgress& progress);
    // A line of its own: something to note between the steps.
    void note(std::string_view line);
    void clear();

  private:
    Output& output_;
    bool can_rewrite_;
    bool visible_ = false;
};

}  // namespace hearth
