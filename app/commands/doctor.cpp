// hearth doctor: everything a report of a problem should say, and what a person can do about it.
#include "app/doctor.h"

#include "app/commands/commands.h"

namespace hearth {
namespace {

constexpr int kExitBad = 3;

std::string_view sign(Finding::Kind kind) {
    switch (kind) {
        case Finding::Kind::note:
            return "note";
        case Finding::Kind::bad:
            return "BAD ";
        case Finding::Kind::good:
            break;
    }
    return "ok  ";
}

}  // namespace

Result<int> doctor_command(const Program& program) {
    Output& out = program.out;
    HEARTH_TRY_VOID(out.print(SafeText::literal("hearth " HEARTH_VERSION "\n")));
    bool bad = false;
    for (const auto& findings :
         {examine_machine(), examine_terminal(program.environment, out.is_terminal()),
          examine_folders(program.data_dir), examine_model(program.options)}) {
        for (const Finding& one : findings) {
            bad = bad || one.kind == Finding::Kind::bad;
            HEARTH_TRY_VOID(out.print(
                safe_line(fmt::format("{} {:<10} {}", sign(one.kind), one.what, one.says)) +
                SafeText::literal("\n")));
        }
    }
    return bad ? kExitBad : kExitDone;
}

}  // namespace hearth
