#pragma once

#include <span>

#include "dialect/dialect.hpp"

/// See Dialect::reflect(), reflect_script() and expected().
namespace capo::dialect::sqlite {

Reflection reflect(Connection& connection, const ReflectOptions& options);
Reflection reflect_script(Connection& connection, std::span<const Statement> statements,
                          const ReflectOptions& options);
Table expected(const Table& table);

}  // namespace capo::dialect::sqlite
