#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/fs.hpp"
#include "base/system.hpp"
#include "script/directory.hpp"
#include "script/script.hpp"

/// New revision files: what `capo revision` and `capo merge` do.
namespace capo::script {

struct NewRevisionRequest {
  /// SQL or C++.
  ScriptKind kind = ScriptKind::kSql;
  std::optional<std::string> message = {};
  /// Below the message, in the file's comment; paragraphs with an empty line between.
  std::string explanation = {};
  /// Its statements are to run in gentle steps (docs/online.md), whatever the run says.
  bool online = false;
  std::string rev_id = {};  ///< empty: twelve random hexadecimal digits
  /// What the revision comes after: symbols as `revision --head` and `merge` take them. `base` for
  /// a new base.
  std::vector<std::string> heads = {"head"};
  bool splice = false;  ///< parents need not be heads
  std::vector<std::string> branch_labels = {};
  std::string version_path = {};  ///< empty: the only version location, or the first parent's
  std::vector<std::string> depends_on = {};
  std::string upgrades = {};  ///< what the sections, or functions, say; usually nothing
  std::string downgrades = {};
};

/// Taken from Settings by the caller.
struct NewRevisionSettings {
  std::string file_template = "%(rev)s_%(slug)s";
  std::string timezone = {};  ///< empty: local time
  int truncate_slug_length = 40;
};

/// The world a new revision is written into.
struct NewRevisionPorts {
  base::FileSystem& files;
  base::Clock& clock;
  base::Random& random;
  const base::Environment& environment;
};

struct NewRevision {
  Script script = {};  ///< as read back from the text that was written
  std::string text = {};
  std::vector<std::string> notes = {};  ///< what the user should know, a sentence each
};

/// What write_new_revision() would write, and where; nothing is written yet. All that can be wrong
/// is found here: throws Error{kRevision} for heads, ids, labels and dependencies (Alembic's
/// texts), Error{kScript} for a version path, Error{kConfig} for a time zone or file template,
/// Error{kScript} for a template that gives no such revision.
NewRevision plan_new_revision(const ScriptDirectory& directory, const NewRevisionRequest& request,
                              const NewRevisionSettings& settings, const NewRevisionPorts& ports);

/// The same for several of which each comes after the one before it: `heads` and `depends_on` count
/// of the first alone.
std::vector<NewRevision> plan_new_revisions(const ScriptDirectory& directory,
                                            const std::vector<NewRevisionRequest>& requests,
                                            const NewRevisionSettings& settings,
                                            const NewRevisionPorts& ports);

/// Writes it, with its directory. Throws Error{kScript} if a file of that name exists: nothing is
/// ever overwritten.
void write_new_revision(const NewRevision& revision, base::FileSystem& files);

}  // namespace capo::script
