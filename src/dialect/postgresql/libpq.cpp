#include "dialect/postgresql/libpq.hpp"

#include <pthread.h>
#include <signal.h>

#include <array>
#include <charconv>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "dialect/postgresql/connect_error.hpp"
#include "dialect/postgresql/connection.hpp"
#include "dialect/postgresql/conninfo.hpp"

namespace capo::dialect::postgresql {
namespace {

constexpr std::chrono::milliseconds kBetweenStopChecks{50};

struct FreeCancel {
  void operator()(PGcancel* request) const { PQfreeCancel(request); }
};

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

// Runs a blocking call of libpq on a thread of its own, so that the caller can stop waiting for it.
// A call that nobody waits for any more ends by itself, at its own timeout, and its result is
// freed.
template <class Function>
auto run_aside(Function function) {
  std::packaged_task<decltype(function())()> task(std::move(function));
  auto future = task.get_future();
  // Signals belong to the threads of the program.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread(std::move(task));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  thread.detach();
  return future;
}

LibpqDefaults libpq_defaults() {
  const std::unique_ptr<PQconninfoOption, FreeOptions> options(PQconndefaults());
  LibpqDefaults defaults;
  for (const PQconninfoOption* option = options.get();
       option != nullptr && option->keyword != nullptr; ++option) {
    defaults.keywords.emplace_back(option->keyword);
    if (defaults.keywords.back() == "connect_timeout") {
      defaults.connect_timeout_is_set = option->val != nullptr;
    }
  }
  return defaults;
}

// The byte at which the server's position, counted in characters from 1, begins; -1 if it gave
// none.
int byte_offset(std::string_view sql, std::string_view position) {
  const auto characters = base::parse_integer(position);
  if (!characters || *characters < 1) return -1;
  std::size_t offset = 0;
  for (long long i = 1; i < *characters && offset < sql.size(); ++i) {
    do {
      ++offset;
    } while (offset < sql.size() && base::is_continuation_byte(sql[offset]));
  }
  return static_cast<int>(offset);
}

// What the server cannot know: which of its settings are capo's, and under which names.
std::string hint_for(std::string_view sqlstate, std::string_view message) {
  if (sqlstate == "55P03") {
    return "another session holds the lock; pg_stat_activity and pg_locks tell which. Try again "
           "when it has ended, or wait longer with lock_timeout";
  }
  if (sqlstate == "57014" && message.find("statement timeout") != std::string_view::npos) {
    return "let it take longer with statement_timeout";
  }
  if (sqlstate == "42501" &&
      message.find("query would be affected by row-level security") != std::string_view::npos) {
    return "capo sets row_security = off, so that no row is hidden from a migration in silence; "
           "run it as a role with BYPASSRLS; or, as the table's owner, put ALTER TABLE … NO FORCE "
           "ROW LEVEL SECURITY before the statement and FORCE after it; or say SET LOCAL "
           "row_security = on, if the policy is meant to hold for it";
  }
  return {};
}

void append_labelled(std::string& text, std::string_view label, const std::string& more) {
  if (more.empty()) return;
  if (!text.empty()) text += '\n';
  text.append(label).append(more);
}

// Long enough for a server that answers, and no wait that anybody notices.
constexpr std::chrono::milliseconds kFarewell{100};

class LibpqOpening final : public Opening {
 public:
  explicit LibpqOpening(const ConnectOptions& options);
  LibpqOpening(const LibpqOpening&) = delete;
  LibpqOpening& operator=(const LibpqOpening&) = delete;
  // The libraries below libpq don't like the program to end amid their work.
  ~LibpqOpening() override {
    if (opened_.valid()) opened_.wait_for(kFarewell);
  }
  /// For the first who asks.
  std::future<ConnectionHandle> take() { return std::move(opened_); }

 private:
  std::future<ConnectionHandle> opened_;
};

// On a thread of its own, because PQconnectdb() is the only way that knows all of libpq's rules for
// several hosts and addresses and their timeouts, and because even the asynchronous way blocks
// while it resolves names.
LibpqOpening::LibpqOpening(const ConnectOptions& options) {
  auto keywords = connection_keywords(options, libpq_defaults());
  opened_ = run_aside([keywords = std::move(keywords)] {
    std::vector<const char*> names;
    std::vector<const char*> values;
    for (const auto& [name, value] : keywords) {
      names.push_back(name.c_str());
      values.push_back(value.c_str());
    }
    names.push_back(nullptr);
    values.push_back(nullptr);
    return ConnectionHandle(PQconnectdbParams(names.data(), values.data(), 0));
  });
}

}  // namespace

std::shared_ptr<Opening> begin_opening(const ConnectOptions& options) {
  return std::make_shared<LibpqOpening>(options);
}

ConnectionHandle open_connection(const ConnectOptions& options) {
  std::future<ConnectionHandle> opened;
  if (const auto begun = std::dynamic_pointer_cast<LibpqOpening>(options.opening)) {
    opened = begun->take();
  }
  if (!opened.valid()) opened = LibpqOpening(options).take();
  while (opened.wait_for(kBetweenStopChecks) != std::future_status::ready) {
    if (options.stop_requested && options.stop_requested()) {
      throw Error(ErrorCode::kCancelled, "stopped while connecting to the server");
    }
  }
  ConnectionHandle connection = opened.get();
  if (!connection) throw Error(ErrorCode::kConnection, "libpq is out of memory");
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    throw connect_error(PQerrorMessage(connection.get()), options);
  }
  return connection;
}

// PQcancel() connects anew and waits for the server to hang up, without a timeout.
std::future<void> send_cancellation(PGconn* connection) {
  std::unique_ptr<PGcancel, FreeCancel> request(PQgetCancel(connection));
  return run_aside([request = std::move(request)] {
    std::array<char, 256> error{};
    // If it fails, the statement just goes on: whoever waits for it finds that out.
    PQcancel(request.get(), error.data(), static_cast<int>(error.size()));
  });
}

void refuse_nul(std::string_view sql, std::string_view part, const char* what) {
  if (part.find('\0') == std::string_view::npos) return;
  throw Error(ErrorCode::kDatabase, std::string(what) + " contains a NUL byte")
      .statement(std::string(sql));
}

std::vector<const char*> to_parameters(std::string_view sql, std::span<const Value> parameters) {
  std::vector<const char*> values;
  values.reserve(parameters.size());
  for (const Value& value : parameters) {
    if (value) refuse_nul(sql, *value, "a parameter");
    values.push_back(value ? value->c_str() : nullptr);
  }
  return values;
}

Result to_result(const PGresult* answer) {
  Result result;
  const int rows = PQntuples(answer);
  const int columns = PQnfields(answer);
  result.rows.reserve(static_cast<std::size_t>(rows));
  for (int i = 0; i < rows; ++i) {
    Row& row = result.rows.emplace_back();
    row.reserve(static_cast<std::size_t>(columns));
    for (int k = 0; k < columns; ++k) {
      if (PQgetisnull(answer, i, k) != 0) {
        row.emplace_back(std::nullopt);
      } else {
        row.emplace_back(std::in_place, PQgetvalue(answer, i, k),
                         static_cast<std::size_t>(PQgetlength(answer, i, k)));
      }
    }
  }
  // libpq takes a pointer to non-const and only reads.
  const std::string_view count = PQcmdTuples(const_cast<PGresult*>(answer));
  std::from_chars(count.data(), count.data() + count.size(), result.affected);
  return result;
}

void RowsInParts::add(const PGresult* answer) {
  constexpr std::size_t kRowsOfPart = 100;
  const int columns = PQnfields(answer);
  for (int i = 0; i < PQntuples(answer); ++i) {
    if (filled_ == rows_.rows.size()) rows_.rows.emplace_back(static_cast<std::size_t>(columns));
    Row& row = rows_.rows[filled_++];
    for (int k = 0; k < columns; ++k) {
      Value& value = row[static_cast<std::size_t>(k)];
      const std::string_view text(PQgetvalue(answer, i, k),
                                  static_cast<std::size_t>(PQgetlength(answer, i, k)));
      if (PQgetisnull(answer, i, k) != 0) {
        value.reset();
      } else if (value) {
        value->assign(text);
      } else {
        value.emplace(text);
      }
    }
    if (filled_ < kRowsOfPart) continue;
    part_(rows_);
    filled_ = 0;
  }
}

void RowsInParts::finish(const PGresult* answer) {
  add(answer);
  rows_.rows.resize(filled_);
  if (filled_ != 0) part_(rows_);
}

std::string diagnostic(const PGresult* answer, int field) {
  const char* text = PQresultErrorField(answer, field);
  return text == nullptr ? "" : text;
}

bool is_fatal(const PGresult* answer) {
  const std::string severity = diagnostic(answer, PG_DIAG_SEVERITY_NONLOCALIZED);
  return severity == "FATAL" || severity == "PANIC";
}

bool is_farewell(const PGresult* notice) {
  const std::string sqlstate = diagnostic(notice, PG_DIAG_SQLSTATE);
  // admin_shutdown, crash_shutdown
  return is_fatal(notice) || sqlstate == "57P01" || sqlstate == "57P02";
}

Error to_error(const PGresult* answer, const std::string& sql) {
  const std::string sqlstate = diagnostic(answer, PG_DIAG_SQLSTATE);
  const std::string message = diagnostic(answer, PG_DIAG_MESSAGE_PRIMARY);
  Error error(sqlstate == "55P03" ? ErrorCode::kLocked : ErrorCode::kDatabase,
              message.empty() ? std::string(base::trim(PQresultErrorMessage(answer))) : message);
  std::string detail = diagnostic(answer, PG_DIAG_MESSAGE_DETAIL);
  append_labelled(detail, "QUERY: ", diagnostic(answer, PG_DIAG_INTERNAL_QUERY));
  append_labelled(detail, "CONTEXT: ", diagnostic(answer, PG_DIAG_CONTEXT));
  std::string hint = hint_for(sqlstate, message);
  const std::string advice = diagnostic(answer, PG_DIAG_MESSAGE_HINT);
  if (hint.empty()) {
    hint = advice;
  } else {
    append_labelled(detail, "", advice);
  }
  error.sqlstate(sqlstate).detail(std::move(detail)).hint(std::move(hint));
  return error.statement(sql, byte_offset(sql, diagnostic(answer, PG_DIAG_STATEMENT_POSITION)));
}

Error copy_error() {
  return Error(ErrorCode::kUnsupported, "COPY from or to the client does not work in a migration")
      .hint("use INSERT, or COPY with a file on the server");
}

Notice to_notice(const PGresult* notice) {
  return {.severity = diagnostic(notice, PG_DIAG_SEVERITY),
          .message = diagnostic(notice, PG_DIAG_MESSAGE_PRIMARY),
          .detail = diagnostic(notice, PG_DIAG_MESSAGE_DETAIL),
          .hint = diagnostic(notice, PG_DIAG_MESSAGE_HINT)};
}

std::string client_library() {
  constexpr int kMajor = 10000;
  const int version = PQlibVersion();
  return "libpq " + std::to_string(version / kMajor) + "." + std::to_string(version % kMajor);
}

std::string parameter_status(const PGconn* connection, const char* name) {
  const char* value = PQparameterStatus(connection, name);
  return value == nullptr ? "" : value;
}

std::string first_line(std::string_view text) {
  return std::string(base::trim(text.substr(0, text.find('\n'))));
}

std::string libpq_message(const PGconn* connection) {
  return first_line(PQerrorMessage(connection));
}

}  // namespace capo::dialect::postgresql
