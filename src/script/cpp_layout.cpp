#include "script/cpp_layout.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "script/cpp_text.hpp"

namespace capo::script {
namespace {

using Kind = CppPiece::Kind;

/// What a continued line of a call begins with, if its arguments do not stand under each other.
constexpr std::size_t kContinuation = 4;
constexpr std::size_t kBrokenChain = 3;  // as bad as so many lines
constexpr std::size_t kTooLong = 1000;   // worse than any number of lines

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(base::count_code_points(text));
}

bool has_several_lines(std::string_view text) {
  const std::size_t end = text.find('\n');
  return end != std::string_view::npos && end + 1 < text.size();
}

/// The piece on one line; nothing if it has several, or would be longer than `most`.
std::optional<std::string> on_one_line(const CppPiece& piece, std::size_t most) {
  std::string line = piece.label;
  switch (piece.kind) {
    case Kind::kWord:
      line += piece.text;
      break;
    case Kind::kLiteral:
      if (has_several_lines(piece.text) || piece.text.size() > most * 4) return std::nullopt;
      line += cpp_string(piece.text);
      break;
    case Kind::kGroup:
    case Kind::kChain:
      line += piece.text;
      for (std::size_t i = 0; i < piece.items.size(); ++i) {
        if (i > 0 && piece.kind == Kind::kGroup) line += ", ";
        const std::optional<std::string> item = on_one_line(piece.items[i], most);
        if (!item) return std::nullopt;
        line += *item;
        if (line.size() > most * 4) return std::nullopt;
      }
      line += piece.close;
      break;
  }
  if (columns(line) > most) return std::nullopt;
  return line;
}

class Printer {
 public:
  Printer(std::size_t width, std::size_t indent) : width_(width), column_(indent) {}

  /// `trailing`: columns that must be left behind the last line.
  void print(const CppPiece& piece, std::size_t trailing) {
    if (const auto line = on_one_line(piece, room(trailing))) return put(*line);
    put(piece.label);
    switch (piece.kind) {
      case Kind::kWord:
        put(piece.text);
        break;
      case Kind::kLiteral:
        print_literal(piece.text, trailing);
        break;
      case Kind::kGroup:
        print_group(piece, trailing);
        break;
      case Kind::kChain:
        print_chain(piece, trailing);
        break;
    }
  }

  void put(std::string_view text) {
    text_ += text;
    column_ += columns(text);
  }
  std::string take() { return std::move(text_); }

 private:
  std::size_t room(std::size_t trailing) const {
    const std::size_t taken = column_ + trailing;
    return taken < width_ ? width_ - taken : 0;
  }

  void new_line(std::size_t indent) {
    if (column_ > width_) ++too_long_;
    text_.append("\n").append(indent, ' ');
    column_ = indent;
    ++lines_;
  }

  std::size_t cost() const {
    return lines_ + kBrokenChain * chains_ + kTooLong * (too_long_ + (column_ > width_ ? 1 : 0));
  }

  void print_group(const CppPiece& group, std::size_t trailing) {
    put(group.text);
    const std::size_t aligned_at = column_;
    if (!group.text.ends_with('(') || group.items.empty()) {
      print_items(group, aligned_at, trailing);
      return;
    }
    Printer below = *this;
    below.new_line(line_indent() + kContinuation);
    below.print_items(group, below.column_, trailing);
    Printer aligned = *this;
    aligned.print_items(group, aligned_at, trailing);
    // What follows a text or a call of several lines would otherwise hang behind its end.
    const CppPiece& first = group.items[0];
    const bool begins_long =
        first.kind == Kind::kLiteral || (group.items.size() > 1 && first.text.ends_with('('));
    const bool prefers_below =
        (begins_long && !on_one_line(first, room(0))) || below.cost() < aligned.cost();
    *this = prefers_below ? std::move(below) : std::move(aligned);
  }

  void print_items(const CppPiece& group, std::size_t indent, std::size_t trailing) {
    bool after_several_lines = false;
    for (std::size_t i = 0; i < group.items.size(); ++i) {
      const CppPiece& item = group.items[i];
      const bool is_last = i + 1 == group.items.size();
      const std::size_t behind = is_last ? trailing + group.close.size() : 1;
      if (i > 0) {
        const bool may_share = !group.each_alone && !after_several_lines;
        may_share&& belongs_here(item, is_last, indent, behind) ? put(" ") : new_line(indent);
      }
      const std::size_t lines_before = lines_;
      print(item, behind);
      after_several_lines = lines_ != lines_before;
      if (!is_last) put(",");
    }
    put(group.close);
  }

  // Whether an item goes on the line of the one before it: if it fits, or if it is the last and a
  // struct that can be broken inside.
  bool belongs_here(const CppPiece& item, bool is_last, std::size_t indent,
                    std::size_t behind) const {
    if (on_one_line(item, room(behind + 1))) return true;
    const bool is_struct = item.kind == Kind::kGroup && item.each_alone && item.text.size() > 1;
    if (!is_last || !is_struct || !item.label.empty()) return false;
    Printer here = *this;
    here.put(" ");
    here.print(item, behind);
    Printer below = *this;
    below.new_line(indent);
    below.print(item, behind);
    return here.cost() < below.cost();
  }

  void print_chain(const CppPiece& chain, std::size_t trailing) {
    const std::size_t indent = column_ + kContinuation;
    ++chains_;
    for (std::size_t i = 0; i < chain.items.size(); ++i) {
      const bool is_last = i + 1 == chain.items.size();
      const std::size_t behind = is_last ? trailing : 0;
      if (i > 0) new_line(indent);
      print(chain.items[i], behind);
    }
  }

  void print_literal(std::string_view text, std::size_t trailing) {
    const std::size_t indent = column_;
    bool first = true;
    while (!text.empty()) {
      if (!first) new_line(indent);
      first = false;
      const std::size_t line_end = std::min(text.find('\n'), text.size() - 1) + 1;
      const std::size_t most = room(line_end == text.size() ? trailing : 0);
      const std::size_t end = end_of_piece(text.substr(0, line_end), most);
      put(cpp_string(text.substr(0, end)));
      text.remove_prefix(end);
    }
  }

  // Behind the last space up to where a literal of `most` columns may reach; or the whole.
  static std::size_t end_of_piece(std::string_view line, std::size_t most) {
    if (columns(cpp_string(line)) <= most) return line.size();
    std::size_t end = 0;
    for (std::size_t at = line.find(' '); at != std::string_view::npos; at = line.find(' ', at)) {
      at = std::min(line.find_first_not_of(' ', at), line.size());
      if (end > 0 && columns(cpp_string(line.substr(0, at))) > most) break;
      end = at;
    }
    return end == 0 ? line.size() : end;
  }

  std::size_t line_indent() const {
    const std::size_t begin = text_.rfind('\n') + 1;
    const std::size_t end = std::min(text_.find_first_not_of(' ', begin), text_.size());
    return begin == 0 ? first_indent_ : end - begin;
  }

  std::size_t width_;
  std::size_t column_;
  std::size_t first_indent_ = column_;
  std::size_t lines_ = 0;
  std::size_t too_long_ = 0;
  std::size_t chains_ = 0;
  std::string text_ = {};
};

}  // namespace

CppPiece cpp_name(std::string word) { return {.kind = Kind::kWord, .text = std::move(word)}; }

CppPiece cpp_text(std::string_view text) {
  return {.kind = Kind::kLiteral, .text = std::string(text)};
}

CppPiece cpp_call(std::string name, std::vector<CppPiece> items) {
  return {
      .kind = Kind::kGroup, .text = std::move(name) + "(", .close = ")", .items = std::move(items)};
}

CppPiece cpp_list(std::vector<CppPiece> items) {
  const bool each_alone = std::any_of(items.begin(), items.end(), [](const CppPiece& item) {
    return item.kind == Kind::kGroup && item.text == "{" && !item.items.empty();
  });
  return {.kind = Kind::kGroup,
          .text = "{",
          .close = "}",
          .items = std::move(items),
          .each_alone = each_alone};
}

CppPiece cpp_record(std::string name, std::vector<CppPiece> items) {
  return {.kind = Kind::kGroup,
          .text = std::move(name) + "{",
          .close = "}",
          .items = std::move(items),
          .each_alone = true};
}

CppPiece labelled(std::string_view name, CppPiece piece) {
  piece.label = "." + std::string(name) + " = ";
  return piece;
}

std::string lay_out(const CppPiece& piece, std::size_t indent, std::string_view behind,
                    std::size_t width) {
  Printer printer(width, indent);
  printer.print(piece, behind.size());
  printer.put(behind);
  return printer.take();
}

}  // namespace capo::script
