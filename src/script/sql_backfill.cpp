#include "script/sql_backfill.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "base/duration.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"
#include "operation/facets.hpp"

namespace capo::script {
namespace {

constexpr std::string_view kWord = "backfill";

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

/// An option as it stands in the line.
struct Option {
  std::string_view name = {};
  std::string_view place = {};  ///< of the value, with its quotes; of the name if there is none
  std::string value = {};
};

class Options {
 public:
  Options(const Source& source, std::string_view rest) : source_(source), rest_(rest) {}

  BackfillOptions read() {
    rest_.remove_prefix(kWord.size());
    for (rest_ = base::trim(rest_); !rest_.empty(); rest_ = base::trim(rest_)) {
      const Option option = next();
      if (std::find(given_.begin(), given_.end(), option.name) != given_.end()) {
        source_.fail(option.name, "the option " + quoted(option.name) + " is given twice");
      }
      given_.push_back(option.name);
      take(option);
    }
    return std::move(options_);
  }

 private:
  Option next() {
    const std::size_t end = std::min(rest_.find_first_of("= \t\r\v\f\""), rest_.size());
    Option option{.name = rest_.substr(0, end),
                  .place = rest_.substr(0, std::max<std::size_t>(end, 1))};
    rest_.remove_prefix(end);
    if (option.name.empty()) source_.fail(option.place, "here an option is to be named");
    check_known(option.name);
    if (!rest_.starts_with('=')) need_value(option);
    rest_.remove_prefix(1);
    if (rest_.starts_with('"')) {
      read_quoted(option);
    } else {
      const std::size_t size = std::min(rest_.find_first_of(" \t\r\v\f"), rest_.size());
      option.value = rest_.substr(0, size);
      if (size == 0) need_value(option);
      option.place = rest_.substr(0, size);
      rest_.remove_prefix(size);
    }
    if (option.value.empty()) need_value(option);
    return option;
  }

  /// A doubled quote stands for one.
  void read_quoted(Option& option) {
    const std::size_t end = dialect::end_of_quoted(rest_, 1, '"');
    if (end == std::string_view::npos) {
      source_.fail(rest_.substr(0, 1), "the value of " + quoted(option.name) + " does not end",
                   "a quote inside is written twice, and all stands on one line");
    }
    option.place = rest_.substr(0, end);
    option.value = base::replace_all(rest_.substr(1, end - 2), "\"\"", "\"");
    rest_.remove_prefix(end);
    if (!rest_.empty() && !base::is_space(rest_.front())) {
      source_.fail(rest_.substr(0, 1), "between two options a space is missing");
    }
  }

  [[noreturn]] void need_value(const Option& option) const {
    source_.fail(
        option.place, "the option " + quoted(option.name) + " needs a value",
        "write " + std::string(option.name) + "=…, without spaces around the =, or =\"…\"");
  }

  void check_known(std::string_view name) const {
    static const std::vector<std::string> kNames = {
        "batch", "key",  "expect-rows",     "expect-no-rows", "description",
        "pause", "duty", "max-replica-lag", "max-active"};
    if (std::find(kNames.begin(), kNames.end(), name) != kNames.end()) return;
    std::string hint = "the options are " + base::join(kNames, ", ");
    if (const std::optional<std::string> meant = base::closest(name, kNames)) {
      hint = "did you mean " + quoted(*meant) + "?";
    }
    source_.fail(name, "unknown option " + quoted(name) + " of a backfill", hint);
  }

  void take(const Option& option) {
    if (option.name == "batch") {
      options_.batch = number(option, 1, std::numeric_limits<int>::max() / 64);
    } else if (option.name == "key") {
      read_key(option);
    } else if (option.name == "expect-rows") {
      options_.expect_rows = row_count(option);
    } else if (option.name == "expect-no-rows") {
      options_.expect_no_rows = SqlText(option.value);
    } else if (option.name == "description") {
      options_.description = option.value;
    } else if (option.name == "pause") {
      options_.pause_ms = duration(option);
    } else if (option.name == "duty") {
      options_.duty = number(option, 1, 100);
    } else if (option.name == "max-replica-lag") {
      options_.max_replica_lag_ms = duration(option);
    } else {
      options_.max_active = number(option, 0, std::numeric_limits<int>::max());
    }
  }

  void read_key(const Option& option) {
    for (const std::string_view name : base::split(option.value, ',')) {
      const std::string column(base::trim(name));
      if (column.empty()) source_.fail(option.place, "a column of the key has no name");
      if (std::find(options_.key.begin(), options_.key.end(), column) != options_.key.end()) {
        source_.fail(option.place, "the key names " + quoted(column) + " twice");
      }
      options_.key.push_back(column);
    }
  }

  int number(const Option& option, int least, int most) const {
    const std::optional<long long> value = base::parse_integer(option.value);
    if (value && *value >= least && *value <= most) return static_cast<int>(*value);
    source_.fail(option.place, quoted(option.name) + " is a number from " + std::to_string(least) +
                                   " to " + std::to_string(most) + ", not " + quoted(option.value));
  }

  int duration(const Option& option) const {
    const auto value = base::parse_duration(option.value);
    if (value) return static_cast<int>(value->count());
    source_.fail(option.place, quoted(option.name) + " is a time, not " + quoted(option.value),
                 "write 500ms, 10s or 2min");
  }

  /// `340`, `exactly 340`, `at least 1`, `at most 500`
  RowCount row_count(const Option& option) const {
    static constexpr std::array<std::pair<std::string_view, RowCount::Bound>, 4> kBounds = {
        {{"exactly ", RowCount::Bound::kExactly},
         {"at least ", RowCount::Bound::kAtLeast},
         {"at most ", RowCount::Bound::kAtMost},
         {"", RowCount::Bound::kExactly}}};
    for (const auto& [word, bound] : kBounds) {
      if (!option.value.starts_with(word)) continue;
      const auto rows = base::parse_integer(std::string_view(option.value).substr(word.size()));
      if (rows && *rows >= 0) return {bound, *rows};
    }
    source_.fail(option.place,
                 quoted(option.name) + " is a number of rows, not " + quoted(option.value),
                 "write expect-rows=340, or \"at least 1\", \"at most 500\" in quotes");
  }

  const Source& source_;
  std::string_view rest_;
  std::vector<std::string_view> given_ = {};
  BackfillOptions options_{.set = SqlText("")};
};

/// Cuts a section at the statements that are backfills.
class Section {
 public:
  Section(const ExecuteSql& sql, const dialect::Dialect& dialect)
      : sql_(sql), dialect_(dialect), locator_(sql.text, sql.origin) {}

  std::vector<Operation> cut(const std::vector<BackfillDirective>& directives) {
    const std::vector<dialect::Piece> pieces = dialect_.splitter()(sql_.text, sql_.origin);
    std::size_t rest = 0;
    for (const BackfillDirective& directive : directives) {
      const std::size_t at = offset_of(directive);
      const auto found = std::find_if(pieces.begin(), pieces.end(),
                                      [&](const dialect::Piece& piece) { return piece.end > at; });
      if (found == pieces.end()) fail(directive, "there is no statement below this");
      if (found->begin < at) fail(directive, "this stands in the middle of a statement");
      if (found->begin < rest) fail(directive, "the statement below this has a directive already");
      if (at < rest) fail(directive, "this stands in the middle of a statement");
      add_sql(rest, at);
      add_backfill(directive, *found);
      rest = found->end;
      // The semicolon that ended it.
      const std::size_t behind = sql_.text.find_first_not_of(" \t\r\n", rest);
      if (behind != std::string::npos && sql_.text[behind] == ';') rest = behind + 1;
    }
    add_sql(rest, sql_.text.size());
    return std::move(operations_);
  }

 private:
  /// Of the line's beginning in the section's text.
  std::size_t offset_of(const BackfillDirective& directive) const {
    std::size_t at = 0;
    for (int line = sql_.origin.line; line < directive.at.line; ++line) {
      at = sql_.text.find('\n', at) + 1;
    }
    return at;
  }

  void add_sql(std::size_t begin, std::size_t end) {
    const std::string_view text = std::string_view(sql_.text).substr(begin, end - begin);
    if (dialect_.splitter()(text, locator_.at(begin)).empty()) return;
    operations_.push_back(ExecuteSql{std::string(text), sql_.transactional, locator_.at(begin)});
  }

  void add_backfill(const BackfillDirective& directive, const dialect::Piece& piece) {
    const std::string_view text =
        std::string_view(sql_.text).substr(piece.begin, piece.end - piece.begin);
    const SourcePosition origin = locator_.at(piece.begin);
    const dialect::Update update = dialect_.read_update(text, origin);
    Backfill backfill{directive.options, update.table, origin};
    backfill.schema = update.schema;
    const auto text_of = [&](const dialect::Piece& part) {
      return SqlText(text.substr(part.begin, part.end - part.begin));
    };
    backfill.set = text_of(update.set);
    if (update.where) backfill.where = text_of(*update.where);
    try {
      operation::validate(backfill);
    } catch (Error& error) {
      error.at(directive.at, directive.source_line);
      throw;
    }
    operations_.emplace_back(std::move(backfill));
  }

  [[noreturn]] static void fail(const BackfillDirective& directive, std::string message) {
    throw Error(ErrorCode::kScript, std::move(message))
        .at(directive.at, directive.source_line)
        .hint("-- capo:backfill stands right above the UPDATE that it is for");
  }

  const ExecuteSql& sql_;
  const dialect::Dialect& dialect_;
  dialect::Locator locator_;
  std::vector<Operation> operations_ = {};
};

std::string in_quotes(std::string_view value) {
  return '"' + base::replace_all(value, "\"", "\"\"") + '"';
}

std::string one_line(std::string_view text) { return base::replace_all(text, "\n", " "); }

}  // namespace

bool is_backfill_directive(std::string_view rest) {
  return base::starts_with_ignoring_case(rest, kWord) &&
         (rest.size() == kWord.size() || base::is_space(rest[kWord.size()]));
}

BackfillOptions read_backfill_options(const Source& source, std::string_view rest) {
  return Options(source, rest).read();
}

std::string backfill_directive(const Backfill& backfill) {
  const BackfillOptions usual{.set = SqlText("")};
  std::string text = "-- capo:backfill";
  const auto add = [&text](std::string_view name, const std::string& value) {
    text.append(" ").append(name).append("=").append(value);
  };
  if (backfill.batch != usual.batch) add("batch", std::to_string(backfill.batch));
  if (!backfill.key.empty()) add("key", in_quotes(base::join(backfill.key, ",")));
  if (backfill.expect_rows) {
    // Without "rows", which the name of the option says.
    std::string words = operation::describe(*backfill.expect_rows);
    words.resize(words.rfind(' '));
    add("expect-rows", in_quotes(words));
  }
  if (backfill.expect_no_rows) {
    add("expect-no-rows", in_quotes(one_line(backfill.expect_no_rows->sql)));
  }
  if (!backfill.description.empty()) {
    add("description", in_quotes(one_line(backfill.description)));
  }
  if (backfill.pause_ms != usual.pause_ms) add("pause", std::to_string(backfill.pause_ms) + "ms");
  if (backfill.duty != usual.duty) add("duty", std::to_string(backfill.duty));
  if (backfill.max_replica_lag_ms != usual.max_replica_lag_ms) {
    add("max-replica-lag", std::to_string(backfill.max_replica_lag_ms) + "ms");
  }
  if (backfill.max_active) add("max-active", std::to_string(*backfill.max_active));
  return text;
}

std::vector<Operation> with_backfills(const ExecuteSql& section,
                                      const std::vector<BackfillDirective>& directives,
                                      const dialect::Dialect& dialect) {
  return Section(section, dialect).cut(directives);
}

}  // namespace capo::script
