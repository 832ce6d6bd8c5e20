foreach(kind create delete clear text)
  tm_test(ops_${kind} SOURCES ops_${kind}.c ops_rig.c LINKS tm_ops tm_test_support LABELS unit)
endforeach()
target_include_directories(test_ops_text PRIVATE ${PROJECT_SOURCE_DIR}/src/ops)
