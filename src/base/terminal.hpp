#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/system.hpp"

/// The two output streams and what is known of the terminal behind them, as a port.
namespace capo::base {

class Terminal {
 public:
  virtual ~Terminal() = default;

  /// Writes all of `text` to standard output. False if nobody reads it any more (`capo history |
  /// head`). Throws Error{kConfig} with the reason if it cannot be written (a full disk).
  [[nodiscard]] virtual bool write_out(std::string_view text) = 0;
  /// Writes to standard error. A failure is not reported: there is nowhere left to report it.
  virtual void write_error(std::string_view text) noexcept = 0;
  virtual bool out_is_terminal() const = 0;
  virtual bool error_is_terminal() const = 0;
  /// Columns of the terminal, 80 if there is none.
  virtual int width() const = 0;
  /// Whether somebody can be asked.
  virtual bool in_is_terminal() const = 0;
  /// A line that was typed, without its line break; nothing at the end of the input.
  virtual std::optional<std::string> read_line() = 0;
};

class RealTerminal final : public Terminal {
 public:
  /// Puts something in the place of a standard stream that the process was started without, so that
  /// no file or connection opened later gets its number and with it what is meant for the terminal.
  RealTerminal();
  [[nodiscard]] bool write_out(std::string_view text) override;
  void write_error(std::string_view text) noexcept override;
  bool out_is_terminal() const override;
  bool error_is_terminal() const override;
  int width() const override;
  bool in_is_terminal() const override;
  std::optional<std::string> read_line() override;
};

/// Collects what is written, for tests.
class MemoryTerminal final : public Terminal {
 public:
  [[nodiscard]] bool write_out(std::string_view text) override {
    if (reader_gone) return false;
    out += text;
    return true;
  }
  void write_error(std::string_view text) noexcept override { error += text; }
  bool out_is_terminal() const override { return interactive; }
  bool error_is_terminal() const override { return interactive; }
  int width() const override { return 80; }
  bool in_is_terminal() const override { return interactive; }
  std::optional<std::string> read_line() override {
    if (typed.empty()) return std::nullopt;
    std::string line = std::move(typed.front());
    typed.pop_front();
    return line;
  }

  std::deque<std::string> typed = {};  ///< what read_line() gives, one after the other
  std::string out = {};
  std::string error = {};
  bool interactive = false;
  bool reader_gone = false;
};

enum class ColorMode { kAuto, kAlways, kNever };

/// Whether to colour a stream: as `mode` says, and with kAuto only on a terminal that is not
/// `TERM=dumb`, unless the environment has a non-empty NO_COLOR (https://no-color.org).
bool use_color(ColorMode mode, bool is_terminal, const Environment& environment);

enum class Ink { kRed, kGreen, kYellow, kBold, kDim };

/// Colours text, or leaves it alone.
class Paint {
 public:
  explicit Paint(bool on = false) : on_(on) {}
  std::string operator()(Ink ink, std::string_view text) const;

 private:
  bool on_;
};

/// `text` with every control character but tab and line break replaced by U+FFFD, so that a name or
/// message from a file or a server cannot steer the terminal.
std::string without_controls(std::string_view text);

/// The same for a whole result that may have colours in it: Paint's codes stay, none of them beyond
/// its line, and CRLF becomes a line break.
std::string for_terminal(std::string_view text);

}  // namespace capo::base
