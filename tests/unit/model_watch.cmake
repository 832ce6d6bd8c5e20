# What the watch thread tells and the screen reads.
foreach(module snapshot request)
  tm_test(model_${module} SOURCES model_${module}.c LINKS tm_model LABELS unit)
endforeach()
foreach(module picture groups)
  tm_test(model_${module} SOURCES model_${module}.c model_picture_rig.c LINKS tm_model LABELS unit)
endforeach()
