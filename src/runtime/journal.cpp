#include "runtime/journal.hpp"

#include <fmt/format.h>

#include "base/hash.hpp"
#include "base/text.hpp"

namespace capo::runtime {

using dialect::Literal;
using dialect::SqlText;
using dialect::SqlWriter;
using revision::Direction;

namespace {

constexpr std::size_t kLongestError = 2000;

/// `2026-11-22 06:21:00.123+00:00`: every database reads it as the same moment.
std::string timestamp(Moment moment) {
  using namespace std::chrono;
  const auto ms = floor<milliseconds>(moment);
  const auto day = floor<days>(ms);
  const year_month_day date{day};
  const hh_mm_ss time{ms - day};
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}+00:00",
                     static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

SqlText number(int value) { return SqlText(std::to_string(value)); }

std::string_view shortened(std::string_view text) { return base::first_bytes(text, kLongestError); }

void write_text_or_null(SqlWriter& sql, std::string_view text) {
  if (text.empty()) {
    sql << "NULL";
  } else {
    sql << Literal(std::string(text));
  }
}

std::string text_of(const dialect::Value& value) { return value.value_or(""); }

long long number_of(const dialect::Value& value) {
  return base::parse_integer(value.value_or("")).value_or(0);
}

int small_number_of(const dialect::Value& value) { return static_cast<int>(number_of(value)); }

/// What may not change while a backfill is half done; how fast it goes, and what it promises, may.
std::string what_it_does(const Backfill& backfill) {
  std::string text = "backfill";
  const auto add = [&text](std::string_view part) { text.append("\n").append(part); };
  const auto add_sql = [&](const capo::SqlText& sql) {
    add(sql.sql);
    for (const auto& [dialect, other] : sql.others) {
      add(dialect);
      add(other);
    }
  };
  add(backfill.schema);
  add(backfill.table);
  add_sql(backfill.set);
  add("where");
  if (backfill.where) add_sql(*backfill.where);
  add("key");
  for (const std::string& column : backfill.key) add(column);
  return text;
}

}  // namespace

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::kStarted:
      return "started";
    case Outcome::kDone:
      return "done";
    case Outcome::kFailed:
      return "failed";
    case Outcome::kSkipped:
      return "skipped";
    case Outcome::kAbandoned:
      return "abandoned";
  }
  return {};
}

std::string statement_hash(const dialect::Statement& statement) {
  const dialect::Part& part = statement.part;
  if (!part.operation.empty()) {
    return base::sha256(part.operation + '\n' + std::to_string(part.number) + " of " +
                        std::to_string(part.of));
  }
  if (statement.backfill != nullptr) return base::sha256(what_it_does(*statement.backfill));
  if (statement.data_step == nullptr) return base::sha256(statement.sql);
  return base::sha256(statement.comment + '\n' + statement.sql);
}

Journal::Journal(const dialect::Dialect& dialect, const Options& options)
    : dialect_(dialect),
      name_{options.version_table_schema, "capo_journal"},
      version_table_(options.version_table),
      origin_(options.origin) {}

std::string Journal::create() const {
  const SqlText timestamp_type{std::string(dialect_.timestamp_type())};
  SqlWriter sql = dialect_.writer();
  sql << "CREATE TABLE IF NOT EXISTS " << name_ << " (\n    id "
      << SqlText(std::string(dialect_.auto_key_definition()))
      << ",\n    version_table text NOT NULL,\n    revision text NOT NULL,"
         "\n    direction text NOT NULL,\n    statement integer,\n    statements integer,"
         "\n    checksum text,\n    who text,\n    origin text,\n    tool text NOT NULL,"
         "\n    started "
      << timestamp_type << " NOT NULL,\n    finished " << timestamp_type
      << ",\n    outcome text NOT NULL,\n    error text\n)";
  return sql.str();
}

std::string Journal::insert(std::span<const JournalEntry> entries) const {
  SqlWriter sql = dialect_.writer();
  sql << "INSERT INTO " << name_
      << " (version_table, revision, direction, statement, statements, checksum, who, origin,"
         " tool, started, finished, outcome, error) VALUES";
  bool first = true;
  for (const JournalEntry& entry : entries) {
    if (!first) sql << ",";
    first = false;
    sql << "\n    ";
    write_values(sql, entry);
  }
  return sql.str();
}

void Journal::write_moment(SqlWriter& sql, std::optional<Moment> moment) const {
  if (moment) {
    sql << Literal(timestamp(*moment));
  } else {
    sql << SqlText(std::string(dialect_.current_timestamp()));
  }
}

void Journal::write_values(SqlWriter& sql, const JournalEntry& entry) const {
  sql << "(" << Literal(version_table_) << ", " << Literal(entry.revision) << ", "
      << Literal(std::string(to_string(entry.direction))) << ", ";
  if (entry.statement > 0) {
    sql << number(entry.statement) << ", NULL, ";
  } else {
    sql << "NULL, " << number(entry.statements) << ", ";
  }
  write_text_or_null(sql, entry.checksum);
  sql << ", " << SqlText(std::string(dialect_.current_user())) << ", ";
  write_text_or_null(sql, origin_);
  sql << ", " << Literal("capo " CAPO_VERSION) << ", ";
  write_moment(sql, entry.times ? std::optional(entry.times->started) : std::nullopt);
  sql << ", ";
  if (entry.outcome == Outcome::kStarted) {
    sql << "NULL";
  } else {
    write_moment(sql, entry.times ? std::optional(entry.times->finished) : std::nullopt);
  }
  sql << ", " << Literal(std::string(to_string(entry.outcome))) << ", ";
  write_text_or_null(sql, shortened(entry.error));
  sql << ")";
}

// Rows of another project in the same schema are none of ours.
void Journal::write_project(SqlWriter& sql) const {
  sql << " WHERE version_table = " << Literal(version_table_);
}

void Journal::write_condition(SqlWriter& sql, std::string_view revision,
                              Direction direction) const {
  write_project(sql);
  sql << " AND revision = " << Literal(std::string(revision))
      << " AND direction = " << Literal(std::string(to_string(direction)));
}

std::string Journal::finish(const JournalEntry& entry) const {
  SqlWriter sql = dialect_.writer();
  sql << "UPDATE " << name_ << " SET finished = ";
  write_moment(sql, entry.times ? std::optional(entry.times->finished) : std::nullopt);
  sql << ", outcome = " << Literal(std::string(to_string(entry.outcome))) << ", error = ";
  write_text_or_null(sql, shortened(entry.error));
  // What had not run when the row was written may have been corrected since.
  if (entry.statement == 0 && !entry.checksum.empty())
    sql << ", checksum = " << Literal(entry.checksum);
  write_condition(sql, entry.revision, entry.direction);
  if (entry.statement > 0) {
    sql << " AND statement = " << number(entry.statement);
  } else {
    sql << " AND statement IS NULL";
  }
  sql << " AND outcome = 'started'";
  return sql.str();
}

std::string Journal::note_error(std::string_view revision, Direction direction,
                                std::string_view error) const {
  SqlWriter sql = dialect_.writer();
  sql << "UPDATE " << name_ << " SET error = " << Literal(std::string(shortened(error)));
  write_condition(sql, revision, direction);
  sql << " AND statement IS NULL AND outcome = 'started'";
  return sql.str();
}

std::string Journal::take_back(const StatementName& name) const {
  SqlWriter sql = dialect_.writer();
  sql << "UPDATE " << name_ << " SET outcome = 'failed', error = 'taken back'";
  write_condition(sql, name.revision, name.direction);
  sql << " AND statement = " << number(name.number) << " AND outcome IN ('started', 'done')";
  return sql.str();
}

std::string Journal::abandon(std::string_view revision, Direction direction) const {
  SqlWriter sql = dialect_.writer();
  sql << "UPDATE " << name_ << " SET outcome = 'abandoned', finished = "
      << SqlText(std::string(dialect_.current_timestamp()));
  write_condition(sql, revision, direction);
  sql << " AND outcome = 'started'";
  return sql.str();
}

std::string Journal::select_open() const {
  SqlWriter sql = dialect_.writer();
  sql << "SELECT id, revision, direction, statements, started, error FROM " << name_;
  write_project(sql);
  sql << " AND statement IS NULL AND outcome = 'started' ORDER BY id DESC";
  return sql.str();
}

OpenRevision Journal::open_revision(const dialect::Row& row) {
  OpenRevision open;
  open.id = number_of(row.at(0));
  open.half_done.revision = text_of(row.at(1));
  open.half_done.direction =
      text_of(row.at(2)) == "downgrade" ? Direction::kDowngrade : Direction::kUpgrade;
  open.half_done.statements = small_number_of(row.at(3));
  open.half_done.started_at = text_of(row.at(4));
  open.half_done.error = text_of(row.at(5));
  return open;
}

std::string Journal::select_statements(const OpenRevision& open) const {
  SqlWriter sql = dialect_.writer();
  sql << "SELECT statement, checksum, outcome FROM " << name_;
  write_condition(sql, open.half_done.revision, open.half_done.direction);
  sql << " AND statement IS NOT NULL AND id > " << SqlText(std::to_string(open.id))
      << " ORDER BY id";
  return sql.str();
}

StatementRow Journal::statement_row(const dialect::Row& row) {
  return {small_number_of(row.at(0)), text_of(row.at(1)), text_of(row.at(2))};
}

bool has_run(const StatementRow& row) {
  return row.outcome == to_string(Outcome::kDone) || row.outcome == to_string(Outcome::kSkipped);
}

// A name that a query knows in none of its own tables is looked for in the query around it.
std::string Journal::lacks_progress() const {
  SqlWriter sql = dialect_.writer();
  sql << "SELECT (SELECT progress FROM (SELECT 1 AS one) AS always LEFT JOIN (SELECT * FROM "
      << name_
      << " WHERE 1 = 0) AS journal ON 1 = 1) FROM (SELECT 'lacks it' AS progress) AS outside";
  return sql.str();
}

std::string Journal::add_progress() const {
  SqlWriter sql = dialect_.writer();
  sql << "ALTER TABLE " << name_ << " ADD COLUMN progress text";
  return sql.str();
}

void Journal::write_condition(SqlWriter& sql, const StatementName& name) const {
  write_condition(sql, name.revision, name.direction);
  sql << " AND statement = " << number(name.number) << " AND outcome = 'started'";
}

std::string Journal::select_progress(const StatementName& name) const {
  SqlWriter sql = dialect_.writer();
  sql << "SELECT progress FROM " << name_;
  write_condition(sql, name);
  sql << " ORDER BY progress IS NOT NULL, id";
  return sql.str();
}

std::string Journal::keep_progress(const StatementName& name, std::string_view progress) const {
  SqlWriter sql = dialect_.writer();
  sql << "UPDATE " << name_ << " SET progress = " << Literal(std::string(progress));
  write_condition(sql, name);
  return sql.str();
}

std::string Journal::select_done() const {
  SqlWriter sql = dialect_.writer();
  sql << "SELECT revision, direction, checksum FROM " << name_;
  write_project(sql);
  sql << " AND statement IS NULL AND outcome = 'done' AND direction <> 'stamp' ORDER BY id";
  return sql.str();
}

}  // namespace capo::runtime
