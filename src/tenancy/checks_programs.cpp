#include "tenancy/checks_programs.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"

namespace capo::tenancy {
namespace {

// Where the arguments of a call end at the latest.
constexpr std::size_t kLongestCall = 600;
constexpr std::size_t kLongestLine = 160;
// `*` goes on with what began above; `#define` is no comment.
constexpr std::array<std::string_view, 5> kComments = {"//", "# ", "--", "/*", "* "};
// Functions of client libraries that load rows, without COPY in the program's text.
constexpr std::array<std::string_view, 4> kLoaders = {"copy_from", "copyfrom", "stream_to",
                                                      "copy_in"};

bool is_of_name(char c) {
  const char lower = base::to_lower(c);
  return (lower >= 'a' && lower <= 'z') || base::is_digit(c) || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Around a name in a string of a program: `\"items\"`.
bool is_quote(char c) { return c == '"' || c == '\'' || c == '`' || c == '\\'; }

/// Reads on from a place in a text, whatever language it is.
class Scan {
 public:
  Scan(std::string_view text, std::size_t at) : text_(text), at_(at) {}

  void skip_space() {
    while (at_ < text_.size() && base::is_space(text_[at_])) ++at_;
  }
  void skip_quotes() {
    while (at_ < text_.size() && is_quote(text_[at_])) ++at_;
  }
  bool takes(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool takes_word(std::string_view word) {
    const std::string_view there = text_.substr(at_, word.size());
    if (!base::equals_ignoring_case(there, word)) return false;
    if (at_ + word.size() < text_.size() && is_of_name(text_[at_ + word.size()])) return false;
    at_ += word.size();
    return true;
  }
  /// `app.tenant`, `"app".tenant`: without quotes.
  std::string name() {
    std::string name;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (is_of_name(c) || c == '.') {
        name += c;
      } else if (!is_quote(c)) {
        break;
      }
    }
    return name;
  }
  /// What stands up to the parenthesis that closes; nothing if none does soon.
  std::optional<std::string_view> up_to_close() {
    int depth = 1;
    for (std::size_t i = at_; i < text_.size() && i < at_ + kLongestCall; ++i) {
      if (text_[i] == '(') ++depth;
      if (text_[i] == ')' && --depth == 0) return text_.substr(at_, i - at_);
    }
    return std::nullopt;
  }
  char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }

 private:
  std::string_view text_;
  std::size_t at_;
};

Occurrence occurrence(std::string_view text, std::size_t at, const Relation* relation = nullptr) {
  const std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  const std::string_view line =
      text.substr(begin, std::min(text.find('\n', at), text.size()) - begin);
  Occurrence found{.line = std::string(base::trim(line).substr(0, kLongestLine)),
                   .relation = relation};
  found.at.line =
      static_cast<int>(std::count(text.begin(), text.begin() + static_cast<long>(begin), '\n')) + 1;
  found.at.column = static_cast<int>(at - begin) + 1;
  return found;
}

bool is_in_comment(std::string_view text, std::size_t at) {
  const std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  const std::string_view line =
      base::trim(text.substr(before == std::string_view::npos ? 0 : before + 1));
  return std::any_of(kComments.begin(), kComments.end(),
                     [&](std::string_view mark) { return line.starts_with(mark); });
}

// Calls `visit` with each place of a word, in any case of letters; after it.
template <typename Visit>
void each_word(std::string_view text, std::string_view lowered, std::string_view word,
               const Visit& visit) {
  for (std::size_t at = lowered.find(word); at != std::string_view::npos;
       at = lowered.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if (at > 0 && is_of_name(text[at - 1])) continue;
    if (end < text.size() && is_of_name(text[end])) continue;
    if (!is_in_comment(text, at)) visit(at, end);
  }
}

// After `set_config(`: its name is the setting, and its last argument false.
bool sets_config_for_session(Scan scan, const std::string& setting) {
  scan.skip_space();
  if (!scan.takes('(')) return false;
  const auto arguments = scan.up_to_close();
  scan.skip_space();
  scan.skip_quotes();
  if (!base::equals_ignoring_case(scan.name(), setting) || !arguments) return false;
  const std::size_t comma = arguments->rfind(',');
  if (comma == std::string_view::npos) return false;
  std::string last;
  for (const char c : arguments->substr(comma + 1)) {
    if (is_of_name(c)) last += c;
  }
  return base::equals_ignoring_case(last, "false") || last == "f";
}

// After `SET`.
bool sets_for_session(Scan scan, const std::string& setting) {
  scan.skip_space();
  if (scan.takes_word("session")) scan.skip_space();
  if (!base::equals_ignoring_case(scan.name(), setting)) return false;
  scan.skip_space();
  return scan.next() == '=' || scan.takes_word("to");
}

const Relation* tenants_table(const Material& material, const std::string& name) {
  const Relation* relation = material.facts.find(name);
  if (relation == nullptr) relation = material.facts.find(base::lower(name));
  return relation != nullptr && material.tenant_table(relation->oid) != nullptr ? relation
                                                                                : nullptr;
}

// After `COPY`.
const Relation* copied(Scan scan, const Material& material) {
  scan.skip_space();
  const Relation* relation = tenants_table(material, scan.name());
  if (relation == nullptr) return nullptr;
  scan.skip_space();
  if (scan.takes('(')) {
    while (scan.next() != '\0' && scan.next() != ')') scan.takes(scan.next());
    scan.takes(')');
    scan.skip_space();
  }
  if (!scan.takes_word("from")) return nullptr;
  scan.skip_space();
  const bool is_statement = scan.takes_word("stdin") || scan.takes_word("program") ||
                            is_quote(scan.next()) || scan.next() == '$' || scan.next() == '%';
  return is_statement ? relation : nullptr;
}

// After the name of a function that loads rows: a quoted name among its arguments.
const Relation* loaded(Scan scan, const Material& material) {
  // `stream_to::table(`
  while (scan.takes(':')) continue;
  scan.name();
  scan.skip_space();
  if (!scan.takes('(')) return nullptr;
  const auto arguments = scan.up_to_close();
  if (!arguments) return nullptr;
  for (std::size_t i = 0; i < arguments->size(); ++i) {
    if (!is_quote((*arguments)[i])) continue;
    const std::size_t end = arguments->find((*arguments)[i], i + 1);
    if (end == std::string_view::npos) break;
    const std::string name(arguments->substr(i + 1, end - i - 1));
    if (const Relation* relation = tenants_table(material, name)) return relation;
    i = end;
  }
  return nullptr;
}

}  // namespace

std::vector<Occurrence> session_settings(std::string_view text, const std::string& setting) {
  const std::string lowered = base::lower(text);
  std::vector<Occurrence> all;
  each_word(text, lowered, "set", [&](std::size_t at, std::size_t end) {
    if (sets_for_session(Scan(text, end), setting)) all.push_back(occurrence(text, at));
  });
  each_word(text, lowered, "set_config", [&](std::size_t at, std::size_t end) {
    if (sets_config_for_session(Scan(text, end), setting)) all.push_back(occurrence(text, at));
  });
  // Options of a connection: what is set there holds as long as it does.
  each_word(text, lowered, base::lower(setting), [&](std::size_t at, std::size_t end) {
    const std::string_view before = base::trim(text.substr(0, at));
    if (before.ends_with("-c") && Scan(text, end).takes('=')) all.push_back(occurrence(text, at));
  });
  std::sort(all.begin(), all.end(), [](const Occurrence& a, const Occurrence& b) {
    return std::pair(a.at.line, a.at.column) < std::pair(b.at.line, b.at.column);
  });
  return all;
}

std::vector<Occurrence> loads(std::string_view text, const Material& material) {
  const std::string lowered = base::lower(text);
  std::vector<Occurrence> all;
  each_word(text, lowered, "copy", [&](std::size_t at, std::size_t end) {
    const Relation* relation = copied(Scan(text, end), material);
    if (relation != nullptr) all.push_back(occurrence(text, at, relation));
  });
  for (const std::string_view loader : kLoaders) {
    each_word(text, lowered, loader, [&](std::size_t at, std::size_t end) {
      const Relation* relation = loaded(Scan(text, end), material);
      if (relation != nullptr) all.push_back(occurrence(text, at, relation));
    });
  }
  return all;
}

}  // namespace capo::tenancy
