#pragma once

#include <atomic>
#include <string>
#include <thread>

namespace capo::test {

/// Stands between capo and a PostgreSQL server, and cuts a connection at its n-th COMMIT.
class CutProxy {
 public:
  enum class Cut {
    kBeforeForwarding,  ///< the server never hears of the COMMIT
    kBeforeAnswer,      ///< the server commits, and the client never learns of it
  };

  /// `url`: of the database behind it. `nth` counts COMMITs of all connections from 1.
  CutProxy(const std::string& url, int nth, Cut cut);
  ~CutProxy();
  CutProxy(const CutProxy&) = delete;
  CutProxy& operator=(const CutProxy&) = delete;

  /// The same database, through the proxy.
  std::string url() const;
  bool has_cut() const { return has_cut_; }

 private:
  void serve();

  std::string host_;
  std::string server_port_;
  std::string user_;
  std::string database_;
  int nth_;
  Cut cut_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> has_cut_ = false;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

}  // namespace capo::test
