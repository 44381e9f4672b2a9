#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dialect/sql_writer.hpp"

/// Statements that put back what goes with an object when it is made again. `kind` is as SQL has
/// it: `VIEW`; `object` is a name as it is written, with its arguments if it has some.
namespace capo::dialect::postgresql {

std::string written(const QualifiedName& name);

std::string comment_on(std::string_view kind, const std::string& object,
                       const std::string& comment);
std::string comment_on_column(const QualifiedName& table, const std::string& column,
                              const std::string& comment);
/// Of a trigger or policy.
std::string comment_on_part(std::string_view kind, const std::string& name,
                            const QualifiedName& table, const std::string& comment);
std::string alter_owner(std::string_view kind, const std::string& object, const std::string& owner);
std::string revoke_from_public(std::string_view kind, const std::string& object);
/// `on` is what follows ON; a column may be empty; an empty role is everybody.
std::string grant(const std::vector<std::string>& privileges, const std::string& column,
                  const std::string& on, const std::string& role, bool may_grant);

}  // namespace capo::dialect::postgresql
