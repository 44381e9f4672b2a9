find_package(GTest REQUIRED)
find_package(rapidcheck REQUIRED)
include(GoogleTest)
