# lanze_layer(NAME USES layer... LIBRARIES target...)
#
# One static library lanze_NAME of all src/NAME/*.cpp, and one test program NAME_test of all
# src/NAME/*_test.cpp. A layer sees the headers of the tree; that it includes only those of the
# layers it USES is checked by tidy_test, which reads the calls of this function.
function(lanze_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 LAYER "" "" "USES;LIBRARIES")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.h)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")

  list(TRANSFORM LAYER_USES PREPEND lanze_ OUTPUT_VARIABLE used_targets)
  if(sources)
    add_library(lanze_${name} STATIC ${sources})
    target_sources(lanze_${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${CMAKE_SOURCE_DIR}/src
      FILES ${headers})
    set_target_properties(lanze_${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
    target_link_libraries(lanze_${name} PUBLIC ${used_targets} PRIVATE lanze_options
      PUBLIC ${LAYER_LIBRARIES})
    target_include_directories(lanze_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  else()
    add_library(lanze_${name} INTERFACE)
    target_link_libraries(lanze_${name} INTERFACE ${used_targets} ${LAYER_LIBRARIES})
    target_include_directories(lanze_${name} INTERFACE ${CMAKE_SOURCE_DIR}/src)
  endif()

  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE lanze_${name} lanze_options GTest::gtest_main)
    gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST
      WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  endif()
endfunction()
