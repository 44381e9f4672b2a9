#pragma once

#include <string>
#include <string_view>

#include "dialect/sql_writer.hpp"

/// Statements that put back what goes with an object when it is made again.
namespace capo::dialect::postgresql {

/// `kind` as SQL has it: `VIEW`.
std::string comment_on(std::string_view kind, const QualifiedName& name,
                       const std::string& comment);
std::string comment_on_column(const QualifiedName& table, const std::string& column,
                              const std::string& comment);
/// Of a trigger or policy.
std::string comment_on_part(std::string_view kind, const std::string& name,
                            const QualifiedName& table, const std::string& comment);

}  // namespace capo::dialect::postgresql
