#include "cli/output.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace capo::cli {
namespace {

std::string_view name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUsage:
      return "usage";
    case ErrorCode::kConfig:
      return "config";
    case ErrorCode::kScript:
      return "script";
    case ErrorCode::kRevision:
      return "revision";
    case ErrorCode::kSchema:
      return "schema";
    case ErrorCode::kUnsupported:
      return "unsupported";
    case ErrorCode::kConnection:
      return "connection";
    case ErrorCode::kDatabase:
      return "database";
    case ErrorCode::kInDoubt:
      return "in_doubt";
    case ErrorCode::kLocked:
      return "locked";
    case ErrorCode::kCancelled:
      return "cancelled";
    case ErrorCode::kInternal:
      return "internal";
  }
  return "internal";
}

// The bytes of `text` between two code points, counted from 0.
std::string code_points(std::string_view text, int from, int to) {
  std::string piece;
  int number = -1;
  for (const char c : text) {
    if (!base::is_continuation_byte(c)) ++number;
    if (number >= from && number < to) piece += c;
  }
  return piece;
}

// The line of the file with a caret under the column. Tabs stay tabs so that the caret stands where
// it should; of a very long line only what is around the column is shown.
std::string caret(const Error& error, const base::Paint& paint) {
  constexpr int kBefore = 60;
  constexpr int kShown = 160;
  const SourcePosition& where = error.where();
  if (error.source_line().empty() || where.line <= 0) return {};
  const std::string& line = error.source_line();
  const int length = base::count_code_points(line);
  const int from = length > kShown ? std::max(0, where.column - 1 - kBefore) : 0;
  const int to = std::min(length, from + kShown);
  const std::string number = std::to_string(where.line);
  std::string text =
      fmt::format("    {} | {}{}{}\n", number, from > 0 ? "…" : "",
                  base::without_controls(code_points(line, from, to)), to < length ? "…" : "");
  if (where.column <= 0) return text;
  std::string space = from > 0 ? " " : "";
  for (const char c : code_points(line, from, where.column - 1)) {
    if (!base::is_continuation_byte(c)) space += c == '\t' ? '\t' : ' ';
  }
  return text + fmt::format("    {} | {}{}\n", std::string(number.size(), ' '), space,
                            paint(base::Ink::kRed, "^"));
}

// "  KEY: text", further lines of the text under the first.
std::string labelled(std::string_view label, std::string_view text) {
  std::string result = fmt::format("  {}", label);
  const std::string indent(2 + label.size(), ' ');
  bool first = true;
  for (const std::string_view line : base::split(base::trim(text), '\n')) {
    if (!first) result += indent;
    result.append(line).append("\n");
    first = false;
  }
  return base::without_controls(result);
}

// A statement may insert a thousand rows.
std::string first_lines(std::string_view text) {
  constexpr std::size_t kMost = 12;
  constexpr std::size_t kLongest = 2000;
  std::size_t end = 0;
  for (std::size_t line = 0; line < kMost && end < text.size(); ++line) {
    end = std::min(text.find('\n', end), text.size() - 1) + 1;
  }
  const std::string_view shown = base::first_bytes(text.substr(0, end), kLongest);
  return std::string(base::trim(shown)) + (shown.size() < text.size() ? "\n…" : "");
}

base::Json to_json(const Error& error) {
  base::Json body = base::Json::object();
  body.set("code", name_of(error.code())).set("message", error.message());
  body.set("detail", base::Json::text_or_null(error.detail()));
  body.set("hint", base::Json::text_or_null(error.hint()));
  const SourcePosition& where = error.where();
  body.set("file", base::Json::text_or_null(where.file));
  body.set("line", where.line > 0 ? base::Json(where.line) : base::Json());
  body.set("column", where.column > 0 ? base::Json(where.column) : base::Json());
  body.set("sqlstate", base::Json::text_or_null(error.sqlstate()));
  body.set("statement", base::Json::text_or_null(error.statement()));
  return base::Json::object().set("error", std::move(body));
}

}  // namespace

std::string describe(const Error& error, const base::Paint& paint) {
  std::string text = paint(base::Ink::kRed, "FAILED:");
  text += ' ' + base::without_controls(error.message()) + '\n';
  if (!error.where().file.empty()) {
    text += fmt::format("  {}\n", base::without_controls(to_string(error.where())));
    text += caret(error, paint);
  }
  // Of an operation no line of the file can be shown.
  const bool has_line = error.where().file.empty() || error.where().line > 0;
  if (!has_line && !error.statement().empty()) {
    text += labelled("STATEMENT: ", first_lines(error.statement()));
  }
  if (!error.sqlstate().empty()) text += labelled("SQLSTATE: ", error.sqlstate());
  if (!error.detail().empty()) text += labelled("DETAIL: ", error.detail());
  if (!error.hint().empty()) text += labelled("HINT: ", error.hint());
  return text;
}

Output::Output(base::Terminal& terminal, const base::Environment& environment,
               OutputOptions options)
    : terminal_(terminal),
      options_(options),
      out_paint_(base::use_color(options.color, terminal.out_is_terminal(), environment)),
      error_paint_(base::use_color(options.color, terminal.error_is_terminal(), environment)) {}

void Output::status(std::string_view text) {
  if (options_.quiet || options_.json) return;
  print(text);
  flush();
}

void Output::info(std::string_view text, std::string_view whose) {
  if (options_.quiet || options_.json) return;
  to_error(fmt::format("{}  [capo.{}] {}\n", error_paint_(base::Ink::kGreen, "INFO"), whose,
                       base::without_controls(text)));
}

void Output::warning(std::string_view text, std::string_view whose) {
  to_error(fmt::format("{} [capo.{}] {}\n", error_paint_(base::Ink::kYellow, "WARNING"), whose,
                       base::without_controls(text)));
}

void Output::note(std::string_view text) {
  if (options_.quiet || options_.json) return;
  to_error(base::without_controls(text) + '\n');
}

void Output::failure(const Error& error) {
  if (options_.json) {
    pending_.clear();
    terminal_.write_error(to_json(error).line());
    return;
  }
  const std::string text = describe(error, error_paint_);
  try {
    flush();
  } catch (const Error& second) {
    terminal_.write_error(describe(second, error_paint_));
  }
  terminal_.write_error(text);
}

void Output::to_error(std::string_view text) {
  flush();
  terminal_.write_error(text);
}

void Output::flush() {
  if (pending_.empty()) return;
  // Taken out first: if writing fails, the error's own message must not try it again.
  std::string text = std::move(pending_);
  pending_.clear();
  // Names, messages and SQL of a revision are anybody's text. Programs get them as they are.
  if (terminal_.out_is_terminal()) text = base::for_terminal(text);
  if (!reader_gone_ && !terminal_.write_out(text)) reader_gone_ = true;
}

}  // namespace capo::cli
