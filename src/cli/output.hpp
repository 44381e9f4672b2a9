#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/terminal.hpp"
#include "capo/error.hpp"

namespace capo::cli {

struct OutputOptions {
  bool quiet = false;  ///< no log lines, no "Generating … done", no progress
  bool json = false;   ///< results and errors as JSON
  base::ColorMode color = base::ColorMode::kAuto;
};

/// What a command says: results on standard output, everything about them on standard error.
/// Results are collected and written in one piece, at the latest by flush(); a message on standard
/// error is written at once, after the results that came before it. What could steer a terminal is
/// taken out here: of results if they go to one, of messages always.
class Output {
 public:
  Output(base::Terminal& terminal, const base::Environment& environment, OutputOptions options);

  const OutputOptions& options() const { return options_; }
  bool json() const { return options_.json; }
  base::Terminal& terminal() { return terminal_; }

  /// Part of the result, as it is.
  void print(std::string_view text) {
    pending_ += text;
    flush_if_much();
  }
  void line(std::string_view text) {
    pending_.append(text).append("\n");
    flush_if_much();
  }
  void print_json(const base::Json& document) { pending_ += document.text(); }
  /// How far a command that writes files has come ("Generating …"), on standard output as Alembic
  /// does; not with --quiet or --json.
  void status(std::string_view text);

  /// `INFO  [capo.runtime.migration] text`, unless quiet or json. `whose`: the part of capo.
  void info(std::string_view text, std::string_view whose = "runtime.migration");
  /// `WARNING [capo.runtime.migration] text`; also when quiet.
  void warning(std::string_view text, std::string_view whose = "runtime.migration");
  /// A line on standard error as it is, unless quiet or json.
  void note(std::string_view text);
  /// Everything an error knows, after the results so far; as JSON instead of them. Throws nothing
  /// of its own.
  void failure(const Error& error);

  /// Writes what is pending. Throws Error{kConfig} if it cannot be written.
  void flush();
  /// True once somebody stopped reading standard output: nothing more needs to be made.
  bool reader_gone() const { return reader_gone_; }

  /// For what is printed.
  const base::Paint& paint() const { return out_paint_; }

 private:
  void to_error(std::string_view text);

  base::Terminal& terminal_;
  // Memory that is used again costs less than new memory for all of a long history. In JSON an
  // error takes the place of what is pending.
  void flush_if_much() {
    if (pending_.size() >= kMuch && !options_.json) flush();
  }

  static constexpr std::size_t kMuch = 64 * 1024;
  OutputOptions options_;
  base::Paint out_paint_;
  base::Paint error_paint_;
  std::string pending_ = {};
  bool reader_gone_ = false;
};

/// What failure() prints, without colours: the message after `FAILED: `, then where, detail and
/// hint, indented.
std::string describe(const Error& error, const base::Paint& paint);

}  // namespace capo::cli
