// A connection that somebody else has opened, as a place to work on.

#include <memory>
#include <string>
#include <string_view>

#include "capo/error.hpp"
#include "dialect/postgresql/connection.hpp"
#include "dialect/postgresql/libpq.hpp"

namespace capo::dialect::postgresql {
namespace {

// How it was opened, as options that open another one: the deployment lock needs one of its own.
ConnectOptions options_of(PGconn* connection) {
  struct FreeOptions {
    void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
  };
  const std::unique_ptr<PQconninfoOption, FreeOptions> known(PQconninfo(connection));
  ConnectOptions options;
  for (const PQconninfoOption* option = known.get();
       option != nullptr && option->keyword != nullptr; ++option) {
    if (option->val == nullptr || *option->val == '\0') continue;
    const std::string_view keyword = option->keyword;
    if (keyword == "client_encoding") continue;  // capo's own is UTF-8
    std::string value = option->val;
    if (keyword == "host") {
      options.host = std::move(value);
    } else if (keyword == "port") {
      options.port = std::move(value);
    } else if (keyword == "user") {
      options.username = std::move(value);
    } else if (keyword == "password") {
      options.password = std::move(value);
    } else if (keyword == "dbname") {
      options.database = std::move(value);
    } else {
      options.parameters.emplace_back(keyword, std::move(value));
    }
  }
  return options;
}

}  // namespace

ConnectOptions borrow(void* handle) {
  auto* const connection = static_cast<PGconn*>(handle);
  if (PQstatus(connection) != CONNECTION_OK) {
    throw Error(ErrorCode::kConnection, "the PostgreSQL connection is broken")
        .detail(libpq_message(connection));
  }
  if (PQtransactionStatus(connection) != PQTRANS_IDLE) {
    throw Error(ErrorCode::kConnection, "the PostgreSQL connection is in a transaction, or busy")
        .hint("end it first: capo begins and ends its own");
  }
  const std::string encoding = parameter_status(connection, "client_encoding");
  if (encoding != "UTF8") {
    throw Error(ErrorCode::kConnection, "the PostgreSQL connection has client_encoding " +
                                            encoding + ": capo's texts are UTF-8")
        .hint("PQsetClientEncoding(connection, \"UTF8\") changes it");
  }
  ConnectOptions options = options_of(connection);
  options.borrowed = handle;
  return options;
}

}  // namespace capo::dialect::postgresql
