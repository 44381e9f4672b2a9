# What cmake --install gives: the program with its manual page and completions, the headers, the library, the CMake
# package, capo.pc. And what cpack -G DEB makes of it.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(capo_package ${CMAKE_INSTALL_LIBDIR}/cmake/capo)
install(TARGETS capo_core capo EXPORT capoTargets INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
set_target_properties(capo PROPERTIES EXPORT_NAME program)
install(DIRECTORY include/capo DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT capoTargets NAMESPACE capo:: DESTINATION ${capo_package})
configure_package_config_file(cmake/capoConfig.cmake.in capoConfig.cmake INSTALL_DESTINATION ${capo_package})
write_basic_package_version_file(capoConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/capoConfig.cmake ${PROJECT_BINARY_DIR}/capoConfigVersion.cmake
              cmake/capo_add_migrations.cmake DESTINATION ${capo_package})

# The packages of a dialect that is left out are needed by nobody.
set(CAPO_PC_REQUIRES fmt libsodium)
set(drivers_dev "")
if(CAPO_WITH_POSTGRESQL)
  list(APPEND CAPO_PC_REQUIRES libpq)
  string(APPEND drivers_dev ", libpq-dev")
endif()
if(CAPO_WITH_SQLITE)
  list(APPEND CAPO_PC_REQUIRES sqlite3)
  string(APPEND drivers_dev ", libsqlite3-dev")
endif()
list(JOIN CAPO_PC_REQUIRES " " CAPO_PC_REQUIRES)
file(RELATIVE_PATH CAPO_PC_TO_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(cmake/capo.pc.in capo.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/capo.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)

# What the program prints of itself.
function(install_printed file)
  install(CODE "
    set(file \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${file}\")
    message(STATUS \"Installing: \${file}\")
    cmake_path(GET file PARENT_PATH folder)
    file(MAKE_DIRECTORY \"\${folder}\")
    execute_process(COMMAND \"$<TARGET_FILE:capo>\" ${ARGN} OUTPUT_FILE \"\${file}\"
                    COMMAND_ERROR_IS_FATAL ANY)")
endfunction()
install_printed(${CMAKE_INSTALL_MANDIR}/man1/capo.1 __docs man)
install_printed(${CMAKE_INSTALL_DATADIR}/bash-completion/completions/capo completion bash)
# Debian's zsh does not look into the usual folder if that is a package's.
install(CODE "
  set(zsh_functions site-functions)
  if(CMAKE_INSTALL_PREFIX STREQUAL /usr)
    set(zsh_functions vendor-completions)
  endif()")
install_printed(${CMAKE_INSTALL_DATADIR}/zsh/\${zsh_functions}/_capo completion zsh)
install_printed(${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d/capo.fish completion fish)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME capo)
set(CPACK_PACKAGE_CONTACT "the makers of capo")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
# The program's shared libraries, as dpkg-shlibdeps finds them. For a program of one's own: what the static library
# is linked with, and the tools.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS
    "g++ (>= 4:12), cmake (>= 3.25), pkg-config, libfmt-dev, libpg-query-dev, libsodium-dev, libunistring-dev${drivers_dev}")
include(CPack)
