# lanze_embed(TARGET FILE HEADER FUNCTION)
#
# Builds a text file into TARGET: makes a .cpp that defines `std::string_view lanze::NAME()` as
# HEADER declares it, FUNCTION being "api::openapi_document" for example.
function(lanze_embed target file header function)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${file})
  # Byte for byte: compilers need not take a string literal of more than 65,536 (C++20 [implimits]).
  file(READ ${CMAKE_SOURCE_DIR}/${file} content HEX)
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," content "${content}")
  string(MAKE_C_IDENTIFIER ${file} identifier)
  set(generated ${CMAKE_BINARY_DIR}/embedded/${identifier}.cpp)
  file(CONFIGURE OUTPUT ${generated} @ONLY CONTENT "// Made of @file@; do not edit.
#include \"@header@\"

namespace lanze {

std::string_view @function@() {
    static constexpr char kText[] = {@content@};
    return {kText, sizeof kText};
}

}  // namespace lanze
")
  target_sources(${target} PRIVATE ${generated})
endfunction()
