#pragma once

#include <string>
#include <string_view>

#include "dialect/dialect.hpp"

/// What is true of every splitter and every text, for property tests and fuzz targets.
namespace capo::test {

/// Empty if all of this holds, else what does not: the pieces lie in order, apart and are not
/// empty; between them is at least one `;`, and nothing but white space and comments beside it; a
/// piece split again is that one piece; the pieces joined by `;` and a line break split into the
/// same; only Error{kScript} with a place inside the text is thrown.
std::string broken_split_property(const dialect::Dialect& dialect, std::string_view text);

/// The text between two statements, read by rules written apart from the lexers: the number of
/// semicolons, or -1 if there is anything but white space and comments beside them.
int semicolons_of_gap(const dialect::Dialect& dialect, std::string_view gap);

}  // namespace capo::test
