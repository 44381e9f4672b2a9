#pragma once

#include <vector>

#include "base/fs.hpp"
#include "base/system.hpp"
#include "config/settings.hpp"
#include "dialect/examination.hpp"

namespace capo::proof {

/// What the ini file and `.env` say, where they are and what is doubtful about them: keys that
/// nothing reads, files with a password that others can read. No value is ever told.
std::vector<dialect::Finding> examine_configuration(const config::Settings& settings,
                                                    const base::FileSystem& files,
                                                    const base::Environment& environment);

}  // namespace capo::proof
