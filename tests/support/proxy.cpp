#include "proxy.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace capo::test {
namespace {

sockaddr_un address_in(const std::string& directory) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = directory + "/.s.PGSQL.5432";
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("too long: " + path);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

bool write_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

Proxy::Proxy(const std::string& directory, std::string server_directory)
    : server_directory_(std::move(server_directory)),
      listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const sockaddr_un address = address_in(directory);
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener_, 16) != 0) {
    throw std::runtime_error(std::string("proxy: ") + std::strerror(errno));
  }
  thread_ = std::thread([this] { serve(); });
}

Proxy::~Proxy() {
  ending_ = true;
  thread_.join();
  ::close(listener_);
}

void Proxy::serve() {
  std::vector<std::thread> clients;
  while (!ending_) {
    pollfd wait{listener_, POLLIN, 0};
    if (::poll(&wait, 1, 5) <= 0) continue;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client >= 0) clients.emplace_back([this, client] { serve_client(client); });
  }
  for (std::thread& client : clients) client.join();
}

void Proxy::serve_client(int client) {
  if (mischief_ == Mischief::kRubbish) write_all(client, "220 mail.example.org ESMTP ready\r\n");
  const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = address_in(server_directory_);
  bool open = mischief_ != Mischief::kHangUp && mischief_ != Mischief::kRubbish &&
              ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  bool committing = false;
  while (open && !ending_) {
    if (mischief_ == Mischief::kSilence) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      continue;
    }
    std::array<pollfd, 2> waits = {{{client, POLLIN, 0}, {server, POLLIN, 0}}};
    if (::poll(waits.data(), waits.size(), 5) <= 0 || mischief_ == Mischief::kSilence) continue;
    if (waits[0].revents != 0) open = pass_to_server(client, server, committing);
    if (open && waits[1].revents != 0) open = pass_to_client(server, client, committing);
  }
  ::close(server);
  ::close(client);
}

bool Proxy::pass_to_server(int client, int server, bool& committing) {
  std::array<char, 65536> buffer{};
  const ssize_t count = ::read(client, buffer.data(), buffer.size());
  if (count <= 0) return false;
  const std::string_view bytes(buffer.data(), static_cast<std::size_t>(count));
  committing = bytes.find(std::string_view("COMMIT\0", 7)) != std::string_view::npos;
  if (committing && mischief_ == Mischief::kCutBeforeCommit) return false;
  return write_all(server, bytes);
}

bool Proxy::pass_to_client(int server, int client, bool committing) {
  std::array<char, 65536> buffer{};
  const ssize_t count = ::read(server, buffer.data(), buffer.size());
  if (count <= 0) return false;
  if (committing && mischief_ == Mischief::kCutAfterCommit) return false;
  return write_all(client, {buffer.data(), static_cast<std::size_t>(count)});
}

}  // namespace capo::test
