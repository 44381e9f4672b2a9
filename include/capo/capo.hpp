#pragma once

#include <string_view>

#include "capo/autogenerate.hpp"
#include "capo/metadata.hpp"
#include "capo/revisions.hpp"

/// The command line of capo, for a program of your own. With the revisions of a project compiled
/// in (capo_add_migrations() in CMakeLists.txt) that program needs no other file:
///
///     #include <capo/capo.hpp>
///     int main(int argc, char** argv) { return capo::run(argc, argv, capo::embedded_project()); }
///
namespace capo {

/// What a program carries of its project. All of it is a view: it must outlive what uses it.
struct Project {
  Revisions revisions = {};
  /// The text of the ini file, read where no ini file is named (`-c`, ALEMBIC_CONFIG) or lies in
  /// the working directory. `%(here)s` in it is then the working directory. May be empty.
  std::string_view ini = {};
  /// The models, if the program hands them over. Their naming convention names what revisions
  /// leave without a name.
  MetaData (*models)() = nullptr;

  /// Asked for every object by its name when schemas are compared (`revision --autogenerate`,
  /// `check`, `diff`, `inspect`): false leaves it out, on both sides. Null: all are compared.
  bool (*include_name)(ObjectKind kind, std::string_view schema, std::string_view name) = nullptr;
  /// The same for those that are left, each seen as a whole.
  bool (*include_object)(const SchemaObject& object) = nullptr;
  /// Given the operations that were found, in order; may change, drop and add some
  /// (capo/operation.hpp).
  void (*rewrite)(List<Operation>& operations) = nullptr;
};

/// The project that capo_add_migrations() compiled into this program, which defines this function.
const Project& embedded_project();

/// Does what `argv` says and prints to standard output and standard error. Returns the exit code: 0
/// done, 1 failed, 2 wrong usage, 128 + n stopped by signal n. Throws nothing. While a command
/// works on a database, SIGINT, SIGTERM and SIGHUP are taken over, so call it on the main thread
/// and before other threads are started. Not reentrant.
///
/// The revisions are those of `project`, whatever files lie beside the program; only `revision`,
/// `merge` and `edit` touch files.
int run(int argc, char** argv, const Project& project);

/// The same with the revisions that the files of a project hold, as the program `capo` does it.
int run(int argc, char** argv);

}  // namespace capo
