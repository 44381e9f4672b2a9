#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "script/source.hpp"

/// Python's lexical structure, as far as finding the statements of a module and reading literals
/// needs it.
namespace capo::script {

enum class PythonTokenKind { kName, kNumber, kString, kOperator };

struct PythonToken {
  PythonTokenKind kind = PythonTokenKind::kOperator;
  /// A string with its prefix and quotes; an operator is one character, or ends in `=`.
  std::string_view text = {};
};

/// One logical line: brackets, triple quotes and backslashes carry it over line breaks.
struct PythonLine {
  bool indented = false;
  std::vector<PythonToken> tokens = {};  ///< never empty, comments left out
};

/// Walks over the logical lines of a module. Throws Error{kScript} for an unterminated string and
/// unbalanced brackets.
class PythonLines {
 public:
  explicit PythonLines(const Source& source) : source_(source) {}

  bool next(PythonLine& line);

 private:
  bool at_end() const { return offset_ >= source_.text.size(); }
  char peek(std::size_t ahead = 0) const;
  bool skip_line_break();
  void skip_comment();
  void read_token(PythonLine& line);
  void read_operator(PythonLine& line);
  void read_string(std::size_t begin, std::string_view prefix);
  void read_replacement_field(std::size_t string_begin);
  void read_format_spec(std::size_t string_begin);
  void skip_escape(bool raw, bool format, std::size_t string_begin);

  const Source& source_;
  std::size_t offset_ = 0;
  int nesting_ = 0;                              // of strings in strings in format strings
  std::vector<std::size_t> open_brackets_ = {};  // their offsets
};

}  // namespace capo::script
