#pragma once

#include <string>
#include <string_view>

#include "capo/revisions.hpp"
#include "operation/recorder.hpp"
#include "script/directory.hpp"

/// Revisions of a table that is compiled into the program.
namespace capo::script {

/// The revision and its kind: all that is asked of thousands of them.
Script compiled_outline(const CompiledRevision& compiled);

/// What the rest of capo knows of a revision, without reading anything. Its path counts from `root`
/// if that is not empty.
Script compiled_script(const CompiledRevision& compiled, const std::string& root);

/// What a revision in C++ asks for, by calling its function. Throws what that throws, with the
/// revision's id and place; Error{kScript} for what is no capo::Error.
Content record_revision(const Script& script, const CompiledRevision& compiled,
                        revision::Direction direction, Operations::Recorder recorder);

}  // namespace capo::script
