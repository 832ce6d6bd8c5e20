foreach(module canvas command keymap prompt table)
  tm_test(ui_${module} SOURCES ui_${module}.c LINKS tm_ui LABELS unit)
endforeach()

# The screen in a pseudo-terminal: the test runs a small program that shows what it reads.
add_executable(ui_screen_child ui_screen_child.c)
target_link_libraries(ui_screen_child PRIVATE tm_ui)
tm_test(ui_screen SOURCES ui_screen.c LINKS tm_pty_support LABELS pty)
target_compile_definitions(test_ui_screen PRIVATE TM_SCREEN_CHILD="$<TARGET_FILE:ui_screen_child>")
add_dependencies(test_ui_screen ui_screen_child)
