#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/project.hpp"

/// The histories that the crash tests interrupt: three revisions, eight statements each way, of a
/// kind that tells when one of them ran twice or not at all.
namespace capo::test {

enum class Transactions {
  kInside,   ///< every revision in a transaction
  kOutside,  ///< the second of the three outside
};

/// Three revisions, 001 to 003. The second is the one that may be half done.
struct History {
  std::vector<std::string> first_up, first_down;
  std::vector<std::string> second_up, second_down;
  std::vector<std::string> third_up, third_down;
  Transactions transactions = Transactions::kInside;
};

/// `kind` is "sqlite" or "postgresql".
History plain_history(std::string_view kind, Transactions transactions);

/// The same for PostgreSQL, each of its eight statements waiting in its middle while somebody holds
/// its gate. The second revision is outside a transaction. There is no way down.
History gated_history();
constexpr int kGates = 8;
/// Makes the gates in an empty database.
void make_gates(Database& database);
/// Closes gate `number` (1 to 8) while the session lives.
std::unique_ptr<Session> closed_gate(Database& database, int number);
/// Waits until a session stands before a closed gate.
void wait_until_at_gate(Database& database);

void write_history(Project& project, const History& history);

/// What the database looks like at each place where a run can stop, the version table left out.
struct Stages {
  std::vector<std::string> applied = {};    ///< with 0 to 3 revisions
  std::vector<std::string> second_up = {};  ///< with 001 and the first 0 … n statements of 002
  /// With 002 and the first 0 … n statements of its downgrade.
  std::vector<std::string> second_down = {};
};

/// Found by undisturbed runs of capo. `prepare` readies the empty database each time.
Stages find_stages(Project& project, const History& history, void (*prepare)(Database&));

/// The objects and rows of a database without the version table.
std::string dump_without_versions(Database& database);

/// Waits until no client but this one is connected: a server goes on for a while after its client
/// was killed.
void wait_until_alone(Database& database);

/// Fails the test unless `capo current` says what the database holds: the version table's row, and
/// either the objects are those of that row, or it tells which revision is half done and how many
/// of its statements are.
void expect_truthful_current(Project& project, const Stages& stages);

/// Fails the test if the error message of a run claims of the database what is not so: where it
/// stands, what was rolled back, what was kept. `begun_with`: the number of revisions applied
/// before the run.
void expect_truthful_words(const Outcome& outcome, Project& project, const Stages& stages,
                           std::size_t begun_with);

}  // namespace capo::test
