#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// What needs the Unicode tables: no locale is asked. Texts are well-formed UTF-8.
namespace capo::base {

/// The longest runs of letters, numerals and `_`, as views of the text.
std::vector<std::string_view> unicode_words(std::string_view text);

/// In lower case, by the full rules: one letter may become two.
std::string unicode_lower(std::string_view text);

/// At most the first `count` code points.
std::string_view first_code_points(std::string_view text, std::size_t count);

}  // namespace capo::base
