#include "dialect/postgresql/cancellation.hpp"

#include "dialect/postgresql/libpq.hpp"

namespace capo::dialect::postgresql {

using std::chrono::steady_clock;

bool Cancellation::take_request() {
  if (!requested_.exchange(false)) return false;  // without a system call for each statement
  wake_up_.clear();
  return true;
}

bool Cancellation::take_wake_up() {
  wake_up_.clear();
  return requested_.exchange(false);
}

void Cancellation::begin(pg_conn* connection) {
  if (under_way_) return;
  under_way_ = true;
  deadline_ = steady_clock::now() + kGrace;
  sent_ = send_cancellation(connection);
}

bool Cancellation::repeat(pg_conn* connection) {
  if (steady_clock::now() >= deadline_) return false;
  if (sent_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
    sent_ = send_cancellation(connection);
  }
  return true;
}

bool Cancellation::settle() {
  if (!under_way_) return true;
  if (sent_.wait_until(deadline_) != std::future_status::ready) return false;
  under_way_ = false;
  requested_ = true;
  return true;
}

void Cancellation::end() {
  under_way_ = false;
  requested_ = false;
}

}  // namespace capo::dialect::postgresql
