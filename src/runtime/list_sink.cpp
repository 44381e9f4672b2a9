#include "runtime/list_sink.hpp"

#include <utility>

namespace capo::runtime {

void ListSink::add(dialect::Statement statement) {
  (ahead_ ? next_ : steps_.back().statements).push_back(std::move(statement));
}

bool ListSink::begin(const Versions&, bool foreign_keys_off) {
  ahead_ = finished_ == steps_.size();
  if (foreign_keys_off) {
    add({.sql = std::string(dialect_.foreign_keys_off_statement()), .transactional = false});
  }
  add({.sql = std::string(dialect_.begin_statement())});
  return true;
}

void ListSink::commit() { add({.sql = "COMMIT"}); }

void ListSink::start(std::size_t step) {
  steps_.push_back({works_[step].step, std::exchange(next_, {})});
  ahead_ = false;
}

void ListSink::run(std::size_t step, int number) { add(works_[step].statement(number)); }

}  // namespace capo::runtime
