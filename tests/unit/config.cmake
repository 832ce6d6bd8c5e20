foreach(part options properties settings themes)
  tm_test(config_${part} SOURCES config_${part}.c LINKS tm_config LABELS unit)
endforeach()
