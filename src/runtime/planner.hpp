#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dialect/dialect.hpp"
#include "revision/plan.hpp"
#include "runtime/migration.hpp"
#include "runtime/state.hpp"
#include "runtime/work.hpp"
#include "script/directory.hpp"

namespace capo::runtime {

/// What to do on a database as it was read.
struct Plan {
  std::vector<Work> works = {};
  /// False: there may be more to do after this. What is half done has its turn first, and then all
  /// is planned again.
  bool is_whole = true;
  std::string warning = {};  ///< what is doubtful about the request
};

/// Makes plans of `upgrade`, `downgrade` and `stamp`, and takes what is half done into account.
class Planner {
 public:
  /// Keeps references. The plans' works live as long as it does.
  Planner(const script::ScriptDirectory& scripts, const dialect::Dialect& dialect,
          const Options& options)
      : scripts_(scripts),
        dialect_(dialect),
        options_(options),
        compiler_(scripts, dialect, options.online) {}

  /// True if the request leaves nothing to do, as far as can be told without the deployment lock:
  /// what is half done may be the work of a deployer that is at it right now.
  bool is_fulfilled(const Reading& reading, revision::Direction direction,
                    std::string_view target) const;
  /// `connection` is for looking at the traces of what is half done; null if there is no database,
  /// and so nothing half done. Throws Error{kRevision}, {kScript}, {kInDoubt}.
  Plan plan(const Reading& reading, revision::Direction direction, std::string_view target,
            dialect::Connection* connection);
  /// One revision alone, see Migration::take_back().
  std::vector<Work> plan_take_back(const Reading& reading, std::string_view revision,
                                   dialect::Connection& connection);
  std::vector<Work> plan_stamp(const revision::Rows& rows, const std::vector<std::string>& targets);
  /// The plans that follow take these works as carried out, although they are not: a preview.
  void assume(const std::vector<Work>& works);

 private:
  std::vector<revision::Step> steps(const Reading& reading, revision::Direction direction,
                                    std::string_view target, std::string& warning) const;
  Plan plan_with_half_done(const Reading& reading, const OpenRevision& open,
                           std::vector<revision::Step> steps, dialect::Connection& connection);

  Beginning beginning(dialect::Connection* connection) const;

  const script::ScriptDirectory& scripts_;
  const dialect::Dialect& dialect_;
  const Options& options_;
  Compiler compiler_;
  std::vector<dialect::Statement> assumed_ = {};
};

}  // namespace capo::runtime
