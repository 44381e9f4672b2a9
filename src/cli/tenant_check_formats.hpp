#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "tenancy/check.hpp"

/// What `capo tenant check` has found, in the forms of `capo lint`.
namespace capo::cli {

std::string in_words(const std::vector<tenancy::Finding>& findings);
base::Json in_json(const std::vector<tenancy::Finding>& findings);
/// SARIF 2.1.0. A finding of the database has no file: its place is `ini`, which describes tenants.
base::Json in_sarif(const std::vector<tenancy::Finding>& findings, const std::string& ini);
/// `2 errors, 1 warning, 3 notes`.
std::string counts(const std::vector<tenancy::Finding>& findings);

base::Json check_in_json(const tenancy::Check& check);
std::string check_in_words(const tenancy::Check& check);

}  // namespace capo::cli
