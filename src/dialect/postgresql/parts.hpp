#pragma once

#include "dialect/ddl_parts.hpp"

namespace capo::dialect::postgresql {

/// Bytes of a name; the server cuts off the rest.
inline constexpr std::size_t kLongestName = 63;

/// PostgreSQL's types, literals and clauses.
class Parts final : public DdlParts {
 public:
  std::string_view dialect() const override { return "postgresql"; }
  SqlWriter writer() const override;
  std::string type_name(const Type& type) const override;
  std::string literal(const capo::Literal& value) const override;
  std::string identity(const Identity& identity) const override;
  /// ` START WITH 1 INCREMENT BY 2 …`.
  std::string sequence_options(const SequenceOptions& options) const;

 protected:
  std::string parent(const Table& table) const override;
  std::string table_options(const Table& table) const override;
  std::string create_table_words(const Table& table) const override;
  void check(const Constraint& constraint) const override;
  void check(const Index& index) const override;
};

}  // namespace capo::dialect::postgresql
