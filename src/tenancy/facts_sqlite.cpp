#include <algorithm>

#include "base/text.hpp"
#include "tenancy/read_facts.hpp"

namespace capo::tenancy {
namespace {

using dialect::Row;
using dialect::Value;

constexpr std::string_view kTables =
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite^_%' ESCAPE '^'"
    " ORDER BY name";
constexpr std::string_view kColumns =
    "SELECT m.name, c.cid, c.name, c.type, c.\"notnull\", c.pk FROM sqlite_master AS m,"
    " pragma_table_info(m.name) AS c WHERE m.type = 'table' ORDER BY m.name, c.cid";
constexpr std::string_view kIndexes =
    "SELECT m.name, l.name, l.\"unique\", l.origin, l.partial, x.cid FROM sqlite_master AS m,"
    " pragma_index_list(m.name) AS l, pragma_index_info(l.name) AS x WHERE m.type = 'table'"
    " ORDER BY m.name, l.name, x.seqno";
constexpr std::string_view kForeignKeys =
    "SELECT m.name, f.id, f.\"table\", f.\"from\", f.\"to\", f.on_delete, f.on_update"
    " FROM sqlite_master AS m, pragma_foreign_key_list(m.name) AS f WHERE m.type = 'table'"
    " ORDER BY m.name, f.id, f.seq";
constexpr std::string_view kViolations =
    "SELECT DISTINCT \"table\", fkid FROM pragma_foreign_key_check ORDER BY 1, 2";

std::string text(const Value& value) { return value.value_or(""); }
int number(const Value& value) {
  return static_cast<int>(base::parse_integer(text(value)).value_or(0));
}

char action(const Value& value) {
  if (value == "CASCADE") return 'c';
  if (value == "SET NULL") return 'n';
  if (value == "SET DEFAULT") return 'd';
  return 'a';
}

class FactReader {
 public:
  explicit FactReader(dialect::Connection& connection) : connection_(connection) {}

  TenancyFacts read() {
    facts_.has_row_security = false;
    facts_.search_path = {""};
    Oid next = kFirstOfUsers;
    for (const Row& row : rows(kTables)) {
      numbers_[text(row[0])] = next;
      facts_.relations[next] = {.oid = next, .name = text(row[0])};
      ++next;
    }
    read_columns();
    read_indexes();
    read_foreign_keys();
    for (const Row& row : rows(kViolations)) {
      if (!numbers_.contains(text(row[0]))) continue;
      facts_.violations.push_back(
          {.relation = numbers_.at(text(row[0])), .constraint = foreign_key_name(number(row[1]))});
    }
    return std::move(facts_);
  }

 private:
  std::vector<Row> rows(std::string_view sql) { return connection_.query(sql).rows; }
  Relation* relation(const Value& name) {
    const auto found = numbers_.find(text(name));
    return found == numbers_.end() ? nullptr : &facts_.relations.at(found->second);
  }
  // A key of SQLite has a number only.
  static std::string foreign_key_name(int id) { return "foreign key " + std::to_string(id); }

  void read_columns() {
    for (const Row& row : rows(kColumns)) {
      Relation* table = relation(row[0]);
      if (table == nullptr) continue;
      const bool is_key = number(row[5]) > 0;
      const std::string type = base::lower(text(row[3]));
      table->columns.push_back({.number = number(row[1]) + 1,
                                .name = text(row[2]),
                                .type = type,
                                .not_null = row[4] == "1" || is_key,
                                .is_identity = is_key && type == "integer"});
    }
  }

  void read_indexes() {
    for (const Row& row : rows(kIndexes)) {
      Relation* table = relation(row[0]);
      if (table == nullptr) continue;
      if (table->indexes.empty() || table->indexes.back().name != text(row[1])) {
        table->indexes.push_back({.name = text(row[1]),
                                  .is_unique = row[2] == "1",
                                  .is_primary = row[3] == "pk",
                                  .is_partial = row[4] == "1"});
      }
      table->indexes.back().columns.push_back(row[5] ? number(row[5]) + 1 : 0);
    }
  }

  void read_foreign_keys() {
    for (const Row& row : rows(kForeignKeys)) {
      Relation* table = relation(row[0]);
      const Relation* referred = relation(row[2]);
      if (table == nullptr || referred == nullptr) continue;
      const std::string name = foreign_key_name(number(row[1]));
      if (table->constraints.empty() || table->constraints.back().name != name) {
        table->constraints.push_back({.kind = 'f',
                                      .name = name,
                                      .referred = referred->oid,
                                      .on_delete = action(row[5]),
                                      .on_update = action(row[6])});
      }
      const Column* from = table->column(text(row[3]));
      const Column* to = referred->column(text(row[4]));
      table->constraints.back().columns.push_back(from == nullptr ? 0 : from->number);
      table->constraints.back().referred_columns.push_back(to == nullptr ? 0 : to->number);
    }
  }

  dialect::Connection& connection_;
  TenancyFacts facts_ = {};
  std::map<std::string, Oid> numbers_ = {};
};

}  // namespace

TenancyFacts read_sqlite_facts(dialect::Connection& connection) {
  return FactReader(connection).read();
}

}  // namespace capo::tenancy
