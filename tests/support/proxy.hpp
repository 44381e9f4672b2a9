#pragma once

#include <atomic>
#include <string>
#include <thread>

/// A bad network: stands between a client and a PostgreSQL server, on Unix sockets, and cuts or
/// holds back what passes.
namespace capo::test {

class Proxy {
 public:
  /// Listens in `directory` for what is meant for the server in `server_directory`, both by the
  /// socket of port 5432.
  Proxy(const std::string& directory, std::string server_directory);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  enum class Mischief {
    kNone,
    kCutBeforeCommit,  ///< hangs up when the client sends COMMIT, which never arrives
    kCutAfterCommit,   ///< hangs up when the server has answered COMMIT, without passing that on
    kSilence,          ///< passes nothing on any more, and lets new connections wait
    kRubbish,          ///< answers new connections with text that is no protocol
    kHangUp,           ///< closes new connections at once
  };
  void set(Mischief mischief) { mischief_ = mischief; }

 private:
  void serve();
  void serve_client(int client);
  bool pass_to_server(int client, int server, bool& committing);
  bool pass_to_client(int server, int client, bool committing);

  std::string server_directory_;
  int listener_ = -1;
  std::atomic<Mischief> mischief_{Mischief::kNone};
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

}  // namespace capo::test
