#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace capo::dialect::postgresql {

/// Values that a script adds to an enum of its own go into the statement that makes it: before
/// version 17 the server lets nobody use a value in the transaction that added it.
class EnumFolder {
 public:
  /// If `sql` makes an enum, it is statement number `number` and known from now on.
  void note(std::string_view sql, std::size_t number);

  struct Addition {
    std::size_t number = 0;   ///< of the statement that makes the enum
    std::string value = {};   ///< as it is written, in quotes
    std::string beside = {};  ///< the value before or after which it belongs; empty: the last
    bool after = false;
    bool guarded = false;
  };
  /// What `sql` adds to an enum that is known; nothing if it does something else. An enum that is
  /// changed in another way is known no more.
  std::optional<Addition> addition(std::string_view sql);

 private:
  std::map<std::string, std::size_t> made_ = {};
};

/// `CREATE TYPE … AS ENUM (…)` with one value more; nothing if it does not fit in.
std::optional<std::string> with_value(std::string_view create,
                                      const EnumFolder::Addition& addition);

}  // namespace capo::dialect::postgresql
