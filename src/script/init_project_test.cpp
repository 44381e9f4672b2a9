#include "script/init_project.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/text.hpp"
#include "script/init_templates.hpp"
#include "script/sql_file.hpp"
#include "script/template.hpp"
#include "script/testing.hpp"

namespace capo::script {
namespace {

std::string init(const InitRequest& request, base::MemoryFileSystem& files) {
  std::string text;
  for (const InitEvent& event : init_project(request, files)) {
    switch (event.kind) {
      case InitEvent::Kind::kDirectory:
        text += "directory ";
        break;
      case InitEvent::Kind::kFile:
        text += "file ";
        break;
      case InitEvent::Kind::kSkipped:
        text += "skipped ";
        break;
    }
    text += event.path + "\n";
  }
  return text;
}

std::string line_with(const std::string& text, std::string_view start) {
  for (const std::string_view line : base::split(text, '\n')) {
    if (line.starts_with(start)) return std::string(line);
  }
  return {};
}

TEST(InitProject, WritesAProject) {
  base::MemoryFileSystem files("/project");
  EXPECT_EQ(init({.directory = "alembic"}, files),
            "directory /project/alembic\n"
            "directory /project/alembic/versions\n"
            "file /project/alembic/versions/.gitkeep\n"
            "file /project/alembic/script.sql.tmpl\n"
            "file /project/alembic/README\n"
            "file /project/.env.example\n"
            "file /project/alembic.ini\n");
  const std::string ini = files.read("alembic.ini");
  EXPECT_EQ(line_with(ini, "script_location"), "script_location = %(here)s/alembic");
  EXPECT_EQ(line_with(ini, "# version_locations"),
            "# version_locations = %(here)s/alembic/versions:%(here)s/plugins/versions");
  EXPECT_EQ(ini.find("${"), std::string::npos);
  EXPECT_EQ(files.read("alembic/script.sql.tmpl"), default_sql_template());
}

TEST(InitProject, ChangesNothingThatIsThere) {
  base::MemoryFileSystem files("/project");
  files.write("alembic.ini", "mine");
  files.write(".env.example", "mine");
  files.create_directories("db");
  EXPECT_EQ(init({.directory = "db", .template_name = "generic", .package = true}, files),
            "directory /project/db/versions\n"
            "file /project/db/versions/.gitkeep\n"
            "file /project/db/script.sql.tmpl\n"
            "file /project/db/README\n"
            "file /project/db/__init__.py\n"
            "file /project/db/versions/__init__.py\n"
            "skipped /project/.env.example\n"
            "skipped /project/alembic.ini\n");
  EXPECT_EQ(files.read("alembic.ini"), "mine");
}

TEST(InitProject, ScriptLocation) {
  const struct {
    std::string directory, ini, expected;
  } cases[] = {
      {"a/b", "alembic.ini", "%(here)s/a/b"},
      {"./a//b/", "alembic.ini", "%(here)s/a/b"},
      {"/project/a", "alembic.ini", "%(here)s/a"},
      {"/other/a", "alembic.ini", "%(here)s/../other/a"},
      {"a", "conf/alembic.ini", "%(here)s/../a"},
      {"conf", "conf/alembic.ini", "%(here)s"},
      {"50%", "alembic.ini", "%(here)s/50%%"},
      {".", "alembic.ini", "%(here)s"},
  };
  for (const auto& [directory, ini, expected] : cases) {
    base::MemoryFileSystem files("/project");
    init({.directory = directory, .ini_path = ini}, files);
    EXPECT_EQ(line_with(files.read(ini), "script_location"), "script_location = " + expected)
        << directory;
  }
}

TEST(InitProject, Errors) {
  base::MemoryFileSystem files("/project");
  files.write("full/x", "");
  const auto error = [&](const InitRequest& request) {
    return failure([&] { init(request, files); });
  };
  EXPECT_EQ(
      error({.directory = "full"}),
      "Directory full already exists and is not empty\nhint: name another one, or an empty one");
  EXPECT_EQ(error({.directory = "full/x"}), "full/x is a file, not a directory");
  EXPECT_EQ(error({.directory = ""}), "the name of the directory is empty");
  EXPECT_EQ(error({.directory = "a", .template_name = "sqll"}),
            "No such template 'sqll'\nhint: did you mean 'sql'?");
  EXPECT_EQ(error({.directory = "a", .template_name = "multidb"}),
            "No such template 'multidb'\nhint: `capo list_templates` names them");
  EXPECT_EQ(files.kind("a"), base::FileKind::kNone);
  EXPECT_EQ(files.kind("alembic.ini"), base::FileKind::kNone);
}

TEST(InitTemplates, ReadmeBeginsWithTheSummary) {
  for (const InitTemplate& candidate : init_templates()) {
    EXPECT_TRUE(candidate.readme.starts_with(std::string(candidate.summary) + "\n"))
        << candidate.name;
  }
}

TEST(InitTemplates, RevisionsReadBack) {
  const std::string text = fill_template(default_sql_template(), "t",
                                         {.message = "add x",
                                          .up_revision = "ab12",
                                          .down_revision = "cd34, ef56",
                                          .create_date = "2026-11-22 06:51:35",
                                          .upgrades = "A;\n",
                                          .downgrades = "B;"});
  EXPECT_EQ(text,
            "-- add x\n"
            "--\n"
            "-- Revision ID: ab12\n"
            "-- Revises: cd34, ef56\n"
            "-- Create Date: 2026-11-22 06:51:35\n"
            "\n"
            "-- capo:upgrade\n"
            "A;\n"
            "\n"
            "-- capo:downgrade\n"
            "B;\n");
  EXPECT_EQ(parse_sql_file(text, "f").sections.size(), 2U);
  EXPECT_EQ(fill_template(default_sql_template(), "t",
                          {.message = "m",
                           .up_revision = "a",
                           .create_date = "d",
                           .branch_labels = "l",
                           .depends_on = "o"}),
            "-- m\n--\n-- Revision ID: a\n-- Revises:\n-- Branch Labels: l\n-- Depends On: o\n-- "
            "Create Date: d\n\n"
            "-- capo:upgrade\n\n-- capo:downgrade\n");
}

TEST(InitProject, WithRevisionsInCpp) {
  base::MemoryFileSystem files("/srv/My Shop");
  EXPECT_EQ(init({.directory = "db/alembic", .template_name = "cpp"}, files),
            "directory /srv/My Shop/db/alembic\n"
            "directory /srv/My Shop/db/alembic/versions\n"
            "file /srv/My Shop/db/alembic/versions/.gitkeep\n"
            "file /srv/My Shop/db/alembic/script.sql.tmpl\n"
            "file /srv/My Shop/db/alembic/README\n"
            "file /srv/My Shop/db/alembic/script.cpp.tmpl\n"
            "file /srv/My Shop/db/alembic/env.cpp\n"
            "file /srv/My Shop/.env.example\n"
            "file /srv/My Shop/CMakeLists.txt\n"
            "file /srv/My Shop/alembic.ini\n");
  const std::string ini = files.read("alembic.ini");
  EXPECT_EQ(line_with(ini, "capo_program"), "capo_program = build/my-shop-migrate");
  EXPECT_EQ(line_with(ini, "capo_build"),
            "capo_build = cmake --build build --target my-shop-migrate --parallel 4");
  EXPECT_EQ(line_with(ini, "revision_kind"), "revision_kind = cpp");
  EXPECT_EQ(line_with(files.read("CMakeLists.txt"), "capo_add"),
            "capo_add_migrations(my-shop-migrate ENV db/alembic/env.cpp VERSIONS "
            "db/alembic/versions INI alembic.ini)");
  for (const char* path :
       {"alembic.ini", "CMakeLists.txt", "db/alembic/env.cpp", "db/alembic/README"})
    EXPECT_EQ(files.read(path).find("${"), std::string::npos) << path;
  EXPECT_EQ(files.read("db/alembic/script.cpp.tmpl"), default_cpp_template());
}

TEST(InitProject, OddNamesOfFolders) {
  const struct {
    std::string folder;
    std::string directory;
    std::string_view call;
  } cases[] = {
      {"/", "a", "capo_add_migrations(migrate ENV a/env.cpp VERSIONS a/versions INI alembic.ini)"},
      {"/\xC3\xA9", "a b",
       "capo_add_migrations(migrate ENV \"a b/env.cpp\" VERSIONS \"a b/versions\" INI "
       "alembic.ini)"},
      {"/-A--b-", "../m$",
       "capo_add_migrations(a-b-migrate ENV \"../m\\$/env.cpp\" VERSIONS \"../m\\$/versions\" INI "
       "alembic.ini)"},
  };
  for (const auto& [folder, directory, call] : cases) {
    base::MemoryFileSystem files(folder);
    init({.directory = directory, .template_name = "cpp"}, files);
    EXPECT_EQ(line_with(files.read("CMakeLists.txt"), "capo_add"), call) << folder;
  }
}

}  // namespace
}  // namespace capo::script
