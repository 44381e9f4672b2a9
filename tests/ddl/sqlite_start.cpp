#include "ddl/sqlite_start.hpp"

namespace capo::test {
namespace {

// As a person would have written it, so that it is seen what a rebuild leaves as it was.
constexpr const char* kItems = R"(CREATE TABLE items (
    id INTEGER PRIMARY KEY,     -- the rowid
    title VARCHAR(255) NOT NULL COLLATE NOCASE,
    [order] integer DEFAULT 0,  /* from 0 */
    a INTEGER,
    b INTEGER,
    "tier" TEXT DEFAULT 'free',
    done BOOLEAN,
    updated_at TEXT,
    CONSTRAINT uq UNIQUE (a, b),
    CHECK ("order" >= 0 AND title <> 'order')
))";

constexpr const char* kItemsWithoutKey = "CREATE TABLE items (id INTEGER, title TEXT)";

bool starts(const std::string& name, std::string_view prefix) { return name.starts_with(prefix); }

}  // namespace

std::vector<std::string> sqlite_start(const std::string& name) {
  std::vector<std::string> start = {"CREATE TABLE ab_user (id INTEGER PRIMARY KEY)",
                                    "INSERT INTO ab_user VALUES (1), (2)"};
  const auto add = [&](std::vector<std::string> more) {
    for (std::string& sql : more) start.push_back(std::move(sql));
  };
  if (starts(name, "create_table")) return start;
  if (starts(name, "bulk_insert")) {
    add({"CREATE TABLE items (title TEXT, \"order\" INTEGER, done BOOLEAN)",
         "INSERT INTO items VALUES ('Scales', 1, 1), ('Blues', 2, 0)"});
    return start;
  }
  if (name == "add_primary_key") {
    add({kItemsWithoutKey, "INSERT INTO items VALUES (7, 'a'), (8, 'b')"});
    return start;
  }
  add({kItems, "INSERT INTO items (id, title, a) VALUES (7, 'Scales', 1), (9, 'Blues', 2)"});
  if (starts(name, "add_foreign_key") || starts(name, "create_index")) {
    add({"ALTER TABLE items ADD COLUMN user_id INTEGER REFERENCES ab_user (id)",
         "UPDATE items SET user_id = 1"});
  }
  if (name == "create_index_guarded" || starts(name, "drop_index") ||
      starts(name, "rename_index")) {
    add({"CREATE INDEX idx ON items (a) WHERE b IS NOT NULL"});
  }
  if (starts(name, "drop_column")) {
    add({"CREATE INDEX idx_order ON items (title, [ORDER])",
         "CREATE TRIGGER items_done AFTER UPDATE OF done ON items BEGIN UPDATE items SET a = 1 "
         "WHERE id = NEW.id; END"});
  }
  if (starts(name, "drop_view") || starts(name, "replace_view")) {
    add({"CREATE VIEW owned AS SELECT id FROM items", "CREATE VIEW v AS SELECT 1 AS one",
         "CREATE TRIGGER owned_delete INSTEAD OF DELETE ON owned BEGIN DELETE FROM items WHERE id "
         "= OLD.id; END"});
  }
  if (starts(name, "drop_trigger") || starts(name, "replace_trigger")) {
    add({"CREATE TRIGGER update_items_updated_at AFTER UPDATE ON items BEGIN SELECT 1; END"});
  }
  if (starts(name, "add_enum_value") || starts(name, "replace_enum")) {
    add(
        {"CREATE TABLE days (day DATE, mood VARCHAR(4) CONSTRAINT mood CHECK (mood IN ('sad', "
         "'it')) DEFAULT 'sad')",
         "INSERT INTO days VALUES ('2026-01-01', 'sad')"});
  }
  return start;
}

}  // namespace capo::test
