#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "dialect/sqlite/parts.hpp"
#include "dialect/sqlite/rebuild.hpp"
#include "dialect/sqlite/shadow.hpp"

namespace capo::dialect::sqlite {

/// The statements of operations that run in one transaction, with rebuilds of one table that can be
/// one merged into the first of them.
///
/// They can if nothing between them reads or changes the table, and if the rows would come out the
/// same: nothing that only the table between them says may be lost by leaving it out. Whether the
/// schema is the same afterwards, SQLite tells: both ways are gone in the shadow.
class RebuildLog {
 public:
  /// Keeps the references. The shadow must be left alone by others until this is destroyed.
  RebuildLog(Shadow& shadow, const Parts& parts) : shadow_(shadow), parts_(parts) {}
  ~RebuildLog();
  RebuildLog(const RebuildLog&) = delete;
  RebuildLog& operator=(const RebuildLog&) = delete;

  /// The next operation begins.
  void begin_operation() { ++operations_; }
  /// A rebuild that the operation asks for, after the statements in `out`, which are taken. Throws
  /// what rebuild() throws.
  void add(const Rebuild& plan, Statements& out);
  /// What the operation ends with; `is_brought_along`: it is somebody else's, and may do anything.
  void end_operation(Statements rest, bool is_brought_along);
  /// For each operation, all of it.
  std::vector<Statements> take();

 private:
  struct Entry {
    std::size_t operation = 0;
    Statements statements = {};
    std::optional<Rebuild> plan = {};  ///< of a rebuild
    std::string before = {};           ///< the table's text before it
    std::string place = {};            ///< of the shadow before it
    bool is_in_the_way = false;        ///< of any merging
  };

  void take_plain(Statements& out, bool is_brought_along);
  Entry carried_out(const Rebuild& plan);
  void carry_out_again(Entry& entry);
  std::optional<std::size_t> find_partner(const Entry& entry);
  bool is_apart(const Entry& between, const Entry& first, const Entry& second);
  void merge(std::size_t first, Entry second);

  Shadow& shadow_;
  const Parts& parts_;
  std::size_t operations_ = 0;
  std::vector<Entry> entries_ = {};
};

}  // namespace capo::dialect::sqlite
