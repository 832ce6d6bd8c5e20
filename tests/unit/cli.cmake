foreach(part lists records out verbs)
  tm_test(cli_${part} SOURCES cli_${part}.c LINKS tm_cli tm_test_support LABELS unit)
  target_include_directories(test_cli_${part} PRIVATE ${PROJECT_SOURCE_DIR}/src/cli)
endforeach()
