#include "support/project.hpp"

#include <filesystem>
#include <stdexcept>

namespace capo::test {

Project::Project(std::unique_ptr<Database> database)
    : scratch_("project"), directory_(scratch_.at("project")), program_(CAPO_PROGRAM), database_(std::move(database)) {
  for (const char* name : {"project/versions", "home", "database"}) {
    std::filesystem::create_directories(scratch_.at(name));
  }
  write("alembic.ini", "[alembic]\nscript_location = %(here)s\n");
}

Project::Project(std::string_view kind) : Project(std::unique_ptr<Database>()) {
  database_ = make_database(kind, scratch_.at("database"));
}

void Project::write(std::string_view name, std::string_view content) {
  write_file(std::string(directory_).append("/").append(name), content);
}

void Project::add_revision(std::string_view id, std::string_view revises, std::string_view body) {
  std::string text = "-- revision ";
  text.append(id)
      .append("\n--\n-- Revision ID: ")
      .append(id)
      .append("\n-- Revises: ")
      .append(revises);
  text.append("\n-- Create Date: 2026-11-22 06:21:00\n\n").append(body);
  write(std::string("versions/").append(id).append(".sql"), text);
}

Launch Project::launch(std::vector<std::string> arguments) const {
  Launch launch{.argv = {program_},
                .directory = directory_,
                .env = basic_environment(scratch_.at("home"))};
  launch.argv.insert(launch.argv.end(), arguments.begin(), arguments.end());
  launch.env["DATABASE_URL"] = database_->url();
  return launch;
}

Outcome Project::capo(std::vector<std::string> arguments) const {
  return run(launch(std::move(arguments)));
}

std::string Project::must(std::vector<std::string> arguments) const {
  const std::string line = "capo " + shell_line(arguments);
  const Outcome outcome = capo(std::move(arguments));
  if (outcome.exit_code != 0) throw std::runtime_error(line + "\n" + describe(outcome));
  return outcome.out;
}

std::string describe(const Outcome& outcome) {
  std::string text = "exit code: " + std::to_string(outcome.exit_code);
  if (outcome.timed_out) text.append(" (did not end in time)");
  return text.append("\nstdout:\n").append(outcome.out).append("stderr:\n").append(outcome.err);
}

}  // namespace capo::test
