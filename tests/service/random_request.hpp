#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness.hpp"

/// Requests that nobody would send in his right mind: right in most, wrong in some of it.
namespace gpra::test {

/// Decisions, taken from bytes: of a random generator, or of a fuzzer, which learns what they do.
class Choices {
 public:
  Choices(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

  /// 0 to limit - 1; always 0 when the bytes are at an end.
  std::size_t below(std::size_t limit);
  bool one_in(std::size_t limit) { return below(limit) == limit - 1; }
  template <typename T>
  const T& of(const std::vector<T>& all) {
    return all[below(all.size())];
  }
  bool is_over() const { return at_ >= size_; }

 private:
  std::uint8_t next() { return at_ < size_ ? data_[at_++] : std::uint8_t{0}; }

  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t at_ = 0;
};

/// What requests may be right with.
struct Known {
  std::string token = {};
  std::vector<int> ids = {1, 2, 3};
};

Request random_request(Choices& choices, const Known& known);

/// As a line of a shell could not hold it: for the report of a failure.
std::string shown(const Request& request);

/// The service with a user in it, who is made again when a request has deleted him.
class Victim {
 public:
  explicit Victim(const std::string& kind);

  /// What is wrong with the answers to what the bytes say; empty: nothing.
  std::string ask(const std::uint8_t* data, std::size_t size);
  std::size_t asked() const { return asked_; }
  /// How many were answered with each status.
  const std::map<int, std::size_t>& answers() const { return answers_; }

 private:
  void revive();

  bool is_sqlite_;
  Service service_;
  Known known_ = {};
  int users_ = 0;
  std::size_t asked_ = 0;
  std::map<int, std::size_t> answers_ = {};
};

}  // namespace gpra::test
