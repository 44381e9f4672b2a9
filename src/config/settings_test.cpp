#include "config/settings.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace capo::config {
namespace {

using namespace std::chrono_literals;

/// A project in memory, its working directory being /app.
struct Project {
  base::MemoryFileSystem files{"/app"};
  base::Environment environment = {};
  ConfigRequest request = {};

  Project& with(const std::string& path, std::string_view content) {
    files.write(path, content);
    return *this;
  }
  Project& with_variable(const std::string& name, const std::string& value) {
    environment[name] = value;
    return *this;
  }
  Project& with_ini(std::string_view keys) {
    return with("alembic.ini", "[alembic]\n" + std::string(keys));
  }
  Settings load() const { return load_settings(request, files, environment); }
  DatabaseUrl url() const { return database_url(load()); }
};

/// `position: message; hint`, and the line if it is shown.
template <typename Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kConfig);
    std::string text = to_string(error.where());
    if (!text.empty()) text += ": ";
    text += error.message();
    if (!error.hint().empty()) text += "; " + error.hint();
    if (!error.source_line().empty()) text += " | " + error.source_line();
    return text;
  }
  return "no error";
}

TEST(Settings, Defaults) {
  const Settings settings = Project().load();
  EXPECT_EQ(settings.ini_path, "");
  EXPECT_EQ(settings.here, "");
  EXPECT_EQ(settings.section, "alembic");
  EXPECT_EQ(settings.script_location, "");
  EXPECT_TRUE(settings.version_locations.empty());
  EXPECT_EQ(settings.file_template, "%(rev)s_%(slug)s");
  EXPECT_EQ(settings.truncate_slug_length, 40);
  EXPECT_EQ(settings.version_table, "alembic_version");
  EXPECT_TRUE(settings.journal);
  EXPECT_TRUE(settings.deployment_lock);
  EXPECT_FALSE(settings.strict);
  EXPECT_EQ(settings.url_source, UrlSource::kNone);
  EXPECT_TRUE(settings.values.empty());
}

TEST(Settings, EveryKey) {
  const Settings settings = Project()
                                .with_ini(
                                    "script_location = %(here)s/db\n"
                                    "version_locations = %(here)s/a:b\n"
                                    "path_separator = os\n"
                                    "recursive_version_locations = true\n"
                                    "file_template = %%(year)d_%%(rev)s\n"
                                    "timezone = Europe/Rome\n"
                                    "truncate_slug_length = 20\n"
                                    "revision_environment = yes\n"
                                    "version_table = history\n"
                                    "version_table_schema = ops\n"
                                    "transaction_per_migration = On\n"
                                    "journal = 0\n"
                                    "strict = TRUE\n"
                                    "deployment_lock = off\n"
                                    "lock_timeout = 5s\n"
                                    "statement_timeout = 250\n"
                                    "max_wait = 5min\n"
                                    "sqlalchemy.url = postgresql://h/d\n"
                                    "prepend_sys_path = .\n"
                                    "unknown = 100%\n")
                                .load();
  EXPECT_EQ(settings.ini_path, "alembic.ini");
  EXPECT_EQ(settings.here, "/app");
  EXPECT_EQ(settings.script_location, "/app/db");
  EXPECT_EQ(settings.version_locations, (std::vector<std::string>{"/app/a", "b"}));
  EXPECT_TRUE(settings.recursive_version_locations);
  EXPECT_EQ(settings.file_template, "%(year)d_%(rev)s");
  EXPECT_EQ(settings.timezone, "Europe/Rome");
  EXPECT_EQ(settings.truncate_slug_length, 20);
  EXPECT_TRUE(settings.revision_environment);
  EXPECT_EQ(settings.version_table, "history");
  EXPECT_EQ(settings.version_table_schema, "ops");
  EXPECT_TRUE(settings.transaction_per_migration);
  EXPECT_FALSE(settings.journal);
  EXPECT_TRUE(settings.strict);
  EXPECT_FALSE(settings.deployment_lock);
  EXPECT_EQ(settings.lock_timeout, 5s);
  EXPECT_EQ(settings.statement_timeout, 250ms);
  EXPECT_EQ(settings.max_wait, 5min);
  EXPECT_EQ(settings.url_text, "postgresql://h/d");
  EXPECT_EQ(settings.url_source, UrlSource::kIni);
  EXPECT_EQ(settings.url_origin, "sqlalchemy.url in /app/alembic.ini, line 19");
  EXPECT_EQ(settings.values.at("prepend_sys_path"), ".");
  EXPECT_EQ(settings.values.at("unknown"), "100%") << "as written: nobody asked for it";
  EXPECT_EQ(settings.values.at("script_location"), "/app/db");
}

TEST(Settings, EmptyValuesCountAsNotGiven) {
  const Settings settings =
      Project()
          .with_ini(
              "script_location = db\nversion_locations =\npath_separator =\nfile_template =\n"
              "truncate_slug_length =\nversion_table =\nstrict =\nlock_timeout =\n"
              "timezone =\nsqlalchemy.url =\n")
          .load();
  EXPECT_EQ(settings.version_locations, std::vector<std::string>{"db/versions"});
  EXPECT_EQ(settings.file_template, "%(rev)s_%(slug)s");
  EXPECT_EQ(settings.truncate_slug_length, 40);
  EXPECT_EQ(settings.version_table, "alembic_version");
  EXPECT_EQ(settings.url_source, UrlSource::kNone);
}

// The shape of the file that `alembic init` writes, with its logging sections.
TEST(Settings, AnIniOfAlembic) {
  const Settings settings =
      Project()
          .with("alembic.ini",
                "# A generic, single database configuration.\n\n[alembic]\nscript_location = "
                "%(here)s/alembic\n"
                "# file_template = %%(year)d_%%(rev)s\nprepend_sys_path = .\n\n\npath_separator = "
                "os\n"
                "sqlalchemy.url = driver://user:pass@localhost/dbname\n\n\n[post_write_hooks]\n# "
                "hooks = black\n\n"
                "[loggers]\nkeys = root,sqlalchemy,alembic\n[handler_console]\nclass = "
                "StreamHandler\nargs = (sys.stderr,)\n"
                "[formatter_generic]\nformat = %(levelname)-5.5s [%(name)s] %(message)s\ndatefmt = "
                "%H:%M:%S\n")
          .load();
  EXPECT_EQ(settings.script_location, "/app/alembic");
  EXPECT_EQ(settings.version_locations, std::vector<std::string>{"/app/alembic/versions"});
  EXPECT_TRUE(settings.hooks.empty());
}

TEST(Settings, WhichFile) {
  const auto script_location = [](const Project& project) {
    return project.load().script_location;
  };
  Project project;
  project.with("capo.ini", "[alembic]\nscript_location = capo\n")
      .with("alembic.ini", "[alembic]\nscript_location = alembic\n")
      .with("other/env.ini", "[alembic]\nscript_location = %(here)s\n")
      .with("/etc/x.ini", "[alembic]\nscript_location = %(here)s\n");
  EXPECT_EQ(script_location(project), "capo");
  project.with_variable("ALEMBIC_CONFIG", "");
  EXPECT_EQ(script_location(project), "capo") << "empty is not set";
  project.with_variable("ALEMBIC_CONFIG", "./other/env.ini");
  EXPECT_EQ(script_location(project), "/app/other");
  EXPECT_EQ(project.load().ini_path, "./other/env.ini");
  project.request.ini_path = "/etc/x.ini";
  EXPECT_EQ(script_location(project), "/etc");
  project.request.ini_path = "../etc/x.ini";
  EXPECT_EQ(script_location(project), "/app/../etc") << "a .. may lead through a link";
  project.request.ini_path = "alembic.ini";
  EXPECT_EQ(script_location(project), "alembic");
}

TEST(Settings, FileErrors) {
  Project project;
  project.with("dir/x", "");
  const auto named = [&](const std::string& path) {
    project.request.ini_path = path;
    return error_of([&] { project.load(); });
  };
  EXPECT_EQ(named("x.ini"),
            "the config file 'x.ini', named by -c, does not exist; the working directory is /app");
  EXPECT_EQ(named("dir"), "the config file 'dir', named by -c, is a directory");
  EXPECT_EQ(named(""), "the config file '', named by -c, is a directory");
  EXPECT_EQ(named("pyproject.toml"),
            "the config file 'pyproject.toml', named by -c, is not an ini file; capo reads ini "
            "files only; put the keys of [tool.alembic] under [alembic] in alembic.ini");
  project.request.ini_path.reset();
  project.with_variable("ALEMBIC_CONFIG", "y.ini");
  EXPECT_EQ(error_of([&] { project.load(); }),
            "the config file 'y.ini', named by the environment variable ALEMBIC_CONFIG, does not "
            "exist; the working directory is /app");
  project.with("y.ini", "x");
  EXPECT_EQ(error_of([&] { project.load(); }),
            "y.ini:1:1: text before the first section; begin the file with a section's header, "
            "[alembic]");
}

TEST(Settings, WhichSection) {
  const struct {
    std::string file, content, requested, expected;
  } cases[] = {
      {"alembic.ini", "[alembic]\n[capo]\n", "alembic", "alembic"},
      {"alembic.ini", "[capo]\n", "alembic", "capo"},
      {"capo.ini", "[alembic]\n[capo]\n", "alembic", "capo"},
      {"capo.ini", "[alembic]\n", "alembic", "alembic"},
      {"capo.ini", "[capo]\n[other]\n", "other", "other"},
      {"alembic.ini", "[alembic]\n[other]\n", "othr",
       "there is no section [othr] in alembic.ini; did you mean [other]?"},
      {"alembic.ini", "[one]\n[two]\n", "completely",
       "there is no section [completely] in alembic.ini; its sections: one, two"},
      {"alembic.ini", "# empty\n", "other",
       "there is no section [other] in alembic.ini; it has no sections"},
      {"alembic.ini", "[x]\n", "alembic",
       "there is no section [alembic] in alembic.ini; capo's keys belong under a line [alembic]; "
       "-n names another section"},
      {"alembic.ini", "", "alembic",
       "there is no section [alembic] in alembic.ini; capo's keys belong under a line [alembic]; "
       "-n names another section"},
      {"alembic.ini", "[Alembic]\n", "alembic",
       "there is no section [alembic] in alembic.ini; did you mean [Alembic]?"},
  };
  for (const auto& [file, content, requested, expected] : cases) {
    Project project;
    project.with(file, content).request.section = requested;
    std::string got;
    const std::string error = error_of([&, &p = project] { got = p.load().section; });
    EXPECT_EQ(error == "no error" ? got : error, expected) << file << " " << content;
  }
}

TEST(Settings, VersionLocations) {
  const struct {
    std::string keys;
    std::vector<std::string> expected;
  } cases[] = {
      {"", {"db/versions"}},
      {"version_locations = a b, c,d\n", {"a", "b", "c", "d"}},
      {"version_locations = a ,b\n", {"a", "b"}},
      {"version_locations =\n  a\n  b\n", {"a", "b"}},
      {"version_locations = %(here)s/a %(here)s/b\n", {"/app/a", "/app/b"}},
      {"version_locations = a b:c : d\npath_separator = os\n", {"a b", "c", "d"}},
      {"version_locations = a b:c\npath_separator = :\n", {"a b", "c"}},
      {"version_locations = a b;c\npath_separator = ;\n", {"a b", "c"}},
      {"version_locations = a  b,c\npath_separator = space\n", {"a", "b,c"}},
      {"version_locations =\n  a b\n\n  c\npath_separator = newline\n", {"a b", "c"}},
      {"version_locations = a:b c\nversion_path_separator = :\n", {"a", "b c"}},
      {"version_locations = a:b;c\nversion_path_separator = ;\npath_separator = :\n", {"a", "b;c"}},
      {"version_locations = ::\npath_separator = :\n", {"db/versions"}},
      {"version_path_separator = os  # Use os.pathsep. Default configuration used for new "
       "projects.\n",
       {"db/versions"}},
      {"version_locations = a b:c\nversion_path_separator = os  # Use os.pathsep.\n", {"a b", "c"}},
  };
  for (const auto& [keys, expected] : cases) {
    EXPECT_EQ(Project().with_ini("script_location = db\n" + keys).load().version_locations,
              expected)
        << keys;
  }
}

TEST(Settings, BadValues) {
  const std::string package =
      ", which is not a path but a place in a Python package; write the directory, e.g. "
      "%(here)s/migrations; of several paths with : between them say so by path_separator = os";
  const struct {
    std::string keys, expected;
  } cases[] = {
      {"strict = maybe",
       "alembic.ini:2:10: strict is 'maybe', which is not a boolean; allowed: true, yes, on, 1; "
       "false, no, off, 0 | strict = maybe"},
      {"journal =\n  2",
       "alembic.ini:3:3: journal is '\n2', which is not a boolean; allowed: true, yes, on, 1; "
       "false, no, off, 0 |   2"},
      {"lock_timeout = 5 sec",
       "alembic.ini:2:16: lock_timeout is '5 sec', which is not a time; write 500ms, 5s, 1min or "
       "2h | lock_timeout = 5 sec"},
      {"truncate_slug_length = -1",
       "alembic.ini:2:24: truncate_slug_length is '-1', which is not a length; allowed: a "
       "whole number from 1 to 1000000 | truncate_slug_length = -1"},
      {"truncate_slug_length = 1000001",
       "alembic.ini:2:24: truncate_slug_length is '1000001', which is not a length; allowed: a "
       "whole number from 1 to 1000000 | truncate_slug_length = 1000001"},
      {"path_separator = ,",
       "alembic.ini:2:18: path_separator is ',', which is not a separator; allowed: os, space, "
       "newline, :, ; | path_separator = ,"},
      {"version_path_separator = x",
       "alembic.ini:2:26: version_path_separator is 'x', which is not a separator; allowed: os, "
       "space, newline, :, ; | version_path_separator = x"},
      {"script_location = app:migrations", "alembic.ini:2:19: script_location is 'app:migrations'" +
                                               package + " | script_location = app:migrations"},
      {"version_locations = a:b",
       "alembic.ini:2:21: version_locations is 'a:b'" + package + " | version_locations = a:b"},
      {"file_template = %(rev)s",
       "alembic.ini:2:17: the value of 'file_template' refers to 'rev' that is neither in "
       "[alembic] nor in [DEFAULT]; write %%(rev)s if the text is meant as it stands"},
  };
  for (const auto& [keys, expected] : cases) {
    EXPECT_EQ(error_of([&, text = keys] { Project().with_ini(text).load(); }), expected) << keys;
  }
  EXPECT_EQ(Project().with_ini("truncate_slug_length = 0").load().truncate_slug_length, 40);
}

TEST(Settings, Hooks) {
  const Settings settings =
      Project()
          .with("alembic.ini",
                "[alembic]\n[post_write_hooks]\nhooks = Format, lint absent\n"
                "format.type = exec\nformat.executable = %(here)s/fmt\nformat.options = -i "
                "REVISION_SCRIPT_FILENAME\nformat.cwd = sub\n"
                "lint.type = module\nlint.module = ruff\nlint.entrypoint = e\n")
          .load();
  const std::vector<Hook> expected = {
      {.name = "Format",
       .type = "exec",
       .executable = "/app/fmt",
       .options = "-i REVISION_SCRIPT_FILENAME",
       .cwd = "sub"},
      {.name = "lint", .type = "module", .entrypoint = "e", .module = "ruff"},
      {.name = "absent"},
  };
  EXPECT_EQ(settings.hooks, expected);
}

TEST(Settings, PrecedenceOfTheUrl) {
  Project project;
  project.with_ini("x = y\nsqlalchemy.url = sqlite:///ini")
      .with(".env", "# c\n\nDATABASE_URL=sqlite:///dotenv\n");
  project.with_variable("DATABASE_URL", "sqlite:///variable");
  project.request.url = "sqlite:///option";
  const auto expect = [&](UrlSource source, std::string_view text, std::string_view origin) {
    const Settings settings = project.load();
    EXPECT_EQ(settings.url_source, source);
    EXPECT_EQ(settings.url_text, text);
    EXPECT_EQ(settings.url_origin, origin);
  };
  expect(UrlSource::kOption, "sqlite:///option", "--url");
  for (const char* empty : {"", " \n"}) {
    project.request.url = empty;
    project.with_variable("DATABASE_URL", "sqlite:///variable")
        .with(".env", "# c\n\nDATABASE_URL=sqlite:///dotenv\n");
    expect(UrlSource::kEnvironment, "sqlite:///variable", "the environment variable DATABASE_URL");
    project.with_variable("DATABASE_URL", empty);
    expect(UrlSource::kDotEnv, "sqlite:///dotenv", "DATABASE_URL in /app/.env, line 3");
    project.with(".env", "DATABASE_URL='" + std::string(empty) + "'\n");
    expect(UrlSource::kIni, "sqlite:///ini", "sqlalchemy.url in /app/alembic.ini, line 3");
  }
  project.with(".env", "DATABASE_URL\n");
  expect(UrlSource::kIni, "sqlite:///ini", "sqlalchemy.url in /app/alembic.ini, line 3");
  project.with_ini("");
  expect(UrlSource::kNone, "", "");
}

TEST(Settings, WhereDotEnvLies) {
  Project project;
  project.with("/.env", "DATABASE_URL=sqlite:///above").with("sub/x.ini", "[alembic]\n");
  EXPECT_EQ(project.load().url_source, UrlSource::kNone) << "never from further up";
  project.with(".env", "DATABASE_URL=sqlite:///here");
  EXPECT_EQ(project.load().url_origin, "DATABASE_URL in /app/.env, line 1");
  project.request.ini_path = "sub/x.ini";
  EXPECT_EQ(project.load().url_origin, "DATABASE_URL in /app/.env, line 1");
  project.with("sub/.env", "\nDATABASE_URL=sqlite:///beside");
  EXPECT_EQ(project.load().url_origin, "DATABASE_URL in /app/sub/.env, line 2");
}

TEST(Settings, DotEnvExpandsFromTheEnvironment) {
  Project project;
  project.with(".env", "U=file\nDATABASE_URL=postgresql://${U}:${P:-x}@h/${U}\n")
      .with_variable("P", "y");
  EXPECT_EQ(to_string(project.url()), "postgresql://file:y@h/file");
}

TEST(Settings, UrlErrorsWaitUntilTheUrlIsNeeded) {
  Project project;
  project.with_ini("script_location = db\nsqlalchemy.url = postgresql://u:s3%40cret@h/d\n");
  EXPECT_EQ(project.load().script_location, "db");
  EXPECT_EQ(error_of([&] { project.url(); }),
            "alembic.ini:3:35: the value of 'sqlalchemy.url' has a % that begins no reference like "
            "%(here)s; write %% for each % that is meant as it stands: %%40 for %40");
  project.with(".env", "DATABASE_URL='postgresql://u:s3cret@h/d\n");
  EXPECT_EQ(error_of([&] { project.url(); }), "/app/.env:1:14: the value has no closing quote '");
  project.with_variable("DATABASE_URL", "postgresql://u:s3cret@h/d");
  EXPECT_EQ(project.url().password, "s3cret") << ".env is not even read";
}

TEST(Settings, UrlErrorsNameTheirOrigin) {
  const std::string places =
      "with --url, as the environment variable DATABASE_URL, as DATABASE_URL in the file ";
  EXPECT_EQ(error_of([&] { Project().url(); }), "no database URL is given; give one " + places +
                                                    ".env, or as sqlalchemy.url in alembic.ini");
  Project project;
  project.with("sub/x.ini", "[alembic]\nsqlalchemy.url = driver://user:pass@localhost/dbname\n")
      .request.ini_path = "sub/x.ini";
  EXPECT_EQ(error_of([&] { project.url(); }),
            "the database URL from sqlalchemy.url in /app/sub/x.ini, line 2 is still the "
            "template's placeholder; write the real one there, or give it " +
                places + "/app/sub/.env, or as sqlalchemy.url in sub/x.ini");
  project.with_variable("DATABASE_URL", "postgresql://u:s3cret/d");
  EXPECT_EQ(
      error_of([&] { project.url(); }),
      "cannot read the database URL from the environment variable DATABASE_URL: the port is not a "
      "number from 1 to 65535; if it is a password, @ and the host are missing after it; in a user "
      "name or password write @ as %40, / as %2F, ? as %3F, # as %23, : as %3A and % as %25");
}

TEST(Settings, SqlitePathsCountFromTheIni) {
  Project project;
  project.with("sub/x.ini", "[alembic]\n");
  const struct {
    std::string url, without_ini, with_ini;
  } cases[] = {
      {"sqlite:///a.db", "a.db", "/app/sub/a.db"},
      {"sqlite:///../a.db", "../a.db", "/app/sub/../a.db"},
      {"sqlite:////srv/a.db", "/srv/a.db", "/srv/a.db"},
      {"sqlite://", "", ""},
      {"sqlite:///:memory:", ":memory:", ":memory:"},
      {"sqlite:///file:a.db?uri=true", "file:a.db", "file:a.db"},
      {"sqlite:///file:a.db", "file:a.db", "/app/sub/file:a.db"},
      {"postgresql:///a.db", "a.db", "a.db"},
  };
  for (const auto& [url, without_ini, with_ini] : cases) {
    project.request.url = url;
    project.request.ini_path.reset();
    EXPECT_EQ(project.url().database, without_ini) << url;
    project.request.ini_path = "sub/x.ini";
    EXPECT_EQ(project.url().database, with_ini) << url;
  }
}

TEST(Settings, TheProgramOfAProject) {
  const Settings none = Project().with_ini("script_location = a\n").load();
  EXPECT_EQ(none.program, "");
  EXPECT_FALSE(none.writes_cpp);
  const Settings settings = Project()
                                .with_ini(
                                    "capo_program = build/migrate\ncapo_build = make -C build\n"
                                    "capo_configure = cmake -S . -B build\n")
                                .load();
  EXPECT_EQ(settings.program, "build/migrate");
  EXPECT_EQ(settings.build, "make -C build");
  EXPECT_EQ(settings.configure, "cmake -S . -B build");
  EXPECT_TRUE(settings.writes_cpp);
  EXPECT_FALSE(Project().with_ini("capo_program = x\nrevision_kind = sql\n").load().writes_cpp);
  EXPECT_TRUE(Project().with_ini("revision_kind = cpp\n").load().writes_cpp);
  EXPECT_EQ(error_of([] { Project().with_ini("revision_kind = c++\n").load(); }),
            "alembic.ini:2:17: revision_kind is 'c++', which is not a kind of revision; allowed: "
            "cpp, sql | revision_kind = c++");
}

TEST(Settings, AnIniInTheProgram) {
  Project project;
  project.request.embedded_ini =
      "[alembic]\nscript_location = %(here)s/db\nsqlalchemy.url = sqlite:///x.db\n";
  const Settings settings = project.load();
  EXPECT_TRUE(settings.ini_is_embedded);
  EXPECT_EQ(settings.here, "/app");
  EXPECT_EQ(settings.script_location, "/app/db");
  EXPECT_EQ(project.url().database, "/app/x.db");
  EXPECT_EQ(settings.url_origin, "sqlalchemy.url in alembic.ini (built into this program), line 3");

  // A file that lies there, or that is named, comes first.
  project.with_ini("script_location = elsewhere\n");
  EXPECT_EQ(project.load().script_location, "elsewhere");
  EXPECT_FALSE(project.load().ini_is_embedded);
  project.request.ini_path = "nosuch.ini";
  EXPECT_EQ(error_of([&] { project.load(); }),
            "the config file 'nosuch.ini', named by -c, does not exist; the working directory is "
            "/app");
}

}  // namespace
}  // namespace capo::config
