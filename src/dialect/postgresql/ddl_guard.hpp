#pragma once

#include <string>
#include <string_view>

#include "dialect/sql_writer.hpp"
#include "dialect/statement.hpp"

namespace capo::dialect::postgresql {

inline std::string_view if_exists(bool guard) { return guard ? "IF EXISTS " : ""; }
inline std::string_view if_not_exists(bool guard) { return guard ? "IF NOT EXISTS " : ""; }
inline std::string_view cascade(bool with) { return with ? " CASCADE" : ""; }
inline SqlText words(std::string_view text) { return SqlText(std::string(text)); }

Statement statement(std::string sql);
/// A condition: there is no type of that name.
std::string no_type(const QualifiedName& name);
/// A DO block that runs `sql` only if `condition` is true.
Statement only_if(std::string_view condition, std::string_view sql);
/// A role where one may be named that is none: PUBLIC and the like are words, not names.
std::string role_word(const std::string& name);
/// In dollar quotes that `text` does not end.
std::string dollar_quoted(std::string_view text);

}  // namespace capo::dialect::postgresql
