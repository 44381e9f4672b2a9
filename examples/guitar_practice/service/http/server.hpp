#pragma once

#include <functional>
#include <memory>

#include "http/app.hpp"

namespace gpra {

/// The service on a port.
class Server {
 public:
  Server(const Config& config, const App& app);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// The port that it listens on from now. Throws std::runtime_error if it cannot.
  int bind();
  /// Answers until stop() is called; what is being answered then is answered to its end.
  void run();
  /// From any thread.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gpra
