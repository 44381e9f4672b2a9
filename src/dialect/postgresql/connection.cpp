// PostgreSQL through libpq, in pipeline mode: statements are sent without waiting for answers,
// which come back in order.
//
// Nothing here blocks in libpq: the socket is non-blocking, and every wait is a poll() on it and on
// a descriptor that cancel() writes to. While statements are sent, answers are taken in, so that
// the two sides never wait for each other with full buffers.
//
// A transaction's statements are sent without a Sync between them. When one fails, the server skips
// to the next Sync; that is sent, the answers up to it are dropped, and the pipeline is ready
// again.
//
// Outside a transaction, all statements up to a Sync would be one transaction of the server's own
// making. There each has its own Sync and is waited for.

#include "dialect/postgresql/connection.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <optional>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "dialect/postgresql/cancellation.hpp"
#include "dialect/postgresql/connect_error.hpp"
#include "dialect/postgresql/libpq.hpp"
#include "dialect/postgresql/session.hpp"

namespace capo::dialect::postgresql {
namespace {

// In flight at most: enough to keep the server busy, little enough to be dropped when one fails.
constexpr std::size_t kMostStatements = 1024;
constexpr std::size_t kMostBytes = 1U << 20U;
// How often answers are looked for while statements are queued.
constexpr int kStatementsBetweenLooks = 32;

class PostgresqlConnection final : public Connection {
 public:
  explicit PostgresqlConnection(const ConnectOptions& options);
  ~PostgresqlConnection() override;

  Result query(std::string_view sql, std::span<const Value> parameters) override;
  void enqueue(std::string_view sql, std::span<const Value> parameters,
               std::function<void(const Result&)> done, Duration duration) override;
  void enqueue_in_parts(std::string_view sql, std::span<const Value> parameters,
                        std::function<void(const Result&)> part,
                        std::function<void(const Result&)> done) override;
  void flush() override;
  Result execute_alone(std::string_view sql) override;
  void begin() override;
  void commit() override;
  void rollback() override;
  bool in_transaction() const override { return in_transaction_; }
  void cancel() noexcept override { cancellation_.request(); }
  std::string server_version() const override { return server_version_; }
  int backend_pid() const override { return backend_pid_; }

 private:
  // What was sent and is not answered to the end yet.
  struct Sent {
    std::string sql = {};  ///< empty: a Sync
    std::function<void(const Result&)> done = {};
    AnswerHandle answer = {};
    std::size_t bytes = 0;
    std::optional<RowsInParts> rows = {};
  };

  PGconn* libpq() const { return connection_.get(); }
  void begin_call();
  void send(std::string_view sql, std::span<const Value> parameters,
            std::function<void(const Result&)> done);
  void send_settings(bool for_transaction);
  void set_up();
  void send_sync();
  void sync();
  void wait_until_in_flight(std::size_t statements, std::size_t bytes);
  void wait_for_server();
  void take_answers();
  void take(AnswerHandle answer);
  void ask_for_single_rows();
  void finish_front();
  [[noreturn]] void fail(const PGresult* answer, const std::string& sql);
  void drop_queue();
  void deliver_notices();
  static void on_notice(void* self, const PGresult* notice);

  void settle_cancellation();
  void close();
  [[noreturn]] void lose_connection(std::string reason = {});
  [[noreturn]] void give_up_on_server();
  [[noreturn]] void refuse_copy(const std::string& sql);

  ConnectionHandle connection_;
  std::function<void(const Notice&)> notice_handler_;
  std::vector<Setting> settings_;
  int backend_pid_ = 0;
  std::string server_version_;

  std::deque<Sent> queue_;
  std::size_t bytes_in_flight_ = 0;
  int since_look_ = 0;
  bool kept_back_ = false;  ///< the server was not asked for the last answers
  bool dropping_ = false;   ///< no answer to what is in the queue matters any more

  int was_nonblocking_ = 0;
  bool is_set_up_ = false;
  std::optional<bool> behind_proxy_;  ///< known with the first answer
  bool began_ = false;
  bool in_transaction_ = false;
  bool committing_ = false;
  std::string commit_answer_;

  std::vector<Notice> notices_;
  Notice last_words_;  ///< what the server said before it hung up, if it did
  std::string last_sqlstate_;
  bool hung_up_ = false;

  Cancellation cancellation_;
};

PostgresqlConnection::PostgresqlConnection(const ConnectOptions& options)
    : connection_(
          options.borrowed == nullptr
              ? open_connection(options)
              : ConnectionHandle(static_cast<PGconn*>(options.borrowed), {.borrowed = true})),
      notice_handler_(options.on_notice),
      settings_(
          session_settings(parameter_status(libpq(), "standard_conforming_strings"), options)),
      backend_pid_(PQbackendPID(libpq())) {
  // "15.18 (Debian 15.18-1)"
  const std::string version = parameter_status(libpq(), "server_version");
  server_version_ = "PostgreSQL " + version.substr(0, version.find(' '));
  was_nonblocking_ = PQisnonblocking(libpq());
  if (options.borrowed == nullptr) {
    PQsetNoticeReceiver(libpq(), &PostgresqlConnection::on_notice, this);
  } else {
    // Its owner's receiver of notices stays: libpq would not say what to put back. Settings for the
    // session would stay behind: they are sent with each transaction, as to a proxy.
    is_set_up_ = true;
    behind_proxy_ = true;
  }
  if (PQsetnonblocking(libpq(), 1) != 0 || PQenterPipelineMode(libpq()) != 1) {
    throw Error(ErrorCode::kConnection, libpq_message(libpq()));
  }
}

// A borrowed connection is given back as it was.
PostgresqlConnection::~PostgresqlConnection() {
  if (!connection_ || !connection_.get_deleter().borrowed) return;
  PQexitPipelineMode(libpq());
  PQsetnonblocking(libpq(), was_nonblocking_);
}

// ---- What callers ask for

Result PostgresqlConnection::query(std::string_view sql, std::span<const Value> parameters) {
  begin_call();
  Result result;
  send(sql, parameters, [&](const Result& answer) { result = answer; });
  sync();
  return result;
}

void PostgresqlConnection::enqueue(std::string_view sql, std::span<const Value> parameters,
                                   std::function<void(const Result&)> done, Duration duration) {
  if (!in_transaction_) {
    const Result result = query(sql, parameters);
    if (done) done(result);
    return;
  }
  begin_call();
  // Left alone, the server keeps answers until it has 8 kB of them, and progress would stand still
  // while a long statement runs. Asking after each costs tiny statements a third of their speed, so
  // that answers are asked for before a statement that may take long: not before a version row or
  // an INSERT, which is what comes by the thousand.
  const bool look = ++since_look_ >= kStatementsBetweenLooks;
  const bool tiny =
      duration == Duration::kTiny || base::starts_with_ignoring_case(base::trim(sql), "insert");
  if (kept_back_ && !tiny) PQsendFlushRequest(libpq());
  send(sql, parameters, std::move(done));
  kept_back_ = !look;
  if (look) {
    PQsendFlushRequest(libpq());
    since_look_ = 0;
    if (PQflush(libpq()) < 0 || PQconsumeInput(libpq()) == 0) lose_connection();
    take_answers();
  }
  if (queue_.size() > kMostStatements || bytes_in_flight_ > kMostBytes) {
    wait_until_in_flight(kMostStatements / 2, kMostBytes / 2);
  }
}

void PostgresqlConnection::enqueue_in_parts(std::string_view sql, std::span<const Value> parameters,
                                            std::function<void(const Result&)> part,
                                            std::function<void(const Result&)> done) {
  if (!in_transaction_) {
    Connection::enqueue_in_parts(sql, parameters, std::move(part), std::move(done));
    return;
  }
  begin_call();
  send(sql, parameters, std::move(done));
  kept_back_ = true;
  queue_.back().rows.emplace(std::move(part));
  ask_for_single_rows();
}

void PostgresqlConnection::flush() {
  begin_call();
  sync();
}

Result PostgresqlConnection::execute_alone(std::string_view text) {
  begin_call();
  refuse_nul(text, text, "the statement");
  const std::string sql(text);
  if (!is_set_up_) set_up();
  sync();
  if (PQexitPipelineMode(libpq()) != 1 || PQsendQuery(libpq(), sql.c_str()) != 1) {
    lose_connection();
  }
  Result result;
  AnswerHandle failure;
  for (;;) {
    while (PQisBusy(libpq()) != 0) {
      deliver_notices();
      wait_for_server();
    }
    deliver_notices();
    AnswerHandle answer(PQgetResult(libpq()));
    if (!answer) break;
    switch (PQresultStatus(answer.get())) {
      case PGRES_COPY_IN:
      case PGRES_COPY_OUT:
      case PGRES_COPY_BOTH:
        refuse_copy(sql);
      case PGRES_FATAL_ERROR:
      case PGRES_BAD_RESPONSE:
        if (PQstatus(libpq()) != CONNECTION_OK || is_fatal(answer.get())) fail(answer.get(), sql);
        failure = std::move(answer);
        break;
      default:
        result = to_result(answer.get());
    }
  }
  if (PQenterPipelineMode(libpq()) != 1) lose_connection();
  in_transaction_ = PQtransactionStatus(libpq()) != PQTRANS_IDLE;
  if (failure) fail(failure.get(), sql);
  settle_cancellation();
  return result;
}

void PostgresqlConnection::begin() {
  begin_call();
  if (in_transaction_) throw Error(ErrorCode::kInternal, "begin() inside a transaction");
  send("BEGIN", {}, {});
  in_transaction_ = true;
  began_ = true;
  if (behind_proxy_.value_or(true)) send_settings(true);
}

void PostgresqlConnection::commit() {
  begin_call();
  sync();
  if (!in_transaction_ && std::exchange(began_, false)) {
    throw Error(ErrorCode::kDatabase, "the transaction was over before its COMMIT")
        .hint("a statement of it was COMMIT or ROLLBACK, or called a procedure that says so");
  }
  // A server that has hung up already has not seen a COMMIT: that is no doubt.
  if (PQconsumeInput(libpq()) == 0) lose_connection();
  take_answers();
  committing_ = true;
  commit_answer_.clear();
  send("COMMIT", {}, {});
  sync();
  committing_ = false;
  began_ = false;
  if (commit_answer_ != "COMMIT") {
    throw Error(ErrorCode::kDatabase, "the server answered COMMIT with " + commit_answer_ +
                                          ": a statement of the transaction had failed");
  }
}

void PostgresqlConnection::rollback() {
  cancellation_.forget();
  began_ = false;
  committing_ = false;
  if (connection_) {
    try {
      if (!queue_.empty()) {
        // Nobody wants to wait for the end of a long statement only to take it back.
        cancellation_.begin(libpq());
        drop_queue();
        settle_cancellation();
        cancellation_.forget();
      }
      if (PQtransactionStatus(libpq()) != PQTRANS_IDLE) {
        send("ROLLBACK", {}, {});
        sync();
      }
    } catch (const Error&) {
      // Without a connection there is no transaction any more.
      if (connection_) throw;
    }
  }
  in_transaction_ = false;
}

// ---- The pipeline

void PostgresqlConnection::begin_call() {
  if (!connection_) {
    throw Error(ErrorCode::kConnection, "there is no connection to the server any more")
        .detail(last_words_.message);
  }
  // While a run of statements is being cancelled, no more of them.
  if (cancellation_.is_under_way() || cancellation_.take_request()) {
    throw Error(ErrorCode::kCancelled, "cancelled before the statement was sent");
  }
}

void PostgresqlConnection::send(std::string_view sql, std::span<const Value> parameters,
                                std::function<void(const Result&)> done) {
  refuse_nul(sql, sql, "the statement");
  const std::vector<const char*> values = to_parameters(sql, parameters);
  std::size_t bytes = sql.size();
  for (const Value& value : parameters) bytes += value ? value->size() : 0;
  if (!is_set_up_) set_up();
  Sent sent{.sql = std::string(sql), .done = std::move(done), .answer = {}, .bytes = bytes};
  if (sent.sql.empty()) sent.sql = ";";  // the empty text stands for a Sync in the queue
  if (PQsendQueryParams(libpq(), sent.sql.c_str(), static_cast<int>(values.size()), nullptr,
                        values.data(), nullptr, nullptr, 0) != 1) {
    if (PQstatus(libpq()) != CONNECTION_OK) lose_connection();
    throw Error(ErrorCode::kDatabase, libpq_message(libpq())).statement(std::move(sent.sql));
  }
  bytes_in_flight_ += bytes;
  queue_.push_back(std::move(sent));
}

// With a Sync of its own, lest a failing statement or a ROLLBACK takes the settings back.
void PostgresqlConnection::set_up() {
  is_set_up_ = true;
  send_settings(false);
  send_sync();
}

void PostgresqlConnection::send_settings(bool for_transaction) {
  for (const Setting& setting : settings_) {
    std::vector<Value> parameters = {setting.name, setting.value};
    if (for_transaction) {
      send(kSetForTransaction, parameters, {});
    } else {
      parameters.emplace_back(std::to_string(backend_pid_));
      send(kSetForSession, parameters,
           [this](const Result& result) { behind_proxy_ = result.rows.empty(); });
    }
  }
}

void PostgresqlConnection::send_sync() {
  if (PQpipelineSync(libpq()) != 1) lose_connection();
  queue_.emplace_back();
}

// Waits for everything in the queue.
void PostgresqlConnection::sync() {
  if (!queue_.empty()) {
    if (!queue_.back().sql.empty()) send_sync();
    wait_until_in_flight(0, 0);
    in_transaction_ = PQtransactionStatus(libpq()) != PQTRANS_IDLE;
  }
  settle_cancellation();
}

void PostgresqlConnection::wait_until_in_flight(std::size_t statements, std::size_t bytes) {
  // The server keeps answers back until it is asked for them, or its buffer is full.
  if (statements > 0) PQsendFlushRequest(libpq());
  for (;;) {
    take_answers();
    if (queue_.size() <= statements && bytes_in_flight_ <= bytes) return;
    wait_for_server();
  }
}

// Sends what is waiting to be sent, and comes back when there is something to do: an answer, room
// to send more, or a cancellation.
void PostgresqlConnection::wait_for_server() {
  const int unsent = PQflush(libpq());
  if (unsent < 0) lose_connection();
  std::array<pollfd, 2> waits = {
      {{PQsocket(libpq()), static_cast<short>(unsent > 0 ? POLLIN | POLLOUT : POLLIN), 0},
       {cancellation_.descriptor(), POLLIN, 0}}};
  const int timeout =
      cancellation_.is_under_way() ? static_cast<int>(Cancellation::kBetweenRequests.count()) : -1;
  const int ready = ::poll(waits.data(), waits.size(), timeout);
  if (ready < 0 && errno != EINTR) lose_connection(std::strerror(errno));
  if (ready == 0 && !cancellation_.repeat(libpq())) give_up_on_server();
  if (ready <= 0) return;
  if (waits[1].revents != 0 && cancellation_.take_wake_up()) cancellation_.begin(libpq());
  if ((waits[0].revents & ~POLLOUT) != 0 && PQconsumeInput(libpq()) == 0) {
    lose_connection();
  }
}

void PostgresqlConnection::take_answers() {
  for (;;) {
    // Reads ahead to the next answer: the notices on the way there were sent before it.
    const bool busy = PQisBusy(libpq()) != 0;
    deliver_notices();
    if (hung_up_) lose_connection();
    if (queue_.empty()) {
      dropping_ = false;
      return;
    }
    if (busy) return;
    AnswerHandle answer(PQgetResult(libpq()));
    if (answer) {
      take(std::move(answer));
    } else {
      finish_front();
    }
  }
}

// libpq takes that for the statement whose answer comes next only, before any of it was looked at.
void PostgresqlConnection::ask_for_single_rows() {
  if (!queue_.empty() && queue_.front().rows) PQsetSingleRowMode(libpq());
}

void PostgresqlConnection::take(AnswerHandle answer) {
  switch (PQresultStatus(answer.get())) {
    case PGRES_PIPELINE_SYNC:
      if (!queue_.front().sql.empty()) lose_connection("an answer came out of order");
      queue_.pop_front();
      ask_for_single_rows();
      break;
    case PGRES_SINGLE_TUPLE:
      if (!dropping_) queue_.front().rows->add(answer.get());
      break;
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
    case PGRES_COPY_BOTH:
      refuse_copy(queue_.front().sql);
    case PGRES_FATAL_ERROR:
    case PGRES_BAD_RESPONSE: {
      if (PQstatus(libpq()) != CONNECTION_OK || is_fatal(answer.get())) fail(answer.get(), {});
      if (dropping_) break;
      // Before anything else is sent: libpq forgets the null pointer that is due if it gets a
      // command now.
      const AnswerHandle end(PQgetResult(libpq()));
      const std::string sql = std::move(queue_.front().sql);
      bytes_in_flight_ -= queue_.front().bytes;
      queue_.pop_front();
      fail(answer.get(), sql);
    }
    case PGRES_PIPELINE_ABORTED:
      if (!dropping_) lose_connection("an answer came out of order");
      break;
    default:
      queue_.front().answer = std::move(answer);
  }
}

// libpq ends the answers to each statement with a null pointer.
void PostgresqlConnection::finish_front() {
  Sent sent = std::move(queue_.front());
  queue_.pop_front();
  ask_for_single_rows();
  bytes_in_flight_ -= sent.bytes;
  if (dropping_) return;
  if (!sent.answer) throw Error(ErrorCode::kInternal, "libpq has no answer to a statement");
  if (committing_) commit_answer_ = PQcmdStatus(sent.answer.get());
  if (sent.rows) sent.rows->finish(sent.answer.get());
  if (sent.done) sent.done(to_result(sent.answer.get()));
}

// `answer` says that `sql` was refused, or that the connection is lost.
void PostgresqlConnection::fail(const PGresult* answer, const std::string& sql) {
  if (is_fatal(answer)) {
    last_words_ = to_notice(answer);
    last_sqlstate_ = diagnostic(answer, PG_DIAG_SQLSTATE);
    lose_connection();
  }
  if (PQstatus(libpq()) != CONNECTION_OK) {
    lose_connection(first_line(PQresultErrorMessage(answer)));
  }
  Error error = to_error(answer, sql);
  if (PQpipelineStatus(libpq()) == PQ_PIPELINE_ABORTED) drop_queue();
  committing_ = false;
  in_transaction_ = PQtransactionStatus(libpq()) != PQTRANS_IDLE;
  const bool was_cancelled =
      cancellation_.is_under_way() && error.sqlstate() == "57014";  // query_canceled
  settle_cancellation();
  if (!was_cancelled) throw error;
  cancellation_.forget();
  Error cancelled(ErrorCode::kCancelled, "cancelled while a statement was running");
  throw cancelled.sqlstate(error.sqlstate()).detail(error.detail()).statement(sql);
}

void PostgresqlConnection::drop_queue() {
  dropping_ = true;
  if (queue_.empty() || !queue_.back().sql.empty()) send_sync();
  wait_until_in_flight(0, 0);
}

// libpq's callback: nothing may be thrown through its C code, so that notices are only kept here.
void PostgresqlConnection::on_notice(void* self, const PGresult* notice) {
  auto* connection = static_cast<PostgresqlConnection*>(self);
  if (is_farewell(notice)) {
    connection->last_words_ = to_notice(notice);
    connection->last_sqlstate_ = diagnostic(notice, PG_DIAG_SQLSTATE);
    connection->hung_up_ = is_fatal(notice);
  }
  if (!is_fatal(notice) && connection->notice_handler_) {
    connection->notices_.push_back(to_notice(notice));
  }
}

void PostgresqlConnection::deliver_notices() {
  if (notices_.empty()) return;
  for (const Notice& notice : std::exchange(notices_, {})) notice_handler_(notice);
}

// ---- When it does not go on

void PostgresqlConnection::settle_cancellation() {
  if (!cancellation_.settle()) give_up_on_server();
}

void PostgresqlConnection::close() {
  deliver_notices();
  connection_.reset();
  queue_.clear();
  bytes_in_flight_ = 0;
  in_transaction_ = false;
  began_ = false;
  cancellation_.end();
}

// The server's own last words tell more than `reason`, or than libpq, which only sees a socket that
// was closed.
void PostgresqlConnection::lose_connection(std::string reason) {
  if (!last_words_.message.empty()) {
    reason = last_words_.message;
  } else if (reason.empty()) {
    reason = libpq_message(libpq());
  }
  const auto first = std::find_if(queue_.begin(), queue_.end(), [](const Sent& sent) {
    return !sent.sql.empty() && sent.sql != kSetForSession && sent.sql != kSetForTransaction;
  });
  const std::string statement = first == queue_.end() ? "" : first->sql;
  const bool in_doubt = std::exchange(committing_, false);
  close();
  last_words_.message = reason;
  if (in_doubt) {
    throw in_doubt_error("the connection was lost").detail(reason).sqlstate(last_sqlstate_);
  }
  throw Error(ErrorCode::kConnection, "the connection to the server was lost: " + reason)
      .detail(last_words_.detail)
      .hint(last_words_.hint)
      .sqlstate(last_sqlstate_)
      .statement(statement);
}

void PostgresqlConnection::give_up_on_server() {
  const bool in_doubt = std::exchange(committing_, false);
  const std::string process = std::to_string(backend_pid_);
  close();
  last_words_.message = "the server did not answer a cancellation";
  if (in_doubt) throw in_doubt_error("cancelled");
  throw Error(ErrorCode::kCancelled, "cancelled, but the server did not confirm it within " +
                                         std::to_string(Cancellation::kGrace.count()) + " s")
      .hint("the statement may still be running there, in process " + process);
}

// The protocol is in the middle of a COPY now, and behind it wait the answers to other statements.
void PostgresqlConnection::refuse_copy(const std::string& sql) {
  const Error error = copy_error().statement(sql);
  close();
  last_words_.message = "it was closed in the middle of a COPY";
  throw error;
}

}  // namespace

std::shared_ptr<Opening> begin_connecting(const ConnectOptions& options) {
  return begin_opening(options);
}

std::unique_ptr<Connection> connect(const ConnectOptions& options) {
  return std::make_unique<PostgresqlConnection>(options);
}

}  // namespace capo::dialect::postgresql
