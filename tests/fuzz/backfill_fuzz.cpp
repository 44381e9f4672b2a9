// Sections with backfills: any text is read or refused at a place in it, and what is read can be
// written as a section again and is the same.

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "dialect/dialect.hpp"
#include "fuzz.hpp"
#include "operation/facets.hpp"
#include "script/render.hpp"
#include "script/sql_file.hpp"

using capo::fuzz::require;
using capo::revision::Direction;
namespace script = capo::script;
namespace dialect = capo::dialect;

namespace {

constexpr std::string_view kHeader = "-- m\n-- Revision ID: a\n-- capo:upgrade\n";

using Operations = std::vector<capo::Operation>;

// Nothing if the section is refused.
std::optional<Operations> operations_of(std::string_view section, std::string_view dialect) {
  const std::string text = std::string(kHeader).append(section);
  try {
    return script::operations(script::parse_sql_file(text, "x.sql"), Direction::kUpgrade, dialect);
  } catch (const capo::Error& error) {
    const auto lines = static_cast<int>(std::count(text.begin(), text.end(), '\n')) + 1;
    require(error.code() == capo::ErrorCode::kScript || error.code() == capo::ErrorCode::kSchema,
            "what is refused is the script's fault");
    require(error.where().line >= 1 && error.where().line <= lines, "an error lies in the file");
    return std::nullopt;
  }
}

std::vector<capo::Backfill> backfills_of(const Operations& operations) {
  std::vector<capo::Backfill> all;
  for (const capo::Operation& operation : operations) {
    if (const capo::Backfill* backfill = capo::operation::if_backfill(operation)) {
      all.push_back(*backfill);
      all.back().origin = {};
    }
  }
  return all;
}

void check(std::string_view text, const dialect::Dialect& dialect) {
  const std::optional<Operations> read = operations_of(text, dialect.name());
  if (!read) return;
  const std::vector<capo::Backfill> backfills = backfills_of(*read);
  for (const capo::Backfill& backfill : backfills) {
    require(!backfill.set.sql.empty(), "a backfill sets something");
    require(text.find(backfill.set.sql.substr(0, backfill.set.sql.find('\n'))) !=
                std::string_view::npos,
            "what is set stands in the section");
    require(dialect.splitter()(backfill.set.sql, {}).size() == 1, "what is set is one piece");
  }
  std::vector<dialect::Statement> statements;
  for (const capo::Backfill& backfill : backfills) {
    for (dialect::Statement& statement : dialect.compile(backfill)) {
      if (statement.backfill != nullptr) statements.push_back(std::move(statement));
    }
  }
  const std::optional<Operations> again =
      operations_of(script::sql_section(statements, dialect), dialect.name());
  require(again && backfills_of(*again) == backfills, "what was read is written the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = capo::fuzz::text_of(data, size);
  check(text, *dialect::find_dialect("postgresql"));
  check(text, *dialect::find_dialect("sqlite"));
  return 0;
}
