#include "config/section_reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/duration.hpp"
#include "base/text.hpp"

namespace capo::config {

std::optional<std::string> SectionReader::value(const std::string& key) const {
  std::optional<std::string> text = ini_.get(section_, key);
  if (text && text->empty()) text.reset();
  return text;
}

void SectionReader::read(const std::string& key, std::string& into) const {
  if (auto text = value(key)) into = *std::move(text);
}

void SectionReader::read(const std::string& key, bool& into) const {
  const auto text = value(key);
  if (!text) return;
  using Word = std::pair<std::string_view, bool>;
  constexpr std::array<Word, 8> kWords = {{{"true", true},
                                           {"yes", true},
                                           {"on", true},
                                           {"1", true},
                                           {"false", false},
                                           {"no", false},
                                           {"off", false},
                                           {"0", false}}};
  for (const auto& [word, meaning] : kWords) {
    if (!base::equals_ignoring_case(*text, word)) continue;
    into = meaning;
    return;
  }
  throw bad_value(key, *text, "not a boolean", "allowed: true, yes, on, 1; false, no, off, 0");
}

void SectionReader::read(const std::string& key, std::chrono::milliseconds& into) const {
  const auto text = value(key);
  if (!text) return;
  const auto duration = base::parse_duration(*text);
  if (!duration) throw bad_value(key, *text, "not a time", "write 500ms, 5s, 1min or 2h");
  into = *duration;
}

void SectionReader::read_length(const std::string& key, int& into) const {
  constexpr int kMaximum = 1'000'000;
  const auto text = value(key);
  if (!text) return;
  const auto number = base::parse_integer(*text);
  if (!number || *number < 0 || *number > kMaximum) {
    throw bad_value(key, *text, "not a length", "allowed: a whole number from 1 to 1000000");
  }
  if (*number > 0) into = static_cast<int>(*number);
}

Error SectionReader::bad_value(const std::string& key, const std::string& text,
                               std::string_view what, std::string hint) const {
  return Error(ErrorCode::kConfig,
               key + " is " + "'" + text + "'" + ", which is " + std::string(what))
      .at(ini_.where(section_, key), ini_.source_line(section_, key))
      .hint(std::move(hint));
}

void SectionReader::read(const std::string& key, std::vector<std::string>& into) const {
  if (const auto text = value(key)) into = pieces_between(*text, kSpacesAndCommas);
}

std::vector<std::string> pieces_between(std::string_view text, std::string_view separators) {
  std::vector<std::string> pieces;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    const std::string_view piece = base::trim(text.substr(0, end));
    if (!piece.empty()) pieces.emplace_back(piece);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return pieces;
}

}  // namespace capo::config
