#pragma once

#include <string>
#include <string_view>

/// Answers that are files: `tests/golden/<name>`.
namespace capo::test {

/// Fails the running test if the file does not say exactly `got`. What was got is written to
/// `golden/<name>` in the build folder; `tools/approve` takes it from there, to be read with
/// `git diff`.
///
/// With `what_matters`, both sides are compared after it, and nothing is written.
void expect_golden(const std::string& name, std::string_view got,
                   std::string (*what_matters)(std::string_view) = nullptr);

/// Fails the running test for each file of the folder `tests/golden/<folder>` that this program has
/// not compared yet: nobody keeps it true any more.
void expect_no_orphans(const std::string& folder);

}  // namespace capo::test
