#!/bin/sh
# kernel_isolation.sh LIBRARY: no function outside of hearth::avx2 and hearth::avx512 may use AVX.
#
# An inline function of a shared header that was compiled inside a target region could be the copy
# that the linker keeps for every caller, and would crash older processors far from the cause.
set -eu
command -v objdump >/dev/null || { echo "no objdump here"; exit 77; }
objdump --disassemble --demangle --no-show-raw-insn "$1" | awk '
    /^[0-9a-f]+ <.*>:$/ { name = $0; wide = name ~ /hearth::avx(2|512)::/; ++functions }
    !wide && /\tv[a-z0-9]+ .*%[xyz]mm/ && !(name in seen) { seen[name]; print name; bad = 1 }
    END { print functions " functions"; exit bad || functions == 0 }'
