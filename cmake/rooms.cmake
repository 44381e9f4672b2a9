# capo_room(SOURCES a.cpp … TESTS a_test.cpp …): adds a room's sources to the library and its unit tests,
# which lie beside the code, to the one unit test program.
define_property(GLOBAL PROPERTY CAPO_UNIT_TESTS)
function(capo_room)
  cmake_parse_arguments(ARG "" "" "SOURCES;TESTS" ${ARGN})
  list(TRANSFORM ARG_SOURCES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  list(TRANSFORM ARG_TESTS PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  target_sources(capo_core PRIVATE ${ARG_SOURCES})
  set_property(GLOBAL APPEND PROPERTY CAPO_UNIT_TESTS ${ARG_TESTS})
endfunction()
