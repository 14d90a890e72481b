// Result<T>: how everything that can fail returns. No exceptions of our own are thrown.
//
// An Error's message is one whole line a person can act on:
//   <file>: <what>, <where>, <numbers> (<likely cause or next step>)
// `hearth: ` is put in front of it by main, nowhere else.
#pragma once

#include <fmt/format.h>

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace hearth {

// Each code is also the program's exit code (design.md 7).
enum class ErrorCode : int {
    usage = 1,        // the caller asked for something that cannot be
    bad_file = 2,     // a model, plan, pack, database or configuration file is wrong
    machine = 3,      // the machine said no: I/O, disk full, memory
    cancelled = 130,  // the person stopped it
};

struct Error {
    ErrorCode code = ErrorCode::machine;
    std::string message;
};

template <typename T>
using Result = tl::expected<T, Error>;

// make_error(ErrorCode::bad_file, "{}: bad magic", path) -> something any Result converts from.
template <typename... Args>
[[nodiscard]] tl::unexpected<Error> make_error(ErrorCode code, fmt::format_string<Args...> format,
                                               Args&&... args) {
    return tl::unexpected<Error>(Error{code, fmt::format(format, std::forward<Args>(args)...)});
}

}  // namespace hearth

#define HEARTH_CONCAT_(a, b) a##b
#define HEARTH_CONCAT(a, b) HEARTH_CONCAT_(a, b)
#define HEARTH_TRY_(temporary, declaration, expression)                    \
    auto temporary = (expression);                                         \
    if (!temporary) return ::tl::unexpected(std::move(temporary).error()); \
    declaration = std::move(*temporary)

// HEARTH_TRY(auto file, open_file(path)): the value, or return the error to the caller.
#define HEARTH_TRY(declaration, expression) \
    HEARTH_TRY_(HEARTH_CONCAT(try_result_, __LINE__), declaration, expression)

// The same for Result<void>.
#define HEARTH_TRY_VOID(expression)                                              \
    do {                                                                         \
        auto try_result = (expression);                                          \
        if (!try_result) return ::tl::unexpected(std::move(try_result).error()); \
    } while (false)
