foreach(module canvas command keymap prompt table)
  tm_test(ui_${module} SOURCES ui_${module}.c LINKS tm_ui LABELS unit)
endforeach()
