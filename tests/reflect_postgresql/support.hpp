#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/dialect.hpp"
#include "support/database.hpp"

/// A PostgreSQL database of a test's own, as capo reads it.
namespace capo::test {

const dialect::Dialect& postgresql();

std::unique_ptr<dialect::Connection> connect_to(const Database& database);

/// A script's statements, each with its place in `schema.sql`.
std::vector<dialect::Statement> statements_of(std::string_view script);

/// Schema, then `! object: what` for what is not represented, `> object -> other (column)` for a
/// dependency, `+ object: statement` for what is put back.
std::string dump(const dialect::Reflection& reflection);

/// Fails the test unless `read` is what `tests/golden/reflect_postgresql/<name>.txt` says of `script`.
/// The files hold what 15 says, or a later version if `since` is later. On any other it may be said
/// in other words: expressions with more or fewer parentheses, columns with or without their table.
void expect_read_as(const std::string& name, std::string_view script, const std::string& read,
                    int since);

/// Fails the test unless the server has no such thing.
void expect_refused(Database& database, const std::string& script);

/// Makes all that `schema` holds on an empty database. Whatever needs another that is not there yet
/// waits for it; fails the test if nothing goes on any more.
void make(dialect::Connection& connection, const schema::Schema& schema);

}  // namespace capo::test
