#include "support/cut_proxy.hpp"

#include <libpq-fe.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace capo::test {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

int connect_to(const std::string& host, const std::string& port) {
  if (host.starts_with("/")) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = host + "/.s.PGSQL." + port;
    if (path.size() >= sizeof address.sun_path) throw std::runtime_error("too long: " + path);
    std::copy(path.begin(), path.end(), address.sun_path);
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("connect");
    return fd;
  }
  std::uint16_t number = 0;
  std::from_chars(port.data(), port.data() + port.size(), number);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(number);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("connect");
  return fd;
}

bool send_all(int fd, std::string_view data) {
  while (!data.empty()) {
    const ssize_t put = send(fd, data.data(), data.size(), MSG_NOSIGNAL);
    if (put <= 0) return false;
    data.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

// Empty at the end of the connection.
std::string receive(int fd) {
  std::string data(1 << 16, '\0');
  const ssize_t got = recv(fd, data.data(), data.size(), 0);
  data.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return data;
}

struct Pair {
  int client = -1;
  int server = -1;
  std::string tail = {};  ///< the end of what the client sent last: a word may be cut in two

  ~Pair() {
    if (client >= 0) close(client);
    if (server >= 0) close(server);
  }
};

}  // namespace

CutProxy::CutProxy(const std::string& url, int nth, Cut cut) : nth_(nth), cut_(cut) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(url.c_str(), nullptr), &PQconninfoFree);
  if (options == nullptr) throw std::runtime_error("not a URL: " + url);
  server_port_ = "5432";
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const std::string keyword = option->keyword;
    if (keyword == "host") host_ = option->val;
    if (keyword == "port") server_port_ = option->val;
    if (keyword == "user") user_ = option->val;
    if (keyword == "dbname") database_ = option->val;
  }
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0) fail("bind");
  if (listen(listener_, 16) != 0) fail("listen");
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

CutProxy::~CutProxy() {
  stop_ = true;
  thread_.join();
  close(listener_);
}

std::string CutProxy::url() const {
  return "postgresql://" + user_ + "@127.0.0.1:" + std::to_string(port_) + "/" + database_;
}

void CutProxy::serve() {
  std::vector<std::unique_ptr<Pair>> pairs;
  int commits = 0;
  // True if the connection goes on.
  const auto from_client = [&](Pair& pair) {
    const std::string data = receive(pair.client);
    if (data.empty()) return false;
    const std::string seen = pair.tail + data;
    pair.tail = seen.substr(seen.size() - std::min<std::size_t>(seen.size(), 5));
    for (std::size_t at = seen.find("COMMIT"); at != std::string::npos;
         at = seen.find("COMMIT", at + 1)) {
      if (++commits != nth_) continue;
      has_cut_ = true;
      if (cut_ == Cut::kBeforeForwarding) return false;
      std::string answer;
      send_all(pair.server, data);
      while (answer.find("COMMIT") == std::string::npos) {
        const std::string more = receive(pair.server);
        if (more.empty()) break;
        answer += more;
      }
      return false;
    }
    return send_all(pair.server, data);
  };
  while (!stop_) {
    std::vector<pollfd> waits{{listener_, POLLIN, 0}};
    for (const auto& pair : pairs) {
      waits.push_back({pair->client, POLLIN, 0});
      waits.push_back({pair->server, POLLIN, 0});
    }
    if (poll(waits.data(), waits.size(), 50) <= 0) continue;
    for (std::size_t i = pairs.size(); i-- > 0;) {
      bool goes_on = true;
      if (waits[1 + 2 * i].revents != 0) goes_on = from_client(*pairs[i]);
      if (goes_on && waits[2 + 2 * i].revents != 0) {
        const std::string data = receive(pairs[i]->server);
        goes_on = !data.empty() && send_all(pairs[i]->client, data);
      }
      if (!goes_on) pairs.erase(pairs.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (waits[0].revents != 0) {
      auto pair = std::make_unique<Pair>();
      pair->client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      pair->server = connect_to(host_, server_port_);
      if (pair->client >= 0) pairs.push_back(std::move(pair));
    }
  }
}

}  // namespace capo::test
