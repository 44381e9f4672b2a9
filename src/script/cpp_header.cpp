#include "script/cpp_header.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "script/cpp_text.hpp"
#include "script/source.hpp"

namespace capo::script {
namespace {

constexpr std::string_view kMacro = "CAPO_REVISION";

// What a comment line says, without the marks around it.
std::string_view comment_text(std::string_view line) {
  line = base::trim(line);
  while (line.starts_with('/') || line.starts_with('*')) line.remove_prefix(1);
  if (line.ends_with("*/")) line.remove_suffix(2);
  if (line.starts_with(' ')) line.remove_prefix(1);
  return line.substr(0, line.find_last_not_of(" \t\r*") + 1);
}

// Walks over the pieces of a C++ file that matter here; all else is skipped.
class Reader {
 public:
  Reader(std::string_view text, const std::string& path) : source_{text, path} {}

  std::optional<CppHeader> read() {
    source_.check_characters(source_.text.size());
    read_doc();
    while (at_ < source_.text.size()) {
      if (skip_unseen()) continue;
      if (base::is_word(source_.text[at_])) {
        read_word();
      } else {
        line_begins_ = line_begins_ && base::is_space(source_.text[at_]);
        if (source_.text[at_] == '\n') line_begins_ = true;
        ++at_;
      }
    }
    return std::move(header_);
  }

 private:
  std::string_view rest() const { return source_.text.substr(at_); }

  // The comments above the first line of code.
  void read_doc() {
    while (at_ < source_.text.size()) {
      const std::size_t begin = at_;
      if (base::is_space(source_.text[at_])) {
        ++at_;
        continue;
      }
      if (!skip_comment()) return;
      for (const std::string_view line : base::split(source_.text.substr(begin, at_ - begin), '\n'))
        doc_.append(comment_text(line)).push_back('\n');
    }
  }

  // A comment, a literal or a directive. False if there is none here.
  bool skip_unseen() {
    if (line_begins_ && rest().starts_with('#')) {
      skip_line();
      return true;
    }
    if (skip_comment()) return true;
    if (rest().starts_with('"') || rest().starts_with('\'')) {
      skip_literal(source_.text[at_]);
      return true;
    }
    return false;
  }

  bool skip_comment() {
    if (rest().starts_with("//")) {
      skip_line();
      return true;
    }
    if (!rest().starts_with("/*")) return false;
    const std::size_t end = source_.text.find("*/", at_ + 2);
    if (end == std::string_view::npos) source_.fail(at_, "this comment is never closed");
    at_ = end + 2;
    return true;
  }

  // To the end of the line; a backslash before that continues it.
  void skip_line() {
    for (;;) {
      at_ = std::min(source_.text.find('\n', at_), source_.text.size());
      if (at_ == source_.text.size()) return;
      const std::string_view line = source_.text.substr(0, at_);
      const bool continued = line.ends_with('\\') || line.ends_with("\\\r");
      if (!continued) return;
      ++at_;
    }
  }

  void skip_literal(char quote) {
    const std::size_t begin = at_++;
    line_begins_ = false;
    while (at_ < source_.text.size() && source_.text[at_] != quote && source_.text[at_] != '\n') {
      at_ += source_.text[at_] == '\\' ? 2 : 1;
    }
    if (at_ >= source_.text.size() || source_.text[at_] == '\n')
      source_.fail(begin, "this literal is never closed");
    ++at_;
  }

  // At the quote of R"x( … )x".
  void skip_raw_literal() {
    const std::size_t begin = at_;
    const std::size_t open = source_.text.find('(', at_);
    if (open == std::string_view::npos) source_.fail(begin, "this literal is never closed");
    const std::string close =
        ")" + std::string(source_.text.substr(at_ + 1, open - at_ - 1)) + "\"";
    const std::size_t end = source_.text.find(close, open);
    if (end == std::string_view::npos) source_.fail(begin, "this literal is never closed");
    at_ = end + close.size();
  }

  // A name, or a number with its digit separators.
  void read_word() {
    const std::size_t begin = at_;
    line_begins_ = false;
    const bool is_number = base::is_digit(source_.text[at_]);
    while (at_ < source_.text.size() &&
           (base::is_word(source_.text[at_]) || (is_number && source_.text[at_] == '\''))) {
      ++at_;
    }
    const std::string_view word = source_.text.substr(begin, at_ - begin);
    if (word == kMacro) {
      read_macro(word);
    } else if (rest().starts_with('"') && word.ends_with('R') && word.size() <= 3) {
      skip_raw_literal();
    }
  }

  void skip_blank() {
    while (at_ < source_.text.size() && (base::is_space(source_.text[at_]) || skip_comment())) {
      if (at_ < source_.text.size() && base::is_space(source_.text[at_])) ++at_;
    }
  }

  void read_macro(std::string_view word) {
    if (header_) {
      source_.fail(word,
                   "a second CAPO_REVISION; the first is in line " + std::to_string(header_->line),
                   "one file is one revision: move it to a file of its own");
    }
    skip_blank();
    if (!rest().starts_with('(')) {
      source_.fail(word, "CAPO_REVISION without its arguments", std::string(kHowTo));
    }
    ++at_;
    skip_blank();
    const std::size_t end = std::min(rest().find_first_of(",)\n"), rest().size());
    const std::string_view token = base::trim(rest().substr(0, end));
    if (token.empty()) {
      source_.fail(at_, "CAPO_REVISION without an id", std::string(kHowTo));
    }
    if (token.starts_with('"')) {
      source_.fail(token, "'" + std::string(token) + "' cannot be a part of a C++ name",
                   "write a word there without quotes: CAPO_REVISION(" +
                       base::replace_all(token, "\"", "") + ", …)");
    }
    if (!is_cpp_word(token)) {
      source_.fail(token, "'" + std::string(token) + "' cannot be a part of a C++ name",
                   "write a word there and the id behind it: CAPO_REVISION(" + cpp_word(token) +
                       ", .id = \"" + std::string(token) + "\", …)");
    }
    header_ = CppHeader{.token = std::string(token),
                        .id = std::string(token),
                        .line = base::position_at(source_.text, begin_of(word)).line,
                        .doc = std::string(base::trim(doc_))};
    at_ += end;
    read_id();
  }

  // `, .id = "…"`, which is the first field if it is there. Computed ones the compiler alone knows.
  void read_id() {
    const std::size_t back = at_;
    const auto take = [this](std::string_view wanted) {
      skip_blank();
      if (!rest().starts_with(wanted)) return false;
      at_ += wanted.size();
      return true;
    };
    if (take(",") && take(".") && take("id") && take("=") && take("\"")) {
      const std::size_t end = rest().find_first_of("\"\\\n");
      // An empty one is as good as none: the token is the id.
      if (end != std::string_view::npos && end > 0 && rest()[end] == '"') {
        header_->id = std::string(rest().substr(0, end));
      }
    }
    at_ = back;
  }

  std::size_t begin_of(std::string_view piece) const {
    return static_cast<std::size_t>(piece.data() - source_.text.data());
  }

  static constexpr std::string_view kHowTo =
      "write CAPO_REVISION(001, .down_revision = {\"000\"}, .message = \"…\");";

  Source source_;
  std::size_t at_ = 0;
  bool line_begins_ = true;
  std::string doc_ = {};
  std::optional<CppHeader> header_ = {};
};

}  // namespace

bool may_be_cpp_revision(std::string_view name) {
  if (name.starts_with(".#") || name.starts_with("._")) return false;
  return name.ends_with(".cpp") || name.ends_with(".cc") || name.ends_with(".cxx");
}

std::optional<CppHeader> read_cpp_header(std::string_view text, const std::string& path) {
  return Reader(without_byte_order_mark(text), path).read();
}

std::string cpp_checksum(std::string_view text) {
  return base::sha256(base::replace_all(without_byte_order_mark(text), "\r\n", "\n"));
}

}  // namespace capo::script
