// After each kind of change: no row lost, none changed, and everything around the table works as
// before.

#include <gtest/gtest.h>

#include <filesystem>

#include "capo/error.hpp"
#include "rebuild/look.hpp"
#include "support/scratch.hpp"

namespace capo::test {
namespace {

constexpr int kRows = 100'000;

class Rebuilt : public testing::TestWithParam<Change> {
 protected:
  static void SetUpTestSuite() {
    directory_ = std::make_unique<Scratch>("rebuild");
    const auto original = make_sqlite(directory_->path(), "original.sqlite");
    original->script(rebuild_database(kRows));
    before_ = std::make_unique<Look>(look(*original));
  }
  static void TearDownTestSuite() {
    before_.reset();
    directory_.reset();
  }

  Rebuilt() {
    database_->reset();
    std::filesystem::copy_file(directory_->at("original.sqlite"), path(),
                               std::filesystem::copy_options::overwrite_existing);
  }

  std::string path() const { return directory_->at("db.sqlite"); }

  static std::unique_ptr<Scratch> directory_;
  static std::unique_ptr<Look> before_;
  std::unique_ptr<Database> database_ = make_sqlite(directory_->path());
};

std::unique_ptr<Scratch> Rebuilt::directory_;
std::unique_ptr<Look> Rebuilt::before_;

// Foreign keys are on, as whoever wants to keep them has them: dropping a table would delete rows
// of others.
TEST_P(Rebuilt, LosesNothing) {
  carry_out(path(), GetParam().operations, {{"foreign_keys", "on"}});
  expect_nothing_lost(*database_, *before_, GetParam());
  EXPECT_EQ(database_->versions(), std::vector<std::string>{"001"});
  EXPECT_NE(database_->value("SELECT count(*) FROM sqlite_stat1 WHERE tbl IN ('items', 'things')"),
            "0");
}

TEST_P(Rebuilt, EverythingWorksOn) {
  database_->reset();
  database_->script(rebuild_database(1000));
  carry_out(path(), GetParam().operations);
  const bool renamed = GetParam().name == "several";
  const std::string items = renamed ? "things" : "items";
  const auto session = database_->session();
  session->query("PRAGMA foreign_keys = ON");
  session->query("UPDATE " + items + " SET price = 250 WHERE id = 200");
  EXPECT_EQ(session->query("SELECT what, price FROM log"), (Rows{{"changed; END", "250.0"}}));
  EXPECT_EQ(session->query("SELECT count(*) > 0, total(price) FROM dear WHERE id = 200"),
            (Rows{{"1", "250.0"}}));
  session->query("INSERT INTO notes VALUES (1, 200, 'x')");
  EXPECT_EQ(session->query("SELECT price, total FROM " + items + " WHERE id = 200"),
            (Rows{{"251.0", "502.0"}}));
  session->query("DELETE FROM dear WHERE id = 200");
  for (const char* left : {"SELECT count(*) FROM notes WHERE item = 200",
                           "SELECT count(*) FROM marks WHERE item = 200",
                           "SELECT count(*) FROM dearest WHERE text = 'x'"}) {
    EXPECT_EQ(session->query(left), (Rows{{"0"}})) << left;
  }
  session->query("INSERT INTO " + items + " (title, price) VALUES ('x', 1)");
}

INSTANTIATE_TEST_SUITE_P(, Rebuilt, testing::ValuesIn(rebuild_changes()),
                         [](const auto& change) { return change.param.name; });

std::string failure(const std::string& path, const Operation& operation) {
  try {
    carry_out(path, {operation}, {{"foreign_keys", "on"}});
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

// SQLite's own word on rows that do not fit, and the table as it was.
TEST(RebuiltNot, WhereRowsDoNotFit) {
  const Scratch scratch("rebuild");
  const auto database = make_sqlite(scratch.path());
  database->script(rebuild_database(200));
  const Look before = look(*database);
  const std::string path = scratch.at("db.sqlite");
  const std::pair<Operation, const char*> cases[] = {
      {AlterColumn{.table = "items", .column = "data", .nullable = false},
       "NOT NULL constraint failed: items.data"},
      {AlterColumn{.table = "items", .column = "title", .type = Integer()},
       "cannot store TEXT value in INTEGER column items.title"},
      {AddConstraint{
           .table = "items",
           .constraint = CheckConstraint{.condition = SqlText{"price < 100"}, .name = "cheap"}},
       "CHECK constraint failed: cheap"},
      {AddConstraint{.table = "items", .constraint = UniqueConstraint{.columns = {"price"}}},
       "UNIQUE constraint failed: items.price"},
      {AddConstraint{.table = "log",
                     .constraint = ForeignKey{.columns = {"price"}, .referred_table = "users"}},
       "no error"},
      {AddConstraint{.table = "notes",
                     .constraint = ForeignKey{.columns = {"id"}, .referred_table = "users"}},
       "CHECK constraint failed: a foreign key of or to notes refers to no row"},
      {AddColumn{.table = "items",
                 .column = Column("sku", Text(), {.nullable = false, .unique = true})},
       "NOT NULL constraint failed: items.sku"},
      {DropConstraint{.table = "items", .name = "uq_items_code"},
       "the table items cannot be changed so: foreign key mismatch - \"by_code\" referencing "
       "\"items\""},
      {DropColumn{.table = "items", .column = "price"},
       "the table items cannot be changed so: no such column: price"},
      {DropColumn{.table = "items", .column = "title"},
       "the table items cannot be changed so: no such column: title"},
      {AlterColumn{.table = "items",
                   .column = "title",
                   .server_default = ServerDefault::none(),
                   .rename_to = "name"},
       "rename column items.title to name, alter default is refused by SQLite: error in view "
       "dearest "
       "after "
       "rename: no such column: d.title"},
      {DropColumn{.table = "items", .column = "nowhere"}, "the table items has no column nowhere"},
      {DropColumn{.table = "nowhere", .column = "a"}, "there is no table nowhere"},
      {DropConstraint{.table = "items", .name = "nowhere"},
       "the table items has no constraint nowhere"},
      {AddConstraint{.table = "loose", .constraint = PrimaryKey{{"b"}}},
       "UNIQUE constraint failed: loose.b"},
  };
  for (const auto& [operation, message] : cases) {
    EXPECT_EQ(failure(path, operation), message);
    if (message == std::string("no error")) continue;
    expect_nothing_lost(*database, before, {});
  }
}

TEST(RebuiltNot, WhenAViewNeedsTheColumn) {
  const Scratch scratch("rebuild");
  const auto database = make_sqlite(scratch.path());
  database->script("CREATE TABLE t (a PRIMARY KEY, b); CREATE VIEW v AS SELECT a FROM t;");
  EXPECT_EQ(failure(scratch.at("db.sqlite"), DropColumn{.table = "t", .column = "a"}),
            "the table t cannot be changed so: error in view v: no such column: a");
}

// Between statements that commit by themselves, with the foreign keys of the connection as they
// were.
TEST(RebuiltAmongOthers, InAStepThatIsNoTransaction) {
  const Scratch scratch("rebuild");
  const auto database = make_sqlite(scratch.path());
  database->script(rebuild_database(200));
  const Look before = look(*database);
  const Change change = rebuild_changes().front();
  std::vector<Operation> operations = {
      ExecuteSql{.text = "VACUUM", .transactional = false},
      ExecuteSql{.text = "CREATE TABLE beside (note REFERENCES notes ON DELETE CASCADE)"}};
  operations.insert(operations.end(), change.operations.begin(), change.operations.end());
  for (const char* text : {"INSERT INTO beside SELECT id FROM notes",
                           "DELETE FROM notes WHERE id = (SELECT max(id) FROM notes)"}) {
    operations.emplace_back(ExecuteSql{.text = text, .transactional = false});
  }
  carry_out(scratch.at("db.sqlite"), operations, {{"foreign_keys", "on"}});
  EXPECT_EQ(database->value("SELECT count(*) FROM notes"), "3");
  EXPECT_EQ(database->value("SELECT count(*) FROM beside"), "3") << "the delete has cascaded";
  EXPECT_EQ(look(*database).values.at("items.title"), before.values.at("items.title"));
  EXPECT_EQ(look(*database).values.at("marks.mark"), before.values.at("marks.mark"));
}

// A value that has not the type of its column, and the column that it stands in.
TEST(RebuiltNot, AsStrictWithOtherValues) {
  const Scratch scratch("rebuild");
  const auto database = make_sqlite(scratch.path());
  database->script(
      "CREATE TABLE t (a INTEGER PRIMARY KEY, price REAL, data BLOB); CREATE INDEX i ON t (price);"
      "INSERT INTO t VALUES (1, 1.5, x'00'), (2, 'dear', x'01');");
  const std::string before = database->dump();
  const std::string path = scratch.at("db.sqlite");
  EXPECT_EQ(failure(path, AlterTable{.table = "t", .strict = true}),
            "cannot store TEXT value in REAL column t.price");
  EXPECT_EQ(database->dump(), before);
  database->script("UPDATE t SET price = 9 WHERE a = 2");
  EXPECT_EQ(failure(path, AlterTable{.table = "t", .strict = true}), "no error");
  EXPECT_EQ(database->query("SELECT a, price FROM t ORDER BY a"),
            (Rows{{"1", "1.5"}, {"2", "9.0"}}));
}

// A number of its own is what SQLite gives a key that is NULL.
TEST(RebuiltNot, WhereAKeyIsNull) {
  const Scratch scratch("rebuild");
  const auto database = make_sqlite(scratch.path());
  database->script("CREATE TABLE t (a INTEGER, b); INSERT INTO t VALUES (NULL, 1), (5, 2);");
  EXPECT_EQ(failure(scratch.at("db.sqlite"),
                    AddConstraint{.table = "t", .constraint = PrimaryKey{{"a"}}}),
            "CHECK constraint failed: a row of t has NULL in a");
  EXPECT_EQ(database->query("SELECT a FROM t ORDER BY b"), (Rows{{"NULL"}, {"5"}}));
}

}  // namespace

void PrintTo(const Change& change, std::ostream* out) { *out << change.name; }

}  // namespace capo::test
