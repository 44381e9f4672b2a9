#pragma once

#include <string>
#include <vector>

#include "capo/capo.hpp"
#include "config/settings.hpp"
#include "dialect/reflect.hpp"
#include "schema/schema.hpp"

namespace capo::cli {

/// Leaves out of a schema what is not to be compared: capo's own tables, what the ini excludes,
/// what the project's hooks say no to.
class SchemaFilter {
 public:
  /// Keeps references. `project` may be null.
  SchemaFilter(const config::Settings& settings, const Project* project)
      : settings_(settings), project_(project) {}

  /// `is_there`: the schema is that of the database as it is, see SchemaObject.
  void apply(schema::Schema& schema, bool is_there) const;
  /// The same, and what is said about the tables that are left out.
  void apply(dialect::Reflection& reflection, bool is_there) const;

 private:
  bool keeps_table(const std::string& schema, const std::string& name) const;
  bool keeps(const SchemaObject& object) const;
  void filter_parts(Table& table, bool is_there) const;

  const config::Settings& settings_;
  const Project* project_;
};

/// Whether a name is one of a pattern, in which `*` stands for any characters and `?` for one.
bool matches(std::string_view pattern, std::string_view name);

}  // namespace capo::cli
