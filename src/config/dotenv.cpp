#include "config/dotenv.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.hpp"
#include "config/source_text.hpp"

namespace capo::config {
namespace {

// Linux passes no longer one to a process; it also stops values that double themselves line by
// line.
constexpr std::size_t kLongestValue = std::size_t{128} * 1024;

// The grammar, `blank` being white space other than a line break:
//
//   line   := [`export` blank+] (name | '…') blank* [`=` blank* value] blank* [comment] end of line
//   name   := characters other than white space, `=` and `#`
//   value  := '…' | "…" | the rest of the line, up to white space before a `#`
class DotEnvReader {
 public:
  DotEnvReader(const std::string& text, const std::string& file) : text_(text), file_(file) {}

  std::vector<DotEnvEntry> read() {
    std::vector<DotEnvEntry> entries;
    for (;;) {
      skip_white_space();
      if (at_end()) return entries;
      skip_export();
      if (peek() != '#') entries.push_back(read_entry());
      end_line();
    }
  }

 private:
  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  std::string_view rest() const { return std::string_view(text_).substr(at_); }
  std::size_t blank_length() const { return peek() == '\n' ? 0 : white_space_length(rest()); }

  void skip_white_space() {
    while (const std::size_t length = white_space_length(rest())) at_ += length;
  }
  void skip_blanks() {
    while (const std::size_t length = blank_length()) at_ += length;
  }

  void skip_export() {
    constexpr std::string_view kExport = "export";
    if (!rest().starts_with(kExport)) return;
    const std::size_t start = std::exchange(at_, at_ + kExport.size());
    if (blank_length() == 0) at_ = start;  // a name that begins so
    skip_blanks();
  }

  DotEnvEntry read_entry() {
    DotEnvEntry entry;
    count_lines_up_to(at_);
    entry.line = line_;
    entry.name = read_name();
    skip_blanks();
    if (peek() == '=') {
      ++at_;
      skip_blanks();
      entry.value = read_value();
    } else if (!at_end() && peek() != '\n' && peek() != '#') {
      throw error(at_, "a = is missing between a name and its value").hint("a line is NAME=value");
    }
    return entry;
  }

  std::string read_name() {
    const std::size_t start = at_;
    if (peek() == '\'') {
      const std::size_t closing = text_.find('\'', start + 1);
      if (closing == std::string::npos) throw error(start, "the name has no closing quote '");
      if (closing == start + 1)
        throw error(start, "a value without a name").hint("a line is NAME=value");
      at_ = closing + 1;
      return text_.substr(start + 1, closing - start - 1);
    }
    while (!at_end() && peek() != '=' && peek() != '#' && white_space_length(rest()) == 0) ++at_;
    if (at_ == start) throw error(start, "a value without a name").hint("a line is NAME=value");
    return text_.substr(start, at_ - start);
  }

  std::string read_value() {
    switch (peek()) {
      case '\'':
        return unescape(read_quoted(), "\\'");
      case '"':
        return unescape(read_quoted(), "\\'\"abfnrtv");
      default:
        return read_unquoted();
    }
  }

  // What stands between the quotes. A quote behind a backslash closes the value only if none does
  // without: 'C:\' is written by people, and python-dotenv takes it.
  std::string_view read_quoted() {
    const std::size_t opening = at_;
    const char quote = text_[opening];
    std::size_t closing = std::string::npos;
    std::size_t i = opening + 1;
    for (; i < text_.size() && text_[i] != quote; ++i) {
      if (text_[i] != '\\' || i + 1 == text_.size()) continue;
      if (text_[i + 1] == quote) closing = i + 1;
      if (text_[i + 1] == quote || text_[i + 1] == '\\') ++i;
    }
    if (i < text_.size()) closing = i;
    if (closing == std::string::npos) {
      throw error(opening, std::string("the value has no closing quote ") + quote);
    }
    at_ = closing + 1;
    return std::string_view(text_).substr(opening + 1, closing - opening - 1);
  }

  // `\x` becomes the character it stands for, if x is one of `escapable`; any other backslash
  // stays.
  static std::string unescape(std::string_view quoted, std::string_view escapable) {
    constexpr std::string_view kNames = "abfnrtv";
    constexpr std::string_view kCharacters = "\a\b\f\n\r\t\v";
    std::string value;
    for (std::size_t i = 0; i < quoted.size(); ++i) {
      const bool escape = quoted[i] == '\\' && i + 1 < quoted.size() &&
                          escapable.find(quoted[i + 1]) != std::string_view::npos;
      if (!escape) {
        value += quoted[i];
        continue;
      }
      const char name = quoted[++i];
      const std::size_t index = kNames.find(name);
      value += index == std::string_view::npos ? name : kCharacters[index];
    }
    return value;
  }

  std::string read_unquoted() {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    std::string_view value = std::string_view(text_).substr(at_, end - at_);
    at_ = end;
    // The first `#` with white space before it; one at the very start belongs to the value.
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (value[i] == '#' && strip_end(value.substr(0, i)).size() < i) {
        value = value.substr(0, i);
        break;
      }
    }
    return std::string(strip_end(value));
  }

  void end_line() {
    skip_blanks();
    if (peek() == '#') at_ = std::min(text_.find('\n', at_), text_.size());
    if (at_end()) return;
    if (peek() != '\n') {
      throw error(at_, "text behind the closing quote")
          .hint("a comment begins with #; a quote inside a quoted value needs a \\ before it");
    }
    ++at_;
  }

  void count_lines_up_to(std::size_t offset) {
    line_ +=
        static_cast<int>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(counted_),
                                    text_.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
    counted_ = offset;
  }

  Error error(std::size_t at, std::string message) const {
    return Error(ErrorCode::kConfig, std::move(message)).at(base::position_at(text_, at, file_));
  }

  const std::string& text_;
  const std::string& file_;
  std::size_t at_ = 0;
  std::size_t counted_ = 0;
  int line_ = 1;
};

using Values = std::map<std::string, std::string, std::less<>>;

// Replaces `${name}` and `${name:-default}`. A name is anything up to the first `}` or `:`, as in
// python-dotenv.
class Expansion {
 public:
  explicit Expansion(const base::Environment& environment) : environment_(environment) {}

  // The expanded value, or nothing if what is filled in is too long.
  std::optional<std::string> expand(std::string_view value) const {
    std::string result;
    std::size_t filled_in = 0;
    std::size_t at = 0;
    // Kept from one `${` to the next: `${${${…` is read once, not once for each.
    std::size_t name_end = 0;
    for (;;) {
      const std::size_t dollar = value.find("${", at);
      if (dollar == std::string_view::npos) return result.append(value.substr(at));
      if (name_end < dollar + 2) name_end = value.find_first_of("}:", dollar + 2);
      if (name_end == std::string_view::npos) return result.append(value.substr(at));
      result.append(value.substr(at, dollar - at));
      const bool has_default = value.substr(name_end).starts_with(":-");
      if (value[name_end] == ':' && !has_default) {
        result += "${";
        at = dollar + 2;
        continue;
      }
      const std::size_t end = value.find('}', name_end);
      if (end == std::string_view::npos) return result.append(value.substr(dollar));
      const std::string_view name = value.substr(dollar + 2, name_end - dollar - 2);
      const std::string_view found = look_up(
          name, has_default ? value.substr(name_end + 2, end - name_end - 2) : std::string_view());
      filled_in += found.size();
      if (filled_in > kLongestValue) return std::nullopt;
      result += found;
      at = end + 1;
    }
  }

  void remember(const std::string& name, const std::string& value) {
    earlier_.insert_or_assign(name, value);
  }

 private:
  std::string_view look_up(std::string_view name, std::string_view fallback) const {
    if (const auto set = environment_.find(name); set != environment_.end()) return set->second;
    const auto entry = earlier_.find(name);
    return entry == earlier_.end() ? fallback : std::string_view(entry->second);
  }

  const base::Environment& environment_;
  Values earlier_ = {};
};

}  // namespace

std::vector<DotEnvEntry> read_dotenv(std::string_view content, const std::string& file,
                                     const base::Environment& environment) {
  const std::string text = read_text(content, file);
  std::vector<DotEnvEntry> entries = DotEnvReader(text, file).read();
  Expansion expansion(environment);
  for (DotEnvEntry& entry : entries) {
    if (entry.value) {
      entry.value = expansion.expand(*entry.value);
      if (!entry.value) {
        throw Error(ErrorCode::kConfig, "the value grows beyond 128 KiB by its ${…}")
            .at({file, entry.line, 0});
      }
    }
    expansion.remember(entry.name, entry.value.value_or(""));
  }
  return entries;
}

const DotEnvEntry* find_entry(const std::vector<DotEnvEntry>& entries, std::string_view name) {
  const auto found = std::find_if(entries.rbegin(), entries.rend(),
                                  [&](const DotEnvEntry& entry) { return entry.name == name; });
  return found == entries.rend() ? nullptr : &*found;
}

}  // namespace capo::config
