#pragma once

#include <string_view>

/// What the runtime must know of a statement, told by its first words. None of them throws.
namespace capo::dialect::postgresql {

/// See Dialect.
std::string_view transaction_control(std::string_view statement);
std::string_view outside_transaction_reason(std::string_view statement);
bool must_run_alone(std::string_view statement);
bool is_session_state(std::string_view statement);

}  // namespace capo::dialect::postgresql
