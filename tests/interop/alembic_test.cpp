// A database goes from capo to Alembic and back, and capo reads a project that was written for
// Alembic. The other side is Debian's package, run as its users run it.

#include <gtest/gtest.h>

#include <algorithm>

#include "support/project.hpp"

namespace capo::test {
namespace {

using Words = std::vector<std::string>;

struct Revision {
  const char* id;
  Words revises;
  const char* message;
  const char* label;
  const char* up;
  const char* down;
};

// A branch point, two branches, a merge point and what follows it.
const std::vector<Revision>& graph() {
  static const std::vector<Revision> revisions = {
      {"aaaa1111",
       {},
       "create accounts",
       "",
       "CREATE TABLE account (id integer PRIMARY KEY)",
       "DROP TABLE account"},
      {"bbbb2222",
       {"aaaa1111"},
       "add orders",
       "shop",
       "CREATE TABLE orders (id integer)",
       "DROP TABLE orders"},
      {"cccc3333",
       {"aaaa1111"},
       "add invoices",
       "",
       "CREATE TABLE invoice (id integer)",
       "DROP TABLE invoice"},
      {"dddd4444",
       {"bbbb2222", "cccc3333"},
       "merge both",
       "",
       "INSERT INTO account VALUES (4)",
       "DELETE FROM account WHERE id = 4"},
      {"eeee5555",
       {"dddd4444"},
       "add a column",
       "",
       "ALTER TABLE orders ADD COLUMN total integer",
       "ALTER TABLE orders DROP COLUMN total"},
  };
  return revisions;
}

std::string joined(const Words& words, std::string_view separator, std::string_view quote) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += separator;
    text.append(quote).append(word).append(quote);
  }
  return text;
}

std::string python_file(const Revision& r) {
  const std::string down = r.revises.empty()       ? "None"
                           : r.revises.size() == 1 ? joined(r.revises, "", "\"")
                                                   : "(" + joined(r.revises, ", ", "\"") + ")";
  std::string text = "\"\"\"" + std::string(r.message) + "\n\nRevision ID: " + r.id +
                     "\nRevises: " + joined(r.revises, ", ", "") +
                     "\nCreate Date: 2026-11-22 06:21:00\n\n\"\"\"\n";
  text +=
      "from alembic import op\n\nrevision = \"" + std::string(r.id) + "\"\ndown_revision = " + down;
  text += "\nbranch_labels = " +
          (*r.label == '\0' ? std::string("None") : "(\"" + std::string(r.label) + "\",)");
  text += "\ndepends_on = None\n\n\ndef upgrade():\n    op.execute(\"" + std::string(r.up) +
          "\")\n\n\n";
  return text + "def downgrade():\n    op.execute(\"" + std::string(r.down) + "\")\n";
}

std::string sql_file(const Revision& r) {
  std::string text = "-- " + std::string(r.message) + "\n--\n-- Revision ID: " + r.id;
  text += "\n-- Revises: " + joined(r.revises, ", ", "") + "\n";
  if (*r.label != '\0') text += "-- Branch Labels: " + std::string(r.label) + "\n";
  text += "-- Create Date: 2026-11-22 06:21:00\n\n-- capo:upgrade\n" + std::string(r.up) + ";\n";
  return text + "\n-- capo:downgrade\n" + std::string(r.down) + ";\n";
}

constexpr const char* kEnvironment = R"py(import os

from alembic import context
from sqlalchemy import create_engine, pool

with create_engine(os.environ["ALEMBIC_URL"], poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
)py";

// SQLAlchemy takes a socket's directory as a parameter only.
std::string url_for_alembic(const std::string& url) {
  const std::size_t host = url.find("@%2F");
  if (host == std::string::npos) return url;
  const std::size_t slash = url.find('/', host);
  return url.substr(0, host + 1) + url.substr(slash) +
         "?host=" + replaced(url.substr(host + 1, slash - host - 1), "%2F", "/");
}

class Interop : public testing::TestWithParam<const char*> {
 protected:
  Interop() : project_(GetParam()) {
    for (const Revision& revision : graph()) {
      project_.write(std::string("versions/") + revision.id + ".sql", sql_file(revision));
      project_.write(std::string("python/alembic/versions/") + revision.id + ".py",
                     python_file(revision));
    }
    project_.write("python/alembic.ini", "[alembic]\nscript_location = %(here)s/alembic\n");
    project_.write("python/alembic/env.py", kEnvironment);
  }

  void SetUp() override {
    Launch check = project_.launch({});
    check.argv = {"/usr/bin/python3", "-c", "import alembic, sqlalchemy, psycopg2"};
    const Outcome outcome = run(check);
    ASSERT_EQ(outcome.exit_code, 0)
        << "this test needs Alembic; install it with: apt-get install python3-alembic "
           "python3-psycopg2\n"
        << outcome.err;
  }

  std::string alembic(const Words& arguments) {
    return in_python_project({"/usr/bin/python3", "-m", "alembic"}, arguments);
  }
  /// capo, in the folder of the project that was written for Alembic.
  std::string capo_there(const Words& arguments) { return in_python_project({}, arguments); }
  Outcome try_capo_there(const Words& arguments) {
    Launch launch = project_.launch(arguments);
    launch.directory = project_.directory() + "/python";
    return run(launch);
  }

  /// Lines of a command's output, sorted: the order of `current` is open.
  static Words lines(const std::string& text) {
    Words found;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      found.push_back(text.substr(begin, end - begin));
      begin = end + 1;
    }
    std::sort(found.begin(), found.end());
    return found;
  }

  /// SQLite keeps a statement as it was written.
  static std::string without_spaces(std::string text) {
    std::erase_if(text, [](char c) { return c == ' ' || c == '\n' || c == '\t'; });
    return text;
  }

  Project project_;

 private:
  std::string in_python_project(const Words& program, const Words& arguments) {
    Launch launch = project_.launch({});
    if (!program.empty()) launch.argv = program;
    launch.argv.insert(launch.argv.end(), arguments.begin(), arguments.end());
    launch.directory = project_.directory() + "/python";
    launch.env["ALEMBIC_URL"] = url_for_alembic(project_.database().url());
    const Outcome outcome = run(launch);
    EXPECT_EQ(outcome.exit_code, 0) << shell_line(launch.argv) << "\n" << describe(outcome);
    return outcome.out;
  }
};

TEST_P(Interop, AlembicTakesOnFromCapo) {
  project_.must({"upgrade", "bbbb2222"});
  project_.must({"upgrade", "cccc3333"});
  EXPECT_EQ(lines(alembic({"current"})), (Words{"bbbb2222", "cccc3333"}));
  alembic({"upgrade", "head"});
  EXPECT_EQ(project_.must({"current"}), "eeee5555 (head)\n");
  const std::string at_head = project_.database().dump();
  alembic({"downgrade", "-1"});
  EXPECT_EQ(project_.must({"current"}), "dddd4444 (mergepoint)\n");
  alembic({"downgrade", "cccc3333"});
  EXPECT_EQ(lines(project_.must({"current"})), lines(alembic({"current"})));
  project_.must({"upgrade", "head"});
  EXPECT_EQ(project_.database().dump(), at_head);
  EXPECT_EQ(alembic({"current"}), "eeee5555 (head)\n");
}

TEST_P(Interop, CapoTakesOnFromAlembic) {
  alembic({"upgrade", "head"});
  const std::string at_head = project_.database().dump();
  alembic({"downgrade", "dddd4444"});
  EXPECT_EQ(project_.must({"current"}), "dddd4444 (mergepoint)\n");
  project_.must({"upgrade", "head"});
  EXPECT_EQ(project_.database().dump(), at_head);
  project_.must({"downgrade", "bbbb2222"});
  EXPECT_EQ(lines(alembic({"current"})), lines(project_.must({"current"})));
  alembic({"upgrade", "head"});
  project_.must({"downgrade", "base"});
  EXPECT_EQ(alembic({"current"}), "");
  alembic({"upgrade", "head"});
  EXPECT_EQ(project_.database().dump(), at_head);
}

TEST_P(Interop, VersionTableIsAlembics) {
  project_.must({"ensure_version"});
  const std::string of_capo = without_spaces(project_.database().dump());
  project_.database().reset();
  alembic({"ensure_version"});
  EXPECT_EQ(of_capo, without_spaces(project_.database().dump()));
}

TEST_P(Interop, ReadsAnAlembicProject) {
  EXPECT_EQ(capo_there({"history"}), alembic({"history"}));
  EXPECT_EQ(capo_there({"heads"}), alembic({"heads"}));
  EXPECT_EQ(lines(capo_there({"branches"})), lines(alembic({"branches"})));
  EXPECT_EQ(capo_there({"show", "dddd4444"}), alembic({"show", "dddd4444"}));
  EXPECT_EQ(capo_there({"history", "-r", "shop:head"}), alembic({"history", "-r", "shop:head"}));
  alembic({"upgrade", "cccc3333"});
  EXPECT_EQ(capo_there({"current"}), alembic({"current"}));
  capo_there({"stamp", "bbbb2222"});
  EXPECT_EQ(lines(capo_there({"current"})), lines(alembic({"current"})));
  capo_there({"stamp", "dddd4444"});
  EXPECT_EQ(alembic({"current"}), "dddd4444 (mergepoint)\n");
}

// The ini as `alembic init` leaves it, not one that a test made up.
TEST_P(Interop, ReadsTheProjectThatAlembicInitMakes) {
  alembic({"-c", "fresh/alembic.ini", "init", "fresh/alembic"});
  alembic({"-c", "fresh/alembic.ini", "revision", "-m", "create users", "--rev-id", "ffff6666"});
  const Words history = {"-c", "fresh/alembic.ini", "history"};
  EXPECT_EQ(capo_there(history), "<base> -> ffff6666 (head), create users\n");
  EXPECT_EQ(capo_there(history), alembic(history));
}

TEST_P(Interop, RefusesToRunPython) {
  capo_there({"stamp", "aaaa1111"});
  const std::string before = project_.database().dump();
  for (const Words& command : {Words{"upgrade", "head"}, Words{"upgrade", "head", "--sql"},
                               Words{"upgrade", "head", "--dry-run"}, Words{"downgrade", "base"}}) {
    const Outcome outcome = try_capo_there(command);
    EXPECT_EQ(outcome.exit_code, 1) << shell_line(command) << "\n" << describe(outcome);
    EXPECT_NE(outcome.err.find("Python"), std::string::npos) << shell_line(command) << "\n"
                                                             << describe(outcome);
    EXPECT_NE(outcome.err.find(".py"), std::string::npos) << shell_line(command) << "\n"
                                                          << describe(outcome);
  }
  EXPECT_EQ(project_.database().dump(), before);
}

INSTANTIATE_TEST_SUITE_P(, Interop, testing::Values("sqlite", "postgresql"),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace capo::test
