#include "dialect/postgresql/conninfo.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/suggest.hpp"
#include "base/text.hpp"
#include "capo/error.hpp"

namespace capo::dialect::postgresql {
namespace {

class Keywords {
 public:
  bool has(std::string_view keyword) const {
    return std::any_of(list_.begin(), list_.end(),
                       [&](const auto& entry) { return entry.first == keyword; });
  }
  void set(std::string_view keyword, std::string value) {
    for (auto& [known, old] : list_) {
      if (known == keyword) {
        old = std::move(value);
        return;
      }
    }
    list_.emplace_back(keyword, std::move(value));
  }
  void set_default(std::string_view keyword, std::string value) {
    if (!has(keyword)) set(keyword, std::move(value));
  }
  std::vector<std::pair<std::string, std::string>> take() && { return std::move(list_); }

 private:
  std::vector<std::pair<std::string, std::string>> list_;
};

// `host=a:5432&host=b`: SQLAlchemy's way to name several servers. libpq wants two lists of the same
// length.
void set_hosts(Keywords& keywords, const std::vector<std::string>& hosts) {
  std::vector<std::string> names;
  std::vector<std::string> ports;
  bool has_port = false;
  for (const std::string& host : hosts) {
    const std::size_t colon = host.find(':');
    // One host only: as it is. So is an IPv6 address, or a socket's directory.
    const bool split = hosts.size() > 1 && colon != std::string::npos && colon == host.rfind(':') &&
                       !host.starts_with('/');
    names.push_back(split ? host.substr(0, colon) : host);
    ports.push_back(split ? host.substr(colon + 1) : "");
    has_port = has_port || split;
  }
  keywords.set("host", base::join(names, ","));
  if (has_port) keywords.set("port", base::join(ports, ","));
}

[[noreturn]] void fail_unknown(const std::string& keyword, const std::vector<std::string>& known) {
  Error error(ErrorCode::kConnection,
              "unknown PostgreSQL parameter \"" + keyword + "\" in the URL");
  if (const auto meant = base::closest(keyword, known)) {
    throw error.hint("did you mean " + *meant + "?");
  }
  throw error.hint(
      "a URL takes libpq's connection parameters, for example sslmode or connect_timeout");
}

void refuse_nul(std::string_view keyword, std::string_view value) {
  if (value.find('\0') == std::string_view::npos) return;
  throw Error(
      ErrorCode::kConnection,
      std::string("the PostgreSQL parameter ").append(keyword).append(" contains a NUL byte"));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> connection_keywords(
    const ConnectOptions& options, const LibpqDefaults& defaults) {
  Keywords keywords;
  const std::array<std::pair<const char*, const std::string*>, 5> fields = {
      {{"host", &options.host},
       {"port", &options.port},
       {"user", &options.username},
       {"password", &options.password},
       {"dbname", &options.database}}};
  for (const auto& [keyword, value] : fields) {
    refuse_nul(keyword, *value);
    if (!value->empty()) keywords.set(keyword, *value);
  }
  std::vector<std::string> hosts;
  for (const auto& [keyword, value] : options.parameters) {
    if (std::find(defaults.keywords.begin(), defaults.keywords.end(), keyword) ==
        defaults.keywords.end()) {
      fail_unknown(keyword, defaults.keywords);
    }
    refuse_nul(keyword, value);
    if (keyword == "host") {
      hosts.push_back(value);
    } else if (keyword == "client_encoding" && !base::equals_ignoring_case(value, "utf8") &&
               !base::equals_ignoring_case(value, "utf-8")) {
      throw Error(ErrorCode::kConnection,
                  "client_encoding=" + value + " in the URL: capo's files are UTF-8")
          .hint("leave client_encoding out; the server converts to the database's own encoding");
    } else {
      keywords.set(keyword, value);
    }
  }
  if (!hosts.empty()) set_hosts(keywords, hosts);
  keywords.set("client_encoding", "UTF8");
  keywords.set_default("fallback_application_name", "capo");
  // libpq's own is to wait for as long as the operating system does, some two minutes.
  if (!defaults.connect_timeout_is_set && !keywords.has("service")) {
    keywords.set_default("connect_timeout", "10");
  }
  // The connection that holds the deployment lock is silent for as long as a statement takes; a
  // firewall must not take it for dead. A server that has gone is found out within two minutes.
  keywords.set_default("keepalives_idle", "60");
  keywords.set_default("keepalives_interval", "10");
  keywords.set_default("keepalives_count", "6");
  return std::move(keywords).take();
}

}  // namespace capo::dialect::postgresql
