#pragma once

#include <string>
#include <vector>

#include "dialect/facts.hpp"
#include "lint/catalog.hpp"

namespace capo::lint {

/// What is to be said of a statement above it, a line each: the locks that somebody may have to
/// wait for, what takes as long as there are rows, what is lost, and what is not known.
///
///     items: ACCESS EXCLUSIVE, instant
///     rewrites items (1.2 GB, about 40 s here)
///
/// `effects` are those that concern others (on_others()); sizes come from `catalog`, times from
/// `pace`; what is not known of them is left out.
std::vector<std::string> notes(const Effects& effects, const Catalog& catalog,
                               const dialect::Pace& pace);

/// `1.2 GB`, `640 kB`.
std::string size_in_words(double bytes);
/// `about 40 s`, `under a second`, `about 3 min`.
std::string time_in_words(double seconds);

}  // namespace capo::lint
