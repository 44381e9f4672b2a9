#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lint/hazard.hpp"
#include "lint/lock_mode.hpp"

/// What a statement does to a live database besides what it is written for.
namespace capo::lint {

/// A relation, type or function. An empty schema is the default one, also where the SQL names it.
struct ObjectName {
  std::string schema = {};
  std::string name = {};

  /// `items`, `reports.items`.
  std::string text() const { return schema.empty() ? name : schema + "." + name; }

  friend bool operator==(const ObjectName&, const ObjectName&) = default;
  friend auto operator<=>(const ObjectName&, const ObjectName&) = default;
};

/// The strongest lock that a statement takes on a relation, held until its transaction ends.
struct RelationLock {
  ObjectName relation = {};
  LockMode mode = LockMode::kNone;
  bool is_index = false;

  friend bool operator==(const RelationLock&, const RelationLock&) = default;
};

/// A row of the matrix that a statement, or one command of it, comes under.
struct Hazard {
  HazardKind kind = HazardKind::kHarmless;
  ObjectName on = {};       ///< the table; of what has none, the object
  std::string object = {};  ///< the column, constraint, index, trigger … that it is about; or empty
  ObjectName other = {};    ///< the table it refers to, the parent, the source; or empty

  friend bool operator==(const Hazard&, const Hazard&) = default;
};

struct Effects {
  std::vector<Hazard> hazards = {};
  std::vector<RelationLock> locks = {};
  std::vector<ObjectName> rewrites = {};   ///< every row is written anew, and every index with it
  std::vector<ObjectName> rebuilds = {};   ///< indexes that are built anew, the table is not
  std::vector<ObjectName> builds = {};     ///< tables over which a new index is built
  std::vector<ObjectName> scans = {};      ///< every row is read while the locks are held
  std::vector<std::string> destroys = {};  ///< "the values of items.title", "every row of items"
  /// Waits for transactions of others to end, besides those that hold a lock it wants.
  bool waits_for_transactions = false;
  /// Why it cannot be judged, or not wholly: "a DO block runs code that is not looked into".
  std::string unknown = {};

  LockMode strongest() const;
  /// Reads or writes as much as there are rows, with a lock that keeps writers out.
  bool is_long_under_lock() const;

  void lock(const ObjectName& relation, LockMode mode, bool is_index = false);
  void scan(const ObjectName& table);
  void rewrite(const ObjectName& table);
  void build(const ObjectName& table);
  void say_unknown(std::string_view why);

  friend bool operator==(const Effects&, const Effects&) = default;
};

}  // namespace capo::lint
