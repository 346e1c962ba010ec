# lanze_build_id(TARGET)
#
# Builds into TARGET the function core::build_id(): the first 16 hexadecimal digits of a SHA-256 over
# the names and contents of all sources of core and base, tests left out. It is made anew when one of
# them changes, by this same file run as a script.
if(CMAKE_SCRIPT_MODE_FILE)
  file(GLOB sources RELATIVE ${SOURCE_DIR} ${SOURCE_DIR}/core/*.h ${SOURCE_DIR}/core/*.cpp
    ${SOURCE_DIR}/base/*.h ${SOURCE_DIR}/base/*.cpp)
  list(FILTER sources EXCLUDE REGEX "_(test|fixture)\\.(cpp|h)$")
  list(SORT sources)
  set(all "")
  foreach(source ${sources})
    file(SHA256 ${SOURCE_DIR}/${source} hash)
    string(APPEND all "${source} ${hash}\n")
  endforeach()
  string(SHA256 hash "${all}")
  string(SUBSTRING ${hash} 0 16 id)
  file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "// Made by cmake/LanzeBuildId.cmake; do not edit.
#include \"core/build_id.h\"

namespace lanze::core {

std::string_view build_id() {
    return \"${id}\";
}

}  // namespace lanze::core
")
  return()
endif()

function(lanze_build_id target)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/core/*.h
    ${CMAKE_SOURCE_DIR}/src/core/*.cpp ${CMAKE_SOURCE_DIR}/src/base/*.h
    ${CMAKE_SOURCE_DIR}/src/base/*.cpp)
  list(FILTER sources EXCLUDE REGEX "_(test|fixture)\\.(cpp|h)$")
  set(script ${CMAKE_SOURCE_DIR}/cmake/LanzeBuildId.cmake)
  set(generated ${CMAKE_BINARY_DIR}/embedded/build_id.cpp)
  add_custom_command(OUTPUT ${generated}
    COMMAND ${CMAKE_COMMAND} -DSOURCE_DIR=${CMAKE_SOURCE_DIR}/src -DOUTPUT=${generated} -P ${script}
    DEPENDS ${sources} ${script}
    VERBATIM)
  target_sources(${target} PRIVATE ${generated})
endfunction()
