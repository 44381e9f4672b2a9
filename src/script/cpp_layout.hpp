#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// C++ source that is made, as a tree of pieces, and its layout: as clang-format would break it.
namespace capo::script {

/// An expression. Made by the functions below, put together, and printed at the end.
struct CppPiece {
  enum class Kind {
    kWord,     ///< stands on one line as it is
    kLiteral,  ///< a text in quotes; broken behind its line breaks, and at spaces where it is long
    kGroup,    ///< items with commas between `open` and `close`
    kChain,    ///< items one after the other, the further ones each on a line if they must
  };
  Kind kind = Kind::kWord;
  std::string text = {};  ///< a word; the contents of a literal; what a group opens with
  std::string close = {};
  std::vector<CppPiece> items = {};
  std::string label = {};   ///< `.name = `, before it all
  bool each_alone = false;  ///< of a group that does not fit on a line: a line for each item

  bool is_empty_group() const { return kind == Kind::kGroup && items.empty(); }
};

CppPiece cpp_name(std::string word);
CppPiece cpp_text(std::string_view text);
/// `name(items)`
CppPiece cpp_call(std::string name, std::vector<CppPiece> items);
/// `{items}`
CppPiece cpp_list(std::vector<CppPiece> items);
/// `Name{.a = x, .b = y}`: of items with labels. `name` may be empty.
CppPiece cpp_record(std::string name, std::vector<CppPiece> items);
CppPiece labelled(std::string_view name, CppPiece piece);

/// The expression, beginning at column `indent`, which is not written; `behind` is what follows its
/// end (`;`). No line is longer than `width` if that can be helped.
std::string lay_out(const CppPiece& piece, std::size_t indent, std::string_view behind,
                    std::size_t width);

}  // namespace capo::script
