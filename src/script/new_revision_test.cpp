#include "script/new_revision.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "script/init_templates.hpp"
#include "script/sql_file.hpp"
#include "script/testing.hpp"

namespace capo::script {
namespace {

class FixedClock final : public base::Clock {
 public:
  std::chrono::system_clock::time_point now() const override {
    return std::chrono::system_clock::time_point(std::chrono::microseconds{1795330295112336});
  }
  std::chrono::steady_clock::time_point monotonic() const override { return {}; }
  void sleep(std::chrono::milliseconds) override {}
};

// aaaaaaaaaaaa, then bbbbbbbbbbbb, …
class Letters final : public base::Random {
 public:
  std::string hex(std::size_t count) override { return std::string(count, next_++); }

 private:
  char next_ = 'a';
};

class NewRevisionTest : public testing::Test {
 protected:
  NewRevisionTest() { files_.create_directories("alembic/versions"); }

  void put_at(const std::string& path, std::string_view id, std::string_view revises = {},
              std::string_view more = {}) {
    files_.write(path, "-- m\n-- Revision ID: " + std::string(id) + "\n-- Revises: " +
                           std::string(revises) + "\n" + std::string(more) + "\n-- capo:upgrade\n");
  }
  void put(std::string_view id, std::string_view revises = {}, std::string_view more = {}) {
    put_at("alembic/versions/" + std::string(id) + ".sql", id, revises, more);
  }

  NewRevision plan(const NewRevisionRequest& request) {
    options_.locations_may_be_missing = true;
    const ScriptDirectory directory(files_, options_);
    Letters random;
    return plan_new_revision(directory, request, settings_, {files_, clock_, random, environment_});
  }
  // The file's name and what its header says.
  std::string made(const NewRevisionRequest& request) {
    const NewRevision planned = plan(request);
    const revision::Revision& revision = planned.script.revision;
    std::string text = planned.script.path + ": " + revision.id + " <- [" +
                       base::join(revision.down_revisions, " ") + "]";
    if (!revision.branch_labels.empty())
      text += " labels [" + base::join(revision.branch_labels, " ") + "]";
    if (!revision.depends_on.empty())
      text += " depends [" + base::join(revision.depends_on, " ") + "]";
    if (!revision.message.empty()) text += " '" + revision.message + "'";
    for (const std::string& note : planned.notes) text += "\n" + note;
    return text;
  }
  std::string error(const NewRevisionRequest& request) {
    return failure([&] { plan(request); });
  }

  base::MemoryFileSystem files_{"/p"};
  FixedClock clock_;
  base::Environment environment_ = {{"TZ", "UTC0"}};
  DirectoryOptions options_{.script_location = "alembic"};
  NewRevisionSettings settings_;
};

TEST_F(NewRevisionTest, TheFirst) {
  const NewRevision planned = plan({.message = "Create account table"});
  EXPECT_EQ(planned.script.path, "/p/alembic/versions/aaaaaaaaaaaa_create_account_table.sql");
  EXPECT_EQ(planned.text,
            "-- Create account table\n"
            "--\n"
            "-- Revision ID: aaaaaaaaaaaa\n"
            "-- Revises:\n"
            "-- Create Date: 2026-11-22 06:51:35.112336\n"
            "\n"
            "-- capo:upgrade\n"
            "\n"
            "-- capo:downgrade\n");
  EXPECT_EQ(planned.script.create_date, "2026-11-22 06:51:35.112336");
  EXPECT_TRUE(planned.notes.empty());
  EXPECT_EQ(files_.kind(planned.script.path), base::FileKind::kNone);
  write_new_revision(planned, files_);
  EXPECT_EQ(files_.read(planned.script.path), planned.text);
  EXPECT_EQ(failure([&] { write_new_revision(planned, files_); }),
            "there is a file /p/alembic/versions/aaaaaaaaaaaa_create_account_table.sql already\n"
            "hint: choose another message or --rev-id");
}

TEST_F(NewRevisionTest, Parents) {
  put("aaaa");
  put("bbbb", "aaaa");
  EXPECT_EQ(made({.message = "m", .rev_id = "x"}), "/p/alembic/versions/x_m.sql: x <- [bbbb] 'm'");
  EXPECT_EQ(made({.rev_id = "x", .heads = {"bbb"}}),
            "/p/alembic/versions/x_.sql: x <- [bbbb] 'empty message'");
  EXPECT_EQ(made({.message = "", .rev_id = "x", .heads = {"base"}}),
            "/p/alembic/versions/x_.sql: x <- []");
  EXPECT_EQ(made({.message = "m", .rev_id = "x", .heads = {"aaaa"}, .splice = true}),
            "/p/alembic/versions/x_m.sql: x <- [aaaa] 'm'");
  EXPECT_EQ(error({.heads = {"aaaa"}}),
            "Revision aaaa is not a head revision; please specify --splice to create a new branch "
            "from this revision");
  EXPECT_EQ(error({.heads = {"zzzz"}}).substr(0, 42), "Can't locate revision identified by 'zzzz'");
}

TEST_F(NewRevisionTest, SeveralHeads) {
  put("aaaa");
  put("bbbb", "aaaa", "-- Branch Labels: left");
  put("cccc", "aaaa");
  EXPECT_EQ(error({}),
            "Multiple heads are present; please specify the head revision on which the new "
            "revision should be based, or perform a merge.");
  EXPECT_EQ(made({.rev_id = "x", .heads = {"heads"}}),
            "/p/alembic/versions/x_.sql: x <- [bbbb cccc] 'empty message'");
  EXPECT_EQ(made({.rev_id = "x", .heads = {"cccc", "bbbb"}}),
            "/p/alembic/versions/x_.sql: x <- [cccc bbbb] 'empty message'");
  EXPECT_EQ(made({.rev_id = "x", .heads = {"left@head"}}),
            "/p/alembic/versions/x_.sql: x <- [bbbb] 'empty message'");
  EXPECT_EQ(error({.heads = {"cccc", "heads"}}), "Duplicate head revisions specified");
}

TEST_F(NewRevisionTest, Identifiers) {
  put("aaaaaaaaaaaa");
  EXPECT_EQ(made({.message = "m"}),
            "/p/alembic/versions/bbbbbbbbbbbb_m.sql: bbbbbbbbbbbb <- [aaaaaaaaaaaa] 'm'");
  EXPECT_EQ(made({.message = "m", .rev_id = "2026/1"}),
            "/p/alembic/versions/2026_1_m.sql: 2026/1 <- [aaaaaaaaaaaa] 'm'");
  EXPECT_EQ(made({.message = "m", .rev_id = std::string(33, 'x')}).substr(117),
            "The identifier is longer than the 32 characters that a version table holds.");
  const struct {
    std::string_view id, expected;
  } cases[] = {
      {"a-1", "Character(s) '-' not allowed in revision identifier 'a-1'"},
      {"a,b", "the identifier 'a,b' holds a comma, which separates names in a revision's header"},
      {"a ", "the identifier 'a ' begins or ends with white space"},
      {"a\nb", "the identifier 'a\nb' holds a line break"},
      {"\xFF", "the identifier '\xFF' is not UTF-8"},
      {"head", "'head' cannot be a revision identifier: it has a meaning of its own"},
      {"aaaaaaaaaaaa",
       "/p/alembic/versions/aaaaaaaaaaaa.sql: there is a revision aaaaaaaaaaaa already\n"
       "hint: choose another --rev-id, or leave it out"},
  };
  for (const auto& [id, expected] : cases) EXPECT_EQ(error({.rev_id = std::string(id)}), expected);
}

TEST_F(NewRevisionTest, Labels) {
  put("aaaa", "", "-- Branch Labels: left");
  EXPECT_EQ(made({.message = "m", .rev_id = "x", .branch_labels = {"right", "r"}}),
            "/p/alembic/versions/x_m.sql: x <- [aaaa] labels [right r] 'm'");
  const struct {
    std::string_view label, expected;
  } cases[] = {
      {"left", "Branch name 'left' in revision x already used by revision aaaa"},
      {"aaaa", "Branch name 'aaaa' in revision x already used by revision aaaa"},
      {"x", "Branch name 'x' in revision x already used by revision x"},
      {"", "the branch label '' is empty"},
      {"a,b", "the branch label 'a,b' holds a comma, which separates names in a revision's header"},
      {"base", "'base' cannot be a branch label: it has a meaning of its own"},
      {"a@b", "'a@b' cannot be a branch label: @ and : stand between names"},
      {"a:b", "'a:b' cannot be a branch label: @ and : stand between names"},
      {"release-2026",
       "'release-2026' cannot be a branch label: commands would read '-2026' as steps from "
       "'release'"},
      {"+1", "'+1' cannot be a branch label: commands would read '+1' as steps from 'current'"},
  };
  for (const auto& [label, expected] : cases) {
    EXPECT_EQ(error({.rev_id = "x", .branch_labels = {std::string(label)}}), expected);
  }
}

TEST_F(NewRevisionTest, Dependencies) {
  put("aaaa1", "", "-- Branch Labels: left");
  put("bbbb1");
  EXPECT_EQ(made({.message = "m",
                  .rev_id = "x",
                  .heads = {"bbbb1"},
                  .depends_on = {"aaaa", "left", "left@head"}}),
            "/p/alembic/versions/x_m.sql: x <- [bbbb1] depends [aaaa1 left aaaa1] 'm'");
  EXPECT_EQ(error({.heads = {"bbbb1"}, .depends_on = {"base"}}),
            "--depends-on base names no revision\nhint: leave it out if the revision depends on no "
            "other");
  EXPECT_EQ(error({.heads = {"bbbb1"}, .depends_on = {"zzzz"}}).substr(0, 42),
            "Can't locate revision identified by 'zzzz'");
}

TEST_F(NewRevisionTest, VersionLocations) {
  options_.version_locations = {"alembic/versions", "other"};
  EXPECT_EQ(error({}),
            "Multiple version locations present, please specify --version-path\n"
            "hint: they are /p/alembic/versions, /p/other");
  EXPECT_EQ(error({.version_path = "third"}),
            "Path third is not represented in current version locations\n"
            "hint: they are /p/alembic/versions, /p/other");
  EXPECT_EQ(made({.message = "m", .rev_id = "x", .version_path = "other/"}),
            "/p/other/x_m.sql: x <- [] 'm'");
  put_at("other/deep/b.sql", "bbbb");
  options_.recursive = true;
  EXPECT_EQ(made({.message = "m", .rev_id = "x"}), "/p/other/x_m.sql: x <- [bbbb] 'm'");
  EXPECT_EQ(made({.message = "m", .rev_id = "x", .version_path = "/p/alembic/versions"}),
            "/p/alembic/versions/x_m.sql: x <- [bbbb] 'm'");
  write_new_revision(plan({.message = "m", .rev_id = "x", .version_path = "alembic/versions"}),
                     files_);
  EXPECT_EQ(files_.kind("/p/alembic/versions/x_m.sql"), base::FileKind::kFile);
}

TEST_F(NewRevisionTest, FileNames) {
  settings_.file_template = "%(year)d/%(month).2d/%(day).2d_%(slug)s";
  settings_.truncate_slug_length = 10;
  EXPECT_EQ(
      made({.message = "add a big column", .rev_id = "x"}),
      "/p/alembic/versions/2026/11/22_add_a_big_.sql: x <- [] 'add a big column'\n"
      "The file lies in a subfolder: capo finds it only with recursive_version_locations = true.");
  options_.recursive = true;
  EXPECT_EQ(made({.message = "m", .rev_id = "x"}),
            "/p/alembic/versions/2026/11/22_m.sql: x <- [] 'm'");
  const struct {
    std::string_view file_template, name;
  } bad[] = {{"../%(slug)s", "../m.sql"},
             {"", ".sql"},
             {"x/", "x/.sql"},
             {"/tmp/%(slug)s", "/tmp/m.sql"},
             {"__init__", "__init__.sql"},
             {".#%(slug)s", ".#m.sql"}};
  for (const auto& [file_template, name] : bad) {
    settings_.file_template = file_template;
    EXPECT_EQ(error({.message = "m", .rev_id = "x"}),
              "file_template gives no name for a revision: " + std::string(name) +
                  "\nfile_template = " + std::string(file_template));
  }
  settings_.file_template = "%(slug)s";
  files_.write("alembic/versions/m.sql", "SELECT 1;");
  EXPECT_EQ(error({.message = "m", .rev_id = "x"}),
            "there is a file /p/alembic/versions/m.sql already\nhint: choose another message or "
            "--rev-id");
}

TEST_F(NewRevisionTest, TimeZones) {
  environment_ = {{"TZ", "CET-1"}};
  EXPECT_EQ(plan({}).script.create_date, "2026-11-22 07:51:35.112336");
  settings_.timezone = "utc";
  EXPECT_EQ(plan({}).script.create_date, "2026-11-22 06:51:35.112336+00:00");
  settings_.timezone = "Nowhere";
  EXPECT_EQ(error({}),
            "Can't locate timezone: Nowhere\n"
            "hint: `timezone` in the ini file is a name of the system's time zone database, as "
            "Europe/Rome (Debian: the package tzdata)");
}

TEST_F(NewRevisionTest, Messages) {
  EXPECT_EQ(plan({.message = "one\ntwo", .rev_id = "x"}).text.substr(0, 29),
            "-- one\n-- two\n--\n-- Revision ");
  for (const std::string_view bad :
       {"Revises: x", "fix\nrevision id: 5", "Revise: x", "capo:upgrade", "capo downgrade"}) {
    EXPECT_EQ(error({.message = std::string(bad)}),
              "this line of the message would be read as part of the header: " +
                  std::string(bad.substr(bad.find('\n') + 1)) + "\nhint: reword it");
  }
  EXPECT_EQ(error({.message = "\xFF"}), "the message is not UTF-8");
  EXPECT_EQ(
      made({.message = "fix: $$ ${message} 'quoted' -- x", .rev_id = "x"}),
      "/p/alembic/versions/x_fix_message_quoted_x.sql: x <- [] 'fix: $$ ${message} 'quoted' -- x'");
}

TEST_F(NewRevisionTest, Templates) {
  files_.write(
      "alembic/script.sql.tmpl",
      "-- ours\n-- Revision ID: ${up_revision}\n-- Revises: ${down_revision}\n-- capo:upgrade\n");
  EXPECT_EQ(plan({.rev_id = "x"}).text,
            "-- ours\n-- Revision ID: x\n-- Revises:\n-- capo:upgrade\n");
  EXPECT_EQ(error({.branch_labels = {"left"}}),
            "/p/alembic/script.sql.tmpl: the template does not give the new revision its header\n"
            "hint: it needs the line \"-- Branch Labels: ${branch_labels}\"");
  files_.write("alembic/script.sql.tmpl", "-- Revision ID: ${up_revision}\n");
  EXPECT_EQ(
      error({.rev_id = "x"}),
      "the new revision, from /p/alembic/script.sql.tmpl:2:1: no \"-- capo:upgrade\" section\n"
      "hint: write \"-- capo:upgrade\" above the SQL; if there is nothing to do, let it be empty");
}

TEST_F(NewRevisionTest, AfterPythonRevisions) {
  files_.write("alembic/versions/a.py", "revision = 'aaaa'\ndown_revision = None\n");
  EXPECT_EQ(
      made({.message = "m", .rev_id = "x"}),
      "/p/alembic/versions/x_m.sql: x <- [aaaa] 'm'\n"
      "The revisions so far are written in Python; this one is SQL, which Alembic does not read.");
}

// ---- revisions in C++

TEST_F(NewRevisionTest, InCppWithMoreParentsThanFit) {
  put("000");
  for (const char* id : {"h1", "h2", "h3", "h4", "h5", "h6"}) put(id, "000");
  EXPECT_EQ(
      plan({.kind = ScriptKind::kCpp, .heads = {"heads"}}).script.revision.down_revisions.size(),
      6U);
  put("h7", "000");
  EXPECT_EQ(error({.kind = ScriptKind::kCpp, .heads = {"heads"}}),
            "a revision in C++ can name 6 others in one place, not 7\n"
            "hint: merge in several steps, or write this one in SQL: --kind sql");
  EXPECT_EQ(plan({.heads = {"heads"}}).script.revision.down_revisions.size(), 7U);
}

TEST_F(NewRevisionTest, InCpp) {
  put("000");
  const NewRevision planned = plan({.kind = ScriptKind::kCpp, .message = "add \"x\"\\\nand y"});
  EXPECT_EQ(planned.script.path, "/p/alembic/versions/aaaaaaaaaaaa_add_x_and_y.cpp");
  EXPECT_EQ(planned.text,
            "// add \"x\"\n"
            "// and y\n"
            "\n"
            "#include <capo/migration.hpp>\n"
            "\n"
            "namespace rev_aaaaaaaaaaaa {\n"
            "using namespace capo;\n"
            "\n"
            "static void upgrade([[maybe_unused]] Operations& op) {\n"
            "}\n"
            "\n"
            "static void downgrade([[maybe_unused]] Operations& op) {\n"
            "}\n"
            "\n"
            "CAPO_REVISION(aaaaaaaaaaaa,\n"
            "              .down_revision = {\"000\"},\n"
            "              .message = \"add \\\"x\\\"\\\\\\nand y\",\n"
            "              .create_date = \"2026-11-22 06:51:35.112336\");\n"
            "}  // namespace rev_aaaaaaaaaaaa\n");
  EXPECT_EQ(planned.script.revision.down_revisions, std::vector<std::string>{"000"});
}

TEST_F(NewRevisionTest, SaysMoreBelowTheMessageAndThatItIsGentle) {
  const NewRevisionRequest request{
      .message = "m", .explanation = "Why.\n\nThen what.", .online = true, .upgrades = "x;\n"};
  const std::string text = plan(request).text;
  EXPECT_EQ(text.substr(0, text.find("-- Revision ID")),
            "-- m\n--\n-- Why.\n--\n-- Then what.\n--\n");
  EXPECT_EQ(text.substr(text.find("-- capo:upgrade")),
            "-- capo:upgrade online=on\nx;\n\n-- capo:downgrade online=on\n");
  NewRevisionRequest cpp = request;
  cpp.kind = ScriptKind::kCpp;
  const NewRevision planned = plan(cpp);
  EXPECT_TRUE(planned.text.starts_with("// m\n//\n// Why.\n//\n// Then what.\n"));
  EXPECT_NE(planned.text.find(".message = \"m\",\n"
                              "              .create_date = \"2026-11-22 06:51:35.112336\",\n"
                              "              .online = true);\n"),
            std::string::npos)
      << planned.text;
  EXPECT_NE(error({.message = "m", .explanation = "Revises: 1"}), "");
  files_.write("alembic/script.cpp.tmpl",
               "CAPO_REVISION(${token}, .down_revision = {${down_revision}}, .branch_labels = "
               "{${branch_labels}}, .depends_on = {${depends_on}});\n");
  EXPECT_NE(error(cpp).find("it needs the line \".create_date"), std::string::npos) << error(cpp);
}

TEST_F(NewRevisionTest, SeveralFollowOneAnother) {
  put("000");
  options_.locations_may_be_missing = true;
  const ScriptDirectory directory(files_, options_);
  const auto planned = [&](const std::vector<NewRevisionRequest>& requests) {
    Letters random;
    return plan_new_revisions(directory, requests, settings_,
                              {files_, clock_, random, environment_});
  };
  const std::vector<NewRevision> three =
      planned({{.message = "a"}, {.message = "b", .rev_id = "x"}, {.message = "c"}});
  ASSERT_EQ(three.size(), 3u);
  EXPECT_EQ(three[0].script.revision.down_revisions, std::vector<std::string>{"000"});
  EXPECT_EQ(three[1].script.revision.down_revisions, std::vector<std::string>{"aaaaaaaaaaaa"});
  EXPECT_EQ(three[2].script.revision.down_revisions, std::vector<std::string>{"x"});
  EXPECT_EQ(failure([&] {
              planned({{.rev_id = "x"}, {.rev_id = "x"}});
            }),
            "there is a revision x already\nhint: choose another --rev-id, or leave it out");
  settings_.file_template = "%(slug)s";
  EXPECT_NE(failure([&] {
              planned({{.message = "a"}, {.message = "a"}});
            }).find("there is a file"),
            std::string::npos);
}

TEST_F(NewRevisionTest, InCppWithEverything) {
  put("000");
  put("a_1", "000");
  put("b", "000", "-- Branch Labels: shop\n");
  const std::string text = plan({.kind = ScriptKind::kCpp,
                                 .message = "Revision ID: is no key here",
                                 .rev_id = "a.1",
                                 .heads = {"heads"},
                                 .branch_labels = {"all"},
                                 .depends_on = {"shop"}})
                               .text;
  EXPECT_EQ(text.substr(text.find("CAPO_REVISION")),
            "CAPO_REVISION(a_1_2,\n"
            "              .id = \"a.1\",\n"
            "              .down_revision = {\"a_1\", \"b\"},\n"
            "              .branch_labels = {\"all\"},\n"
            "              .depends_on = {\"shop\"},\n"
            "              .message = \"Revision ID: is no key here\",\n"
            "              .create_date = \"2026-11-22 06:51:35.112336\");\n"
            "}  // namespace rev_a_1_2\n");
}

TEST_F(NewRevisionTest, ATemplateInCppMustGiveWhatWasAskedFor) {
  put("000");
  const struct {
    std::string_view text;
    std::string_view error;
  } cases[] = {
      {"int x;\n", "it needs the line \"CAPO_REVISION(${token},\""},
      {"CAPO_REVISION(x);\n", "it needs the line \"CAPO_REVISION(${token},\""},
      {"CAPO_REVISION(${token});\n", "it needs the line \".id = ${id_literal},\""},
      {"CAPO_REVISION(${token},\n.id = ${id_literal});\n",
       "it needs the line \".down_revision = {${down_revision}},\""},
  };
  for (const auto& [text, hint] : cases) {
    files_.write("alembic/script.cpp.tmpl", text);
    EXPECT_EQ(error({.kind = ScriptKind::kCpp, .message = "m", .rev_id = "a.b"}),
              "/p/alembic/script.cpp.tmpl: the template does not give the new revision its "
              "header\nhint: " +
                  std::string(hint))
        << text;
  }
  files_.write("alembic/script.cpp.tmpl", "${tokken}\n");
  EXPECT_EQ(error({.kind = ScriptKind::kCpp, .message = "m"}),
            "/p/alembic/script.cpp.tmpl:1:1: unknown token \"${tokken}\"\n | ${tokken}\nhint: did "
            "you mean \"${token}\"?");
}

}  // namespace
}  // namespace capo::script
