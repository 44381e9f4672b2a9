#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dialect/dialect.hpp"
#include "operation/facets.hpp"
#include "property/random_schema.hpp"
#include "support/database.hpp"

// Random schemas and random changes to them, on a real database: an operation and its inverse leave
// the catalog as it was, and capo's own idea of the schema as well.

namespace capo::test {
namespace {

using schema::Schema;

// What Database::dump() does not say: sequences, storage, collations, who a policy is for.
constexpr const char* kMore = R"sql(
SELECT line FROM (
  SELECT format('schema %s', nspname) FROM pg_namespace WHERE nspname !~ '^pg_'
  UNION ALL
  SELECT format('sequence %s %s %s: %s %s %s %s %s %s', schemaname, sequencename, data_type, start_value, min_value, max_value,
    increment_by, cycle, cache_size) FROM pg_sequences
  UNION ALL
  SELECT format('relation %s is %s %s %s', c.oid::regclass, relpersistence, reloptions, relispopulated) FROM pg_class c
  JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
  UNION ALL
  SELECT format('column %s.%s collates %s generated %s', attrelid::regclass, attname, attcollation, attgenerated)
  FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
  WHERE attnum > 0 AND NOT attisdropped AND nspname !~ '^pg_' AND nspname <> 'information_schema'
  UNION ALL
  SELECT format('%s: says %s', pg_describe_object(classoid, objoid, objsubid), description) FROM pg_description
  WHERE objoid >= 16384
  UNION ALL
  SELECT format('policy %s on %s: %s to %s', polname, polrelid::regclass, polpermissive, polroles::regrole[]) FROM pg_policy
) AS found(line) ORDER BY 1
)sql";

Abilities postgresql() { return postgresql_abilities(server_major()); }

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    all.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return all;
}

// Without the numbers of columns in comments: a column that is made again has another. If the
// change makes one again, it stands at the end of its table, on every database.
std::string without_numbers(const std::string& text, bool moves_columns) {
  std::string result;
  for (const std::string& line : lines(text)) {
    if (line.starts_with("comment on ")) continue;  // In kMore by the column's name.
    const bool has_place = moves_columns && line.starts_with("column ");
    result += line.substr(0, has_place ? line.rfind(" #") : line.size()) + "\n";
  }
  return result;
}

// In what order a table holds its constraints, or a schema its views, means nothing.
Schema in_order(Schema schema, bool columns_too) {
  const auto sort = [](auto& list) {
    std::sort(list.begin(), list.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
  };
  for (Table& table : schema.tables) {
    sort(table.options.uniques);
    sort(table.options.checks);
    sort(table.options.foreign_keys);
    sort(table.options.excludes);
    sort(table.options.indexes);
    if (columns_too) sort(table.columns);
  }
  sort(schema.schemas);
  sort(schema.tables);
  sort(schema.sequences);
  sort(schema.enums);
  sort(schema.domains);
  sort(schema.views);
  sort(schema.functions);
  sort(schema.triggers);
  sort(schema.policies);
  std::sort(schema.securities.begin(), schema.securities.end(),
            [](const TableSecurity& a, const TableSecurity& b) { return a.table < b.table; });
  return schema;
}

// One case: what is made, and what is then done and taken back, in a transaction that is rolled
// back.
class Trial {
 public:
  /// Ends the trial before this one, too.
  explicit Trial(Database& database) : database_(database) {
    database_.query("ROLLBACK");
    database_.query("BEGIN");
  }
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  void run(const Operation& operation) {
    log_ += "-- " + operation::describe(operation) + "\n";
    operation::validate(operation);
    for (const dialect::Statement& statement :
         dialect::find_dialect(database_.kind())->compile(operation)) {
      log_ += statement.sql + ";\n";
      database_.query(statement.sql);
    }
    operation::apply(operation, schema_);
  }

  /// Empty if all is as it should be.
  std::string broken_by(const Operation& change) {
    const bool moves_columns = std::holds_alternative<DropColumn>(change.value());
    const auto look = [&] {
      return without_numbers(database_.dump(), moves_columns) + to_text(database_.query(kMore));
    };
    const Schema before = in_order(schema_, moves_columns);
    const std::string catalog = look();
    std::string changed;
    for (const std::string_view when : {"the first time", "the second time"}) {
      run(change);
      const std::string now = look();
      if (now == catalog) return "it changes nothing, " + std::string(when);
      if (!changed.empty() && now != changed) return difference(changed, now) + "made again";
      changed = now;
      const std::optional<Operation> back = operation::inverse(change);
      if (!back) return "it has no inverse";
      run(*back);
      if (look() != catalog) return difference(catalog, look()) + std::string(when);
      if (in_order(schema_, moves_columns) != before) {
        return "capo believes in\n" + schema::dump(schema_) + "instead of\n" + schema::dump(before);
      }
    }
    return {};
  }

  const Schema& schema() const { return schema_; }
  const std::string& log() const { return log_; }

 private:
  static std::string difference(const std::string& before, const std::string& after) {
    const std::vector<std::string> old_lines = lines(before), new_lines = lines(after);
    std::string text;
    for (const std::string& line : old_lines) {
      if (std::count(new_lines.begin(), new_lines.end(), line) == 0)
        text += "lost:  " + line + "\n";
    }
    for (const std::string& line : new_lines) {
      if (std::count(old_lines.begin(), old_lines.end(), line) == 0)
        text += "found: " + line + "\n";
    }
    return text;
  }

  Database& database_;
  Schema schema_ = {};
  std::string log_ = {};
};

// A schema and what is done to it.
struct Case {
  std::vector<Operation> base = {};
  std::optional<Operation> change = {};  ///< none: it is the base that cannot be made
};

struct Outcome {
  bool base_is_made = false;
  std::string refused = {};  ///< what was thrown, its first line
  std::string broken = {};   ///< empty if all is as it should be
  std::string log = {};
};

Outcome outcome_of(Database& database, const Case& tried) {
  Trial trial(database);
  Outcome outcome;
  try {
    for (const Operation& operation : tried.base) trial.run(operation);
    outcome.base_is_made = true;
    if (tried.change) outcome.broken = trial.broken_by(*tried.change);
  } catch (const std::exception& error) {
    outcome.broken = error.what();
    outcome.refused = outcome.broken.substr(0, outcome.broken.find('\n'));
  }
  outcome.log = trial.log();
  return outcome;
}

// The same table with one thing less.
std::vector<Table> smaller(const Table& table) {
  std::vector<Table> all;
  const auto drop_one = [&](auto list_of) {
    Table less = table;
    for (std::size_t i = 0; i < list_of(less).size(); less = table, ++i) {
      auto& list = list_of(less);
      list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
      all.push_back(less);
    }
  };
  drop_one([](Table& t) -> auto& { return t.options.indexes; });
  drop_one([](Table& t) -> auto& { return t.options.checks; });
  drop_one([](Table& t) -> auto& { return t.options.uniques; });
  drop_one([](Table& t) -> auto& { return t.options.foreign_keys; });
  drop_one([](Table& t) -> auto& { return t.options.excludes; });
  drop_one([](Table& t) -> auto& { return t.columns; });
  return all;
}

std::vector<Case> smaller(const Case& whole) {
  std::vector<Case> all;
  for (std::size_t i = whole.base.size(); i-- > 0;) {
    Case less = whole;
    less.base.erase(less.base.begin() + static_cast<std::ptrdiff_t>(i));
    all.push_back(std::move(less));
  }
  for (std::size_t i = 0; i < whole.base.size(); ++i) {
    const auto* made = std::get_if<CreateTable>(&whole.base[i].value());
    if (made == nullptr) continue;
    for (Table& table : smaller(made->table)) {
      Case less = whole;
      less.base[i] = CreateTable{.table = std::move(table)};
      all.push_back(std::move(less));
    }
  }
  return all;
}

// Leaves out what is not needed for it to fail. RapidCheck would leave out numbers, of which each
// changes what all later ones mean, and need thousands of trials.
std::string told_shortly(Database& database, Case failed) {
  Outcome outcome = outcome_of(database, failed);
  for (bool found = true; found;) {
    found = false;
    for (Case& less : smaller(failed)) {
      Outcome now = outcome_of(database, less);
      const bool is_the_same = !now.broken.empty() && now.refused == outcome.refused &&
                               now.base_is_made == outcome.base_is_made;
      if (!is_the_same) continue;
      failed = std::move(less);
      outcome = std::move(now);
      found = true;
      break;
    }
  }
  return outcome.log + outcome.broken;
}

// Counts what is done, by its first two words.
void count(std::map<std::string, int>& kinds, const Operation& change) {
  const std::string words = operation::describe(change);
  ++kinds[words.substr(0, words.find(' ', words.find(' ') + 1))];
}

TEST(ReversalProperty, OnPostgresql) {
  const std::unique_ptr<Database> database = make_postgresql();
  std::map<std::string, int> kinds;
  const bool holds = rc::check("an operation and its inverse leave nothing behind", [&] {
    const std::vector<std::uint16_t> numbers =
        *rc::gen::noShrink(rc::gen::resize(120, rc::gen::arbitrary<std::vector<std::uint16_t>>()));
    Choices for_schema(numbers);
    Choices for_changes(numbers);
    const std::vector<Operation> base = random_schema(for_schema, postgresql());
    Schema schema;
    for (const Operation& operation : base) operation::apply(operation, schema);
    for (const Operation& change : random_changes(for_changes, postgresql(), schema)) {
      count(kinds, change);
      const Case tried{base, change};
      if (outcome_of(*database, tried).broken.empty()) continue;
      RC_FAIL(told_shortly(*database, tried));
    }
  });
  EXPECT_TRUE(holds);
  std::string seen;
  for (const auto& [kind, times] : kinds) seen += kind + " " + std::to_string(times) + ", ";
  EXPECT_TRUE(!holds || kinds.size() >= 25) << seen;
}

// What random cases have brought to light, and need not find again.
TEST(ReversalProperty, WhatItHasFound) {
  const std::unique_ptr<Database> database = make_postgresql();
  const Column collated("a", Text(), {.collation = "C"});
  const Column defaulted("a", Integer(), {.server_default = Literal{0}});
  const Sequence usual{.name = "s"};
  const std::vector<Case> cases = {
      {.base = {Create<Sequence>{.object = usual}},
       .change = Replace<Sequence>{.object = {.name = "s", .options = {.start = 7}}, .was = usual}},
      {.base = {CreateTable{.table = Table("t", {collated})}},
       .change = AlterColumn{.table = "t", .column = "a", .type = String(9), .was = collated}},
      {.base = {CreateTable{.table = Table("t", {defaulted})}},
       .change = AlterColumn{.table = "t", .column = "a", .type = BigInteger(), .was = defaulted}},
  };
  for (const Case& found : cases) {
    const Outcome outcome = outcome_of(*database, found);
    EXPECT_EQ(outcome.broken, "") << outcome.log;
  }
}

// The way from a failure to its cause: what has nothing to do with it is left out.
TEST(ReversalProperty, TellsOfAFailureShortly) {
  const std::unique_ptr<Database> database = make_postgresql();
  Case failing{
      .base = {CreateTable{.table = Table("other", {Column("id", Integer())})},
               CreateTable{.table = Table("t", {Column("id", Integer()), Column("a", Text())},
                                          {.indexes = {Index("i", {"a"})}})},
               Create<Sequence>{.object = {.name = "s"}}},
      .change = DropColumn{.table = "t", .column = "a", .was = Column("a", Integer())}};
  EXPECT_EQ(told_shortly(*database, failing),
            "-- create table t\nCREATE TABLE t (\n    a text\n);\n"
            "-- drop column t.a\nALTER TABLE t DROP COLUMN a;\n"
            "-- add column t.a\nALTER TABLE t ADD COLUMN a integer;\n"
            "lost:  column public.t.a: text\nlost:  column t.a collates 100 generated \n"
            "found: column public.t.a: integer\nfound: column t.a collates 0 generated \n"
            "the first time");
}

}  // namespace
}  // namespace capo::test
