#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "capo/metadata.hpp"
#include "capo/table_operation.hpp"

/// The names of constraints and indexes, as SQLAlchemy chooses them. Pure functions.
namespace capo::schema {

/// What the tokens of a pattern stand for.
struct NameParts {
  std::string_view table = {};
  std::string_view schema = {};
  Names columns = {};
  std::string_view referred_table = {};
  Names referred_columns = {};
};

/// Fills a pattern in. `given` is what `%(constraint_name)s` stands for. Throws Error{kSchema} that
/// names the pattern and the table: an unknown token, one that nothing is known for.
std::string fill_in(std::string_view pattern, const NameParts& parts, std::string_view given);

/// With at most `longest` bytes (0: any number): the rest is cut off and a part of the hash takes
/// its place.
std::string cut(std::string name, std::size_t longest);

/// Names by one convention, for one database: `longest` is the number of bytes that a name may have
/// there, 0 if there is no limit. Names that a convention made, or f(), are final afterwards; so
/// nothing changes the second time. All throw as fill_in() does.
class Namer {
 public:
  Namer(NamingConvention convention, std::size_t longest)
      : convention_(std::move(convention)), longest_(longest) {}

  void name(const Table& table, Constraint& constraint) const;
  void name(const Table& table, Index& index) const;
  /// All of a table. `.unique` and `.index` of columns become what they stand for, with a name: a
  /// constraint, an index, or if both are said a unique index.
  void name_all(Table& table) const;
  /// The indexes of a materialised view.
  void name_all(View& view) const;
  /// What `.index`, and `.unique` beside it, of a column stands for.
  Index index_of(const Table& table, const Column& column) const;
  /// True if `.unique` of a column becomes a constraint that has a name.
  bool names_uniques() const { return !convention_.uq.empty(); }

 private:
  ConstraintName chosen(const ConstraintName& given, std::string_view pattern,
                        const NameParts& parts) const;

  NamingConvention convention_;
  std::size_t longest_;
};

}  // namespace capo::schema
