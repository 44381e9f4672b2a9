# capo_room(SOURCES a.cpp … TESTS a_test.cpp …): adds a room's sources to the library and its unit tests,
# which lie beside the code, to the one unit test program.
define_property(GLOBAL PROPERTY CAPO_UNIT_TESTS)
define_property(GLOBAL PROPERTY CAPO_UNIT_TESTS_BY_ROOM)

# capo_compile_together(<target> <source>…): with CAPO_COMPILE_TOGETHER one source of each list is compiled together with
# one of each other list: names that a source keeps to itself are then beside those of other rooms only.
function(capo_compile_together target)
  if(CAPO_COMPILE_TOGETHER)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
    set(number 0)
    foreach(source IN LISTS ARGN)
      set_source_files_properties(${source} TARGET_DIRECTORY ${target} PROPERTIES UNITY_GROUP ${number})
      math(EXPR number "${number} + 1")
    endforeach()
  endif()
endfunction()

function(capo_room)
  cmake_parse_arguments(ARG "" "" "SOURCES;TESTS" ${ARGN})
  list(TRANSFORM ARG_SOURCES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  list(TRANSFORM ARG_TESTS PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  target_sources(capo_core PRIVATE ${ARG_SOURCES})
  capo_compile_together(capo_core ${ARG_SOURCES})
  set_property(GLOBAL APPEND PROPERTY CAPO_UNIT_TESTS ${ARG_TESTS})
  # A list of lists, for each room its own.
  list(JOIN ARG_TESTS "," tests)
  set_property(GLOBAL APPEND PROPERTY CAPO_UNIT_TESTS_BY_ROOM "${tests}")
endfunction()
