#include "runtime/list_sink.hpp"

#include <utility>

namespace capo::runtime {

void ListSink::add(dialect::Statement statement) {
  (ahead_ ? next_ : steps_.back().statements).push_back(std::move(statement));
}

bool ListSink::begin(const Versions&) {
  ahead_ = finished_ == steps_.size();
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
