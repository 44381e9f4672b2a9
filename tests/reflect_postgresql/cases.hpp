#pragma once

#include <span>

namespace capo::test {

/// A schema, as somebody writes it. What capo reads of it stands in
/// tests/golden/reflect_postgresql/<name>.txt.
struct ReflectCase {
  const char* name;
  const char* script;
  int since = 12;  ///< the first version that has all of it; an older one refuses it
};

std::span<const ReflectCase> reflect_cases();

}  // namespace capo::test
