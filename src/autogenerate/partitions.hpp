#pragma once

#include <deque>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "autogenerate/plan.hpp"
#include "autogenerate/sides.hpp"

namespace capo::autogenerate {

/// Whether the table hangs on another in both states, but on another, or with other rows.
inline bool is_moved(const Table& from, const Table& to) {
  return from.options.partition_of != to.options.partition_of;
}

/// What becomes of partitioned tables, partitions and tables that inherit. What no database can
/// alter stays as it is, with all that hangs on it, and a note says so.
class Partitions {
 public:
  Partitions(const Sides& sides, Plan& plan);

  /// A table that is not made, or does not go, because its parent is not partitioned as it should
  /// be.
  bool is_left_alone(const Table& table) const;
  /// A table that inherits from others than it should: its columns cannot be compared.
  static bool has_other_parents(const Table& from, const Table& to) {
    return from.options.inherits != to.options.inherits;
  }
  /// Notes on what stays as it is.
  void note_what_stays(const Table& from, const Table& to);
  void note_left_alone(const Table& table, std::string_view what);

  /// A partition that is attached, detached, or both: compared are the tables that it is in
  /// between. `compare` is given their two states.
  template <class Compare>
  void move(const Table& from, const Table& to, Compare&& compare) {
    if (is_left_alone(from.options.partition_of ? from : to)) {
      note_left_alone(to, "stays what it is");
      return;
    }
    const Moved moved = take_off(from, to);
    compare(moved.from, moved.to);
    put_on(to, moved);
  }

  /// A new partition that has to wait until its parent has the columns that it is to have.
  bool is_late(const Table& table) const;
  /// Adds what makes the table, and what drops it. PostgreSQL drops a partition of a table that
  /// others refer to only once it is by itself.
  void make(const Table& table);
  void drop(const Table& table, Step step);
  /// Foreign keys that refer to the rows of partitions that are moved: they go before and come
  /// back.
  void free_foreign_keys();

 private:
  struct Moved {
    Table from;
    Table to;
    std::vector<ForeignKey> given = {};  ///< made when it is attached
  };

  Moved take_off(const Table& from, const Table& to);
  void put_on(const Table& to, const Moved& moved);
  bool is_referred_to(const Table& partition) const;
  void shake(const ByKey<Table>& tables, const Table& partition);

  const Sides& sides_;
  Plan& plan_;
  std::unordered_set<std::string> stuck_ = {};     ///< partitioned otherwise than they should be
  std::unordered_set<std::string> referred_ = {};  ///< by a foreign key
  std::unordered_set<std::string> shaken_ = {};    ///< lose or get a partition that stays
  std::unordered_set<std::string> moved_ = {};
};

/// The tables that a partition is one of, its parent first, by their keys.
std::vector<std::string> ancestors_of(const ByKey<Table>& tables, const Table& table);

/// In an order in which parents come before their partitions.
std::vector<const Table*> parents_first(const ByKey<Table>& tables,
                                        std::vector<const Table*> chosen);

}  // namespace capo::autogenerate
