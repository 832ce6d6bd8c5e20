foreach(module clock err log mem sanitize strbuf utf8)
  tm_test(base_${module} SOURCES base_${module}.c LINKS tm_base LABELS unit)
endforeach()
tm_test(base_mailbox SOURCES base_mailbox.c LINKS tm_base LABELS "unit;threads")
