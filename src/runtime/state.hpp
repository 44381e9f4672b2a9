#pragma once

#include <string>
#include <vector>

#include "dialect/dialect.hpp"
#include "revision/graph.hpp"
#include "runtime/journal.hpp"
#include "runtime/migration.hpp"
#include "runtime/sink.hpp"
#include "script/directory.hpp"

namespace capo::runtime {

/// A revision that the journal says was upgraded or downgraded.
struct DoneRevision {
  std::string revision = {};
  revision::Direction direction = revision::Direction::kUpgrade;
  std::string checksum = {};
};

/// The tables of capo as they are in a database; all of it empty in one that capo has not seen.
struct Reading {
  Versions versions = {};
  bool journal_exists = false;
  std::vector<OpenRevision> open = {};  ///< latest first
  std::vector<DoneRevision> done = {};  ///< oldest first
};

/// Changes nothing, creates nothing. Throws Error{kDatabase}, {kConnection}.
Reading read(dialect::Connection& connection, const dialect::Dialect& dialect,
             const Options& options);

/// The revision that is half done in truth: what the journal calls so may have been finished or
/// taken back by other means, as the version rows then show.
const OpenRevision* half_done(const Reading& reading, const revision::Graph& graph);

/// The others of what the journal calls half done. It must be told before the version rows change:
/// after a downgrade of what was finished by other means, it would be taken for half done.
std::vector<HalfDone> settled_elsewhere(const Reading& reading, const revision::Graph& graph);

/// Applied revisions that read otherwise than when they were applied, in load order.
std::vector<std::string> edited_revisions(const Reading& reading,
                                          const script::ScriptDirectory& scripts);

}  // namespace capo::runtime
