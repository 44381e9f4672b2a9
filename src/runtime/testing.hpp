#pragma once

#include <memory>
#include <string>

#include "base/fs.hpp"
#include "capo/error.hpp"
#include "script/directory.hpp"

/// For the tests of this room.
namespace capo::runtime {

/// A project of SQL revisions in memory.
class Project {
 public:
  /// `body` is everything from the first marker on. `parents` and `depends_on` as in the header.
  Project& add(const std::string& id, const std::string& parents, const std::string& body,
               const std::string& depends_on = "") {
    files_->write("/project/versions/" + id + ".sql",
                  "-- message of " + id + "\n--\n-- Revision ID: " + id + "\n-- Revises: " +
                      parents + "\n-- Depends On: " + depends_on + "\n\n" + body);
    scripts_.reset();
    return *this;
  }
  /// A revision that makes the table of its name, and drops it.
  Project& table(const std::string& id, const std::string& parents = "") {
    return add(id, parents,
               "-- capo:upgrade\nCREATE TABLE " + id +
                   " (x integer);\n\n-- capo:downgrade\nDROP TABLE " + id + ";\n");
  }

  const script::ScriptDirectory& scripts() {
    if (!scripts_) {
      scripts_ = std::make_unique<script::ScriptDirectory>(
          *files_, script::DirectoryOptions{.script_location = "/project"});
    }
    return *scripts_;
  }

 private:
  // Behind a pointer, so that a project can be moved: the scripts refer to it.
  std::unique_ptr<base::MemoryFileSystem> files_ = std::make_unique<base::MemoryFileSystem>();
  std::unique_ptr<script::ScriptDirectory> scripts_ = {};
};

/// What a user would be told by an error, one fact a line.
inline std::string told(const Error& error) {
  std::string text = to_string(error.where());
  text += text.empty() ? "" : ": ";
  text += error.message();
  if (!error.source_line().empty()) text += "\n | " + error.source_line();
  if (!error.sqlstate().empty()) text += "\nSQLSTATE " + error.sqlstate();
  if (!error.detail().empty()) text += "\n" + error.detail();
  if (!error.hint().empty()) text += "\nhint: " + error.hint();
  return text;
}

/// What a user would be told by the error that `action` throws; "no error" if it throws none.
template <typename Action>
std::string failure(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return told(error);
  }
  return "no error";
}

}  // namespace capo::runtime
