#include "tenancy/steps.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "operation/facets.hpp"

namespace capo::tenancy {
namespace {

/// Of a constraint without a name nothing tells but what it is.
struct Erase {
  Table& table;

  void operator()(const UniqueConstraint& unique) const {
    std::erase(table.options.uniques, unique);
  }
  void operator()(const ForeignKey& key) const { std::erase(table.options.foreign_keys, key); }
  void operator()(const auto&) const {}
};

std::vector<std::string> sorted(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  return names;
}

bool is_taken(const schema::Schema& schema, const Table& table, const std::string& name) {
  const auto is_it = [&](const auto& item) { return item.name == name; };
  const TableOptions& own = table.options;
  if (std::any_of(own.foreign_keys.begin(), own.foreign_keys.end(), is_it)) return true;
  // What has an index shares its name with those of all tables.
  return std::any_of(schema.tables.begin(), schema.tables.end(), [&](const Table& other) {
    const TableOptions& options = other.options;
    return other.name == name || (options.primary_key && options.primary_key->name == name) ||
           std::any_of(options.uniques.begin(), options.uniques.end(), is_it) ||
           std::any_of(options.indexes.begin(), options.indexes.end(), is_it);
  });
}

}  // namespace

const Table& table_of(const Situation& now, const Member& member) {
  return *schema::find_table(now.now, member.table.schema, member.table.name);
}

const Column* tenant_column(const Situation& now, const Member& member) {
  return schema::find_column(table_of(now, member), member.asked.column);
}

const Member* member_of(const Situation& now, const std::string& schema, const std::string& name) {
  const auto found =
      std::find_if(now.members.begin(), now.members.end(), [&](const Member& member) {
        return member.table.name == name && member.table.schema == schema;
      });
  return found == now.members.end() ? nullptr : &*found;
}

void advance(schema::Schema& schema, const Operation& operation) {
  const auto* drop = std::get_if<DropConstraint>(&operation.value());
  if (drop == nullptr || !drop->name.empty() || !drop->was) {
    return operation::apply(operation, schema);
  }
  if (Table* table = schema::find_table(schema, drop->schema, drop->table)) {
    std::visit(Erase{*table}, *drop->was);
  }
}

bool same_columns(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return sorted(a) == sorted(b);
}

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::optional<Names> plain_columns(const Index& index) {
  Names columns;
  for (const IndexElement& element : index.elements) {
    if (element.expression) return std::nullopt;
    columns.push_back(element.column);
  }
  if (index.options.where || !(index.options.method.empty() || index.options.method == "btree")) {
    return std::nullopt;
  }
  return columns;
}

std::vector<Names> unique_columns(const Table& table) {
  std::vector<Names> all;
  if (Names key = schema::primary_key_columns(table); !key.empty()) all.push_back(std::move(key));
  for (const UniqueConstraint& unique : table.options.uniques) all.push_back(unique.columns);
  for (const Index& index : table.options.indexes) {
    const std::optional<Names> columns = plain_columns(index);
    if (index.options.unique && columns) all.push_back(*columns);
  }
  return all;
}

std::string fresh_name(const Situation& now, const Table& table, const Names& columns,
                       const std::string& kind) {
  const std::string whole = table.name + "_" + base::join(columns, "_") + "_" + kind;
  const std::size_t longest = now.dialect.longest_name();
  for (int number = 1;; ++number) {
    std::string name = whole;
    if (number > 1) name += std::to_string(number);
    if (longest > 0 && name.size() > longest) {
      const std::string end = "_" + base::sha256(name).substr(0, 6) + "_" + kind;
      std::size_t kept = longest - end.size();
      while (kept > 0 && (static_cast<unsigned char>(name[kept]) & 0xC0U) == 0x80U) --kept;
      name = name.substr(0, kept) + end;
    }
    if (!is_taken(now.now, table, name)) return name;
  }
}

std::vector<Operation> assert_none(const Assertion& assertion) {
  dialect::SqlWriter sql = dialect::find_dialect("postgresql")->writer();
  const std::string shown = base::replace_all(assertion.table, "%", "%%");
  sql << "DO $capo$\nDECLARE\n  wrong bigint;\n  examples text;\nBEGIN\n"
      << "  SELECT count(*), string_agg(example, ', ') FILTER (WHERE place <= 5)\n"
      << "    INTO wrong, examples FROM (\n"
      << "      SELECT example, row_number() OVER () AS place FROM (\n        "
      << dialect::SqlText(assertion.rows) << "\n      ) AS found\n    ) AS numbered;\n"
      << "  IF wrong > 0 THEN\n    RAISE EXCEPTION "
      << dialect::Literal(shown + ": % " + base::replace_all(assertion.what, "%", "%%"))
      << ", wrong\n      USING DETAIL = 'among them: ' || examples,\n        HINT = "
      << dialect::Literal(assertion.hint) << ";\n  END IF;\nEND\n$capo$";
  // Nothing there raises an error by itself but a condition that does not hold.
  dialect::SqlWriter lite = dialect::find_dialect("sqlite")->writer();
  lite << "CREATE TEMP TABLE capo_assertion (\n  found integer CONSTRAINT "
       << dialect::Identifier(assertion.table + ": " + assertion.what)
       << " CHECK (found = 0)\n);\nINSERT INTO capo_assertion SELECT count(*) FROM (\n  "
       << dialect::SqlText(assertion.rows) << "\n) AS found;\nDROP TABLE capo_assertion";
  return {ExecuteSql{.text = sql.str(), .on = "postgresql"},
          ExecuteSql{.text = lite.str(), .on = "sqlite"}};
}

std::string row_name(const Situation& now, const Table& table, const std::string& alias) {
  std::string text;
  for (const std::string& column : schema::primary_key_columns(table)) {
    if (!text.empty()) text += " || '/' || ";
    text += "CAST(" + alias + "." + quoted(now, column) + " AS text)";
  }
  return text.empty() ? "'a row'" : text;
}

std::string current_tenant(const Situation& now) {
  dialect::SqlWriter sql = now.dialect.writer();
  sql << "nullif(current_setting(" << dialect::Literal(now.tenancy.setting) << ", true), '')";
  switch (now.key_type.kind) {
    case TypeKind::kSmallInteger:
      sql << "::smallint";
      break;
    case TypeKind::kInteger:
      sql << "::integer";
      break;
    case TypeKind::kBigInteger:
      sql << "::bigint";
      break;
    case TypeKind::kUuid:
      sql << "::uuid";
      break;
    case TypeKind::kNamed:
      sql << "::" << dialect::SqlText(schema::qualified(now.key_type.schema, now.key_type.name));
      break;
    default:
      break;  // a text already
  }
  return sql.str();
}

bool reads_setting(const Situation& now, std::string_view expression) {
  const std::string lower = base::lower(expression);
  return lower.find("current_setting(") != std::string::npos &&
         lower.find("'" + base::lower(now.tenancy.setting) + "'") != std::string::npos;
}

std::string quoted(const Situation& now, const std::string& name) {
  return (now.dialect.writer() << dialect::Identifier(name)).str();
}

std::string quoted(const Situation& now, const TableName& table) {
  return (now.dialect.writer() << dialect::QualifiedName{table.schema, table.name}).str();
}

std::string shown(const TableName& table) { return schema::qualified(table.schema, table.name); }

std::string in_parentheses(const Names& columns) { return "(" + base::join(columns, ", ") + ")"; }

void append(std::vector<Operation>& all, std::vector<Operation> more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

void add(Step& step, Operation up, std::optional<Operation> down) {
  step.upgrade.push_back(std::move(up));
  if (down) step.downgrade.insert(step.downgrade.begin(), *std::move(down));
}

}  // namespace capo::tenancy
