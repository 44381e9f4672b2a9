#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "support/project.hpp"

/// The history that the crash tests interrupt: three revisions, eight statements each way, of a
/// kind that tells when one of them ran twice or not at all.
namespace capo::test {

enum class Transactions {
  kInside,   ///< every revision in a transaction
  kOutside,  ///< the second of the three outside
};

/// Adds the revisions 001, 002 and 003.
void add_history(Project& project, Transactions transactions);

/// The same for PostgreSQL, with each of the eight statements waiting in its middle while somebody
/// holds its gate. The second revision is outside a transaction.
void add_gated_history(Project& project);
constexpr int kGates = 8;
/// Makes the gates in an empty database.
void make_gates(Database& database);
/// Closes gate `number` (1 to 8) while the session lives.
std::unique_ptr<Session> closed_gate(Database& database, int number);
/// Waits until a session stands before a closed gate.
void wait_until_at_gate(Database& database);

/// What the database looks like, the version table left out, when this many of the revisions are
/// applied (0 to 3). Found by running capo undisturbed; the database is empty again afterwards.
std::vector<std::string> stages(Project& project);

/// The objects and rows of a database without the version table.
std::string dump_without_versions(Database& database);

/// Waits until no client but this one is connected: a server goes on for a while after its client
/// was killed.
void wait_until_alone(Database& database);

/// Fails the test unless `capo current` says what the database holds: the version table's row; no
/// half-done revision where the objects are those of that row; and the revision that is half done,
/// by name, where they are not.
void expect_truthful_current(Project& project, const std::vector<std::string>& stages);

}  // namespace capo::test
