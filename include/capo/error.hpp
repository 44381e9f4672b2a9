#pragma once

#include <exception>
#include <string>
#include <string_view>

/// What goes wrong in capo is one exception class. It says what happened, where (a place in a file,
/// or the statement of a revision), what the server answered, and what to do next; `code()` is for
/// programs that decide on it.
///
///     throw Error(ErrorCode::kScript, "unterminated string literal")
///         .at({"versions/007_x.sql", 12, 9})
///         .hint("close the literal with '");
namespace capo {

enum class ErrorCode {
  kUsage,        ///< the command line is wrong (exit code 2)
  kConfig,       ///< an ini file, `.env`, URL or environment variable is missing or malformed
  kScript,       ///< a revision file, template or hook
  kRevision,     ///< an identifier, the revision graph, or what the database says of it
  kSchema,       ///< a schema value contradicts itself
  kUnsupported,  ///< the database, or this build of capo, cannot do it
  kConnection,   ///< no connection to the database, or it broke; its parameters mean nothing
  kDatabase,     ///< the database refused a statement
  kInDoubt,      ///< the connection was lost during COMMIT: it is unknown whether it took effect
  kLocked,       ///< another deployer, or another transaction, holds what is needed
  kCancelled,    ///< Ctrl-C, SIGTERM or a caller's cancellation
  kInternal,     ///< a defect of capo
};

/// A place in a text file; line and column count from 1, 0 means unknown. Columns count Unicode
/// code points.
struct SourcePosition {
  std::string file = {};
  int line = 0;
  int column = 0;

  friend bool operator==(const SourcePosition&, const SourcePosition&) = default;
};

/// `file:line:column`, leaving out what is unknown; empty if there is no file.
std::string to_string(const SourcePosition& position);

class Error : public std::exception {
 public:
  Error(ErrorCode code, std::string message) : code_(code), message_(std::move(message)) {}

  ErrorCode code() const noexcept { return code_; }
  /// One line: what happened.
  const char* what() const noexcept override { return message_.c_str(); }
  const std::string& message() const noexcept { return message_; }
  /// More of the same, possibly several lines: the server's DETAIL, the output of a hook. May be
  /// empty.
  const std::string& detail() const noexcept { return detail_; }
  /// What to do next. May be empty.
  const std::string& hint() const noexcept { return hint_; }
  /// Where in a file; `where().file` is empty if no file is at fault.
  const SourcePosition& where() const noexcept { return where_; }
  /// The line of the file that `where()` points into, for the caret under it. May be empty.
  const std::string& source_line() const noexcept { return source_line_; }
  /// The five characters of SQLSTATE if a server answered with one, else empty.
  const std::string& sqlstate() const noexcept { return sqlstate_; }
  /// The SQL statement that failed, else empty.
  const std::string& statement() const noexcept { return statement_; }
  /// Byte offset into `statement()` at which the server says the error is, or -1.
  int statement_offset() const noexcept { return statement_offset_; }

  Error& detail(std::string text) & {
    detail_ = std::move(text);
    return *this;
  }
  Error&& detail(std::string text) && {
    detail_ = std::move(text);
    return std::move(*this);
  }
  Error& hint(std::string text) & {
    hint_ = std::move(text);
    return *this;
  }
  Error&& hint(std::string text) && {
    hint_ = std::move(text);
    return std::move(*this);
  }
  Error& at(SourcePosition position, std::string source_line = {}) & {
    where_ = std::move(position);
    source_line_ = std::move(source_line);
    return *this;
  }
  Error&& at(SourcePosition position, std::string source_line = {}) && {
    where_ = std::move(position);
    source_line_ = std::move(source_line);
    return std::move(*this);
  }
  Error& sqlstate(std::string state) & {
    sqlstate_ = std::move(state);
    return *this;
  }
  Error&& sqlstate(std::string state) && {
    sqlstate_ = std::move(state);
    return std::move(*this);
  }
  Error& statement(std::string sql, int offset = -1) & {
    statement_ = std::move(sql);
    statement_offset_ = offset;
    return *this;
  }
  Error&& statement(std::string sql, int offset = -1) && {
    statement_ = std::move(sql);
    statement_offset_ = offset;
    return std::move(*this);
  }

 private:
  ErrorCode code_;
  std::string message_;
  std::string detail_ = {};
  std::string hint_ = {};
  SourcePosition where_ = {};
  std::string source_line_ = {};
  std::string sqlstate_ = {};
  std::string statement_ = {};
  int statement_offset_ = -1;
};

}  // namespace capo
