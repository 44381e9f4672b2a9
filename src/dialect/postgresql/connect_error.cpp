// libpq gives no SQLSTATE when connecting fails, only text: its own in English (capo sets no
// locale), the server's in the server's language. What is not recognised gets no hint, and nothing
// depends on it but the hint.

#include "dialect/postgresql/connect_error.hpp"

#include <array>
#include <vector>

#include "base/text.hpp"

namespace capo::dialect::postgresql {
namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// A word for a shell: what is harmless as it is, and the rest in quotes.
std::string shell_word(const std::string& word) {
  bool plain = !word.empty();
  for (const char c : word) plain = plain && (base::is_word(c) || c == '-' || c == '.' || c == '/');
  return plain ? word : "'" + base::replace_all(word, "'", "'\\''") + "'";
}

// As libpq takes it: what the URL's query says goes before the part in front of it.
std::string parameter(const ConnectOptions& options, std::string_view name, std::string value) {
  for (const auto& [key, given] : options.parameters) {
    if (key == name) value = given;
  }
  return value;
}

// " -h db1 -p 5433": where PostgreSQL's own programs find the server that the URL names.
std::string server_options(const ConnectOptions& options) {
  const std::string host = parameter(options, "host", options.host);
  const std::string port = parameter(options, "port", options.port);
  std::string text;
  if (!host.empty()) text += " -h " + shell_word(host);
  if (!port.empty()) text += " -p " + shell_word(port);
  return text;
}

std::string user_option(const ConnectOptions& options) {
  const std::string user = parameter(options, "user", options.username);
  return user.empty() ? "" : " -U " + shell_word(user);
}

std::string is_it_running(const ConnectOptions& options) {
  return "is the server running there? Try: pg_isready" + server_options(options);
}
std::string create_database(const ConnectOptions& options) {
  // A name that was not given is the user's, as createdb has it too.
  const std::string name = options.database.empty() ? "" : " " + shell_word(options.database);
  return "create it, or correct the URL. Try: createdb" + server_options(options) +
         user_option(options) + name;
}
std::string credentials(const ConnectOptions&) {
  return "check user and password in the URL, or in PGPASSWORD or the password file";
}
std::string create_role(const ConnectOptions&) {
  return "check the user in the URL, or let a superuser create the role";
}
std::string peer(const ConnectOptions&) {
  return "by socket, the server lets in the operating system's user of the same name only; give "
         "host=localhost and a "
         "password, or change pg_hba.conf";
}
std::string hba(const ConnectOptions&) {
  return "the server's pg_hba.conf does not allow this user, database, address and encryption "
         "together";
}
std::string unknown_host(const ConnectOptions&) { return "check the name of the host in the URL"; }
std::string too_slow(const ConnectOptions&) {
  return "the host does not answer: check host, port and firewall, or wait longer with "
         "connect_timeout=SECONDS in the URL";
}
std::string too_many(const ConnectOptions&) {
  return "wait until other programs have closed connections, or raise the limit on the server";
}
std::string not_ready(const ConnectOptions&) { return "try again in a moment"; }
std::string no_ssl(const ConnectOptions&) {
  return "the URL's sslmode asks for more than the server offers; sslmode=prefer takes what there "
         "is";
}
std::string certificate(const ConnectOptions&) {
  return "check sslmode, sslrootcert, sslcert and sslkey in the URL";
}
std::string not_postgresql(const ConnectOptions&) {
  return "check that host and port are those of a PostgreSQL server";
}
std::string forbidden(const ConnectOptions&) {
  return "ask the database's owner for it: GRANT CONNECT ON DATABASE";
}

struct Cause {
  std::string_view text;
  std::string (*hint)(const ConnectOptions&);
};

// The first that is found anywhere in the message; what a server said comes before what the network
// said.
constexpr std::array<Cause, 31> kCauses = {{
    {"password authentication failed", credentials},
    {"no password supplied", credentials},
    {"authentication failed for user", peer},  // Peer, Ident
    {"no pg_hba.conf entry", hba},
    {"pg_hba.conf rejects", hba},
    {"permission denied for database", forbidden},
    {"too many clients already", too_many},
    {"too many connections for", too_many},
    {"remaining connection slots are reserved", too_many},
    {"no more connections allowed", too_many},  // PgBouncer
    {"the database system is", not_ready},      // starting up, shutting down, in recovery mode
    {"server does not support SSL", no_ssl},
    {"certificate", certificate},
    {"private key", certificate},
    {"SSL error", certificate},
    {"timeout expired", too_slow},
    {"Connection timed out", too_slow},
    {"No route to host", too_slow},
    {"Network is unreachable", too_slow},
    {"could not translate host name", unknown_host},
    {"Name or service not known", unknown_host},
    {"Temporary failure in name resolution", unknown_host},
    {"could not parse network address", unknown_host},
    {"Connection refused", is_it_running},
    {"No such file or directory", is_it_running},
    {"Unix-domain socket path", unknown_host},
    {"Permission denied", is_it_running},
    {"server closed the connection unexpectedly", not_postgresql},
    {"received invalid response", not_postgresql},
    {"expected authentication request", not_postgresql},
    {"Connection reset by peer", not_postgresql},
}};

std::string hint_for(std::string_view message, const ConnectOptions& options) {
  const bool named = contains(message, "does not exist");
  if (named && contains(message, "FATAL:  database ")) return create_database(options);
  if (named && contains(message, "FATAL:  role ")) return create_role(options);
  for (const Cause& cause : kCauses) {
    if (contains(message, cause.text)) return cause.hint(options);
  }
  return {};
}

}  // namespace

Error connect_error(std::string_view message, const ConnectOptions& options) {
  // Lines that begin with a tab are libpq's own hints to the line before; capo gives one of its
  // own.
  std::vector<std::string> lines;
  for (const std::string_view line : base::split(message, '\n')) {
    if (line.starts_with('\t') || base::trim(line).empty()) continue;
    lines.emplace_back(base::trim(line));
  }
  // One line for each address that was tried; the last one is where it ended.
  const std::string last = lines.empty() ? "no connection to the server" : lines.back();
  if (!lines.empty()) lines.pop_back();
  Error error(ErrorCode::kConnection, last);
  return error.detail(base::join(lines, "\n")).hint(hint_for(message, options));
}

Error in_doubt_error(const std::string& event) {
  return {ErrorCode::kInDoubt, event +
                                   " before COMMIT was answered: it is unknown whether the "
                                   "transaction took effect"};
}

}  // namespace capo::dialect::postgresql
