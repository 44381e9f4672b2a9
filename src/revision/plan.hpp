#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "revision/graph.hpp"

/// From "where the rows are" and "where to go" to an ordered list of steps, each with what it does
/// to the rows of the version table. Pure; throws Error{kRevision} with Alembic's messages.
namespace capo::revision {

enum class Direction { kUpgrade, kDowngrade, kStamp };

/// `upgrade`, `downgrade`, `stamp`.
std::string_view to_string(Direction direction);

/// One change of the version table.
struct VersionChange {
  enum class Kind { kInsert, kDelete, kUpdate };
  Kind kind = Kind::kInsert;
  std::string from = {};  ///< the row deleted or updated
  std::string to = {};    ///< the row inserted, or what the updated row becomes

  friend bool operator==(const VersionChange&, const VersionChange&) = default;
};

struct Step {
  Direction direction = Direction::kUpgrade;
  /// The revision whose upgrade() or downgrade() runs; none for a stamp.
  std::string revision = {};
  std::string message = {};
  /// For "Running upgrade a, b -> c": the versioned parents on the one side, the revision on the
  /// other.
  std::vector<std::string> from = {};
  std::vector<std::string> to = {};
  /// In the order in which they must run.
  std::vector<VersionChange> changes = {};
};

/// Rows of the version table, in the order the database gave them.
using Rows = std::vector<std::string>;

/// Steps from the rows up to the target: `head`, `heads`, an id, `+2`, `branch@head`, … Empty if
/// all of it is applied.
std::vector<Step> plan_upgrade(const Graph& graph, const Rows& rows, std::string_view target);
/// Steps down to the target, which stays; `base`: all. `warning`, if given, receives what is
/// doubtful about the request (`-1` with several rows), else stays as it is.
std::vector<Step> plan_downgrade(const Graph& graph, const Rows& rows, std::string_view target,
                                 std::string* warning = nullptr);
/// The one step that takes back `id`, whatever else is applied.
Step plan_take_back(const Graph& graph, const Rows& rows, std::string_view id);
/// Moves of the version table alone.
std::vector<Step> plan_stamp(const Graph& graph, const Rows& rows,
                             const std::vector<std::string>& targets);

/// The rows after the changes of one step. Throws Error{kRevision} if a changed row is not there.
Rows rows_after(const Rows& rows, const Step& step);

}  // namespace capo::revision
