#include "dialect/sqlite/reflect.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "base/text.hpp"
#include "dialect/sqlite/reflect_objects.hpp"
#include "dialect/sqlite/reflect_table.hpp"
#include "dialect/sqlite/table_text.hpp"

namespace capo::dialect::sqlite {
namespace {

/// A row of sqlite_schema.
struct Entry {
  std::string type = {};
  std::string name = {};
  std::string table = {};
  std::string sql = {};

  friend bool operator==(const Entry&, const Entry&) = default;
};

/// A column as SQLite itself reads the table's text.
struct KnownColumn {
  std::string name = {};
  bool is_generated = false;
  int key = 0;

  friend bool operator==(const KnownColumn&, const KnownColumn&) = default;
};

/// All that is asked of the database.
struct Facts {
  std::vector<Entry> entries = {};
  std::map<std::string, std::string> kinds = {};  ///< `shadow`, where there are virtual tables
  std::map<std::string, std::vector<KnownColumn>> columns = {};
  std::set<std::string> modules = {};
  std::vector<std::string> attached = {};

  friend bool operator==(const Facts&, const Facts&) = default;
};

/// A table as its text alone says it; nothing if the text says more than a Table can hold.
struct ReadTable {
  std::optional<Table> table = {};
  std::vector<Unrepresented> lost = {};
};

/// Between two looks most tables stay as they are, and what was changed is often changed back.
struct Memory final : ReflectMemory {
  static constexpr std::size_t kMostLooks = 3;

  std::map<std::pair<std::string, std::string>, ReadTable> tables = {};  // by name and text
  std::deque<std::pair<Facts, Reflection>> looks = {};                   // the newest first
};

std::string text_at(const Row& row, std::size_t place) { return row.at(place).value_or(""); }

/// Four queries, however many tables there are. Each leaves out what could fail: of a virtual table
/// whose module is not there nothing more is asked.
Facts read_facts(Connection& connection) {
  Facts facts;
  for (const Row& row :
       connection
           .query("SELECT type, name, tbl_name, sql FROM main.sqlite_master WHERE sql IS NOT NULL "
                  "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid")
           .rows) {
    facts.entries.push_back({text_at(row, 0), text_at(row, 1), text_at(row, 2), text_at(row, 3)});
  }
  // To list them, SQLite looks at every view and table; only virtual tables have shadows.
  for (const Row& row :
       connection
           .query("SELECT l.name, l.type FROM (SELECT 1 FROM main.sqlite_master WHERE sql LIKE "
                  "'CREATE VIRTUAL %' LIMIT 1) CROSS JOIN pragma_table_list AS l WHERE l.schema = "
                  "'main'")
           .rows) {
    facts.kinds.emplace(text_at(row, 0), text_at(row, 1));
  }
  for (const Row& row :
       connection
           .query("SELECT m.name, c.name, c.hidden > 1, c.pk FROM main.sqlite_master AS m, "
                  "pragma_table_xinfo(m.name, 'main') AS c WHERE m.type = 'table' AND m.sql NOT "
                  "LIKE 'CREATE VIRTUAL %' ORDER BY m.rowid, c.cid")
           .rows) {
    const auto key = base::parse_integer(text_at(row, 3));
    facts.columns[text_at(row, 0)].push_back(
        {text_at(row, 1), text_at(row, 2) == "1", static_cast<int>(key.value_or(0))});
  }
  for (const Row& row :
       connection
           .query("SELECT 1, name FROM pragma_module_list UNION ALL SELECT 2, name FROM "
                  "pragma_database_list WHERE name NOT IN ('main', 'temp')")
           .rows) {
    if (row.at(0) == "1") {
      facts.modules.insert(base::lower(text_at(row, 1)));
    } else {
      facts.attached.push_back(text_at(row, 1));
    }
  }
  return facts;
}

/// All queries see the same schema, whoever changes it meanwhile.
Facts read_at_once(Connection& connection) {
  connection.query("SAVEPOINT capo_reflect");
  try {
    Facts facts = read_facts(connection);
    connection.query("RELEASE capo_reflect");
    return facts;
  } catch (...) {
    connection.query("ROLLBACK TO capo_reflect");
    connection.query("RELEASE capo_reflect");
    throw;
  }
}

/// What a virtual table is made by: the word after USING. Empty for other tables.
std::string module_of(std::string_view sql) {
  const Lexemes pieces = lexemes_of(sql);
  if (pieces.size() < 2 || !pieces[0].is("CREATE") || !pieces[1].is("VIRTUAL")) return {};
  for (std::size_t i = 0; i + 1 < pieces.size(); ++i) {
    if (pieces[i].is("USING")) return base::lower(unquoted(pieces[i + 1].text));
  }
  return "?";
}

class Reflector {
 public:
  /// `memory` may be null.
  Reflector(const Facts& facts, const ReflectOptions& options, Memory* memory)
      : facts_(facts), options_(options), memory_(memory) {}

  Reflection run() {
    for (const Entry& entry : facts_.entries) {
      const bool has_name = entry.type == "table" || entry.type == "view";
      if (has_name) spellings_.emplace(base::lower(entry.name), entry.name);
    }
    virtual_tables();
    for (const Entry& entry : facts_.entries) {
      if (entry.type == "table") table(entry);
    }
    for (const Entry& entry : facts_.entries) {
      if (entry.type == "index") index(entry);
    }
    views_and_triggers();
    finish(schema_.tables);
    enums();
    attached();
    const auto rank = [](const Unrepresented& item) { return std::tie(item.object, item.what); };
    std::sort(lost_.begin(), lost_.end(),
              [&](const Unrepresented& a, const Unrepresented& b) { return rank(a) < rank(b); });
    Reflection reflection{.unrepresented = std::move(lost_)};
    reflection.dependencies = dependencies_of(schema_);
    reflection.schema = std::move(schema_);
    return reflection;
  }

 private:
  void virtual_tables() {
    for (const Entry& entry : facts_.entries) {
      if (entry.type != "table") continue;
      std::string module = module_of(entry.sql);
      if (module.empty()) continue;
      lost_.push_back({"virtual table " + entry.name});
      virtual_.emplace(entry.name, std::move(module));
    }
  }

  /// The virtual table that keeps its rows in this one; empty if there is none.
  std::string shadowed_by(const std::string& table) const {
    const auto kind = facts_.kinds.find(table);
    const bool is_shadow = kind != facts_.kinds.end() && kind->second == "shadow";
    std::string longest;
    for (const auto& [name, module] : virtual_) {
      // SQLite cannot tell for a module that is not there.
      const bool may_be = is_shadow || !facts_.modules.contains(module);
      if (may_be && base::starts_with_ignoring_case(table, name + "_") &&
          name.size() > longest.size()) {
        longest = name;
      }
    }
    return longest;
  }

  void table(const Entry& entry) {
    if (virtual_.contains(entry.name)) return;
    if (const std::string owner = shadowed_by(entry.name); !owner.empty()) {
      lost_.push_back({"table " + entry.name + " of virtual table " + owner});
      return;
    }
    const ReadTable read = remembered(entry);
    if (!read.table) return lost_.push_back({"table " + entry.name});
    places_.emplace(base::lower(entry.name), schema_.tables.size());
    schema_.tables.push_back(*read.table);
    lost_.insert(lost_.end(), read.lost.begin(), read.lost.end());
  }

  ReadTable remembered(const Entry& entry) const {
    if (memory_ == nullptr) return read(entry);
    const std::pair<std::string, std::string> key(entry.name, entry.sql);
    const auto known = memory_->tables.find(key);
    if (known != memory_->tables.end()) return known->second;
    return memory_->tables.emplace(key, read(entry)).first->second;
  }

  ReadTable read(const Entry& entry) const {
    try {
      ReadTable read;
      const TableText text(entry.sql);
      Table table = reflect_table(entry.name, text, read.lost);
      if (is_as_known(table, text)) read.table = std::move(table);
      return read;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kUnsupported) throw;
      return {};
    }
  }

  /// SQLite reads the same columns and the same key in the text.
  bool is_as_known(const Table& table, const TableText& text) const {
    const auto found = facts_.columns.find(table.name);
    if (found == facts_.columns.end() || found->second.size() != table.columns.size()) return false;
    const Names key = schema::primary_key_columns(table);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const Column& column = table.columns[i];
      const KnownColumn& known = found->second[i];
      const auto place = std::find(key.begin(), key.end(), column.name);
      const int number = place == key.end() ? 0 : static_cast<int>(place - key.begin()) + 1;
      const bool is_generated = text.columns()[i].find(Clause::Kind::kGenerated) != nullptr;
      if (column.name != known.name || is_generated != known.is_generated || number != known.key) {
        return false;
      }
    }
    return true;
  }

  Table* table_of(const Entry& entry) {
    const auto found = places_.find(base::lower(entry.table));
    return found == places_.end() ? nullptr : &schema_.tables[found->second];
  }
  /// A trigger says its table's name in letters of its own.
  std::string spelled(const std::string& table) const {
    const auto found = spellings_.find(base::lower(table));
    return found == spellings_.end() ? table : found->second;
  }

  void index(const Entry& entry) {
    Table* table = table_of(entry);
    Index index(entry.name, {});
    if (table != nullptr) index = reflect_index(entry.name, entry.sql, *table);
    if (index.elements.empty()) {
      lost_.push_back({"index " + entry.name + " on " + entry.table});
    } else {
      table->options.indexes.push_back(std::move(index));
    }
  }

  void views_and_triggers() {
    KnownNames names = names_of(schema_);
    for (const auto& [lower, name] : spellings_) names.add(name);
    names.forget_spelling();
    for (const Entry& entry : facts_.entries) {
      if (entry.type == "view") {
        if (auto view = reflect_view(entry.name, entry.sql, names)) {
          schema_.views.push_back(*std::move(view));
        } else {
          lost_.push_back({"view " + entry.name});
        }
      } else if (entry.type == "trigger") {
        const Table* table = table_of(entry);
        const KnownNames columns = table != nullptr ? names_of(*table) : KnownNames();
        if (auto trigger =
                reflect_trigger(entry.name, spelled(entry.table), entry.sql, names, columns)) {
          schema_.triggers.push_back(*std::move(trigger));
        } else {
          lost_.push_back({"trigger " + entry.name + " on " + entry.table});
        }
      } else if (entry.type != "table" && entry.type != "index") {
        lost_.push_back({entry.type + " " + entry.name});
      }
    }
    const auto by_name = [](const auto& a, const auto& b) { return a.name < b.name; };
    std::sort(schema_.views.begin(), schema_.views.end(), by_name);
    std::sort(schema_.triggers.begin(), schema_.triggers.end(), by_name);
  }

  /// An enum is what the columns of its name agree on.
  void enums() {
    std::map<std::string, Names> values;
    std::set<std::string> disputed;
    for (const Table& table : schema_.tables) {
      for (const Column& column : table.columns) {
        if (column.type.kind != TypeKind::kEnum) continue;
        const auto [place, is_new] = values.emplace(column.type.name, column.type.values);
        if (!is_new && place->second != column.type.values) disputed.insert(column.type.name);
      }
    }
    for (auto& [name, list] : values) {
      if (!disputed.contains(name)) schema_.enums.push_back({.name = name, .values = list});
    }
  }

  /// What is asked for and not in this file.
  void attached() {
    for (const std::string& name : facts_.attached) {
      const bool is_wanted = std::any_of(
          options_.schemas.begin(), options_.schemas.end(), [&](const std::string& wanted) {
            return wanted == "*" || base::equals_ignoring_case(wanted, name);
          });
      if (is_wanted) lost_.push_back({"attached database " + name});
    }
  }

  const Facts& facts_;
  const ReflectOptions& options_;
  Memory* memory_;
  schema::Schema schema_ = {};
  std::vector<Unrepresented> lost_ = {};
  std::map<std::string, std::string> virtual_ = {};    // with their modules
  std::map<std::string, std::size_t> places_ = {};     // of tables, by name in lower case
  std::map<std::string, std::string> spellings_ = {};  // of tables and views, by the same
};

}  // namespace

Reflection reflect(Connection& connection, const ReflectOptions& options) {
  Facts facts = read_at_once(connection);
  if (options.memory == nullptr) return Reflector(facts, options, nullptr).run();
  if (*options.memory == nullptr) *options.memory = std::make_shared<Memory>();
  Memory& memory = dynamic_cast<Memory&>(**options.memory);
  const auto known = std::find_if(memory.looks.begin(), memory.looks.end(),
                                  [&](const auto& look) { return look.first == facts; });
  if (known != memory.looks.end()) return known->second;
  Reflection reflection = Reflector(facts, options, &memory).run();
  memory.looks.emplace_front(std::move(facts), reflection);
  if (memory.looks.size() > Memory::kMostLooks) memory.looks.pop_back();
  return reflection;
}

}  // namespace capo::dialect::sqlite
