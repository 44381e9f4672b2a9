#pragma once

#include <string>

#include "capo/error.hpp"

namespace capo::base {

/// The same error, which says first whose it is ("revision 001, in upgrade()"), and where, if it
/// does not know that itself.
Error in_context(const Error& error, const std::string& whose, const SourcePosition& place);

}  // namespace capo::base
