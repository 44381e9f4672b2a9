#include "runtime/backfill_outlook.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "operation/operation.hpp"
#include "runtime/backfill.hpp"

namespace capo::runtime {

using dialect::Statement;

namespace {

/// Words and names that the statements of a plan have used so far, and whether one of them might do
/// anything.
class Spoken {
 public:
  bool of(const Backfill& backfill) const {
    return is_anything_ || words_.contains(base::lower(backfill.table));
  }

  void add(const Statement& statement) {
    if (statement.data_step != nullptr) is_anything_ = true;
    if (statement.backfill != nullptr) return;
    std::string word;
    for (const char c : statement.sql) {
      if (base::is_word(c) || static_cast<unsigned char>(c) >= 0x80) {
        word += base::to_lower(c);
      } else if (!word.empty()) {
        words_.insert(std::exchange(word, {}));
      }
    }
    if (!word.empty()) words_.insert(std::move(word));
  }

 private:
  std::set<std::string, std::less<>> words_ = {};
  bool is_anything_ = false;
};

}  // namespace

void check_backfills(const std::vector<Work>& works, dialect::Connection& connection,
                     const dialect::Dialect& dialect) {
  const auto is_backfill = [](const Statement& statement) { return statement.backfill != nullptr; };
  const bool has_any = std::any_of(works.begin(), works.end(), [&](const Work& work) {
    const std::vector<Statement>& statements = work.body->statements;
    return std::any_of(statements.begin(), statements.end(), is_backfill);
  });
  if (!has_any) return;
  Spoken spoken;
  for (const Work& work : works) {
    for (int number = 1; number <= work.count(); ++number) {
      const Statement& statement = work.statement(number);
      const bool has_run = work.resume && work.resume->done[static_cast<std::size_t>(number - 1)];
      if (has_run) continue;
      spoken.add(statement);
      if (!is_backfill(statement) || spoken.of(*statement.backfill)) continue;
      key_of(dialect.batching().look_up(connection, *statement.backfill), *statement.backfill);
    }
  }
}

std::string outlook(const Backfill& backfill, dialect::Connection& connection,
                    const dialect::Dialect& dialect) {
  const dialect::BatchedTable table = dialect.batching().look_up(connection, backfill);
  if (!table.exists) return "the table is not there yet";
  if (table.key.empty()) return "the table has no primary key yet";
  const BackfillSql sql(dialect, backfill, table.key);
  std::int64_t rows = 0;
  try {
    rows = dialect.batching().estimate(connection, sql.table(), sql.pending(""));
  } catch (const Error& error) {
    // A column that the plan is yet to add.
    if (error.code() != ErrorCode::kDatabase) throw;
    connection.rollback();
    return fmt::format("in batches of at most {} rows, along {}", backfill.batch,
                       base::join(table.key, ", "));
  }
  return fmt::format("about {} rows, in {} batches of at most {}, along {}", rows,
                     (rows + backfill.batch - 1) / backfill.batch, backfill.batch,
                     base::join(table.key, ", "));
}

}  // namespace capo::runtime
