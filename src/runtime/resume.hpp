#pragma once

#include <string>

#include "dialect/dialect.hpp"
#include "revision/plan.hpp"
#include "runtime/journal.hpp"
#include "runtime/migration.hpp"
#include "runtime/work.hpp"
#include "script/directory.hpp"

/// Carrying on with a step that a crash or an error left half done.
namespace capo::runtime {

/// Compares what the journal says has run with what the revision's file says now, and where the
/// journal only knows that a statement began, looks at the traces it would have left. Reads the
/// database, changes nothing.
///
/// Throws Error{kScript} if a statement that has run was edited since, {kInDoubt} if there is no
/// telling whether a statement took effect and `options` do not say what to do then.
Resume resume(dialect::Connection& connection, const dialect::Dialect& dialect,
              const Options& options, const OpenRevision& open, const Work& work);

/// The error of a request that does not carry on with what is half done.
Error half_done_error(const HalfDone& half_done, const revision::Graph& graph);

/// "upgrade of 007": what a step does, for messages.
std::string title(revision::Direction direction, std::string_view revision);

}  // namespace capo::runtime
