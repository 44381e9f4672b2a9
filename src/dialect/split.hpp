#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "capo/error.hpp"

/// Cutting SQL text into statements, by one database's own lexical rules.
namespace capo::dialect {

/// A statement's place in the text that was split: [begin, end), without the closing `;` and
/// without white space and comments before it and after it.
struct Piece {
  std::size_t begin = 0;
  std::size_t end = 0;

  friend bool operator==(const Piece&, const Piece&) = default;
};

/// The statements of `text`, in order; a piece of nothing but white space and comments is left out.
/// `origin` is where the text stands in its file, for errors. Throws Error{kScript} with position
/// and source line for an unterminated literal, quoted name, dollar quote, comment, parenthesis
/// (PostgreSQL) or body, for a NUL byte, and for what only a client program understands: `COPY …
/// FROM stdin`, psql's backslash commands, sqlite3's dot commands.
using Splitter = std::vector<Piece> (*)(std::string_view text, const SourcePosition& origin);

/// Where offsets of a text stand in its file. Asked for ascending offsets it reads the text once.
class Locator {
 public:
  /// `origin` is the place of the first character; a line or column that it does not know counts
  /// as 1.
  Locator(std::string_view text, SourcePosition origin);

  /// Throws nothing; an offset below the last one starts over from the beginning of the text.
  SourcePosition at(std::size_t offset);

 private:
  std::string_view text_;
  SourcePosition origin_;
  SourcePosition here_;
  std::size_t offset_ = 0;
};

/// An Error{kScript} that points at an offset of the text, with the line around it.
Error error_at(std::string_view text, std::size_t offset, const SourcePosition& origin,
               std::string message);

}  // namespace capo::dialect
