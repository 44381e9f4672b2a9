#pragma once

#include <initializer_list>
#include <string_view>

/// A history of revisions that is compiled into a program: constants, and a table that points to
/// them. Each revision in C++ makes its constant by CAPO_REVISION (migration.hpp); the table is
/// written by capo_add_migrations() of the CMake package.
/// Nothing here is copied or freed: it is all there before main() and stays.
namespace capo {

class Operations;

/// A few names in a constant. More than fit are a compile error.
class RevisionNames {
 public:
  static constexpr int kMost = 6;

  constexpr RevisionNames() = default;
  constexpr RevisionNames(std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) names_[size_++] = name;
  }
  constexpr const std::string_view* begin() const { return names_; }
  constexpr const std::string_view* end() const { return names_ + size_; }

 private:
  std::string_view names_[kMost] = {};  // all of a history's lie in memory when a program starts
  int size_ = 0;
};

/// Yes, no, or whatever the run says.
class Choice {
 public:
  constexpr Choice() = default;
  constexpr Choice(bool yes) : value_(yes ? kYes : kNo) {}  // NOLINT(google-explicit-constructor)
  constexpr bool is_made() const { return value_ != kOpen; }
  constexpr bool is_yes() const { return value_ == kYes; }

 private:
  enum Value : char { kOpen, kYes, kNo };
  Value value_ = kOpen;
};

/// What CAPO_REVISION makes known of a revision; a constant.
struct Revision {
  std::string_view token = {};
  std::string_view id = {};  ///< only if the token cannot say it, because it is no C++ word: `a-1`
  RevisionNames down_revision = {};  ///< none: a base; several: a merge
  RevisionNames branch_labels = {};
  RevisionNames depends_on = {};
  std::string_view message = {};
  std::string_view create_date = {};
  /// False: each statement commits by itself; a failure leaves the revision half done.
  bool transactional = true;
  /// PostgreSQL: statements that would keep others waiting run in gentle steps (docs/online.md),
  /// also without --online; false: never.
  Choice online = {};
  /// What going up and down again does not bring back, so that `capo verify` does not complain:
  /// `items.title, notes`, or `*`.
  std::string_view loses_data = {};
  void (*upgrade)(Operations&) = nullptr;
  void (*downgrade)(Operations&) = nullptr;
  std::string_view file = {};
  int line = 0;
};

/// A revision and what the build knew of its file. Every pointer in it costs a program with
/// thousands of them time when it starts, so texts that are read together are one text.
struct CompiledRevision {
  const Revision* revision = nullptr;  ///< in C++; of one in SQL or Python, `header` tells
  /// Of what its upgrade says: the text of a C++ file, the upgrade sections of a SQL file. 64
  /// hexadecimal digits.
  std::string_view checksum = {};
  /// The whole text of a SQL revision; empty for others.
  std::string_view sql = {};
  /// Where its file was, from the folder of the ini file: `alembic/versions/001_add_users.cpp`.
  std::string_view path = {};
  /// The comment at the top of the file, for `capo show`. May be empty.
  std::string_view doc = {};
  /// Of a revision in SQL or Python, a line each: id, down revisions, branch labels, what it
  /// depends on, date; and the message, to the end. Several in a line are parted by tabs.
  std::string_view header = {};
};

/// The table: a view of `count` revisions, in the order of their paths.
struct Revisions {
  const CompiledRevision* first = nullptr;
  decltype(sizeof 0) count = 0;

  constexpr const CompiledRevision* begin() const { return first; }
  constexpr const CompiledRevision* end() const { return first + count; }
};

}  // namespace capo
