# capo_add_migrations(<target>
#                     [ENV <source>…]          sources of a program, with its main()
#                     VERSIONS <directory>…    where the revisions are: every .cpp, .sql and .py of them
#                     [INI <file>]             the ini file to put into the program
#                     [RECURSIVE]              look into the folders below, too
#                     [FUNCTION <name>])       gives the project back; default: capo::embedded_project
#
# A program with every revision in it. Without ENV: a static library, for a program that migrates its own database
# through capo::Migrator. Paths count from the current source directory, which the revisions may include from. A revision
# that is added is found when the target is next built.

# So many revisions are compiled together, because reading the headers costs more than reading one of them. Fewer would
# make all of them slower, more would make the one slower that is being worked on.
set(CAPO_REVISIONS_PER_UNIT 25)

function(capo_add_migrations target)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "RECURSIVE" "INI;FUNCTION" "ENV;VERSIONS")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "capo_add_migrations(${target}): what is \"${ARG_UNPARSED_ARGUMENTS}\"? "
                        "It takes ENV, VERSIONS, INI, RECURSIVE and FUNCTION")
  endif()
  if(NOT ARG_VERSIONS)
    message(FATAL_ERROR "capo_add_migrations(${target}): VERSIONS is missing, the folder of the revisions")
  endif()
  if(NOT ARG_FUNCTION)
    set(ARG_FUNCTION capo::embedded_project)
  endif()

  set(files "")
  foreach(directory IN LISTS ARG_VERSIONS)
    cmake_path(ABSOLUTE_PATH directory NORMALIZE)
    if(NOT IS_DIRECTORY ${directory})
      message(FATAL_ERROR "capo_add_migrations(${target}): there is no directory ${directory}")
    endif()
    set(how GLOB)
    if(ARG_RECURSIVE)
      set(how GLOB_RECURSE)
    endif()
    file(${how} found CONFIGURE_DEPENDS ${directory}/*.cpp ${directory}/*.cc ${directory}/*.cxx
         ${directory}/*.sql ${directory}/*.py)
    # What editors and Python leave there.
    list(FILTER found EXCLUDE REGEX "/(\\.#|\\._|__init__|__pycache__)[^/]*(/.*)?$")
    list(SORT found)
    list(APPEND files ${found})
  endforeach()

  # The table is written again when a file changes, because it holds their checksums.
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${target}.capo)
  set(table ${folder}/table.cpp)
  list(JOIN files "\n" listed)
  file(CONFIGURE OUTPUT ${folder}/files.txt CONTENT "${listed}\n" @ONLY)
  set(ini "")
  set(root ${CMAKE_CURRENT_SOURCE_DIR})
  if(ARG_INI)
    cmake_path(ABSOLUTE_PATH ARG_INI NORMALIZE OUTPUT_VARIABLE ini)
    cmake_path(GET ini PARENT_PATH root)
  endif()
  add_custom_command(
    OUTPUT ${table}
    COMMAND capo::program embed --output ${table} --files ${folder}/files.txt --root ${root}
            "$<$<BOOL:${ini}>:--ini;${ini}>" --function ${ARG_FUNCTION}
    DEPENDS ${files} ${ini} ${folder}/files.txt capo::program
    COMMENT "Collecting the revisions of ${target}"
    COMMAND_EXPAND_LISTS VERBATIM)

  if(ARG_ENV)
    add_executable(${target} ${ARG_ENV} ${table})
  else()
    add_library(${target} STATIC ${table})
  endif()
  # What is wrong with a revision as such is said before the compiler speaks of it.
  add_custom_target(${target}_table DEPENDS ${table})
  add_dependencies(${target} ${target}_table)
  target_link_libraries(${target} PUBLIC capo::capo)
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  capo_add_revision_objects(${target} ${files})
endfunction()

# The revisions in C++. Each runs once, so optimizing them would only make the build slower; what is said of the target
# (include directories, definitions, libraries) holds for them.
function(capo_add_revision_objects target)
  set(sources ${ARGN})
  list(FILTER sources INCLUDE REGEX "\\.(cpp|cc|cxx)$")
  if(NOT sources)
    return()
  endif()
  set(objects ${target}_revisions)
  add_library(${objects} OBJECT ${sources})
  add_dependencies(${objects} ${target}_table)
  target_link_libraries(${objects} PRIVATE capo::capo)
  target_include_directories(${objects} PRIVATE $<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>)
  target_compile_definitions(${objects} PRIVATE $<TARGET_PROPERTY:${target},COMPILE_DEFINITIONS>)
  target_compile_options(${objects} PRIVATE $<TARGET_PROPERTY:${target},COMPILE_OPTIONS> -O0 -U_FORTIFY_SOURCE)
  target_link_libraries(${target} PRIVATE ${objects})

  # A revision's unit is chosen by its name alone, so that a new one changes one unit, not all behind it in the
  # alphabet. The number of units doubles with the number of revisions.
  list(LENGTH sources count)
  set(units 1)
  while(units LESS 4096)
    math(EXPR most "${units} * ${CAPO_REVISIONS_PER_UNIT}")
    if(count LESS_EQUAL most)
      break()
    endif()
    math(EXPR units "${units} * 2")
  endwhile()
  foreach(source IN LISTS sources)
    cmake_path(GET source FILENAME name)
    string(MD5 hash ${name})
    string(SUBSTRING ${hash} 0 6 hash)
    math(EXPR unit "0x${hash} % ${units}")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${unit})
  endforeach()
  set_target_properties(${objects} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()
