#include "script/init_templates.hpp"

#include <array>

namespace capo::script {
namespace {

constexpr std::string_view kIni =
    R"ini(# Where the migrations of this project are and how they run. Alembic reads this file too.

[alembic]
# The folder of the migrations. %(here)s is the folder of this file.
script_location = ${script_location}

# The database. Used only if neither --url, nor the environment variable DATABASE_URL, nor .env beside this file names
# it. Put no password here: this file is under version control.
#   postgresql://user@localhost:5432/name
#   sqlite:///file.db          relative to this file
#   sqlite:////srv/file.db     absolute
sqlalchemy.url =

# How new revision files are called. Tokens: rev, slug, epoch, year, month, day, hour, minute, second. Each % is doubled.
# file_template = %%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d-%%(rev)s_%%(slug)s

# Longest slug, the part of the name that comes from the message.
# truncate_slug_length = 40

# Time zone of the dates in new revisions, e.g. Europe/Rome. Local time if it is left out.
# timezone =

# Folders of revisions if there is more than one, separated by `:`. New ones are filled with --version-path.
# version_locations = ${script_location}/versions:%(here)s/plugins/versions
path_separator = os

# Look into the subfolders of these folders too.
# recursive_version_locations = false

# The table that says where a database stands.
# version_table = alembic_version
# version_table_schema =

# A transaction for each revision instead of one for the whole run (PostgreSQL; SQLite always has one for each).
# transaction_per_migration = false

# Longest wait of a statement for a lock, and longest time of one statement: 500ms, 5s, 1min. The server's if left out.
# lock_timeout = 5s
# statement_timeout =

# Keep the table capo_journal: what ran, when, by whom; what a crash left half-done is finished with its help.
# journal = true

# One deployer at a time.
# deployment_lock = true

# Refuse to run when a revision was edited after it was applied.
# strict = false

# Statements that would keep others waiting run in gentle steps (PostgreSQL).
# online = false

# What `capo revision --autogenerate` and `capo check` compare the database with, if it is not the program's models.
# target_schema = %(here)s/schema.sql
# Schemas that they look at besides the default one, and tables that they leave alone.
# include_schemas = reports
# exclude_tables = tmp_*

${program_keys}# Programs to run on each new revision file.
[post_write_hooks]
# hooks = format
# format.type = exec
# format.executable = pg_format
# format.options = -i REVISION_SCRIPT_FILENAME
)ini";

// What the ini of a project with revisions in C++ says besides.
constexpr std::string_view kProgramKeys =
    R"ini(# The program that has the revisions in it: capo builds it when it is out of date, and hands over to it. The commands run
# in the folder of this file; capo_configure only while there is no program.
capo_program = build/${target}
capo_build = cmake --build build --target ${target} --parallel 4
capo_configure = cmake -S . -B build

# What `capo revision` writes: cpp or sql.
revision_kind = cpp

)ini";

constexpr std::string_view kEnvironmentExample =
    R"env(# Copy to .env, keep that out of version control, and put in your own values.
DATABASE_URL=postgresql://user:password@localhost:5432/name

# A character of a password that a URL cannot carry is written as its code: @ %40, : %3A, / %2F, # %23, % %25.
# DATABASE_URL=sqlite:///file.db
)env";

constexpr std::string_view kReadme = R"text(Revisions in plain SQL for one database.

    capo revision -m "add invoices"   writes an empty revision into versions/; fill in its two sections
    capo upgrade head                 applies what is missing
    capo downgrade -1                 takes the last one back
    capo current                      where the database stands
    capo history --verbose            all revisions

script.sql.tmpl is what new revisions are made from. Change it as you like.
)text";

constexpr std::string_view kSqlTemplate = R"sql(-- ${message}
--
-- Revision ID: ${up_revision}
-- Revises: ${down_revision}
-- Branch Labels: ${branch_labels}
-- Depends On: ${depends_on}
-- Create Date: ${create_date}

-- capo:upgrade
${upgrades}

-- capo:downgrade
${downgrades}
)sql";

constexpr std::string_view kCppReadme =
    R"text(Revisions in C++ and SQL, compiled into one program.

    capo revision -m "add invoices"   writes a revision into versions/; fill in its two functions
    capo upgrade head                 builds ${target} if need be, and applies what is missing
    capo downgrade -1                 takes the last one back
    capo current                      where the database stands
    capo history --verbose            all revisions

${target} has every revision in it and takes the same commands: it alone goes to production, with DATABASE_URL.
`capo revision --kind sql` writes a revision in SQL. script.cpp.tmpl and script.sql.tmpl are what new revisions are made
from. Change them as you like.

In a project that has a CMakeLists.txt of its own, these lines build ${target}:

    find_package(capo REQUIRED)
    capo_add_migrations(${target} ENV ${directory}/env.cpp VERSIONS ${directory}/versions INI ${ini})
)text";

// The delimiter is not `cpp`: clang-format would take that as a wish.
constexpr std::string_view kCppTemplate = R"text(// ${message}

#include <capo/migration.hpp>

namespace rev_${token} {
using namespace capo;

static void upgrade([[maybe_unused]] Operations& op) {
  ${upgrades}
}

static void downgrade([[maybe_unused]] Operations& op) {
  ${downgrades}
}

CAPO_REVISION(${token},
              .id = ${id_literal},
              .down_revision = {${down_revision}},
              .branch_labels = {${branch_labels}},
              .depends_on = {${depends_on}},
              .message = ${message_literal},
              .create_date = "${create_date}");
}  // namespace rev_${token}
)text";

constexpr std::string_view kProgram =
    R"text(// ${target}: capo with the revisions of this project in it.

#include <capo/capo.hpp>

int main(int argc, char** argv) { return capo::run(argc, argv, capo::embedded_project()); }
)text";

constexpr std::string_view kBuildFile = R"cmake(cmake_minimum_required(VERSION 3.25)
project(migrations LANGUAGES CXX)

find_package(capo REQUIRED)
capo_add_migrations(${target} ENV ${directory}/env.cpp VERSIONS ${directory}/versions INI ${ini})
)cmake";

constexpr std::array<InitTemplate, 2> kTemplates = {{
    {.name = "sql",
     .summary = "Revisions in plain SQL for one database.",
     .ini = kIni,
     .environment_example = kEnvironmentExample,
     .readme = kReadme,
     .sql_template = kSqlTemplate},
    {.name = "cpp",
     .summary = "Revisions in C++ and SQL, compiled into one program.",
     .ini = kIni,
     .environment_example = kEnvironmentExample,
     .readme = kCppReadme,
     .sql_template = kSqlTemplate,
     .cpp_template = kCppTemplate,
     .program = kProgram,
     .build_file = kBuildFile},
}};

}  // namespace

std::span<const InitTemplate> init_templates() { return kTemplates; }

std::string_view program_keys() { return kProgramKeys; }

const InitTemplate* find_init_template(std::string_view name) {
  if (name == "generic") name = "sql";
  for (const InitTemplate& candidate : kTemplates) {
    if (candidate.name == name) return &candidate;
  }
  return nullptr;
}

std::string_view default_sql_template() { return kSqlTemplate; }
std::string_view default_cpp_template() { return kCppTemplate; }

}  // namespace capo::script
