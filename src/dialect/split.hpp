#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "capo/error.hpp"

/// Cutting SQL text into statements, by one database's own lexical rules.
namespace capo::dialect {

/// A statement's place in the text that was split: [begin, end), without the closing `;` and without white space and
/// comments before it and after it.
struct Piece {
  std::size_t begin = 0;
  std::size_t end = 0;

  friend bool operator==(const Piece&, const Piece&) = default;
};

/// The statements of `text`, in order; a piece of nothing but white space and comments is left out. `origin` is where
/// the text stands in its file, for errors. Throws Error{kScript} with position and source line for an unterminated
/// literal, quoted name, dollar quote, comment or body, and for `COPY … FROM stdin` and psql's backslash commands.
using Splitter = std::vector<Piece> (*)(std::string_view text, const SourcePosition& origin);

}  // namespace capo::dialect
