#include "dialect/sqlite/rebuild.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "capo/error.hpp"

namespace capo::dialect::sqlite {
namespace {

constexpr std::string_view kOldPrefix = "capo_old_";

// The same text from the plan and, when it runs, from the database.
constexpr const char* kColumnsOf =
    "(SELECT group_concat(name || ' ' || type, ', ') FROM pragma_table_xinfo(";
constexpr const char* kBelongingsOf =
    "(SELECT group_concat(name, ', ') FROM (SELECT name FROM main.sqlite_master WHERE type IN "
    "('index', 'trigger') AND sql IS NOT NULL AND tbl_name = ";

/// The foreign keys of a table without their names, in the order of the text.
std::vector<std::string> foreign_keys(const TableText& table) {
  std::vector<std::pair<std::size_t, std::string>> found;
  const auto add = [&](const Clause& clause, const std::string& column) {
    if (clause.kind != Clause::Kind::kForeignKey) return;
    const std::size_t begin = std::max(clause.span.begin, clause.name_span.end);
    found.emplace_back(begin, column + " " + normalised(table.text({begin, clause.span.end})));
  };
  for (const ColumnText& column : table.columns()) {
    for (const Clause& clause : column.clauses) add(clause, base::lower(column.name));
  }
  for (const Clause& clause : table.constraints()) add(clause, "");
  std::sort(found.begin(), found.end());
  std::vector<std::string> keys;
  for (auto& [at, text] : found) keys.push_back(std::move(text));
  return keys;
}

class Rebuilding {
 public:
  Rebuilding(Shadow& shadow, const Parts& parts, const Rebuild& plan, Statements& out)
      : shadow_(shadow), parts_(parts), plan_(plan), out_(out) {}

  void run() {
    look();
    make_check_table();
    move_away();
    check_that_it_is_as_planned();
    make_new();
    copy();
    drop_old();
    make_belongings();
    check_foreign_keys();
    refuse_what_is_broken();
  }

 private:
  void look() {
    table_ = shadow_.spelled(plan_.table);
    old_ = std::string(kOldPrefix) + table_;
    for (int i = 2; shadow_.has_object(old_); ++i) {
      old_ = std::string(kOldPrefix) + table_ + "_" + std::to_string(i);
    }
    old_columns_ = shadow_.columns(table_);
    belongings_ = shadow_.belongings(table_);
    trouble_before_ = shadow_.trouble();
    checked_ = shadow_.children(table_);
    const bool is_its_own = std::find(checked_.begin(), checked_.end(), table_) != checked_.end();
    if (!is_its_own && mentions(plan_.text.sql(), "REFERENCES")) checked_.push_back(table_);
    std::erase_if(checked_, [&](const std::string& child) {
      return !shadow_.foreign_key_trouble(child).empty();
    });
    columns_text_ = answer(kColumnsOf + literal(table_) + ", 'main'))");
    belongings_text_ = answer(kBelongingsOf + literal(table_) + " ORDER BY type, name))");
  }

  Value answer(const std::string& expression) {
    return shadow_.query("SELECT " + expression, {}).rows.at(0).at(0);
  }

  // A constraint's name is what SQLite says when it does not hold.
  void make_check_table() {
    SqlWriter sql = parts_.writer();
    sql << "CREATE TEMP TABLE capo_rebuild (";
    bool is_first = true;
    const auto add = [&](const char* column, const std::string& message) {
      const SqlText name{column};
      sql << SqlText(std::exchange(is_first, false) ? "" : ",") << "\n    " << name
          << " CONSTRAINT " << Identifier(message) << " CHECK (" << name << ")";
    };
    add("keys_are_off", "foreign keys must be off while the table " + table_ + " is made anew");
    add("columns_are_known",
        "the table " + table_ + " has other columns than when this was planned");
    add("belongings_are_known",
        "the table " + table_ + " has other indexes or triggers than when this was planned");
    if (!plan_.key.empty()) {
      add("key_is_whole", "a row of " + table_ + " has NULL in " + base::join(plan_.key, " or "));
    }
    add("all_rows_are_there", "not every row of " + table_ + " was copied");
    if (!checked_.empty()) sql << ",\n    violations INTEGER";
    if (!checked_.empty())
      add("keys_hold", "a foreign key of or to " + table_ + " refers to no row");
    sql << "\n)";
    emit(sql.str(), "the table " + table_ + " is made anew: " + plan_.why);
    if (checked_.empty()) return;
    SqlWriter count = parts_.writer();
    count << "INSERT INTO temp.capo_rebuild (violations) SELECT "
          << SqlText(violations(dropped_keys()));
    emit(count.str());
  }

  // With legacy_alter_table views, triggers and foreign keys go on to mean the name.
  void move_away() {
    emit("PRAGMA legacy_alter_table = ON");
    SqlWriter sql = parts_.writer();
    sql << "ALTER TABLE " << Identifier(table_) << " RENAME TO " << Identifier(old_);
    emit(sql.str());
    emit("PRAGMA legacy_alter_table = OFF");
  }

  void check_that_it_is_as_planned() {
    SqlWriter sql = parts_.writer();
    sql << "INSERT OR ROLLBACK INTO temp.capo_rebuild (keys_are_off, columns_are_known, "
           "belongings_are_known";
    if (!plan_.key.empty()) sql << ", key_is_whole";
    sql << ")\nSELECT\n    NOT (SELECT foreign_keys FROM pragma_foreign_keys),\n    "
        << SqlText(kColumnsOf + literal(old_)) << ", 'main')) IS " << value(columns_text_)
        << " COLLATE NOCASE,\n    " << SqlText(kBelongingsOf + literal(old_))
        << " ORDER BY type, name)) IS " << value(belongings_text_);
    if (!plan_.key.empty()) {
      sql << ",\n    NOT EXISTS (SELECT 1 FROM " << Identifier(old_) << " WHERE ";
      for (const std::string& column : plan_.key) {
        if (&column != &plan_.key.front()) sql << " OR ";
        sql << Identifier(column) << " IS NULL";
      }
      sql << ")";
    }
    emit(sql.str());
  }

  void make_new() { emit(plan_.text.sql()); }

  void copy() {
    Names into;
    Names from;
    if (const std::string rowid = free_rowid(); !rowid.empty()) {
      into.push_back(rowid);
      from.push_back(rowid);
    }
    for (const ShadowColumn& column : shadow_.columns(table_)) {
      if (column.is_generated) continue;
      const std::optional<std::string> source = source_of(column.name);
      if (!source) continue;
      into.push_back(name(column.name));
      from.push_back(*source);
    }
    SqlWriter sql = parts_.writer();
    sql << "INSERT OR ROLLBACK INTO " << Identifier(table_) << " ("
        << SqlText(base::join(into, ", ")) << ")\nSELECT " << SqlText(base::join(from, ", "))
        << " FROM " << Identifier(old_);
    emit(sql.str());
    SqlWriter check = parts_.writer();
    check << "INSERT OR ROLLBACK INTO temp.capo_rebuild (all_rows_are_there)\nSELECT (SELECT "
             "count(*) FROM "
          << Identifier(table_) << ") = (SELECT count(*) FROM " << Identifier(old_) << ")";
    emit(check.str());
    if (is_numbered()) carry_sequence();
  }

  /// A name of the rowid that no column has taken; empty if there is no rowid to keep.
  std::string free_rowid() {
    const TableText before(shadow_.table(old_));
    if (before.without_rowid() || plan_.text.without_rowid() || shadow_.has_rowid_alias(table_)) {
      return {};
    }
    for (const char* candidate : {"rowid", "_rowid_", "oid"}) {
      if (!before.find_column(candidate) && !plan_.text.find_column(candidate)) return candidate;
    }
    return {};
  }

  std::optional<std::string> source_of(const std::string& column) const {
    for (const auto& [target, expression] : plan_.expressions) {
      if (base::equals_ignoring_case(target, column)) return expression;
    }
    const bool was_there = std::any_of(
        old_columns_.begin(), old_columns_.end(),
        [&](const ShadowColumn& old) { return base::equals_ignoring_case(old.name, column); });
    if (!was_there) return std::nullopt;
    return name(column);
  }

  bool is_numbered() const {
    const auto has = [](const std::string& sql) { return mentions(sql, "AUTOINCREMENT"); };
    return has(plan_.text.sql()) && has(shadow_.table(old_));
  }

  // The numbers that were given out stay given out, also those of rows that are gone. Nothing is
  // deleted if the old table is not there: a check may have rolled everything back.
  void carry_sequence() {
    SqlWriter forget = parts_.writer();
    forget << "DELETE FROM main.sqlite_sequence WHERE name = " << Literal(table_)
           << " AND EXISTS (SELECT 1 FROM main.sqlite_master WHERE name = " << Literal(old_) << ")";
    emit(forget.str());
    SqlWriter carry = parts_.writer();
    carry << "INSERT INTO main.sqlite_sequence (name, seq)\nSELECT " << Literal(table_)
          << ", seq FROM main.sqlite_sequence WHERE name = " << Literal(old_);
    emit(carry.str());
  }

  void drop_old() {
    SqlWriter sql = parts_.writer();
    sql << "DROP TABLE " << Identifier(old_);
    emit(sql.str());
  }

  void make_belongings() {
    for (const ShadowObject& object : belongings_) {
      const Names& dropped = plan_.dropped_indexes;
      const bool goes = object.is_index &&
                        std::find(dropped.begin(), dropped.end(), object.name) != dropped.end();
      if (!goes) emit(object.sql);
    }
  }

  void check_foreign_keys() {
    if (!checked_.empty()) {
      SqlWriter check = parts_.writer();
      check << "INSERT OR ROLLBACK INTO temp.capo_rebuild (keys_hold)\nSELECT "
            << SqlText(violations({}))
            << " <= (SELECT coalesce(max(violations), 0) FROM temp.capo_rebuild)";
      emit(check.str());
    }
    emit("DROP TABLE temp.capo_rebuild");
  }

  /// How many rows of the tables concerned refer to none. `without`: of this table's own keys, some
  /// that do not count.
  std::string violations(const std::vector<std::string>& without) const {
    std::vector<std::string> counts;
    for (const std::string& child : checked_) {
      std::string count = "(SELECT count(*) FROM pragma_foreign_key_check(" + literal(child) + ")";
      if (child == table_ && !without.empty()) {
        count += " WHERE fkid NOT IN (" + base::join(without, ", ") + ")";
      }
      counts.push_back(count + ")");
    }
    return base::join(counts, " + ");
  }

  /// The numbers that SQLite gives to keys which go, if others come: what breaks a key that goes
  /// must not make room for rows that break one that comes.
  std::vector<std::string> dropped_keys() {
    const std::vector<std::string> before = foreign_keys(TableText(shadow_.table(table_)));
    const std::vector<std::string> after = foreign_keys(plan_.text);
    const auto is_in = [](const std::vector<std::string>& all, const std::string& key) {
      return std::find(all.begin(), all.end(), key) != all.end();
    };
    const bool is_one_new = std::any_of(
        after.begin(), after.end(), [&](const std::string& key) { return !is_in(before, key); });
    std::vector<std::string> dropped;
    for (std::size_t i = 0; is_one_new && i < before.size(); ++i) {
      // The last one in the text is the first.
      if (!is_in(after, before[i])) dropped.push_back(std::to_string(before.size() - 1 - i));
    }
    return dropped;
  }

  void refuse_what_is_broken() {
    for (const std::string& child : checked_) {
      if (const std::string why = shadow_.foreign_key_trouble(child); !why.empty()) {
        throw Error(ErrorCode::kSchema, "the table " + table_ + " cannot be changed so: " + why)
            .hint("drop the foreign key of " + child + " first");
      }
    }
    if (!trouble_before_.empty()) return;
    if (const std::string why = shadow_.trouble(); !why.empty()) {
      throw Error(ErrorCode::kSchema, "the table " + table_ + " cannot be changed so: " + why)
          .hint("drop the view or trigger first, and make it again after the change");
    }
  }

  void emit(std::string sql, std::string comment = {}) {
    shadow_.apply(sql, "the table " + table_ + " cannot be changed so");
    out_.push_back(
        {.sql = std::move(sql), .comment = std::move(comment), .foreign_keys_off = true});
  }

  std::string name(const std::string& text) const {
    SqlWriter sql = parts_.writer();
    sql << Identifier(text);
    return sql.str();
  }
  std::string literal(const std::string& text) const {
    SqlWriter sql = parts_.writer();
    sql << Literal(text);
    return sql.str();
  }
  SqlText value(const Value& text) const { return SqlText(text ? literal(*text) : "NULL"); }

  Shadow& shadow_;
  const Parts& parts_;
  const Rebuild& plan_;
  Statements& out_;

  std::string table_ = {};
  std::string old_ = {};
  std::vector<ShadowColumn> old_columns_ = {};
  std::vector<ShadowObject> belongings_ = {};
  Value columns_text_ = {};
  Value belongings_text_ = {};
  std::string trouble_before_ = {};
  Names checked_ = {};  // the tables whose foreign keys are looked at
};

}  // namespace

void rebuild(Shadow& shadow, const Parts& parts, const Rebuild& plan, Statements& out) {
  Rebuilding(shadow, parts, plan, out).run();
}

}  // namespace capo::dialect::sqlite
