#include "config/ini.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "config/source_text.hpp"

// How a line is read, given the indentation (in characters) of the last header or key:
//
//   nothing but white space    an empty line of the value before it, unless the value ends there
//   starts with # or ;         ignored, also inside a value
//   deeper than the last key   the next line of its value
//   [name]                     a section; `name` goes up to the last `]`, what follows is ignored
//   key = value, key: value    a value; whichever sign comes first
//
// That is what configparser does with the options Alembic gives it, down to the odd corners: a
// deeper line right after a header is a key, a comment inside a value is skipped though it is
// indented, trailing white space of a value is dropped.

namespace capo::config {
namespace {

constexpr std::string_view kDefaultSection = "DEFAULT";

}  // namespace

class IniReader {
 public:
  explicit IniReader(Ini& ini) : ini_(ini) {}

  void read() {
    const std::string_view text = ini_.text_;
    std::size_t begin = 0;
    while (begin < text.size()) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      read_line(begin, text.substr(begin, end - begin));
      begin = end + 1;
    }
    end_value();
  }

 private:
  void read_line(std::size_t begin, std::string_view line) {
    const std::string_view content = strip(line);
    if (content.empty()) {
      if (value_ != nullptr) ++empty_lines_;
      return;
    }
    if (content.front() == '#' || content.front() == ';') return;
    const auto before = static_cast<std::size_t>(content.data() - line.data());
    const std::size_t at = begin + before;
    const int indentation = base::count_code_points(line.substr(0, before));
    if (value_ != nullptr && indentation > indentation_) {
      continue_value(at, content);
      return;
    }
    indentation_ = indentation;
    end_value();
    // The name is everything up to the last bracket, and at least one character.
    const std::size_t closing = content.rfind(']');
    if (content.front() == '[' && closing != std::string_view::npos && closing > 1) {
      begin_section(at, content.substr(1, closing - 1));
    } else {
      begin_value(at, content);
    }
  }

  void begin_section(std::size_t at, std::string_view name) {
    section_name_ = name;
    if (name == kDefaultSection) {
      values_ = &ini_.defaults_;
      return;
    }
    const auto [first, is_new] = section_origins_.try_emplace(std::string(name), at);
    if (!is_new) {
      throw error(at, "the section [" + section_name_ + "] is there twice")
          .hint("the first is in line " + std::to_string(line_of(first->second)) +
                "; put the keys of both into one");
    }
    ini_.sections_.push_back({section_name_, {}});
    values_ = &ini_.sections_.back().values;
  }

  void begin_value(std::size_t at, std::string_view content) {
    const std::size_t sign = content.find_first_of("=:");
    if (content.front() == '[' && sign == std::string_view::npos) {
      const bool closed = content.find(']') != std::string_view::npos;
      throw error(at,
                  closed ? "a section's header without a name" : "a section's header without its ]")
          .hint("write [name]");
    }
    if (values_ == nullptr) {
      throw error(at, "text before the first section")
          .hint("begin the file with a section's header, [alembic]");
    }
    if (sign == std::string_view::npos) {
      throw error(at, "neither [section] nor key = value")
          .hint("a line that continues a value is indented; a comment starts with # or ;");
    }
    const std::string key = base::lower(strip_end(content.substr(0, sign)));
    if (key.empty()) throw error(at, "a value without a key").hint("write key = value");
    const auto [entry, is_new] = values_->try_emplace(key);
    if (!is_new) {
      const int line = line_of(entry->second.lines.front().origin);
      throw error(at, "the key '" + key + "' is there twice in [" + section_name_ + "]")
          .hint("the first is in line " + std::to_string(line));
    }
    value_ = &entry->second;
    const std::string_view text = strip(content.substr(sign + 1));
    const std::size_t text_at =
        text.empty() ? at : at + static_cast<std::size_t>(text.data() - content.data());
    value_->text = text;
    value_->lines.push_back({0, text_at});
  }

  void continue_value(std::size_t at, std::string_view content) {
    value_->text.append(empty_lines_ + 1, '\n');
    empty_lines_ = 0;
    value_->lines.push_back({value_->text.size(), at});
    value_->text += content;
  }

  // Empty lines belong to a value only if more of it follows.
  void end_value() {
    value_ = nullptr;
    empty_lines_ = 0;
  }

  Error error(std::size_t at, std::string message) const {
    return Error(ErrorCode::kConfig, std::move(message))
        .at(base::position_at(ini_.text_, at, ini_.file_));
  }
  int line_of(std::size_t at) const { return base::position_at(ini_.text_, at).line; }

  Ini& ini_;
  Ini::Values* values_ = nullptr;
  Ini::Value* value_ = nullptr;
  std::string section_name_ = {};
  std::map<std::string, std::size_t> section_origins_ = {};
  int indentation_ = 0;
  std::size_t empty_lines_ = 0;
};

// Replaces `%(name)s` and `%%`. References can be nested ten deep, which bounds depth but not work
// (ten references to ten references to …): so the work is bounded as well, far above what anyone
// means.
class IniInterpolation {
 public:
  IniInterpolation(const Ini& ini, std::string_view section) : ini_(ini), section_(section) {}

  // False if it fails; then error() says why.
  bool replace(std::string_view key, const Ini::Value& value) {
    if (!append(key, value, 1)) return false;
    if (!exhausted_) return true;
    return fail({key, value, 0, {}},
                "the references of " + quoted(key) + " expand to too much text", {});
  }

  std::string& result() { return result_; }
  const Error& error() const { return *error_; }

 private:
  static constexpr int kDepth = 10;
  static constexpr int kReferences = 10'000;
  static constexpr std::size_t kReferredBytes = std::size_t{1} << 20U;

  bool append(std::string_view key, const Ini::Value& value, int depth) {
    const std::string_view text = value.text;
    std::size_t at = 0;
    for (;;) {
      const std::size_t percent = std::min(text.find('%', at), text.size());
      result_.append(text.substr(at, percent - at));
      if (percent == text.size() || exhausted_) return true;
      const std::string_view rest = text.substr(percent + 1);
      if (rest.starts_with('%')) {
        result_ += '%';
        at = percent + 2;
      } else if (const auto name = reference(rest)) {
        if (!append_reference({key, value, percent, base::lower(*name)}, depth)) return false;
        at = percent + name->size() + 4;
      } else {
        return fail(
            {key, value, percent, {}},
            "the value of " + quoted(key) + " has a % that begins no reference like %(here)s",
            "write %% for each % that is meant as it stands: %%40 for %40");
      }
    }
  }

  // The name in `(name)s`, if `rest` starts so.
  static std::optional<std::string_view> reference(std::string_view rest) {
    if (!rest.starts_with('(')) return std::nullopt;
    const std::size_t closing = rest.find(')');
    if (closing == std::string_view::npos || closing == 1) return std::nullopt;
    if (closing + 1 == rest.size() || rest[closing + 1] != 's') return std::nullopt;
    return rest.substr(1, closing - 1);
  }

  struct Reference {
    std::string_view key;  // whose value refers
    const Ini::Value& value;
    std::size_t offset;  // of its `%`
    std::string name;
  };

  bool append_reference(const Reference& from, int depth) {
    const std::size_t before = result_.size();
    if (const Ini::Value* target = ini_.find(section_, from.name)) {
      if (target->text.find('%') == std::string::npos) {
        result_ += target->text;
      } else if (depth == kDepth) {
        return fail(from,
                    "the references of " + quoted(from.key) + " go more than " +
                        std::to_string(kDepth) + " levels deep",
                    "does one of them lead back to itself?");
      } else if (!append(from.name, *target, depth + 1)) {
        return false;
      }
    } else if (const auto variable = ini_.variables_.find(from.name);
               variable != ini_.variables_.end()) {
      result_ += variable->second;
    } else {
      return fail_without_target(from);
    }
    referred_bytes_ += result_.size() - before;
    exhausted_ = ++references_ > kReferences || referred_bytes_ > kReferredBytes;
    return true;
  }

  // What stands between the parentheses may be a piece of a password with a stray `%(`.
  static bool may_hold_secret(std::string_view key) {
    for (const std::string_view word : {"url", "pass", "secret", "token"}) {
      if (key.find(word) != std::string_view::npos) return true;
    }
    return false;
  }

  bool fail_without_target(const Reference& from) {
    const bool secret = may_hold_secret(from.key);
    return fail(
        from,
        "the value of " + quoted(from.key) + " refers to " +
            (secret ? "something" : quoted(from.name)) + " that is neither in [" + section_ +
            "] nor in [DEFAULT]",
        "write %%(" + (secret ? "name" : from.name) + ")s if the text is meant as it stands");
  }

  static std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

  bool fail(const Reference& from, std::string message, std::string hint) {
    error_ = Error(ErrorCode::kConfig, std::move(message))
                 .at(ini_.position(from.value, from.offset))
                 .hint(std::move(hint));
    return false;
  }

  const Ini& ini_;
  std::string section_;
  std::string result_ = {};
  std::optional<Error> error_ = {};
  int references_ = 0;
  bool exhausted_ = false;
  std::size_t referred_bytes_ = 0;
};

Ini::Ini(std::string_view content, std::string file, Variables variables)
    : file_(std::move(file)), text_(read_text(content, file_)), variables_(std::move(variables)) {
  IniReader(*this).read();
}

const Ini::Section* Ini::section(std::string_view name) const {
  const auto found = std::find_if(sections_.begin(), sections_.end(),
                                  [&](const Section& section) { return section.name == name; });
  return found == sections_.end() ? nullptr : &*found;
}

const Ini::Value* Ini::find(std::string_view section_name, std::string_view lower_key) const {
  const Section* in = section(section_name);
  if (in == nullptr) return nullptr;
  if (const auto own = in->values.find(lower_key); own != in->values.end()) return &own->second;
  const auto inherited = defaults_.find(lower_key);
  return inherited == defaults_.end() ? nullptr : &inherited->second;
}

SourcePosition Ini::position(const Value& value, std::size_t offset) const {
  // The last line that begins at or before the offset.
  const auto after =
      std::upper_bound(value.lines.begin(), value.lines.end(), offset,
                       [](std::size_t at, const Line& line) { return at < line.begin; });
  const Line& line = *std::prev(after);
  return base::position_at(text_, line.origin + (offset - line.begin), file_);
}

bool Ini::has_section(std::string_view name) const { return section(name) != nullptr; }

std::vector<std::string> Ini::section_names() const {
  std::vector<std::string> names;
  for (const Section& section : sections_) names.push_back(section.name);
  return names;
}

std::vector<std::string> Ini::keys(std::string_view section_name) const {
  const Section* in = section(section_name);
  if (in == nullptr) return {};
  std::set<std::string> keys;
  for (const auto& [key, value] : in->values) keys.insert(key);
  for (const auto& [key, value] : defaults_) keys.insert(key);
  return {keys.begin(), keys.end()};
}

std::vector<std::string> Ini::own_keys(std::string_view section_name) const {
  const Section* in = section(section_name);
  std::vector<std::string> keys;
  if (in == nullptr) return keys;
  for (const auto& [key, value] : in->values) keys.push_back(key);
  return keys;
}

std::optional<std::string> Ini::get(std::string_view section, std::string_view key) const {
  const std::string lower_key = base::lower(key);
  const Value* value = find(section, lower_key);
  if (value == nullptr) return std::nullopt;
  IniInterpolation interpolation(*this, section);
  if (!interpolation.replace(lower_key, *value)) throw interpolation.error();
  return std::move(interpolation.result());
}

std::optional<std::string> Ini::get_if_valid(std::string_view section, std::string_view key) const {
  const std::string lower_key = base::lower(key);
  const Value* value = find(section, lower_key);
  if (value == nullptr) return std::nullopt;
  IniInterpolation interpolation(*this, section);
  if (!interpolation.replace(lower_key, *value)) return std::nullopt;
  return std::move(interpolation.result());
}

std::optional<std::string> Ini::raw(std::string_view section, std::string_view key) const {
  const Value* value = find(section, base::lower(key));
  if (value == nullptr) return std::nullopt;
  return value->text;
}

SourcePosition Ini::where(std::string_view section, std::string_view key) const {
  const Value* value = find(section, base::lower(key));
  if (value == nullptr) return {};
  // A value that begins on the line below its key begins there.
  const std::size_t first = value->text.find_first_not_of('\n');
  SourcePosition place = position(*value, first == std::string::npos ? 0 : first);
  if (value->text.empty()) place.column = 0;
  return place;
}

std::string Ini::source_line(std::string_view section, std::string_view key) const {
  const int line = where(section, key).line;
  return line == 0 ? std::string() : std::string(base::line_at(text_, line));
}

}  // namespace capo::config
