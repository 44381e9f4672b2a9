#include "dialect/postgresql/connect_error.hpp"

#include <gtest/gtest.h>

namespace capo::dialect::postgresql {
namespace {

TEST(PostgresqlConnectError, CausesAndHints) {
  ConnectOptions options;
  options.host = "db1";
  options.port = "5433";
  options.username = "o'neil";
  options.password = "secret";
  options.database = "app";
  struct Case {
    const char* text;
    const char* message;
    const char* hint;
  };
  const Case cases[] = {
      {"connection to server at \"db1\" (10.0.0.1), port 5433 failed: Connection refused\n"
       "\tIs the server running on that host and accepting TCP/IP connections?\n",
       "connection to server at \"db1\" (10.0.0.1), port 5433 failed: Connection refused",
       "is the server running there? Try: pg_isready -h db1 -p 5433"},
      {"connection to server on socket \"/run/.s.PGSQL.5433\" failed: No such file or directory\n"
       "\tIs the server running locally and accepting connections on that socket?\n",
       "connection to server on socket \"/run/.s.PGSQL.5433\" failed: No such file or directory",
       "is the server running there? Try: pg_isready -h db1 -p 5433"},
      {"connection to server at \"db1\" failed: FATAL:  database \"app\" does not exist\n",
       "connection to server at \"db1\" failed: FATAL:  database \"app\" does not exist",
       "create it, or correct the URL. Try: createdb -h db1 -p 5433 -U 'o'\\''neil' app"},
      {"x failed: FATAL:  role \"o'neil\" does not exist\n",
       "x failed: FATAL:  role \"o'neil\" does not exist",
       "check the user in the URL, or let a superuser create the role"},
      {"x failed: FATAL:  password authentication failed for user \"o'neil\"\n",
       "x failed: FATAL:  password authentication failed for user \"o'neil\"",
       "check user and password in the URL, or in PGPASSWORD or the password file"},
      {"x failed: fe_sendauth: no password supplied\n",
       "x failed: fe_sendauth: no password supplied",
       "check user and password in the URL, or in PGPASSWORD or the password file"},
      {"could not translate host name \"db1\" to address: Name or service not known\n",
       "could not translate host name \"db1\" to address: Name or service not known",
       "check the name of the host in the URL"},
      {"x failed: timeout expired\n", "x failed: timeout expired",
       "the host does not answer: check host, port and firewall, or wait longer with "
       "connect_timeout=SECONDS in the URL"},
      {"x failed: FATAL:  sorry, too many clients already\n",
       "x failed: FATAL:  sorry, too many clients already",
       "wait until other programs have closed connections, or raise the limit on the server"},
      {"x failed: server does not support SSL, but SSL was required\n",
       "x failed: server does not support SSL, but SSL was required",
       "the URL's sslmode asks for more than the server offers; sslmode=prefer takes what there "
       "is"},
      {"x failed: FATAL:  Datenbank »app« existiert nicht\n",
       "x failed: FATAL:  Datenbank »app« existiert nicht", ""},
      {"", "no connection to the server", ""},
  };
  for (const Case& test : cases) {
    const Error error = connect_error(test.text, options);
    EXPECT_EQ(error.code(), ErrorCode::kConnection) << test.text;
    EXPECT_EQ(error.message(), test.message);
    EXPECT_EQ(error.hint(), test.hint) << test.text;
    EXPECT_EQ(error.detail(), "") << test.text;
  }
}

// postgresql:///app?host=/run/pg&port=5433&user=me
TEST(PostgresqlConnectError, AServerThatTheQueryOfTheUrlNames) {
  ConnectOptions options;
  options.database = "app";
  options.parameters = {{"host", "/run/pg"}, {"port", "5433"}, {"user", "me"}};
  EXPECT_EQ(connect_error("x failed: No such file or directory\n", options).hint(),
            "is the server running there? Try: pg_isready -h /run/pg -p 5433");
  EXPECT_EQ(connect_error("x failed: FATAL:  database \"app\" does not exist\n", options).hint(),
            "create it, or correct the URL. Try: createdb -h /run/pg -p 5433 -U me app");
}

TEST(PostgresqlConnectError, SeveralAddresses) {
  const Error error = connect_error(
      "connection to server at \"localhost\" (::1), port 1 failed: Connection refused\n"
      "\tIs the server running on that host and accepting TCP/IP connections?\n"
      "connection to server at \"localhost\" (127.0.0.1), port 1 failed: FATAL:  database \"x\" "
      "does not exist\n",
      {});
  EXPECT_EQ(error.message(),
            "connection to server at \"localhost\" (127.0.0.1), port 1 failed: FATAL:  database "
            "\"x\" does not exist");
  EXPECT_EQ(error.detail(),
            "connection to server at \"localhost\" (::1), port 1 failed: Connection refused");
  EXPECT_EQ(error.hint(), "create it, or correct the URL. Try: createdb");
}

}  // namespace
}  // namespace capo::dialect::postgresql
