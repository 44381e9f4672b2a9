#include "script/sql_file.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"
#include "script/source.hpp"
#include "script/sql_lines.hpp"

namespace capo::script {
namespace {

// A revision may carry a section for a database that this build has no driver for.
const std::vector<std::string>& dialect_names() {
  static const std::vector<std::string> names = {"postgresql", "sqlite", "mariadb"};
  return names;
}

constexpr std::string_view kMarkerRule =
    "a line that begins with \"-- capo:\" is a marker even inside a literal or a comment";

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

// `did you mean …?`, or else all the words that are possible.
std::string suggestion(std::string_view typed, const std::vector<std::string>& words,
                       std::string_view what) {
  if (const std::optional<std::string> meant = base::closest(typed, words)) {
    return "did you mean " + quoted(*meant) + "?";
  }
  std::string hint(what);
  for (std::size_t i = 0; i < words.size(); ++i) {
    hint += i == 0 ? " " : i + 1 == words.size() ? " and " : ", ";
    hint += quoted(words[i]);
  }
  return hint;
}

struct Marker {
  revision::Direction direction = revision::Direction::kUpgrade;
  bool transactional = true;
  std::optional<bool> online = {};
  std::vector<std::string> dialects = {};
  std::string_view text = {};  // the line, for errors
  int line = 0;
};

class FileReader {
 public:
  FileReader(std::string_view text, const std::string& path) : source_{text, path} {}

  SqlFile read();
  /// What read() gives as the checksum, of a file whose header is known to be one.
  std::string checksum();

 private:
  void read_sections();
  Marker read_marker(std::string_view rest, const Line& line) const;
  void read_directive(std::string_view rest, const Line& line);
  void read_option(std::string_view option, std::vector<std::string_view>& given,
                   Marker& marker) const;
  std::vector<std::string> read_dialects(std::string_view value) const;
  void check_not_given_twice(const Marker& marker) const;
  void close_section(std::size_t end);

  Source source_;
  SqlFile file_ = {};
  std::vector<Marker> markers_ = {};
  std::vector<BackfillDirective> backfills_ = {};  // of the section that is read
  std::size_t section_begin_ = 0;
};

// CRLF as LF; see the header's comment. Twice converted by mistake, CR CR LF, as well.
std::string with_unix_line_ends(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const std::size_t returns = std::min(text.find('\r'), text.size());
    const std::size_t behind = std::min(text.find_first_not_of('\r', returns), text.size());
    const bool line_end = behind < text.size() && text[behind] == '\n';
    result.append(text.substr(0, line_end ? returns : behind));
    text.remove_prefix(behind);
  }
  return result;
}

// The text without the empty lines before and behind it, which an editor or a section added below
// may change.
std::string_view without_empty_lines(std::string_view text) {
  text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  const std::size_t line_break = text.rfind('\n', first);
  return text.substr(line_break == std::string_view::npos ? 0 : line_break + 1);
}

std::string checksum_of(const std::vector<Section>& sections) {
  std::string hashed;
  for (const Section& section : sections) {
    if (section.direction != revision::Direction::kUpgrade) continue;
    // What the marker says is a part of what was applied. The length keeps two sections from
    // reading as one.
    const std::string_view text = without_empty_lines(section.text);
    std::vector<std::string> dialects = section.dialects;
    std::sort(dialects.begin(), dialects.end());
    hashed += section.transactional ? "transaction=on dialect=" : "transaction=off dialect=";
    hashed += base::join(dialects, ",") + " bytes=" + std::to_string(text.size()) + "\n";
    hashed.append(text).push_back('\n');
  }
  return base::sha256(hashed);
}

SqlFile FileReader::read() {
  source_.check_characters(source_.text.size());
  std::optional<Script> header = parse_sql_header(source_.text, source_.path);
  if (!header) {
    source_.fail(std::size_t{0},
                 "not a revision: it has no \"Revision ID:\" and no \"-- capo:upgrade\"");
  }
  file_.script = std::move(*header);
  read_sections();
  file_.checksum = checksum_of(file_.sections);
  return std::move(file_);
}

std::string FileReader::checksum() {
  source_.check_characters(source_.text.size());
  read_sections();
  return checksum_of(file_.sections);
}

void FileReader::read_sections() {
  Lines lines(source_.text);
  Line line;
  while (lines.next(line)) {
    const std::optional<std::string_view> rest = marker_of(line.text);
    if (rest && is_backfill_directive(*rest)) {
      read_directive(*rest, line);
    } else if (rest) {
      close_section(line.begin);
      markers_.push_back(read_marker(*rest, line));
      section_begin_ = lines.offset();
    } else if (const std::optional<std::string_view> comment = comment_of(line.text);
               comment && is_nearly_marker(*comment)) {
      source_.fail(base::trim(line.text), "this comment is nearly a marker",
                   "write \"-- capo:upgrade\" or \"-- capo:downgrade\", or reword the comment");
    }
  }
  close_section(source_.text.size());
  const auto upgrade = [](const Marker& marker) {
    return marker.direction == revision::Direction::kUpgrade;
  };
  if (std::none_of(markers_.begin(), markers_.end(), upgrade)) {
    source_.fail(markers_.empty() ? source_.text.substr(0, 0) : markers_.front().text,
                 "no \"-- capo:upgrade\" section",
                 "write one above it; if there is nothing to do, let it be empty");
  }
}

void FileReader::read_directive(std::string_view rest, const Line& line) {
  if (markers_.empty()) {
    source_.fail(base::trim(line.text), "a backfill above the first section",
                 "write it below \"-- capo:upgrade\", right above its UPDATE");
  }
  const std::size_t indent = line.text.find_first_not_of(" \t");
  backfills_.push_back({.options = read_backfill_options(source_, rest),
                        .at = {source_.path, line.number, static_cast<int>(indent) + 1},
                        .source_line = std::string(line.text)});
}

Marker FileReader::read_marker(std::string_view rest, const Line& line) const {
  static const std::vector<std::string> kWords = {"capo:upgrade", "capo:downgrade",
                                                  "capo:backfill"};
  Marker marker{.text = base::trim(line.text), .line = line.number};
  const auto next_word = [&rest] {
    const std::size_t end = std::min(rest.find_first_of(" \t\v\f\r"), rest.size());
    const std::string_view result = rest.substr(0, end);
    rest = base::trim(rest.substr(end));
    return result;
  };
  const std::string_view direction = next_word();
  if (base::equals_ignoring_case(direction, "upgrade")) {
    marker.direction = revision::Direction::kUpgrade;
  } else if (base::equals_ignoring_case(direction, "downgrade")) {
    marker.direction = revision::Direction::kDowngrade;
  } else {
    const std::string typed = "capo:" + std::string(direction);
    std::string hint = suggestion(typed, kWords, "the markers are");
    if (!hint.ends_with('?')) hint.append("; ").append(kMarkerRule);
    source_.fail(direction, "unknown marker " + quoted(typed), std::move(hint));
  }
  std::vector<std::string_view> given;
  while (!rest.empty()) {
    const std::string_view option = next_word();
    read_option(option, given, marker);
  }
  check_not_given_twice(marker);
  return marker;
}

void FileReader::read_option(std::string_view option, std::vector<std::string_view>& given,
                             Marker& marker) const {
  static const std::vector<std::string> kOptions = {"transaction", "dialect", "online"};
  const std::size_t equals = option.find('=');
  const std::string_view name = option.substr(0, equals);
  if (std::find(kOptions.begin(), kOptions.end(), name) == kOptions.end()) {
    source_.fail(option, "unknown option " + quoted(name) + " of a marker",
                 suggestion(name, kOptions, "the options are"));
  }
  if (std::find(given.begin(), given.end(), name) != given.end()) {
    source_.fail(option, "the option " + quoted(name) + " is given twice");
  }
  given.push_back(name);
  const std::string_view value =
      equals == std::string_view::npos ? std::string_view() : option.substr(equals + 1);
  if (value.empty()) {
    source_.fail(option, "the option " + quoted(name) + " needs a value",
                 name == "dialect" ? "write dialect=postgresql, without spaces"
                                   : "write " + std::string(name) + "=off, without spaces");
  }
  if (name == "dialect") {
    marker.dialects = read_dialects(value);
    return;
  }
  if (value != "on" && value != "off") {
    source_.fail(value, quoted(name) + " is \"on\" or \"off\", not " + quoted(value));
  }
  if (name == "online") {
    marker.online = value == "on";
  } else {
    marker.transactional = value == "on";
  }
}

std::vector<std::string> FileReader::read_dialects(std::string_view value) const {
  std::vector<std::string> dialects;
  for (const std::string_view name : base::split(value, ',')) {
    const auto known = std::find(dialect_names().begin(), dialect_names().end(), name);
    if (known == dialect_names().end()) {
      source_.fail(name, "unknown database " + quoted(name),
                   suggestion(name, dialect_names(), "the databases are"));
    }
    if (std::find(dialects.begin(), dialects.end(), name) != dialects.end()) {
      source_.fail(name, quoted(name) + " is named twice");
    }
    dialects.push_back(*known);
  }
  return dialects;
}

// A section for every database and one for a single one stand beside each other; two for the same
// do not.
void FileReader::check_not_given_twice(const Marker& marker) const {
  const std::string name = "\"-- capo:" + std::string(to_string(marker.direction)) + "\" section";
  for (const Marker& other : markers_) {
    if (other.direction != marker.direction || other.dialects.empty() != marker.dialects.empty())
      continue;
    std::string both;
    for (const std::string& dialect : marker.dialects) {
      const auto& theirs = other.dialects;
      if (both.empty() && std::find(theirs.begin(), theirs.end(), dialect) != theirs.end())
        both = dialect;
    }
    if (both.empty() && !marker.dialects.empty()) continue;
    source_.fail(marker.text,
                 "a second " + name + (both.empty() ? "" : " for " + both) +
                     "; the first is in line " + std::to_string(other.line),
                 std::string(kMarkerRule));
  }
}

void FileReader::close_section(std::size_t end) {
  if (markers_.empty()) return;
  const Marker& marker = markers_.back();
  file_.sections.push_back(
      {.direction = marker.direction,
       .transactional = marker.transactional,
       .online = marker.online,
       .dialects = marker.dialects,
       .text = with_unix_line_ends(source_.text.substr(section_begin_, end - section_begin_)),
       .origin = {source_.path, marker.line + 1, 1},
       .backfills = std::exchange(backfills_, {})});
}

std::string marker_line(revision::Direction direction, std::string_view dialect) {
  std::string line = "\"-- capo:" + std::string(to_string(direction));
  if (!dialect.empty()) line.append(" dialect=").append(dialect);
  return line + "\"";
}

bool is_for(const Section& section, std::string_view dialect) {
  const auto& names = section.dialects;
  return names.empty() || std::find(names.begin(), names.end(), dialect) != names.end();
}

void add_operations(const Section& section, std::string_view dialect,
                    std::vector<operation::Operation>& result) {
  operation::ExecuteSql sql{section.text, section.transactional, section.origin};
  const dialect::Dialect* known =
      section.backfills.empty() ? nullptr : dialect::find_dialect(dialect);
  if (known == nullptr) return result.push_back(std::move(sql));
  for (operation::Operation& operation : with_backfills(sql, section.backfills, *known)) {
    result.push_back(std::move(operation));
  }
}

}  // namespace

SqlFile parse_sql_file(std::string_view text, const std::string& path) {
  return FileReader(without_byte_order_mark(text), path).read();
}

std::string sql_checksum(std::string_view text, const std::string& path) {
  return FileReader(without_byte_order_mark(text), path).checksum();
}

std::optional<bool> online(const SqlFile& file, revision::Direction direction,
                           std::string_view dialect) {
  std::optional<bool> said;
  for (const Section& section : file.sections) {
    const bool applies = section.direction == direction && is_for(section, dialect);
    if (applies && section.online) said = section.online;
  }
  return said;
}

std::vector<operation::Operation> operations(const SqlFile& file, revision::Direction direction,
                                             std::string_view dialect) {
  std::vector<operation::Operation> result;
  std::vector<std::string> others;
  for (const Section& section : file.sections) {
    if (section.direction != direction) continue;
    if (is_for(section, dialect)) {
      add_operations(section, dialect, result);
    } else {
      others.insert(others.end(), section.dialects.begin(), section.dialects.end());
    }
  }
  if (!result.empty()) return result;
  const std::string revision = "revision " + file.script.revision.id;
  if (!others.empty()) {
    throw Error(ErrorCode::kScript, revision + " has no " + std::string(to_string(direction)) +
                                        " for " + std::string(dialect) + ", only for " +
                                        base::join(others, ", "))
        .at({file.script.path, 0, 0})
        .hint("add a section " + marker_line(direction, dialect) +
              "; if there is nothing to do, let it be empty");
  }
  if (direction == revision::Direction::kUpgrade) return result;
  throw Error(ErrorCode::kScript,
              revision + " cannot be undone: it has no " + marker_line(direction, {}) + " section")
      .at({file.script.path, 0, 0})
      .hint("add one; if there is nothing to undo, let it be empty");
}

}  // namespace capo::script
