#include "rebuild/changes.hpp"

#include <memory>

#include "base/system.hpp"
#include "dialect/dialect.hpp"
#include "runtime/executor.hpp"
#include "runtime/online_sink.hpp"
#include "runtime/script_sink.hpp"
#include "runtime/state.hpp"

namespace capo::test {
namespace {

// The children would lose their rows if the table were dropped with foreign keys on.
constexpr const char* kSchema = R"sql(
CREATE TABLE "users" (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE items (
    id INTEGER PRIMARY KEY AUTOINCREMENT,   -- never given out twice
    [title] TEXT NOT NULL COLLATE NOCASE DEFAULT 'it''s, (new)',
    price REAL DEFAULT (1.5 + 1),
    "user id" INTEGER REFERENCES users ON DELETE SET NULL,
    parent INTEGER REFERENCES items (id) ON DELETE CASCADE,
    total REAL GENERATED ALWAYS AS (price * 2) STORED,
    short TEXT AS (substr(title, 1, 3)) VIRTUAL,
    code TEXT CONSTRAINT code_is_short CHECK (length(code) < 20),
    data BLOB, -- a trailing remark
    CHECK (price >= 0 AND title <> ''),
    CONSTRAINT uq_items_code UNIQUE (code)
) STRICT;
CREATE TABLE notes (id INTEGER PRIMARY KEY, item INTEGER NOT NULL REFERENCES items ON DELETE CASCADE,
                    text TEXT);
CREATE TABLE marks (item INTEGER REFERENCES items (id) ON DELETE CASCADE ON UPDATE CASCADE, mark TEXT,
                    PRIMARY KEY (item, mark)) WITHOUT ROWID;
CREATE TABLE by_code (code TEXT REFERENCES items (code) ON DELETE CASCADE);
CREATE TABLE log (what TEXT, price REAL);
CREATE TABLE loose (a TEXT, b INTEGER);
CREATE TABLE pairs (a TEXT, b TEXT, c INTEGER, PRIMARY KEY (b, a)) WITHOUT ROWID, STRICT;
CREATE INDEX items_title ON items (title COLLATE BINARY DESC, price);
CREATE INDEX items_lower ON items (lower(title)) WHERE price > 10;
CREATE UNIQUE INDEX items_user ON items ("user id", id);
CREATE VIEW dear AS SELECT id, title, price FROM items WHERE price > 100;
CREATE VIEW dearest AS SELECT d.title, n.text FROM dear d JOIN notes n ON n.item = d.id;
CREATE TRIGGER items_log AFTER UPDATE OF price ON items BEGIN
  INSERT INTO log VALUES ('changed; END', NEW.price);
END;
CREATE TRIGGER items_gone BEFORE DELETE ON items BEGIN INSERT INTO log VALUES ('gone', OLD.price); END;
CREATE TRIGGER notes_touch AFTER INSERT ON notes BEGIN
  UPDATE items SET price = price + 1 WHERE id = NEW.item;
END;
CREATE TRIGGER dear_delete INSTEAD OF DELETE ON dear BEGIN DELETE FROM items WHERE id = OLD.id; END;
)sql";

constexpr const char* kRows = R"sql(
INSERT INTO users VALUES (1, 'ana'), (2, 'ben');
INSERT INTO items (id, title, price, "user id", parent, code, data)
  WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < $rows)
  SELECT i * 2, 'Song ' || i, i % 300, CASE i % 3 WHEN 0 THEN NULL ELSE i % 3 END,
         CASE WHEN i > 10 THEN 2 * (i / 10) END, 'c' || i, CASE WHEN i % 2 THEN x'00ff00' END FROM n;
INSERT INTO items (id, title) VALUES (9000000, 'gone');
DELETE FROM items WHERE id = 9000000;
INSERT INTO marks SELECT id, 'good' FROM items WHERE id % 50 = 0;
INSERT INTO by_code SELECT code FROM items WHERE id % 70 = 0;
INSERT INTO notes SELECT id, id, 'note of ' || id FROM items WHERE id % 100 = 0;
DELETE FROM log;
INSERT INTO loose (rowid, a, b) SELECT id * 5, title, 1 FROM items WHERE id % 20 = 0;
INSERT INTO pairs SELECT title, code, id FROM items WHERE id % 20 = 0;
)sql";

Constraint key_to_users(const char* name) {
  return ForeignKey{.columns = {"user id"},
                    .referred_table = "users",
                    .referred_columns = {"id"},
                    .name = name,
                    .on_delete = Action::kCascade};
}

}  // namespace

std::string rebuild_database(int rows) {
  std::string text = kRows;
  text.replace(text.find("$rows"), 5, std::to_string(rows));
  return std::string(kSchema) + "BEGIN;" + text + "COMMIT; ANALYZE;";
}

std::vector<Change> rebuild_changes() {
  return {
      {"add_stored_column",
       {AddColumn{.table = "items",
                  .column = Column("third", Named("REAL"),
                                   {.computed = Computed{SqlText{"price / 3"}}})}}},
      {"add_unique_column",
       {AddColumn{.table = "items",
                  .column = Column("sku", Text(), {.unique = true, .index = true})}}},
      {"add_column_with_expression",
       {AddColumn{
           .table = "items",
           .column = Column("made", Text(),
                            {.nullable = false, .server_default = SqlText{"CURRENT_TIMESTAMP"}})}}},
      {"drop_column_of_constraint",
       {DropColumn{.table = "items", .column = "USER ID"}},
       {{"items.user id", ""}},
       {"items_user"}},
      {"alter_type", {AlterColumn{.table = "items", .column = "data", .type = Named("ANY")}}},
      {"alter_nullable_and_default",
       {AlterColumn{.table = "items",
                    .column = "price",
                    .nullable = false,
                    .server_default = ServerDefault(Literal{7})}}},
      {"drop_default",
       {AlterColumn{.table = "items", .column = "title", .server_default = ServerDefault::none()}}},
      {"alter_type_and_rename",
       {AlterColumn{
           .table = "items", .column = "user id", .type = Named("INT"), .rename_to = "owner"}},
       {{"items.user id", "items.owner"}}},
      {"add_check",
       {AddConstraint{.table = "items",
                      .constraint = CheckConstraint{.condition = SqlText{"price < 1000"},
                                                    .name = "ck_price"}}}},
      {"add_foreign_key", {AddConstraint{.table = "items", .constraint = key_to_users("fk_user")}}},
      {"drop_check", {DropConstraint{.table = "items", .name = "code_is_short"}}},
      {"rename_constraint",
       {RenameConstraint{.table = "items", .from = "uq_items_code", .to = "uq code"}}},
      {"rowids_are_kept",
       {AddConstraint{.table = "loose",
                      .constraint = UniqueConstraint{.columns = {"a"}, .name = "uq_a"}}}},
      {"without_rowid", {AlterColumn{.table = "pairs", .column = "c", .nullable = false}}},
      {"no_longer_strict", {AlterTable{.table = "items", .strict = false}}},
      {"strict", {AlterTable{.table = "loose", .strict = true}}},
      {"with_rowid", {AlterTable{.table = "pairs", .without_rowid = false}}},
      {"other_key_without_rowid",
       {AlterTable{.table = "pairs", .without_rowid = false},
        DropConstraint{.table = "pairs", .was = PrimaryKey{{"b", "a"}}},
        AddConstraint{.table = "pairs", .constraint = PrimaryKey{{"a"}}},
        AlterTable{.table = "pairs", .without_rowid = true}}},
      {"merged",
       {AlterColumn{.table = "items", .column = "data", .type = Named("ANY")},
        DropConstraint{.table = "items", .name = "code_is_short"},
        AlterColumn{.table = "loose", .column = "b", .type = Named("INT")},
        AddConstraint{.table = "items", .constraint = key_to_users("fk_user")},
        AlterTable{.table = "loose", .strict = true}}},
      {"several",
       {AlterColumn{.table = "items", .column = "code", .nullable = true, .rename_to = "code 2"},
        DropConstraint{.table = "items", .name = "code_is_short"},
        AlterColumn{.table = "notes", .column = "text", .type = String(50)},
        RenameTable{.from = "items", .to = "things"},
        AddConstraint{.table = "things", .constraint = key_to_users("fk_user")}},
       {{"items.", "things."}, {"items.code", "things.code 2"}}},
  };
}

namespace {

std::vector<runtime::Work> works_of(dialect::Connection& connection,
                                    const std::vector<Operation>& operations) {
  const dialect::Dialect& sqlite = *dialect::find_dialect("sqlite");
  const auto body = std::make_shared<runtime::Body>();
  const auto compilation = sqlite.begin_compilation([&] { return sqlite.read_schema(connection); });
  for (auto& statements : compilation->compile_together(operations)) {
    for (dialect::Statement& statement : statements) {
      body->statements.push_back(std::move(statement));
    }
  }
  const revision::Step step{
      .revision = "001", .to = {"001"}, .changes = {revision::VersionChange{.to = "001"}}};
  return {{.step = step, .body = body}};
}

}  // namespace

void carry_out(const std::string& path, const std::vector<Operation>& operations,
               const std::vector<std::pair<std::string, std::string>>& parameters) {
  const dialect::Dialect& sqlite = *dialect::find_dialect("sqlite");
  const auto connection = sqlite.connect({.database = path, .parameters = parameters});
  const runtime::Options options;
  const runtime::Reading reading = runtime::read(*connection, sqlite, options);
  const std::vector<runtime::Work> works = works_of(*connection, operations);
  runtime::Events events;
  base::RealClock clock;
  const runtime::StopFlag stop = 0;
  runtime::OnlineSink sink(*connection, sqlite, options, works, events, clock, stop);
  runtime::Executor executor(
      sqlite, options, works,
      {.versions = reading.versions, .journal_exists = reading.journal_exists}, sink);
  try {
    executor.run();
  } catch (...) {
    connection->rollback();
    throw;
  }
}

std::string script_of(const std::string& path, const std::vector<Operation>& operations) {
  const dialect::Dialect& sqlite = *dialect::find_dialect("sqlite");
  const auto connection = sqlite.connect({.database = path});
  const runtime::Options options;
  const std::vector<runtime::Work> works = works_of(*connection, operations);
  runtime::ScriptSink sink(sqlite, options, works);
  runtime::Executor(sqlite, options, works, {}, sink).run();
  return sink.text();
}

}  // namespace capo::test
