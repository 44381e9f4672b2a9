#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/database.hpp"
#include "support/process.hpp"
#include "support/scratch.hpp"

namespace capo::test {

/// A project of SQL revisions in a directory of its own, with an empty database, on which the
/// finished capo is run.
class Project {
 public:
  /// `kind` is "sqlite" or "postgresql".
  explicit Project(std::string_view kind);
  explicit Project(std::unique_ptr<Database> database);

  Database& database() { return *database_; }
  const std::string& directory() const { return directory_; }

  /// A revision; `body` begins with its `-- capo:upgrade`. `revises` may be empty.
  void add_revision(std::string_view id, std::string_view revises, std::string_view body);
  void write(std::string_view name, std::string_view content);

  /// Another program than capo: a project's own, with its revisions in it.
  void use_program(std::string path) { program_ = std::move(path); }
  /// How to start it here; DATABASE_URL is set.
  Launch launch(std::vector<std::string> arguments) const;
  Outcome capo(std::vector<std::string> arguments) const;
  /// Runs capo and throws unless it ends with 0; gives back what it wrote to stdout.
  std::string must(std::vector<std::string> arguments) const;

 private:
  Scratch scratch_;
  std::string directory_;
  std::string program_;
  std::unique_ptr<Database> database_;
};

/// "stdout: … stderr: … exit code: …", for failure messages.
std::string describe(const Outcome& outcome);

}  // namespace capo::test
