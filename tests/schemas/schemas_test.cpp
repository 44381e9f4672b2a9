#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <string>
#include <vector>

#include "support/database.hpp"
#include "support/process.hpp"
#include "support/project.hpp"
#include "support/scratch.hpp"

// A large schema is read; what is printed makes the same one again, as the database's own tools see
// it; as models in C++ it compiles, and those do not differ from the database.

namespace capo::test {
namespace {

/// Empty, or where two texts begin to differ: both are long.
std::string first_difference(const std::string& a, const std::string& b) {
  if (a == b) return {};
  const auto at = static_cast<std::size_t>(
      std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
  const std::size_t begin = at < 300 ? 0 : at - 300;
  return "first:\n" + a.substr(begin, 600) + "\nsecond:\n" + b.substr(begin, 600);
}

class Schemas : public testing::Test {
 protected:
  Schemas() {
    // Whatever the user has called a schema is looked at.
    write_file(scratch_.at("alembic.ini"), "[alembic]\nscript_location = .\ninclude_schemas = *\n");
  }

  Outcome run_here(std::vector<std::string> argv) const {
    return run({.argv = std::move(argv),
                .directory = scratch_.path(),
                .env = basic_environment(scratch_.path())});
  }

  /// What it prints; nothing else may it say.
  std::string must(const std::vector<std::string>& argv) const {
    const Outcome outcome = run_here(argv);
    EXPECT_EQ(outcome.exit_code, 0) << shell_line(argv) << "\n" << describe(outcome);
    EXPECT_EQ(outcome.err, "") << shell_line(argv);
    return outcome.out;
  }

  void expect_same(Database& original, Database& rebuilt) const {
    EXPECT_EQ(must({CAPO_PROGRAM, "diff", original.url(), rebuilt.url()}), "");
    EXPECT_EQ(must({CAPO_PROGRAM, "diff", rebuilt.url(), original.url()}), "");
    EXPECT_EQ(must({CAPO_PROGRAM, "inspect", original.url()}),
              must({CAPO_PROGRAM, "inspect", rebuilt.url()}));
  }

  /// The models of the database, which have no difference to it.
  std::string models(Database& database) const {
    const std::string header = must({CAPO_PROGRAM, "inspect", database.url(), "--format", "cpp"});
    write_file(scratch_.at("models.hpp"), header);
    write_file(scratch_.at("models.cpp"),
               "#include \"models.hpp\"\n"
               "extern \"C\" {\ncapo::MetaData (*capo_models)() = app::models;\n}\n");
    // Not among the scratch files: those may lie where nothing can be executed.
    const std::string library = CAPO_SCHEMAS_BUILD "/models.so";
    must({CAPO_COMPILER, "-std=c++20", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-I",
          CAPO_INCLUDE, "-o", library, "models.cpp"});
    for (const auto& [from, to] :
         {std::pair(database.url(), std::string("models")), {"models", database.url()}}) {
      EXPECT_EQ(
          must({CAPO_SCHEMAS_PROGRAM, library, "diff", from, to, "--scratch-url", database.url()}),
          "");
    }
    return header;
  }

  static std::string sql(const std::string& name) {
    return read_file(std::string(CAPO_SCHEMAS) + "/" + name + ".sql");
  }

  Scratch scratch_ = Scratch("schemas");
};

class SchemasPostgresql : public Schemas {
 protected:
  std::string dump(Database& database) const {
    std::string text = must({"pg_dump", "--schema-only", "--dbname", database.url()});
    // A word that psql is to stop at, another one each time.
    for (const std::string line : {"\\restrict ", "\\unrestrict "}) {
      const std::size_t begin = text.find(line);
      if (begin != std::string::npos) text.erase(begin, text.find('\n', begin) - begin);
    }
    return text;
  }

  /// Its models.
  std::string go(const std::string& name) const {
    const std::unique_ptr<Database> original = make_postgresql();
    const std::unique_ptr<Database> rebuilt = make_postgresql();
    original->script(sql(name));
    EXPECT_EQ(original->value("SELECT count(*) >= 50 FROM pg_tables WHERE schemaname NOT IN "
                              "('pg_catalog', 'information_schema')"),
              "t");
    rebuilt->script(must({CAPO_PROGRAM, "inspect", original->url()}));
    EXPECT_EQ(first_difference(dump(*original), dump(*rebuilt)), "");
    expect_same(*original, *rebuilt);
    return models(*original);
  }
};

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0;
}

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return text;
}

/// SQL of SQLite without what says nothing: case and quotes of names, blanks.
std::string plain(const std::string& sql) {
  std::string text;
  for (std::size_t at = 0; at < sql.size();) {
    const char c = sql[at];
    if (c == '\'' || c == '"' || c == '`' || c == '[') {
      std::size_t end = sql.find(c == '[' ? ']' : c, at + 1);
      while (c != '[' && end + 1 < sql.size() && sql[end + 1] == c) end = sql.find(c, end + 2);
      std::string inside = sql.substr(at + 1, end - at - 1);
      if (c != '\'') inside = lower(inside);
      const bool is_name = c != '\'' && std::all_of(inside.begin(), inside.end(), is_word);
      if (is_name && !text.empty() && is_word(text.back())) text += ' ';
      text += is_name ? inside : (c == '\'' ? "'" : "\"") + inside + (c == '\'' ? "'" : "\"");
      at = end + 1;
    } else if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      ++at;
      if (at < sql.size() && !text.empty() && is_word(text.back()) && is_word(sql[at])) text += ' ';
    } else {
      text += lower({c});
      ++at;
    }
  }
  return text;
}

/// What no pragma tells of a table: expressions, names of constraints, what is deferred.
std::string details(const std::string& create_table) {
  const std::string text = plain(create_table);
  std::vector<std::string> found;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (is_word(text[at - 1])) continue;
    const auto begins = [&](std::string_view word) {
      return text.compare(at, word.size(), word) == 0;
    };
    if (begins("check(") || begins("as(")) {
      std::size_t end = text.find('(', at) + 1;
      for (int depth = 1; depth > 0; ++end)
        depth += text[end] == '(' ? 1 : text[end] == ')' ? -1 : 0;
      found.push_back(text.substr(at, end - at));
    } else if (begins("constraint ")) {
      found.push_back(text.substr(at, text.find(' ', at + 11) - at));
    } else if (begins("deferrable initially deferred") || begins("autoincrement")) {
      found.push_back(text.substr(at, 13));
    }
  }
  std::sort(found.begin(), found.end());
  std::string all;
  for (const std::string& item : found) all += "  " + item + "\n";
  return all;
}

// An integer that is the primary key is never NULL; no type is that of a blob; a foreign key
// without columns is one to the primary key.
constexpr const char* kPragmas = R"sql(
SELECT line FROM (
  SELECT m.name || ' strict ' || l.strict || ' rowid ' || l.wr AS line
  FROM sqlite_schema m JOIN pragma_table_list(m.name) l
  UNION ALL
  SELECT m.name || '.' || x.name || ' ' || CASE x.type WHEN '' THEN 'BLOB' ELSE x.type END || ' #' || x.cid || ' null '
    || (x."notnull" = 0 AND x.pk = 0) || ' key ' || x.pk || ' hidden ' || x.hidden || ' default ' || coalesce(x.dflt_value, 'NULL')
  FROM sqlite_schema m JOIN pragma_table_xinfo(m.name) x WHERE m.type = 'table'
  UNION ALL
  SELECT name || ' refers to ' || "table" || ' ' || group_concat("from" || '=' || "to") || ' ' || on_delete || ' ' || on_update
  FROM (SELECT m.name, f.id, f."table", f."from", f.on_delete, f.on_update, coalesce(f."to",
          (SELECT p.name FROM pragma_table_info(f."table") p WHERE p.pk = f.seq + 1)) AS "to"
        FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY m.name, f.id, f.seq)
  GROUP BY name, id
  UNION ALL
  SELECT name || ' index ' || label || ' unique ' || "unique" || ' ' || origin || ' partial ' || partial || ' ' || group_concat(element)
  FROM (SELECT m.name, i.name AS index_name, CASE i.origin WHEN 'c' THEN i.name ELSE '' END AS label, i."unique", i.origin, i.partial,
          coalesce(x.name, 'expression') || ' ' || x.coll || ' ' || x.desc AS element
        FROM sqlite_schema m JOIN pragma_index_list(m.name) i JOIN pragma_index_xinfo(i.name) x
        WHERE m.type = 'table' AND x.key ORDER BY m.name, i.name, x.seqno)
  GROUP BY name, index_name
) ORDER BY 1
)sql";

std::string sqlite_schema(Database& database) {
  std::string text = to_text(database.query(kPragmas));
  for (const auto& row : database.query(
           "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY 1, 2")) {
    std::string sql = row[0] == "table" ? details(row[2]) : plain(row[2]);
    // An expression in an index may have more parentheses.
    if (row[0] == "index") std::erase_if(sql, [](char c) { return c == '(' || c == ')'; });
    // Every trigger of SQLite is one.
    if (row[0] == "trigger") sql = replaced(sql, " for each row", "");
    text += row[0] + " " + row[1] + ":\n" + sql + "\n";
  }
  return text;
}

/// Parts of models: what a schema of PostgreSQL can have.
const std::vector<std::string> kWords = {
    ".schemas",
    ".extensions",
    ".sequences",
    ".enums",
    ".views",
    ".functions",
    ".triggers",
    ".policies",
    ".row_security",
    ".start",
    ".increment",
    ".min_value",
    ".max_value",
    ".cache",
    ".cycle = true",
    ".always = true",
    ".identity = Identity{}",
    ".nullable = false",
    ".server_default",
    ".computed",
    ".comment",
    ".collation",
    ".collate(",
    ".with_class(",
    ".desc()",
    ".nulls_are(",
    "Named(\"serial\")",
    "Enum(",
    "Array(",
    ".primary_key = PrimaryKey",
    ".uniques",
    ".nulls_not_distinct = true",
    ".deferrable = true",
    ".initially_deferred = true",
    ".checks",
    ".not_valid = true",
    ".foreign_keys",
    ".referred_schema",
    ".match_full = true",
    "Action::kCascade",
    "Action::kRestrict",
    "Action::kSetNull",
    "Action::kSetDefault",
    ".excludes",
    ".predicate",
    ".indexes",
    ".unique = true",
    ".where",
    ".include = ",
    ".method = \"gin\"",
    ".method = \"gist\"",
    ".method = \"brin\"",
    ".method = \"hash\"",
    ".method = \"spgist\"",
    ".unlogged = true",
    ".materialized = true",
    ".security_invoker = true",
    ".procedure = true",
    "Policy::Command::kSelect",
    "Policy::Command::kInsert",
    "Policy::Command::kUpdate",
    "Policy::Command::kDelete",
    ".permissive = false",
    ".roles",
    ".using_",
    ".with_check",
    ".forced = true",
};

TEST_F(SchemasPostgresql, AreTheSameWhenTheyAreMadeAgain) {
  std::string all;
  for (const char* name : {"hospital", "shop", "warehouse"}) {
    SCOPED_TRACE(name);
    all += go(name);
  }
  for (const std::string& word : kWords) {
    EXPECT_NE(all.find(word), std::string::npos) << "none of the schemas has " << word;
  }
}

TEST_F(Schemas, OfSqliteIsTheSameWhenItIsMadeAgain) {
  const std::unique_ptr<Database> original = make_sqlite(scratch_.path(), "original.db");
  const std::unique_ptr<Database> rebuilt = make_sqlite(scratch_.path(), "rebuilt.db");
  original->script(sql("studio"));
  EXPECT_EQ(original->value("SELECT count(*) >= 40 FROM sqlite_schema WHERE type = 'table'"), "1");
  rebuilt->script(must({CAPO_PROGRAM, "inspect", original->url()}));
  EXPECT_EQ(first_difference(sqlite_schema(*original), sqlite_schema(*rebuilt)), "");
  expect_same(*original, *rebuilt);
  models(*original);
}

}  // namespace
}  // namespace capo::test
