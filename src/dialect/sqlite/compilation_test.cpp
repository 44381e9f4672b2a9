#include "dialect/sqlite/compilation.hpp"

#include <gtest/gtest.h>

#include "capo/error.hpp"
#include "dialect/dialect.hpp"
#include "dialect/sqlite/connection.hpp"
#include "operation/facets.hpp"

namespace capo::dialect::sqlite {
namespace {

const Dialect& sqlite() { return *find_dialect("sqlite"); }

/// A plan on a database that was made by these statements.
class Plan {
 public:
  explicit Plan(std::vector<std::string> start = {}) : start_(std::move(start)) {}

  /// The statements of an operation; of a rebuild only the new `CREATE TABLE`. An error's message.
  std::string compile(const Operation& operation) {
    try {
      std::string text;
      for (const Statement& statement : compilation_->compile(operation)) {
        const bool is_shown =
            !statement.foreign_keys_off ||
            (statement.sql.starts_with("CREATE ") && !statement.sql.starts_with("CREATE TEMP "));
        if (is_shown) text += statement.sql + ";";
      }
      return text;
    } catch (const Error& error) {
      return "error: " + error.message();
    }
  }
  int asked() const { return asked_; }

 private:
  std::vector<std::string> start_;
  int asked_ = 0;
  std::unique_ptr<Compilation> compilation_ = begin_compilation(sqlite(), [this] {
    ++asked_;
    std::vector<Statement> statements;
    for (const std::string& sql : start_) statements.push_back({.sql = sql});
    return statements;
  });
};

Operation sql(const char* text) { return ExecuteSql{.text = text}; }
Operation check(const char* table, const char* name, bool guarded = false) {
  return AddConstraint{
      .table = table,
      .constraint = CheckConstraint{.condition = capo::SqlText{"a > 0"}, .name = name},
      .if_not_exists = guarded};
}
Operation column(const char* table, const char* name, bool guarded = true) {
  return AddColumn{.table = table, .column = Column(name, Integer()), .if_not_exists = guarded};
}

TEST(SqliteCompilation, AsksOnlyWhenItMustKnow) {
  Plan plan({"CREATE TABLE t (a)"});
  plan.compile(sql("CREATE TABLE u (a); INSERT INTO u VALUES (1); DROP TABLE u"));
  plan.compile(column("t", "b", false));
  plan.compile(CreateTable{.table = Table("w", {Column("a", Integer())}), .if_not_exists = true});
  plan.compile(DropTable{.name = "w", .if_exists = true});
  plan.compile(CreateIndex{.table = "t", .index = Index("i", {"a"}), .if_not_exists = true});
  plan.compile(RenameTable{.from = "t", .to = "v"});
  plan.compile(AlterColumn{.table = "v", .column = "a", .rename_to = "c"});
  EXPECT_EQ(plan.asked(), 0);
  EXPECT_EQ(plan.compile(column("v", "c")), "");
  EXPECT_EQ(plan.compile(column("v", "B")), "");
  EXPECT_EQ(plan.compile(column("v", "a")), "ALTER TABLE v ADD COLUMN a INTEGER;");
  EXPECT_EQ(plan.compile(column("v", "a")), "");
  EXPECT_EQ(plan.asked(), 1);
}

TEST(SqliteCompilation, GuardsAreDecidedByWhatIsThere) {
  Plan plan({"CREATE TABLE t (a CONSTRAINT named CHECK (a > 0))"});
  EXPECT_EQ(plan.compile(check("t", "NAMED", true)), "");
  EXPECT_EQ(plan.compile(check("t", "other", true)),
            "CREATE TABLE t (a CONSTRAINT named CHECK (a > 0), CONSTRAINT other CHECK (a > 0));");
  EXPECT_EQ(plan.compile(check("t", "other", true)), "");
  EXPECT_EQ(plan.compile(DropConstraint{.table = "t", .name = "named", .if_exists = true}),
            "CREATE TABLE t (a, CONSTRAINT other CHECK (a > 0));");
  EXPECT_EQ(plan.compile(DropConstraint{.table = "t", .name = "named", .if_exists = true}), "");
  EXPECT_EQ(plan.compile(DropColumn{.table = "t", .column = "x", .if_exists = true}), "");
  EXPECT_EQ(plan.compile(AlterColumn{
                .table = "t", .column = "x", .type = Text(), .rename_to = "y", .if_exists = true}),
            "");
  EXPECT_EQ(plan.compile(RenameTable{.from = "x", .to = "y", .if_exists = true}), "");
  EXPECT_EQ(plan.compile(RenameIndex{.from = "x", .to = "y", .if_exists = true}), "");
  EXPECT_EQ(plan.compile(RenameConstraint{.table = "t", .from = "x", .to = "y", .if_exists = true}),
            "");
  EXPECT_EQ(plan.compile(AlterColumn{.table = "t", .column = "a", .nullable = true}), "");
}

TEST(SqliteCompilation, FollowsSql) {
  Plan plan;
  plan.compile(sql("CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t"));
  plan.compile(
      sql("PRAGMA legacy_alter_table = ON; ALTER TABLE t RENAME TO u; "
          "CREATE TABLE t (a, b); DROP TABLE u; PRAGMA legacy_alter_table = OFF"));
  EXPECT_EQ(plan.compile(column("t", "b")), "");
  plan.compile(sql("ALTER TABLE t DROP COLUMN b"));
  EXPECT_EQ(plan.compile(column("t", "b")), "ALTER TABLE t ADD COLUMN b INTEGER;");
}

TEST(SqliteCompilation, WhatCannotBeFollowedIsAnErrorOnlyWhereItMatters) {
  Plan plan({"CREATE TABLE t (a)", "CREATE TABLE u (a)", "CREATE VIRTUAL TABLE w USING nowhere(a)",
             "CREATE INDEX i ON t (a COLLATE theirs)", "CREATE VIEW v AS SELECT nofunc(a) FROM u",
             "INSERT INTO t VALUES (1)", "ATTACH 'never' AS b", "CREATE TABLE b.u (x)"});
  EXPECT_EQ(plan.compile(check("u", "c")), "CREATE TABLE u (a, CONSTRAINT c CHECK (a > 0));");
  EXPECT_EQ(
      plan.compile(check("t", "c")),
      "error: what the table t is cannot be told beforehand: SQLite refuses a statement about "
      "it (no such collation sequence: theirs)");
  EXPECT_EQ(
      plan.compile(check("w", "c")),
      "error: what the table w is cannot be told beforehand: SQLite refuses a statement about "
      "it (no such module: nowhere)");
}

TEST(SqliteCompilation, VirtualTablesAreNotMadeAnew) {
  Plan plan({"CREATE VIRTUAL TABLE w USING fts5(a)", "CREATE TABLE t (a)"});
  EXPECT_EQ(plan.compile(check("w", "c")),
            "error: this is not a table that capo can make anew: CREATE VIRTUAL TABLE w USING "
            "fts5(a)");
  EXPECT_EQ(plan.compile(check("t", "c")), "CREATE TABLE t (a, CONSTRAINT c CHECK (a > 0));");
}

TEST(SqliteCompilation, TablesOfAttachedDatabases) {
  Plan plan;
  EXPECT_EQ(plan.compile(DropColumn{.table = "t", .column = "a", .schema = "app"}),
            "error: drop column app.t.a: capo has to know the table for this, and knows those of "
            "the main database alone, not of an attached one (app)");
  EXPECT_EQ(
      plan.compile(AddColumn{.table = "t", .column = Column("a", Integer()), .schema = "app"}),
      "ALTER TABLE app.t ADD COLUMN a INTEGER;");
  EXPECT_EQ(plan.compile(CreateIndex{.table = "t", .index = Index("i", {"a"}), .schema = "app"}),
            "CREATE INDEX app.i ON t (a);");
}

TEST(SqliteCompilation, EnumsAreKnownByTheNameOfTheirCheck) {
  const Type mood = Enum("mood", {"sad"});
  Plan plan;
  EXPECT_EQ(plan.compile(AddEnumValue{.type = "mood", .value = "fine"}),
            "error: add value fine to enum mood: no column has a check of that name, by which the "
            "columns of an enum are known on SQLite");
  plan.compile(CreateTable{.table = Table("t", {Column("a", mood), Column("mood", mood)})});
  plan.compile(CreateTable{.table = Table("u", {Column("b", Enum("other", {"sad"}))})});
  EXPECT_EQ(plan.compile(AddEnumValue{.type = "mood", .value = "fine"}),
            "CREATE TABLE t (\n    a VARCHAR(4) CONSTRAINT mood CHECK (a IN ('sad', 'fine')),\n    "
            "mood VARCHAR(4) CONSTRAINT mood CHECK (mood IN ('sad', 'fine'))\n);");
  EXPECT_EQ(plan.compile(AddEnumValue{.type = "mood", .value = "sad", .if_not_exists = true}), "");
  EXPECT_EQ(plan.compile(AddEnumValue{.type = "mood", .value = "sad"}),
            "error: the enum mood has the value sad already");
  EXPECT_EQ(plan.compile(AddEnumValue{.type = "mood", .value = "x", .before = "y"}),
            "error: the enum mood has no value y");
  EXPECT_EQ(plan.compile(
                AlterColumn{.table = "t", .column = "a", .type = Text(), .was = Column("a", mood)}),
            "CREATE TABLE t (\n    a TEXT,\n    mood VARCHAR(4) CONSTRAINT mood CHECK (mood IN "
            "('sad', 'fine'))\n);");
}

TEST(SqliteCompilation, DefaultsThatAreExpressionsStandInParentheses) {
  const auto alter = [](capo::SqlText text) {
    return AlterColumn{.table = "t", .column = "a", .server_default = ServerDefault(text)};
  };
  Plan plan({"CREATE TABLE t (a)"});
  EXPECT_EQ(plan.compile(alter(capo::SqlText{"1 + 1"})), "CREATE TABLE t (a DEFAULT (1 + 1));");
  EXPECT_EQ(plan.compile(alter(capo::SqlText{"CURRENT_DATE"})),
            "CREATE TABLE t (a DEFAULT CURRENT_DATE);");
  EXPECT_EQ(plan.compile(alter(capo::SqlText{"(1) + (1)"})),
            "CREATE TABLE t (a DEFAULT ((1) + (1)));");
  EXPECT_EQ(plan.compile(alter(capo::SqlText{"(1 + 1)"})), "CREATE TABLE t (a DEFAULT (1 + 1));");
}

TEST(SqliteCompilation, UsingHasATextForSqlite) {
  const auto compilation = begin_compilation(
      sqlite(), [] { return std::vector<Statement>{{.sql = "CREATE TABLE t (a TEXT, b)"}}; });
  const AlterColumn alter{
      .table = "t",
      .column = "a",
      .type = Integer(),
      .using_ = capo::SqlText{"a::integer"}.on_dialect("sqlite", "CAST(a AS INTEGER)")};
  bool is_found = false;
  for (const Statement& statement : compilation->compile(alter)) {
    is_found = is_found || statement.sql ==
                               "INSERT OR ROLLBACK INTO t (rowid, a, b)\nSELECT rowid, CAST(a AS "
                               "INTEGER), b FROM capo_old_t";
  }
  EXPECT_TRUE(is_found);
}

/// What the operations become together: "rebuild t", or the statement; `/` between operations.
std::string together(const std::vector<std::string>& start, const std::vector<Operation>& all) {
  const auto compilation = begin_compilation(sqlite(), [&] {
    std::vector<Statement> statements;
    for (const std::string& sql : start) statements.push_back({.sql = sql});
    return statements;
  });
  std::string text;
  for (const std::vector<Statement>& statements : compilation->compile_together(all)) {
    for (const Statement& statement : statements) {
      const std::string& why = statement.comment;
      if (!statement.foreign_keys_off) text += statement.sql + "; ";
      if (statement.foreign_keys_off && !why.empty()) text += why + "; ";
    }
    text += "/ ";
  }
  return text;
}

Operation type(const char* table, const char* column, Type to) {
  return AlterColumn{.table = table, .column = column, .type = std::move(to)};
}
Operation not_null(const char* table, const char* column, bool is_so = true) {
  return AlterColumn{.table = table, .column = column, .nullable = !is_so};
}
Operation key_to(const char* table, const char* other) {
  return AddConstraint{.table = table,
                       .constraint = ForeignKey{.columns = {"a"}, .referred_table = other}};
}

TEST(SqliteCompilation, RebuildsOfOneTableAreOne) {
  EXPECT_EQ(together({"CREATE TABLE t (k INTEGER PRIMARY KEY, a)"},
                     {check("t", "c"), not_null("T", "a"), key_to("t", "t")}),
            "the table t is made anew: add check c on t; alter column T.a: not null; add "
            "foreign key on t; / / / ");
  // What has nothing to do with it may stand between, and indexes of the table.
  EXPECT_EQ(
      together({"CREATE TABLE t (a)", "CREATE TABLE u (a)"},
               {check("t", "c"), not_null("u", "a"), column("u", "b", false),
                CreateIndex{.table = "t", .index = Index("i", {"a"})}, not_null("t", "a"),
                check("u", "d")}),
      "the table t is made anew: add check c on t; alter column t.a: not null; / "
      "the table u is made anew: alter column u.a: not null; / ALTER TABLE u ADD COLUMN b "
      "INTEGER; / CREATE INDEX i ON t (a); / / the table u is made anew: add check d on u; / ");
}

TEST(SqliteCompilation, RebuildsStayApartWhereSomethingIsBetween) {
  const std::vector<std::string> start = {"CREATE TABLE t (k INTEGER PRIMARY KEY, a)",
                                          "CREATE TABLE u (a)"};
  const auto is_merged_around = [&](Operation between) {
    const std::string text =
        together(start, {check("t", "c"), std::move(between), check("t", "d")});
    return text.find("on t; add check") != std::string::npos;
  };
  EXPECT_TRUE(is_merged_around(check("u", "e")));
  EXPECT_TRUE(is_merged_around(CreateTable{.table = Table("w", {Column("a", Integer())})}));
  const Operation between[] = {
      sql("SELECT 1"),
      DataStep{
          .description = "fill", .run = [](capo::Connection&) {}, .offline = capo::SqlText{""}},
      BulkInsert{.table = "u", .columns = {"a"}, .rows = {{capo::Literal{1}}}},
      column("t", "b", false),
      key_to("u", "t"),
      CreateTable{.table = Table("w", {Column("a", Integer())},
                                 {.foreign_keys = {{.columns = {"a"}, .referred_table = "t"}}})},
      Create<View>{.object = {.name = "v", .query = capo::SqlText{"SELECT a FROM t"}}},
      Create<Trigger>{.object = {.name = "g",
                                 .table = "u",
                                 .event = capo::SqlText{"AFTER INSERT"},
                                 .action = capo::SqlText{"BEGIN DELETE FROM t; END"}}},
      RenameTable{.from = "u", .to = "w"},
      DropTable{.name = "u"},
  };
  for (const Operation& operation : between) {
    EXPECT_FALSE(is_merged_around(operation)) << operation::describe(operation);
  }
}

TEST(SqliteCompilation, RebuildsStayApartWhereRowsWouldComeOutOtherwise) {
  const auto is_merged = [](const char* table, const std::vector<Operation>& operations) {
    std::string text = together({table}, operations);
    return text.find("/ the table") == std::string::npos;
  };
  EXPECT_TRUE(
      is_merged("CREATE TABLE t (a TEXT)", {not_null("t", "a"), type("t", "a", Integer())}));
  EXPECT_TRUE(
      is_merged("CREATE TABLE t (a TEXT)", {type("t", "a", Integer()), not_null("t", "a")}));
  const auto anew = [](const char* sql) {
    return AddColumn{.table = "t",
                     .column = Column("b", Text(), {.server_default = capo::SqlText{sql}})};
  };
  const auto default_to = [](const char* column, ServerDefault value) {
    return AlterColumn{.table = "t", .column = column, .server_default = std::move(value)};
  };
  EXPECT_TRUE(is_merged("CREATE TABLE t (a)", {anew("1 + 1"), not_null("t", "b")}));
  const Operation strict = AlterTable{.table = "t", .strict = true};
  const Operation loose = AlterTable{.table = "t", .strict = false};
  EXPECT_TRUE(is_merged("CREATE TABLE t (a TEXT)", {type("t", "a", Integer()), strict}));
  EXPECT_TRUE(is_merged("CREATE TABLE t (a TEXT) STRICT", {loose, type("t", "a", Integer())}));
  struct Case {
    const char* table;
    std::vector<Operation> operations;
  };
  const Case cases[] = {
      {"CREATE TABLE t (a TEXT)", {type("t", "a", Integer()), type("t", "a", Text())}},
      {"CREATE TABLE t (a)", {not_null("t", "a"), not_null("t", "a", false)}},
      {"CREATE TABLE t (a)", {check("t", "c"), DropConstraint{.table = "t", .name = "c"}}},
      {"CREATE TABLE t (a)", {anew("1 + 1"), default_to("b", ServerDefault(capo::Literal{5}))}},
      {"CREATE TABLE t (a)", {anew("1 + 1"), default_to("b", ServerDefault::none())}},
      {"CREATE TABLE t (a)", {anew("1 + 1"), type("t", "b", Integer())}},
      {"CREATE TABLE t (a, b UNIQUE)", {DropColumn{.table = "t", .column = "b"}, anew("1 + 1")}},
      {"CREATE TABLE t (a TEXT)",
       {not_null("t", "a"),
        AlterColumn{.table = "t",
                    .column = "a",
                    .type = Integer(),
                    .using_ = capo::SqlText{"a"}.on_dialect("sqlite", "length(a)")}}},
      {"CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT)",
       {AlterColumn{.table = "t", .column = "a", .identity = std::optional<Identity>()},
        AlterColumn{.table = "t", .column = "a", .identity = Identity{}}}},
      {"CREATE TABLE t (a NOT NULL PRIMARY KEY)",
       {AlterTable{.table = "t", .without_rowid = true},
        AlterTable{.table = "t", .without_rowid = false}}},
      {"CREATE TABLE t (a TEXT)", {strict, loose}},
      {"CREATE TABLE t (a TEXT)", {strict, type("t", "a", Integer())}},
      {"CREATE TABLE t (a TEXT) STRICT", {type("t", "a", Integer()), loose}},
      {"CREATE TABLE t (a TEXT)", {type("t", "a", Named("ANY")), strict}},
  };
  for (const Case& item : cases) {
    EXPECT_FALSE(is_merged(item.table, item.operations))
        << operation::describe(item.operations.back());
  }
}

// As what breaks a key that goes would hide what breaks the one that comes.
TEST(SqliteCompilation, RowsOfAKeyThatGoesDoNotCount) {
  const auto compilation = begin_compilation(sqlite(), [] {
    return std::vector<Statement>{
        {.sql = "CREATE TABLE p (id INTEGER PRIMARY KEY)"},
        {.sql = "CREATE TABLE t (a REFERENCES p, b CONSTRAINT fk REFERENCES p, c REFERENCES p)"}};
  });
  const std::vector<Operation> operations = {DropConstraint{.table = "t", .name = "fk"},
                                             key_to("t", "p")};
  std::string text;
  for (const auto& statements : compilation->compile_together(operations)) {
    for (const Statement& statement : statements) text += statement.sql + ";\n";
  }
  EXPECT_NE(text.find("INSERT INTO temp.capo_rebuild (violations) SELECT (SELECT count(*) FROM "
                      "pragma_foreign_key_check('t') WHERE fkid NOT IN (1));"),
            std::string::npos)
      << text;
}

TEST(SqliteCompilation, WithoutRowidNeedsAKey) {
  const std::vector<std::string> start = {"CREATE TABLE t (a TEXT PRIMARY KEY, b) WITHOUT ROWID"};
  const Operation drop = DropConstraint{.table = "t", .was = PrimaryKey{{"a"}}};
  EXPECT_EQ(Plan(start).compile(drop),
            "error: the table t is WITHOUT ROWID, which cannot be without a primary key");
  const std::string text =
      together(start, {AlterTable{.table = "t", .without_rowid = false}, drop,
                       AddConstraint{.table = "t", .constraint = PrimaryKey{{"b"}}},
                       AlterTable{.table = "t", .without_rowid = true}});
  EXPECT_EQ(
      text,
      "the table t is made anew: alter table t: not WITHOUT ROWID; drop primary key on t; add "
      "primary key on t; alter table t: WITHOUT ROWID; / / / / ");
  EXPECT_EQ(Plan(start).compile(AlterTable{.table = "t", .without_rowid = true}), "");
  EXPECT_EQ(Plan(start).compile(AlterTable{.table = "u", .strict = true, .if_exists = true}), "");
  EXPECT_EQ(
      Plan({"CREATE TABLE t (a VARCHAR(9))"}).compile(AlterTable{.table = "t", .strict = true}),
      "error: the table t cannot be changed so: unknown datatype for t.a: \"VARCHAR(9)\"");
}

TEST(SqliteCompilation, ReadsTheSchemaOfADatabase) {
  const auto memory = connect({.database = ":memory:"});
  for (const char* text : {"CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT)",
                           "CREATE VIRTUAL TABLE w USING fts5(a)",
                           "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END",
                           "CREATE VIEW v AS SELECT * FROM t", "CREATE INDEX i ON t (a)",
                           "CREATE TEMP TABLE temporary (a)", "ANALYZE"}) {
    memory->query(text);
  }
  std::vector<std::string> found;
  for (const Statement& statement : read_schema(*memory)) {
    if (statement.sql.find("'w_") == std::string::npos) found.push_back(statement.sql);
  }
  EXPECT_EQ(found,
            (std::vector<std::string>{"CREATE VIRTUAL TABLE w USING fts5(a)",
                                      "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT)",
                                      "CREATE INDEX i ON t (a)", "CREATE VIEW v AS SELECT * FROM t",
                                      "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END"}));
}

}  // namespace
}  // namespace capo::dialect::sqlite
