# Who may include whom, and other rules of the house that a machine can check.
#
#   cmake -DROOT=<repository> -P tests/house_rules.cmake
#
# Prints one line per violation and fails when there is any. tests/data/untidy_house breaks every
# rule once, so that a test can see each one caught.
cmake_minimum_required(VERSION 3.25)

# A folder may include from itself and from these. tests/ and bench/ may include anything.
set(allowed_engine/base engine/base)
set(allowed_engine/gguf engine/base)
set(allowed_engine/text engine/gguf engine/base)
set(allowed_engine/kernels engine/gguf/dtype.h engine/base)
set(allowed_engine/neuron engine/kernels engine/gguf engine/base)
set(allowed_engine/model engine/neuron engine/kernels engine/gguf engine/base)
set(allowed_engine engine/model engine/neuron engine/kernels engine/text engine/gguf engine/base)
set(allowed_planner engine)
set(allowed_storage engine/base)
set(allowed_app planner storage engine)

# A third-party header belongs to one family of files: "<header> of <files>", both patterns.
set(families
  "n?curses(w/.*)?\\.h of ^app/ui/"
  "readline/.* of ^app/line/"
  "sqlite3\\.h of ^storage/database"
  "zstd\\.h of ^storage/compress"
  "liburing\\.h of ^engine/neuron/neuron_loader"
  "pcre2\\.h of ^engine/text/"
  "utf8proc\\.h of ^(app/(ui|line)|engine/text)/"
  "md4c.*\\.h of ^app/ui/"
  "CLI/.* of ^app/"
  "toml\\+\\+/.* of ^app/config"
  "nlohmann/.* of ^(app|planner|engine/text/jinja)/"
  "xxhash\\.h of ^(engine/neuron|planner)/"
  "(.*intrin|arm_neon|arm_sve|cpuid)\\.h of ^engine/kernels/")

if(NOT DEFINED lines_max)
  set(lines_max 600)
endif()

set(violations 0)
function(violation text)
  message("${text}")
  math(EXPR n "${violations} + 1")
  set(violations ${n} PARENT_SCOPE)
endfunction()

# The folder that a file or an included path belongs to, as named in the table above.
function(folder_of path out)
  string(REGEX MATCH "^[a-z]+" folder "${path}")
  string(REGEX REPLACE "^([a-z]+/[a-z]+)/.*" "\\1" inner "${path}")
  if(DEFINED allowed_${inner})
    set(folder "${inner}")
  endif()
  set(${out} "${folder}" PARENT_SCOPE)
endfunction()

# Whether `path` lies in one of the folders (or is one of the files) of the list `places`.
function(lies_in path places out)
  set(${out} FALSE PARENT_SCOPE)
  foreach(place IN LISTS places)
    string(FIND "${path}" "${place}/" at)
    if(at EQUAL 0 OR path STREQUAL place)
      set(${out} TRUE PARENT_SCOPE)
    endif()
  endforeach()
endfunction()

macro(check_own_include file included)
  folder_of("${file}" from)
  folder_of("${included}" to)
  lies_in("${included}" "${allowed_${from}}" is_allowed)
  if(NOT EXISTS "${ROOT}/${included}")
    violation("${file}: includes \"${included}\", which is not there (paths begin at the root)")
  elseif(NOT from MATCHES "^(tests|bench)$" AND NOT from STREQUAL to AND NOT is_allowed)
    violation("${file}: includes ${included}: ${from} may not include ${to}")
  endif()
endmacro()

macro(check_foreign_include file header)
  foreach(family IN LISTS families)
    string(REGEX MATCH "^(.*) of (.*)$" whole "${family}")
    set(theirs "^${CMAKE_MATCH_1}$")
    set(owner "${CMAKE_MATCH_2}")
    if("${header}" MATCHES "${theirs}" AND NOT "${file}" MATCHES "${owner}|^tests/|^bench/")
      violation("${file}: includes <${header}>, which belongs to ${owner}")
    endif()
  endforeach()
endmacro()

macro(check_file file)
  file(STRINGS "${ROOT}/${file}" includes REGEX "^ *# *include ")
  foreach(line IN LISTS includes)
    if(line MATCHES "include +\"([^\"]+)\"")
      check_own_include("${file}" "${CMAKE_MATCH_1}")
    elseif(line MATCHES "include +<([^>]+)>")
      check_foreign_include("${file}" "${CMAKE_MATCH_1}")
    endif()
  endforeach()

  # The environment is read in one place; tests set up their own.
  if(NOT "${file}" MATCHES "^(app/config|tests/|bench/)")
    file(STRINGS "${ROOT}/${file}" reads REGEX "getenv *\\(")
    if(reads)
      violation("${file}: reads the environment, which is for app/config to do")
    endif()
  endif()

  file(READ "${ROOT}/${file}" content)
  string(REGEX MATCHALL "\n" line_ends "${content}")
  list(LENGTH line_ends lines)
  string(SUBSTRING "${content}" 0 20 head)
  if(lines GREATER lines_max AND NOT head MATCHES "^// Generated")
    violation("${file}: ${lines} lines, at most ${lines_max} (make two rooms of it)")
  endif()
endmacro()

if(NOT DEFINED ROOT)
  message(FATAL_ERROR "say where the repository is: cmake -DROOT=<folder> -P ${CMAKE_SCRIPT_MODE_FILE}")
endif()
cmake_path(ABSOLUTE_PATH ROOT NORMALIZE)
set(patterns)
foreach(folder app engine planner storage tests bench)
  list(APPEND patterns "${ROOT}/${folder}/*.h" "${ROOT}/${folder}/*.cpp")
endforeach()
file(GLOB_RECURSE files RELATIVE "${ROOT}" ${patterns})
list(FILTER files EXCLUDE REGEX "^tests/data/")
list(LENGTH files n_files)
if(n_files EQUAL 0)
  message(FATAL_ERROR "${ROOT}: no sources found")
endif()
foreach(file IN LISTS files)
  check_file("${file}")
endforeach()

# The page that shows newcomers around names files that are there.
file(READ "${ROOT}/README.md" readme)
string(REGEX MATCHALL "(app|assets|bench|engine|planner|storage|tests)/[a-z0-9_/.]+[a-z0-9]" named
       "${readme}")
foreach(path IN LISTS named)
  if(NOT EXISTS "${ROOT}/${path}" AND NOT path MATCHES "^app/hearth$")
    violation("README.md: names ${path}, which is not there")
  endif()
endforeach()

if(violations GREATER 0)
  message(FATAL_ERROR "${violations} violations in ${n_files} files")
endif()
message("${n_files} files keep the rules")
