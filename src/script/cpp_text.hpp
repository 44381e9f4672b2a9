#pragma once

#include <string>
#include <string_view>

/// Text as C++ source.
namespace capo::script {

/// A literal that stands for these bytes, of printable ASCII alone; over several lines if the text
/// has several, which no limit on the length of one literal can mind.
std::string cpp_literal(std::string_view text);

/// The same on one line and for readers: UTF-8 stays as it is.
std::string cpp_string(std::string_view text);

/// Whether this can be a part of a C++ name, though not necessarily its first.
bool is_cpp_word(std::string_view text);

/// The nearest word, each other byte an underscore.
std::string cpp_word(std::string_view text);

}  // namespace capo::script
