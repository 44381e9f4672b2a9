// This and client.cpp are the only places that know cpp-httplib.

#include "http/server.hpp"

#include <httplib.h>

#include <stdexcept>

namespace gpra {
namespace {

// A little more than App takes, so that it can say so itself.
constexpr std::size_t kLargestPayload = 2 * 1024 * 1024;
constexpr std::time_t kSlowestSeconds = 10;
constexpr std::time_t kIdleSeconds = 2;
constexpr std::size_t kMostRequests = 1000;

std::string small(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

Request read(const httplib::Request& given, bool trust_proxy) {
  Request request{
      .method = given.method, .path = given.path, .body = given.body, .address = given.remote_addr};
  // Its own parameters are those of a form in the body as well.
  if (const std::size_t question = given.target.find('?'); question != std::string::npos) {
    httplib::Params query;
    httplib::detail::parse_query_text(given.target.substr(question + 1), query);
    for (const auto& [name, value] : query) request.query[name] = value;
  }
  for (const auto& [name, value] : given.headers) {
    std::string& all = request.headers[small(name)];
    all += (all.empty() ? "" : ", ") + value;
  }
  if (trust_proxy) {
    const std::string chain = request.header("x-forwarded-for");
    const std::size_t last = chain.find_last_of(", ");
    const std::string address = last == std::string::npos ? chain : chain.substr(last + 1);
    if (!address.empty()) request.address = address;
  }
  return request;
}

}  // namespace

struct Server::Impl {
  const Config& config;
  const App& app;
  httplib::Server server = {};

  void answer(const httplib::Request& given, httplib::Response& sent) const {
    const Response response = app.handle(read(given, config.trust_proxy));
    sent.status = response.status;
    for (const auto& [name, value] : response.headers) sent.set_header(name.c_str(), value);
    if (!response.body.empty()) sent.set_content(response.body, response.type.c_str());
  }
};

Server::Server(const Config& config, const App& app) : impl_(new Impl{config, app}) {
  httplib::Server& server = impl_->server;
  server.new_task_queue = [threads = static_cast<std::size_t>(config.threads)] {
    return new httplib::ThreadPool(threads);
  };
  server.set_payload_max_length(kLargestPayload);
  server.set_read_timeout(kSlowestSeconds, 0);
  server.set_write_timeout(kSlowestSeconds, 0);
  server.set_tcp_nodelay(true);
  // A connection holds one of the threads: it is used as often as its client likes, and not waited
  // for long.
  server.set_keep_alive_max_count(kMostRequests);
  server.set_keep_alive_timeout(kIdleSeconds);
  const auto answer = [impl = impl_.get()](const httplib::Request& given, httplib::Response& sent) {
    impl->answer(given, sent);
  };
  const char* any = R"([\s\S]*)";  // a line break in a path is answered by App, too
  server.Get(any, answer);
  server.Post(any, answer);
  server.Put(any, answer);
  server.Patch(any, answer);
  server.Delete(any, answer);
}

Server::~Server() = default;

int Server::bind() {
  const Config& config = impl_->config;
  if (config.port == 0) {
    const int port = impl_->server.bind_to_any_port(config.listen.c_str());
    if (port > 0) return port;
  } else if (impl_->server.bind_to_port(config.listen.c_str(), config.port)) {
    return config.port;
  }
  throw std::runtime_error("cannot listen on " + config.listen + ":" + std::to_string(config.port) +
                           "; choose another with LISTEN and PORT");
}

void Server::run() { impl_->server.listen_after_bind(); }

void Server::stop() { impl_->server.stop(); }

}  // namespace gpra
