#pragma once

#include <string>
#include <vector>

/// A second connection that watches a first one at work.
namespace capo::dialect {

struct SeenLock {
  std::string relation = {};
  std::string mode = {};  ///< `ACCESS EXCLUSIVE`
  bool granted = true;    ///< false: it is waited for

  friend bool operator==(const SeenLock&, const SeenLock&) = default;
};

/// A table, index or materialised view, and the file it lies in.
struct RelationFile {
  std::string id = {};  ///< stays when the name or the file changes
  std::string relation = {};
  std::string kind = {};  ///< `table`, `index`, …
  std::string file = {};  ///< another one after a rewrite
  long long bytes = 0;
  long long rows = -1;  ///< as the database estimates; -1: unknown
};

class Observer {
 public:
  virtual ~Observer() = default;
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;

  /// The locks that the process holds or waits for at this moment, or all clients of the database
  /// if none was named; without those of the catalog.
  virtual std::vector<SeenLock> locks() = 0;
  /// All relations as they are for others: what is not committed is not seen.
  virtual std::vector<RelationFile> relations() = 0;
};

}  // namespace capo::dialect
