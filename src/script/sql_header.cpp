// The header of a SQL revision: `-- Key: value` comments, read once for every file of a project
// whenever capo starts. Everything here works on views of the text; only what the Script keeps is
// copied.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/suggest.hpp"
#include "base/text.hpp"
#include "script/source.hpp"
#include "script/sql_file.hpp"
#include "script/sql_lines.hpp"

namespace capo::script {
namespace {

enum class Key { kRevisionId, kRevises, kBranchLabels, kDependsOn, kCreateDate, kLosesData };
constexpr std::size_t kKeyCount = 6;

struct KeyName {
  std::string_view name;
  Key key;
};
constexpr std::array<KeyName, 7> kKeys = {{{"Revision ID", Key::kRevisionId},
                                           {"Revises", Key::kRevises},
                                           {"Branch Labels", Key::kBranchLabels},
                                           {"Branch Label", Key::kBranchLabels},
                                           {"Depends On", Key::kDependsOn},
                                           {"Create Date", Key::kCreateDate},
                                           {"Loses Data", Key::kLosesData}}};

std::optional<Key> find_key(std::string_view name) {
  for (const KeyName& candidate : kKeys) {
    if (base::equals_ignoring_case(name, candidate.name)) return candidate.key;
  }
  return std::nullopt;
}

// The key that `name` is nearly: one letter in five may be wrong. More would take ordinary words
// for keys (`Review:`).
std::optional<std::string_view> nearly_key(std::string_view name) {
  if (name.size() < 5 || name.size() > 15) return std::nullopt;
  const std::string wanted = base::lower(name);
  for (const KeyName& candidate : kKeys) {
    const int allowed = static_cast<int>(candidate.name.size()) / 5;
    if (base::edit_distance(wanted, base::lower(candidate.name)) <= allowed) return candidate.name;
  }
  return std::nullopt;
}

class HeaderReader {
 public:
  HeaderReader(std::string_view text, const std::string& path) : source_{text, path} {}

  std::optional<Script> read();

 private:
  struct Misspelt {
    std::string_view name;
    std::string_view meant;
  };

  void read_lines();
  void read_comment(std::string_view comment, int line);
  void read_value(Key key, std::string_view value);
  void add_to_doc(std::string_view line);
  void check_misspelt() const;
  std::vector<std::string> list(std::string_view value) const;

  Source source_;
  Script script_ = {};
  std::array<int, kKeyCount> key_lines_ = {};  // where each key was given, 0: not yet
  bool has_message_ = false;
  std::optional<Misspelt> misspelt_ = {};
  std::optional<std::size_t> sql_ = {};  // the first line that is neither comment nor empty
  std::optional<std::string_view> marker_ = {};
};

std::optional<Script> HeaderReader::read() {
  source_.check_characters(0);
  read_lines();
  check_misspelt();
  const bool has_id = !script_.revision.id.empty();
  if (!has_id && !marker_) return std::nullopt;
  source_.check_characters(marker_ ? static_cast<std::size_t>(marker_->data() - source_.text.data())
                                   : source_.text.size());
  if (!has_id) {
    source_.fail(
        *marker_, "the header has no \"Revision ID:\"",
        "write \"-- Revision ID: <id>\" and \"-- Revises: <id of the one before>\" above the "
        "first marker");
  }
  if (sql_) {
    source_.fail(*sql_, "SQL before the first marker",
                 "write \"-- capo:upgrade\" above it; comments of the header begin with --");
  }
  if (!marker_) {
    source_.fail(
        source_.text.size(), "no \"-- capo:upgrade\" section",
        "write \"-- capo:upgrade\" above the SQL; if there is nothing to do, let it be empty");
  }
  script_.path = source_.path;
  script_.doc = std::string(base::trim(script_.doc));
  return std::move(script_);
}

void HeaderReader::read_lines() {
  Lines lines(source_.text);
  Line line;
  while (lines.next(line)) {
    const std::optional<std::string_view> comment = comment_of(line.text);
    if (comment) {
      if (marker_of(line.text)) {
        marker_ = base::trim(line.text);
        return;
      }
      // Once SQL has begun, comments are part of it; only a marker still matters.
      if (!sql_) read_comment(*comment, line.number);
      if (!sql_) add_to_doc(line.text.substr(line.text.find("--") + 2));
    } else if (!sql_) {
      const std::string_view text = base::trim(line.text);
      if (text.empty()) {
        add_to_doc(text);
      } else {
        sql_ = static_cast<std::size_t>(text.data() - source_.text.data());
      }
    }
  }
}

void HeaderReader::read_comment(std::string_view comment, int line) {
  const std::size_t colon = comment.find(':');
  if (colon != std::string_view::npos) {
    const std::string_view name = base::trim(comment.substr(0, colon));
    if (const std::optional<Key> key = find_key(name)) {
      int& given = key_lines_[static_cast<std::size_t>(*key)];
      if (given != 0) {
        source_.fail(name, "\"" + std::string(name) + "\" is given twice; the first is in line " +
                               std::to_string(given));
      }
      given = line;
      read_value(*key, base::trim(comment.substr(colon + 1)));
      return;
    }
    if (!misspelt_) {
      if (const auto meant = nearly_key(name)) misspelt_ = Misspelt{name, *meant};
    }
  }
  if (!has_message_ && comment.find_first_not_of("- \t") != std::string_view::npos) {
    script_.revision.message = std::string(comment);
    has_message_ = true;
  }
}

void HeaderReader::read_value(Key key, std::string_view value) {
  switch (key) {
    case Key::kRevisionId:
      if (value.empty()) source_.fail(value, "\"Revision ID:\" is empty");
      if (const std::size_t comma = value.find(','); comma != std::string_view::npos) {
        source_.fail(
            value.substr(comma), "a comma in a revision identifier",
            "\"Revises:\" could not name it: the comma is what separates identifiers there");
      }
      script_.revision.id = std::string(value);
      return;
    case Key::kRevises:
      for (std::string& id : list(value)) {
        const std::string word = base::lower(id);
        if (word == "<base>" || word == "base" || word == "none") continue;
        script_.revision.down_revisions.push_back(std::move(id));
      }
      return;
    case Key::kBranchLabels:
      script_.revision.branch_labels = list(value);
      return;
    case Key::kDependsOn:
      for (std::string& id : list(value)) {
        if (base::lower(id) != "none") script_.revision.depends_on.push_back(std::move(id));
      }
      return;
    case Key::kCreateDate:
      script_.create_date = std::string(value);
      return;
    case Key::kLosesData:
      script_.loses_data = list(value);
      return;
  }
}

void HeaderReader::add_to_doc(std::string_view line) {
  if (line.starts_with(' ')) line.remove_prefix(1);
  while (!line.empty() && base::is_space(line.back())) line.remove_suffix(1);
  script_.doc.append(line).push_back('\n');
}

// A misspelt key silently read as text would cut the revision off its history. In a file that shows
// no other sign of being a revision only the nearly right `Revision ID` counts: any other word may
// stand in anyone's comment.
void HeaderReader::check_misspelt() const {
  if (!misspelt_) return;
  const bool revision =
      marker_ || !script_.revision.id.empty() || misspelt_->meant == "Revision ID";
  if (!revision) return;
  source_.fail(misspelt_->name, "unknown header key \"" + std::string(misspelt_->name) + "\"",
               "did you mean \"" + std::string(misspelt_->meant) +
                   "\"? If the line is only text, leave out its colon");
}

std::vector<std::string> HeaderReader::list(std::string_view value) const {
  std::vector<std::string> items;
  for (;;) {
    const std::size_t comma = std::min(value.find(','), value.size());
    const std::string_view item = base::trim(value.substr(0, comma));
    if (!item.empty()) items.emplace_back(item);
    if (comma == value.size()) return items;
    value.remove_prefix(comma + 1);
  }
}

}  // namespace

bool reads_as_text(std::string_view line) {
  const std::string comment = "-- " + std::string(line);
  if (marker_of(comment) || is_nearly_marker(base::trim(line))) return false;
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return true;
  const std::string_view name = base::trim(line.substr(0, colon));
  return !find_key(name) && !nearly_key(name);
}

bool holds_sql_header(std::string_view start) {
  Lines lines(start);
  Line line;
  while (lines.next(line)) {
    // The last line may be a part of one.
    if (lines.offset() == start.size() && !start.ends_with('\n')) return false;
    if (marker_of(line.text)) return true;
  }
  return false;
}

std::optional<Script> parse_sql_header(std::string_view text, const std::string& path) {
  return HeaderReader(without_byte_order_mark(text), path).read();
}

}  // namespace capo::script
