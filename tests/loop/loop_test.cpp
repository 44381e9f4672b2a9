#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "autogenerate/compare.hpp"
#include "base/text.hpp"
#include "config/url.hpp"
#include "dialect/dialect.hpp"
#include "loop/case.hpp"
#include "operation/facets.hpp"
#include "runtime/connect_options.hpp"
#include "support/database.hpp"
#include "support/scratch.hpp"

// Build the old schema, find the way to the new one, go it: the database is what the new schema's
// own statements make. Ask again: there is nothing to do. Go back: it is what it was. Rows that
// nothing speaks of are there all the way.

namespace capo::test {
namespace {

using autogenerate::Difference;
using dialect::Reflection;
using dialect::Statement;

std::vector<Statement> statements_of(const dialect::Dialect& dialect, const std::string& sql) {
  std::vector<Statement> statements;
  for (const dialect::Piece& piece : dialect.splitter()(sql, {})) {
    statements.push_back({.sql = sql.substr(piece.begin, piece.end - piece.begin)});
  }
  return statements;
}

std::string words(const Difference& difference) {
  std::string text;
  for (const auto& step : difference.steps) {
    text += operation::describe(step.operation) + "\n";
    for (const auto& note : step.notes) text += "  " + note.text + "\n";
  }
  return text;
}

/// One database for all cases of a kind: to make one for each would take most of the time.
class Loop {
 public:
  explicit Loop(std::string_view kind)
      : database_(make_database(kind, scratch_.path())), dialect_(*dialect::find_dialect(kind)) {}

  void go(const LoopCase& test) {
    connection_ = nullptr;
    database_->reset();
    database_->script(test.after);
    const std::string wanted = objects();
    database_->reset();
    database_->script(test.before);
    const std::string before = objects();
    database_->script(test.rows);
    connection_ = dialect_.connect(runtime::connect_options(config::parse_url(database_->url())));
    const Reflection from = reflect();
    const std::vector<Statement> target = statements_of(dialect_, test.after);
    const Reflection to = dialect_.reflect_script(*connection_, target, {});
    const Difference found = autogenerate::compare(from, to, nullptr, dialect_);
    if (!test.steps.empty()) {
      EXPECT_EQ(words(found), test.steps);
    }
    const std::string rows = answers(test.kept);
    SCOPED_TRACE(words(found));
    ASSERT_NO_FATAL_FAILURE(carry_out(autogenerate::forwards(found)));
    expect_same("after the upgrade", reflect(), to);
    // PostgreSQL does not read some of what it prints as it was: `IN` over varchar.
    const bool prints_otherwise = test.name.find("printed otherwise") != std::string::npos;
    if (!prints_otherwise) {
      EXPECT_EQ(objects(), wanted) << "after the upgrade";
    }
    EXPECT_EQ(answers(test.kept), rows);
    ASSERT_NO_FATAL_FAILURE(carry_out(autogenerate::backwards(found)));
    expect_same("after the downgrade", reflect(), from);
    if (!prints_otherwise) {
      EXPECT_EQ(objects(), before) << "after the downgrade";
    }
    EXPECT_EQ(answers(test.kept), rows);
  }

  /// The server has no such thing: one of the two schemas, or the way between them.
  void expect_refused(const LoopCase& test) {
    connection_ = nullptr;
    try {
      for (const std::string& schema : {test.after, test.before}) {
        database_->reset();
        database_->script(schema);
      }
    } catch (const DatabaseError&) {
      return;
    }
    connection_ = dialect_.connect(runtime::connect_options(config::parse_url(database_->url())));
    const std::vector<Statement> target = statements_of(dialect_, test.after);
    const Difference found = autogenerate::compare(
        reflect(), dialect_.reflect_script(*connection_, target, {}), nullptr, dialect_);
    const auto compilation =
        dialect_.begin_compilation([&] { return dialect_.read_schema(*connection_); });
    const auto carry_out_all = [&] {
      for (const Operation& operation : autogenerate::forwards(found)) {
        for (const Statement& statement : compilation->compile(operation)) {
          connection_->query(statement.sql);
        }
      }
    };
    connection_->begin();
    EXPECT_THROW(carry_out_all(), Error);
    connection_->rollback();
  }

 private:
  /// What the database holds as the tests see it, whatever capo makes of it.
  std::string objects() {
    std::string text = database_->dump();
    text.resize(std::min(text.size(), text.find("rows of ")));
    std::string objects;
    for (const std::string_view line : base::split(text, '\n')) {
      // A column that comes, or comes back, is the last: that is no difference.
      const bool is_column = line.starts_with("column ");
      objects.append(is_column ? line.substr(0, line.rfind(" #")) : line).append("\n");
    }
    return objects;
  }

  Reflection reflect() { return dialect_.reflect(*connection_, {}); }

  std::string answers(const std::string& queries) {
    std::string text;
    for (const std::string_view query : base::split(queries, '\n')) {
      if (!query.empty()) text += to_text(database_->query(std::string(query))) + "\n";
    }
    return text;
  }

  void carry_out(const std::vector<Operation>& operations) {
    const auto compilation =
        dialect_.begin_compilation([&] { return dialect_.read_schema(*connection_); });
    std::vector<Statement> statements;
    try {
      for (const Operation& operation : operations) {
        operation::validate(operation);
        for (Statement& statement : compilation->compile(operation)) {
          statements.push_back(std::move(statement));
        }
      }
    } catch (const Error& error) {
      FAIL() << "cannot be compiled: " << error.what();
    }
    connection_->begin_without_foreign_keys();
    for (const Statement& statement : statements) {
      try {
        connection_->query(statement.sql);
      } catch (const Error& error) {
        connection_->rollback();
        FAIL() << error.what() << "\nin: " << statement.sql;
      }
    }
    connection_->commit();
  }

  void expect_same(const std::string& when, const Reflection& found, const Reflection& wanted) {
    EXPECT_EQ(words(autogenerate::compare(found, wanted, nullptr, dialect_)), "") << when;
    EXPECT_EQ(words(autogenerate::compare(wanted, found, nullptr, dialect_)), "") << when;
  }

  Scratch scratch_ = Scratch("loop");
  std::unique_ptr<Database> database_;
  const dialect::Dialect& dialect_;
  std::unique_ptr<dialect::Connection> connection_ = {};
};

class LoopTest : public testing::TestWithParam<LoopCase> {
 protected:
  static void SetUpTestSuite() { loop() = std::make_unique<Loop>("postgresql"); }
  static void TearDownTestSuite() { loop().reset(); }
  static std::unique_ptr<Loop>& loop() {
    static std::unique_ptr<Loop> shared;
    return shared;
  }
};

TEST_P(LoopTest, ThereAndBack) {
  const std::string& name = GetParam().name;
  const std::size_t since = name.find("(since ");
  const bool is_too_old =
      since != std::string::npos &&
      server_major() < base::parse_integer(std::string_view(name).substr(since + 7, 2)).value_or(0);
  is_too_old ? loop()->expect_refused(GetParam()) : loop()->go(GetParam());
}

std::string name_of(const testing::TestParamInfo<LoopCase>& info) {
  std::string name = info.param.name;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !base::is_word(c); }, '_');
  return name + "_" + std::to_string(info.param.line);
}

INSTANTIATE_TEST_SUITE_P(Cases, LoopTest, testing::ValuesIn(read_cases(CAPO_LOOP_CASES)), name_of);

}  // namespace
}  // namespace capo::test
