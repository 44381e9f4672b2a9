#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "capo/error.hpp"
#include "dialect/postgresql/connection.hpp"
#include "support/server.hpp"

namespace capo::test {

using dialect::Connection;
using dialect::ConnectOptions;
using dialect::Notice;
using dialect::Result;
using dialect::Row;
using dialect::Value;

using Parameters = std::vector<std::pair<std::string, std::string>>;

inline ConnectOptions options_for(const PostgresServer& server, const std::string& database,
                                  Parameters parameters = {}) {
  ConnectOptions options;
  options.host = server.socket_directory();
  options.port = std::to_string(server.port());
  options.username = "capo";
  options.database = database;
  options.parameters = std::move(parameters);
  return options;
}

/// The error that `action` throws; a failure if it throws none.
template <class Action>
Error error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error";
  return {ErrorCode::kInternal, "no error"};
}

/// First value of the first row.
inline std::string cell(Connection& connection, std::string_view sql,
                        std::vector<Value> parameters = {}) {
  const Result result = connection.query(sql, parameters);
  if (result.rows.empty()) return "no row";
  return result.rows[0].at(0).value_or("NULL");
}

/// A database of its own on the program's server for each test.
class Postgresql : public testing::Test {
 protected:
  Postgresql()
      : server_(server_of_this_program()),
        options_(options_for(server_, server_.create_database())) {}

  std::unique_ptr<Connection> connect() const { return dialect::postgresql::connect(options_); }

  PostgresServer& server_;
  ConnectOptions options_;
};

}  // namespace capo::test
