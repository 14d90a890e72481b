# What `make install` and `make package` put where. The Debian package is made by CPack; its
# dependencies are those that the program was linked to.
include(GNUInstallDirs)
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY TRUE)  # the program alone, not its tests

install(TARGETS hearth RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${CMAKE_SOURCE_DIR}/assets/models/ember.gguf
        DESTINATION ${CMAKE_INSTALL_DATADIR}/hearth/models)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/assets/themes DESTINATION ${CMAKE_INSTALL_DATADIR}/hearth)
install(FILES ${CMAKE_SOURCE_DIR}/README.md ${CMAKE_SOURCE_DIR}/assets/config.example.toml
        DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${CMAKE_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)

# Completions say what the program itself says. `packaging` makes all that is not compiled.
set(completions ${CMAKE_BINARY_DIR}/completions)
add_custom_command(
  OUTPUT ${completions}/hearth ${completions}/_hearth ${completions}/hearth.fish
  COMMAND ${CMAKE_COMMAND} -E make_directory ${completions}
  COMMAND hearth completions bash > ${completions}/hearth
  COMMAND hearth completions zsh > ${completions}/_hearth
  COMMAND hearth completions fish > ${completions}/hearth.fish
  DEPENDS hearth
  VERBATIM)
add_custom_target(packaging DEPENDS ${completions}/hearth)
install(FILES ${completions}/hearth
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${completions}/_hearth DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${completions}/hearth.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

find_program(SCDOC scdoc)
if(SCDOC)
  add_custom_command(
    OUTPUT ${CMAKE_BINARY_DIR}/hearth.1
    COMMAND ${SCDOC} < ${CMAKE_SOURCE_DIR}/assets/hearth.1.scd > ${CMAKE_BINARY_DIR}/hearth.1
    DEPENDS ${CMAKE_SOURCE_DIR}/assets/hearth.1.scd)
  add_custom_target(man_page DEPENDS ${CMAKE_BINARY_DIR}/hearth.1)
  add_dependencies(packaging man_page)
  install(FILES ${CMAKE_BINARY_DIR}/hearth.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
else()
  message(STATUS "no scdoc: the man page is not built")
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME hearth)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "The hearth developers <hearth@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Terminal chat with language models larger than memory")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
include(CPack)
