#include "config/url.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "capo/error.hpp"

// The one hard part is where the password ends. `/`, `?`, `:` and `#` may stand in it as they are,
// `@` may not:
//
//   user:pa/ss@host/db          password `pa/ss`: `pa` is no port
//   host:5432/db?user=me@x      refused: a password `5432/db?user=me`, or a port?
//   user:p@ss@host/db           refused: a host `ss@host`, or a password `p@ss`?
//   user@server:pw@host/db      user `user@server`: before the first `:` there is no password yet
//   host/db?user=me@x           no `:` before the `/`, hence no password

namespace capo::config {
namespace {

constexpr std::string_view kForms =
    "a database URL looks like postgresql://user:password@host:5432/name or sqlite:///file.db";
constexpr std::string_view kEscapes =
    "in a user name or password write @ as %40, / as %2F, ? as %3F, # as %23, : as %3A and % as "
    "%25";

bool is_scheme_character(char c) {
  return base::is_alpha(c) || base::is_digit(c) || c == '_' || c == '+' || c == '-' || c == '.';
}

bool is_control(char c) { return (c >= '\0' && c < ' ') || c == '\x7F'; }

// `5432`, `5432,…` or nothing: what could be the port of a host.
bool could_be_port(std::string_view text) {
  text = text.substr(0, text.find(','));
  return std::all_of(text.begin(), text.end(), base::is_digit);
}

// What may stand in brackets: an IPv6 address, perhaps with a zone (`fe80::1%eth0`).
bool could_be_ipv6(std::string_view host) {
  return host.find(':') != std::string_view::npos &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return base::is_digit(c) || base::is_alpha(c) ||
                  std::string_view(":.%-_~").find(c) != std::string_view::npos;
         });
}

// Cuts `text` at the first of `separators`: gives back what is before it and leaves it and the rest
// in `text`.
std::string_view take_until(std::string_view& text, std::string_view separators) {
  const std::size_t length = std::min(text.find_first_of(separators), text.size());
  const std::string_view taken = text.substr(0, length);
  text.remove_prefix(length);
  return taken;
}

class UrlParser {
 public:
  UrlParser(std::string_view text, std::string_view origin)
      : rest_(base::trim(text)), origin_(origin) {}

  DatabaseUrl parse() {
    take_scheme();
    if (url_.dialect == "sqlite") {
      check_sqlite_path();
    } else {
      take_user();
      take_hosts();
    }
    if (rest_.starts_with('/')) {
      rest_.remove_prefix(1);
      url_.database = decode(take_until(rest_, "?"));
    }
    if (rest_.starts_with('?')) take_query(rest_.substr(1));
    return std::move(url_);
  }

 private:
  [[noreturn]] void fail(std::string_view what, std::string_view hint) const {
    std::string message = "cannot read the database URL";
    if (!origin_.empty()) message.append(" from ").append(origin_);
    message.append(": ").append(what);
    throw Error(ErrorCode::kConfig, std::move(message)).hint(std::string(hint));
  }

  void take_scheme() {
    if (rest_.empty()) fail("it is empty", kForms);
    if (rest_.front() == '"' || rest_.front() == '\'') {
      fail("it begins with a quotation mark", "leave out the quotation marks around it");
    }
    if (std::any_of(rest_.begin(), rest_.end(), is_control)) {
      fail("it contains a line break or another control character", kForms);
    }
    const std::size_t end = rest_.find("://");
    if (end == std::string_view::npos) fail_without_scheme();
    const std::string_view scheme = rest_.substr(0, end);
    if (scheme.starts_with("jdbc:")) fail("it is a URL for JDBC", "leave out jdbc:");
    const std::size_t plus = std::min(scheme.find('+'), scheme.size());
    if (plus == 0 || !std::all_of(scheme.begin(), scheme.end(), is_scheme_character)) {
      fail("what stands before :// is not the name of a dialect", kForms);
    }
    url_.dialect = scheme.substr(0, plus);
    if (url_.dialect == "postgres") url_.dialect = "postgresql";
    if (plus < scheme.size()) url_.driver = scheme.substr(plus + 1);
    rest_.remove_prefix(end + 3);
  }

  [[noreturn]] void fail_without_scheme() const {
    const std::string_view scheme = rest_.substr(0, rest_.find_first_of(":/=@ "));
    if (rest_.substr(scheme.size()).starts_with(":"))
      fail("it has no // after the dialect", kForms);
    if (rest_.substr(scheme.size()).starts_with("=")) {
      fail("it is a list of libpq's parameters, not a URL",
           "write them as postgresql://user:password@host:5432/name?parameter=value");
    }
    fail("it does not begin with a dialect and ://", kForms);
  }

  void take_user() {
    const std::string_view authority = rest_.substr(0, rest_.find_first_of("/?"));
    const std::size_t colon = authority.find(':');
    const std::size_t end = colon == std::string_view::npos ? colon : rest_.find('@', colon);
    if (end == std::string_view::npos) {
      if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        url_.username = decode(rest_.substr(0, at));
        rest_.remove_prefix(at + 1);
      }
      return;
    }
    const std::string_view before = authority.substr(0, colon);
    const bool ipv6 = before.starts_with('[') || before.find("@[") != std::string_view::npos;
    if (end > authority.size() && (ipv6 || could_be_port(authority.substr(colon + 1)))) {
      fail("it can be read in two ways: is there a password before the @?", kEscapes);
    }
    url_.username = decode(rest_.substr(0, colon));
    url_.password = decode(rest_.substr(colon + 1, end - colon - 1));
    rest_.remove_prefix(end + 1);
    if (rest_.find('@') != std::string_view::npos) {
      fail("there is more than one @ after the user name", kEscapes);
    }
  }

  // One host, or several with commas between.
  void take_hosts() {
    std::string_view list = take_until(rest_, "/?");
    bool any_port = false;
    std::string ports;
    for (bool first = true;; first = false) {
      if (!first) {
        url_.host += ',';
        ports += ',';
      }
      url_.host += take_host(list);
      if (list.starts_with(':')) {
        list.remove_prefix(1);
        const std::string_view port = take_until(list, ",");
        check_port(port);
        any_port = any_port || !port.empty();
        ports += port;
      }
      if (list.empty()) break;
      if (list.front() != ',') fail("something stands between ] and the port", kForms);
      list.remove_prefix(1);
    }
    if (any_port) url_.port = ports;
  }

  std::string take_host(std::string_view& list) const {
    if (!list.starts_with('[')) {
      std::string host = decode(take_until(list, ":,"));
      // To libpq it would be two hosts, of which one has lost its port.
      if (host.find(',') != std::string::npos) {
        fail("a host's name contains a comma (%2C)",
             "several hosts are written host1:5432,host2:5433");
      }
      return host;
    }
    const std::size_t closing = list.find(']');
    if (closing == std::string_view::npos) fail("an IPv6 address has no closing ]", kForms);
    const std::string host = decode(list.substr(1, closing - 1));
    if (!could_be_ipv6(host)) fail("what stands in [ ] is not an IPv6 address", kForms);
    list.remove_prefix(closing + 1);
    return host;
  }

  void check_port(std::string_view port) const {
    if (port.empty()) return;
    const auto number = could_be_port(port) ? base::parse_integer(port) : std::nullopt;
    if (number && *number >= 1 && *number <= 65535) return;
    if (port.find(':') != std::string_view::npos) {
      fail("the host has more than one :", "write an IPv6 address in brackets: [::1]:5432");
    }
    fail("the port is not a number from 1 to 65535",
         "if it is a password, @ and the host are missing after it; " + std::string(kEscapes));
  }

  void take_query(std::string_view query) {
    for (const std::string_view piece : base::split(query, '&')) {
      if (piece.empty()) continue;
      const std::size_t sign = piece.find('=');
      if (sign == std::string_view::npos || sign == 0) {
        fail("a parameter after the ? is not key=value", kEscapes);
      }
      url_.query.emplace_back(decode(base::replace_all(piece.substr(0, sign), "+", " ")),
                              decode(base::replace_all(piece.substr(sign + 1), "+", " ")));
    }
  }

  void check_sqlite_path() const {
    if (rest_.empty() || rest_.starts_with('/') || rest_.starts_with('?')) return;
    fail("SQLite has no host",
         "write three slashes before a relative path (sqlite:///file.db), four before an absolute "
         "one (sqlite:////var/lib/file.db)");
  }

  // Replaces `%` and two hexadecimal digits by the byte they mean.
  std::string decode(std::string_view text) const {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const int high =
          text[i] == '%' && i + 2 < text.size() ? base::hex_digit_value(text[i + 1]) : -1;
      const int low = high >= 0 ? base::hex_digit_value(text[i + 2]) : -1;
      if (low < 0) {
        decoded += text[i];
        continue;
      }
      decoded += static_cast<char>(high * 16 + low);
      if (decoded.back() == '\0') fail("it contains a NUL byte (%00)", kForms);
      i += 2;
    }
    return decoded;
  }

  std::string_view rest_;
  std::string_view origin_;
  DatabaseUrl url_ = {};
};

std::string encode_byte(char c) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  return {'%', kDigits[byte / 16], kDigits[byte % 16]};
}

// Encodes all but letters, digits, `-._~` and the characters of `plain`. Other languages stay
// readable, unless the bytes are not UTF-8 or a control character from U+0080 to U+009F.
std::string encode(std::string_view text, std::string_view plain) {
  const bool readable = !base::find_invalid_utf8(text);
  std::string encoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool ascii = static_cast<unsigned char>(c) < 0x80;
    const bool high_control =
        c == '\xC2' && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (readable && high_control) {
      encoded += encode_byte(c) + encode_byte(text[++i]);
    } else if (ascii ? base::is_word(c) || c == '-' || c == '.' || c == '~' ||
                           plain.find(c) != std::string_view::npos
                     : readable) {
      encoded += c;
    } else {
      encoded += encode_byte(c);
    }
  }
  return encoded;
}

std::string encode_host(std::string_view host) {
  return could_be_ipv6(host) ? "[" + encode(host, ":") + "]" : encode(host, "!$&'()*+;=");
}

std::string hosts_and_ports(const DatabaseUrl& url) {
  const std::vector<std::string_view> hosts = base::split(url.host, ',');
  const std::vector<std::string_view> ports = base::split(url.port, ',');
  std::string text;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    if (i != 0) text += ',';
    text += encode_host(hosts[i]);
    if (i < ports.size() && !ports[i].empty()) text.append(":").append(ports[i]);
  }
  return text;
}

bool is_secret(std::string_view parameter) {
  const std::string name = base::lower(parameter);
  for (const std::string_view word : {"password", "passwd", "pwd", "secret", "token"}) {
    if (name.find(word) != std::string::npos) return true;
  }
  return false;
}

enum class Password { kShown, kMasked };

std::string write(const DatabaseUrl& url, Password password) {
  constexpr std::string_view kMask = "***";
  constexpr std::string_view kUserPlain = "!$&'()*+,;=";
  const bool masked = password == Password::kMasked;
  std::string text = url.dialect;
  if (!url.driver.empty()) text.append("+").append(url.driver);
  text += "://";
  if (!url.username.empty() || !url.password.empty()) {
    text += encode(url.username, kUserPlain);
    if (!url.password.empty()) {
      text.append(":").append(masked ? std::string(kMask) : encode(url.password, kUserPlain));
    }
    text += '@';
  }
  text += hosts_and_ports(url);
  if (!url.database.empty()) text += "/" + encode(url.database, "/!$&'()*+,:;=");
  for (std::size_t i = 0; i < url.query.size(); ++i) {
    const auto& [key, value] = url.query[i];
    text.append(i == 0 ? "?" : "&").append(encode(key, "/,:")).append("=");
    text.append(masked && is_secret(key) ? std::string(kMask) : encode(value, "/,:="));
  }
  return text;
}

}  // namespace

DatabaseUrl parse_url(std::string_view text, std::string_view origin) {
  return UrlParser(text, origin).parse();
}

std::string to_masked_string(const DatabaseUrl& url) { return write(url, Password::kMasked); }

std::string to_string(const DatabaseUrl& url) { return write(url, Password::kShown); }

}  // namespace capo::config
