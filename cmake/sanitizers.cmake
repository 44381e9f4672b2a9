add_library(capo_sanitizers INTERFACE)
if(CAPO_SANITIZE)
  target_compile_options(capo_sanitizers INTERFACE -fsanitize=${CAPO_SANITIZE} -fno-omit-frame-pointer
                         -fno-sanitize-recover=all)
  target_link_options(capo_sanitizers INTERFACE -fsanitize=${CAPO_SANITIZE})
endif()
