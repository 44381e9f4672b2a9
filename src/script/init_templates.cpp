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

# Programs to run on each new revision file.
[post_write_hooks]
# hooks = format
# format.type = exec
# format.executable = pg_format
# format.options = -i REVISION_SCRIPT_FILENAME
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

constexpr std::string_view kRevisionTemplate = R"sql(-- ${message}
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

constexpr std::array<InitTemplate, 1> kTemplates = {
    {{"sql", "Revisions in plain SQL for one database.", kIni, kEnvironmentExample, kReadme,
      kRevisionTemplate}}};

}  // namespace

std::span<const InitTemplate> init_templates() { return kTemplates; }

const InitTemplate* find_init_template(std::string_view name) {
  if (name == "generic") name = "sql";
  for (const InitTemplate& candidate : kTemplates) {
    if (candidate.name == name) return &candidate;
  }
  return nullptr;
}

std::string_view default_revision_template() { return kRevisionTemplate; }

}  // namespace capo::script
