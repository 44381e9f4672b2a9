// A column that holds the tenant of each row: added, filled, and then required.

#include <algorithm>

#include "base/text.hpp"
#include "tenancy/steps.hpp"

namespace capo::tenancy {
namespace {

bool refers_to_tenants(const Situation& now, const Member& member) {
  const List<ForeignKey>& keys = table_of(now, member).options.foreign_keys;
  return std::any_of(keys.begin(), keys.end(), [&](const ForeignKey& key) {
    return key.columns == Names{member.asked.column} &&
           TableName{key.referred_table, key.referred_schema} == now.tenants;
  });
}

void add_column(const Situation& now, const Member& member, Step& step) {
  add(step,
      AddColumn{.table = member.table.name,
                .column = Column(member.asked.column, now.key_type),
                .schema = member.table.schema},
      DropColumn{.table = member.table.name,
                 .column = member.asked.column,
                 .schema = member.table.schema});
}

// The key would say so too, but not of which rows.
std::vector<Operation> have_tenants(const Situation& now, const Member& member) {
  const std::string column = quoted(now, member.asked.column);
  return assert_none(
      {.table = member.asked.name,
       .what = "rows whose " + member.asked.column + " is no " + now.tenancy.tenant_table + "." +
               now.tenancy.tenant_key,
       .rows = "SELECT " + row_name(now, table_of(now, member), "item") + " AS example FROM " +
               quoted(now, member.table) + " AS item WHERE item." + column +
               " IS NOT NULL AND NOT EXISTS (SELECT 1 FROM " + quoted(now, now.tenants) +
               " AS one WHERE one." + quoted(now, now.tenancy.tenant_key) + " = item." + column +
               ")",
       .hint = "Give them a tenant, or set it to NULL: then they get one in the next revision."});
}

// A column goes with its key: only of one that was there before, the key is dropped by itself.
void refer_to_tenants(const Situation& now, const Member& member, Step& step) {
  const Table& table = table_of(now, member);
  const Names columns = {member.asked.column};
  if (tenant_column(now, member) != nullptr) append(step.upgrade, have_tenants(now, member));
  const std::string name = fresh_name(now, table, columns, "fkey");
  std::optional<Operation> back;
  if (tenant_column(now, member) != nullptr) {
    back = DropConstraint{.table = member.table.name, .name = name, .schema = member.table.schema};
  }
  add(step,
      AddConstraint{.table = member.table.name,
                    .constraint = ForeignKey{.columns = columns,
                                             .referred_table = now.tenants.name,
                                             .referred_columns = {now.tenancy.tenant_key},
                                             .name = name,
                                             .referred_schema = now.tenants.schema},
                    .schema = member.table.schema},
      back);
}

// Only now: a default that comes with the column would be computed once, by whoever migrates, for
// all rows that are there.
void add_default(const Situation& now, const Member& member, Step& step) {
  const Column* there = tenant_column(now, member);
  if (there != nullptr && there->options.server_default.sql()) {
    const std::string& text = there->options.server_default.sql()->sql;
    if (!reads_setting(now, text)) {
      step.by_hand.push_back(member.asked.name + "." + member.asked.column +
                             " has a default of its own, " + text +
                             ": decide whether new rows are to get " + now.tenancy.setting);
    }
    return;
  }
  // The program says it already.
  if (there != nullptr && !there->options.nullable) return;
  const auto with = [&](ServerDefault value) {
    return AlterColumn{.table = member.table.name,
                       .column = member.asked.column,
                       .server_default = std::move(value),
                       .schema = member.table.schema,
                       .on = "postgresql"};
  };
  std::optional<Operation> back;
  if (there != nullptr) back = with(ServerDefault::none());
  add(step, with(SqlText(current_tenant(now))), back);
}

bool lacks_tenants(const Situation& now, const Member& member) {
  const Column* column = tenant_column(now, member);
  return !member.is_tenant_table && column != nullptr && column->options.nullable;
}

bool has_rows_without_tenants(const Situation& now, const Member& member) {
  return lacks_tenants(now, member) && !holds(now.facts.filled, shown(member.table));
}

/// `= (SELECT above.user_id FROM routines AS above WHERE above.id = routine_items.routine_id)`
std::string tenant_of_parent(const Situation& now, const Member& member) {
  const ForeignKey& way = *member.way;
  const TableName parent = {way.referred_table, way.referred_schema};
  const Member* above = member_of(now, parent.schema, parent.name);
  const bool is_tenants = parent == now.tenants;
  dialect::SqlWriter sql = now.dialect.writer();
  sql << "(SELECT above."
      << dialect::Identifier(is_tenants ? now.tenancy.tenant_key : above->asked.column) << " FROM "
      << dialect::QualifiedName{parent.schema, parent.name} << " AS above WHERE ";
  bool first = true;
  for (std::size_t i = 0; i < way.columns.size(); ++i) {
    if (way.columns[i] == member.asked.column && way.columns.size() > 1) continue;
    if (!first) sql << " AND ";
    first = false;
    sql << "above." << dialect::Identifier(way.referred_columns.at(i)) << " = "
        << dialect::Identifier(member.table.name) << "." << dialect::Identifier(way.columns[i]);
  }
  sql << ")";
  return sql.str();
}

std::string old_rows(const Situation& now) {
  std::string_view text = base::trim(now.tenancy.old_rows);
  while (text.ends_with(';')) text = base::trim(text.substr(0, text.size() - 1));
  const bool is_new =
      schema::find_table(now.found.schema, now.tenants.schema, now.tenants.name) == nullptr;
  const bool is_one = now.facts.old_rows && now.facts.old_rows->rows == 1;
  if (!text.empty() || (!is_new && !is_one)) return std::string(text);
  return "SELECT " + quoted(now, now.tenancy.tenant_key) + " FROM " + quoted(now, now.tenants);
}

// Whether its rows, or those without a parent, get the tenant of the old rows.
bool takes_old_rows(const Situation& now, const Member& member) {
  if (!member.way) return true;
  const Table& table = table_of(now, member);
  return std::any_of(
      member.way->columns.begin(), member.way->columns.end(), [&](const std::string& name) {
        const Column* column = schema::find_column(table, name);
        return name != member.asked.column && column != nullptr && column->options.nullable;
      });
}

Operation backfill(const Situation& now, const Member& member) {
  const std::string column = quoted(now, member.asked.column);
  const std::string query = old_rows(now);
  std::string value = member.way ? tenant_of_parent(now, member) : "(" + query + ")";
  if (member.way && takes_old_rows(now, member) && !query.empty()) {
    value = "coalesce(" + value + ", (" + query + "))";
  }
  const SqlText missing(column + " IS NULL");
  return Backfill{{.set = SqlText(column + " = " + value),
                   .where = missing,
                   .expect_no_rows = missing,
                   .schema = member.table.schema},
                  member.table.name,
                  {}};
}

// Before anything is changed: whose rows they become must be known.
std::vector<Operation> need_owner_of_old_rows(const Situation& now, const Member& member) {
  const std::string query = old_rows(now);
  const Table& table = table_of(now, member);
  std::string rows = "SELECT " + row_name(now, table, "item") + " AS example FROM " +
                     quoted(now, member.table) + " AS item WHERE item." +
                     quoted(now, member.asked.column) + " IS NULL";
  if (member.way) {
    for (const std::string& name : member.way->columns) {
      const Column* column = schema::find_column(table, name);
      if (name == member.asked.column || column == nullptr || !column->options.nullable) continue;
      rows += " AND item." + quoted(now, name) + " IS NULL";
    }
  }
  Assertion assertion{.table = member.asked.name};
  if (query.empty()) {
    assertion.what = "rows without a tenant, and nobody who gets them";
    assertion.hint =
        "Say in old_rows of [tenancy] who gets them, a query of one value, and make this revision "
        "anew.";
  } else {
    rows += " AND ((SELECT count(*) FROM (" + query +
            ") AS owners) <> 1 OR NOT EXISTS (SELECT 1 FROM " + quoted(now, now.tenants) +
            " AS one WHERE one." + quoted(now, now.tenancy.tenant_key) + " IN (" + query + ")))";
    assertion.what = "rows without a tenant, and old_rows of [tenancy] gives not one tenant";
    assertion.hint = query + " is to give the one tenant who gets them.";
  }
  assertion.rows = std::move(rows);
  return assert_none(assertion);
}

Error refused_old_rows(const Member& member, const std::string& what, const std::string& hint) {
  Error error(
      ErrorCode::kConfig,
      member.asked.name + " has rows that no row of another table tells the tenant of, " + what);
  error.at(member.asked.where).hint(hint);
  return error;
}

// Sooner than in the middle of an upgrade.
void check_owner_of_old_rows(const Situation& now, const Member& member) {
  if (!now.facts.is_complete || !holds(now.facts.ownerless, shown(member.table))) return;
  const std::string query = old_rows(now);
  const std::string key = now.tenancy.tenant_table + "." + now.tenancy.tenant_key;
  if (query.empty()) {
    throw refused_old_rows(member, "and [tenancy] does not say who gets them",
                           "old_rows = SELECT …, a query that gives one " + key);
  }
  if (!now.facts.old_rows) return;
  const ConversionFacts::OldRows& found = *now.facts.old_rows;
  const std::string it_is = "old_rows of [tenancy] is " + query + ": ";
  if (!found.error.empty()) {
    throw refused_old_rows(member, "and old_rows of [tenancy] fails: " + found.error,
                           it_is + "it is to give one " + key);
  }
  if (found.rows == 0) {
    throw refused_old_rows(member, "and old_rows of [tenancy] gives none",
                           it_is + "add the tenant that it looks for, or change it");
  }
  if (found.rows > 1) {
    throw refused_old_rows(member, "and old_rows of [tenancy] gives several",
                           it_is +
                               "it is to give one, or a first revision is to give the rows to "
                               "their tenants");
  }
  if (found.is_null || !found.is_tenant) {
    throw refused_old_rows(member,
                           "and old_rows of [tenancy] gives " +
                               (found.is_null ? "NULL" : found.value) + ", which is no tenant",
                           it_is + "it is to give a " + key + " that is there");
  }
}

// No key would notice before there are composite ones.
std::vector<Operation> agree_with_parents(const Situation& now, const Member& member) {
  std::vector<Operation> all;
  for (const CrossingKey& crossing : crossing_keys(now)) {
    if (crossing.child != &member) continue;
    const Member& parent = *crossing.parent;
    if (!lacks_tenants(now, member) && !lacks_tenants(now, parent)) continue;
    std::string rows = "SELECT " + row_name(now, table_of(now, member), "item") +
                       " AS example FROM " + quoted(now, member.table) + " AS item JOIN " +
                       quoted(now, parent.table) + " AS above ON ";
    for (std::size_t i = 0; i < crossing.key.columns.size(); ++i) {
      if (i > 0) rows += " AND ";
      rows += "above." + quoted(now, crossing.key.referred_columns.at(i)) + " = item." +
              quoted(now, crossing.key.columns[i]);
    }
    rows += " WHERE above." + quoted(now, parent.asked.column) + " <> item." +
            quoted(now, member.asked.column);
    append(all,
           assert_none({.table = member.asked.name,
                        .what = "rows of another tenant than their row of " + parent.asked.name +
                                ", by " + base::join(crossing.key.columns, ", "),
                        .rows = rows,
                        .hint = "Decide whose they are; until then such rows would be lost to "
                                "one of the two."}));
  }
  return all;
}

void tell_of_triggers(const Situation& now, const Member& member, Step& step) {
  for (const Trigger& trigger : now.now.triggers) {
    if (trigger.table != member.table.name || trigger.schema != member.table.schema) continue;
    const std::string event = base::lower(schema::text_on(trigger.event, now.dialect.name()));
    if (event.find("update") == std::string::npos) continue;
    step.by_hand.push_back("trigger " + trigger.name + " on " + member.asked.name +
                           " fires for the backfill as for any UPDATE: see that it does no harm "
                           "(a time of change would be that of the backfill)");
  }
}

}  // namespace

Step add_columns(const Situation& now) {
  Step step{.message = "tenant columns",
            .why =
                "Every table of tenants gets a column for its tenant: without a value for the "
                "rows that are there, and, where the database knows it, with the tenant of the "
                "transaction as the default of new ones. The downgrade drops the columns that "
                "were not there before, with what they hold.",
            .then = "deploy the program that writes the tenant of each row it adds (or sets " +
                    now.tenancy.setting + " in each transaction), and wait until no older one runs",
            .online = true};
  for (const Member& member : now.members) {
    if (tenant_column(now, member) == nullptr) add_column(now, member, step);
  }
  for (const Member& member : now.members) {
    if (!member.is_tenant_table && !refers_to_tenants(now, member)) {
      refer_to_tenants(now, member, step);
    }
  }
  if (!now.has_row_security()) return step;
  for (const Member& member : now.members) {
    if (!member.is_tenant_table) add_default(now, member, step);
  }
  return step;
}

Step fill_columns(const Situation& now) {
  Step step{.message = "tenants of old rows",
            .why =
                "Rows without a tenant get one, batch by batch: that of their parent, or the "
                "one who gets the old rows. Rows that have one keep it. The downgrade takes no "
                "tenant away, for nobody could tell later which were given here; the columns go "
                "with the revision before."};
  std::vector<Operation> before;
  std::vector<Operation> batches;
  std::vector<Operation> after;
  for (const Member& member : now.members) {
    append(after, agree_with_parents(now, member));
    if (!has_rows_without_tenants(now, member)) continue;
    check_owner_of_old_rows(now, member);
    if (takes_old_rows(now, member)) append(before, need_owner_of_old_rows(now, member));
    batches.push_back(backfill(now, member));
    tell_of_triggers(now, member, step);
  }
  if (batches.empty()) return step;
  append(step.upgrade, std::move(before));
  append(step.upgrade, std::move(batches));
  append(step.upgrade, std::move(after));
  return step;
}

Step require_tenants(const Situation& now) {
  Step step{.message = "no row without a tenant",
            .why =
                "From here on every row has a tenant. On PostgreSQL the rows are looked at "
                "while others work: a check is added, validated, and proves NOT NULL.",
            .online = true};
  for (const Member& member : now.members) {
    if (!lacks_tenants(now, member)) continue;
    append(
        step.upgrade,
        assert_none({.table = member.asked.name,
                     .what = "rows without a tenant",
                     .rows = "SELECT " + row_name(now, table_of(now, member), "item") +
                             " AS example FROM " + quoted(now, member.table) +
                             " AS item WHERE item." + quoted(now, member.asked.column) + " IS NULL",
                     .hint = "A program that does not know of tenants yet has added them: "
                             "deploy the one that does, give these rows a tenant, then upgrade "
                             "again."}));
  }
  // Else the revision before has looked.
  const bool is_filled =
      std::none_of(now.members.begin(), now.members.end(),
                   [&](const Member& member) { return has_rows_without_tenants(now, member); });
  for (const Member& member : now.members) {
    if (is_filled) append(step.upgrade, agree_with_parents(now, member));
  }
  for (const Member& member : now.members) {
    if (!lacks_tenants(now, member)) continue;
    const auto with = [&](bool nullable) {
      return AlterColumn{.table = member.table.name,
                         .column = member.asked.column,
                         .nullable = nullable,
                         .schema = member.table.schema};
    };
    add(step, with(false), with(true));
  }
  return step;
}

}  // namespace capo::tenancy
