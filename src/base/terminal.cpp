#include "base/terminal.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "capo/error.hpp"

namespace capo::base {
namespace {

// Writes everything; returns 0 or the errno that stopped it.
int write_all(int descriptor, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

constexpr std::string_view kReset = "\x1b[0m";

std::string_view escape_code(Ink ink) {
  switch (ink) {
    case Ink::kRed:
      return "\x1b[31m";
    case Ink::kGreen:
      return "\x1b[32m";
    case Ink::kYellow:
      return "\x1b[33m";
    case Ink::kBold:
      return "\x1b[1m";
    case Ink::kDim:
      return "\x1b[2m";
  }
  return {};
}

}  // namespace

RealTerminal::RealTerminal() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) >= 0) continue;
    // Opened the wrong way round: using it stays an error. The lowest free number is this one.
    if (::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0) return;
  }
}

bool RealTerminal::write_out(std::string_view text) {
  const int error = write_all(STDOUT_FILENO, text);
  if (error == 0) return true;
  if (error == EPIPE) return false;
  throw Error(ErrorCode::kConfig,
              std::string("cannot write to standard output: ") + std::strerror(error));
}

void RealTerminal::write_error(std::string_view text) noexcept { write_all(STDERR_FILENO, text); }

bool RealTerminal::out_is_terminal() const { return ::isatty(STDOUT_FILENO) == 1; }
bool RealTerminal::error_is_terminal() const { return ::isatty(STDERR_FILENO) == 1; }

int RealTerminal::width() const {
  for (const int descriptor : {STDERR_FILENO, STDOUT_FILENO}) {
    winsize size{};
    if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  }
  return 80;
}

bool RealTerminal::in_is_terminal() const { return ::isatty(STDIN_FILENO) == 1; }

std::optional<std::string> RealTerminal::read_line() {
  std::string line;
  for (;;) {
    char c = 0;
    const ssize_t count = ::read(STDIN_FILENO, &c, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return line.empty() ? std::nullopt : std::optional(line);
    if (c == '\n') return line;
    line += c;
  }
}

bool use_color(ColorMode mode, bool is_terminal, const Environment& environment) {
  switch (mode) {
    case ColorMode::kAlways:
      return true;
    case ColorMode::kNever:
      return false;
    case ColorMode::kAuto:
      break;
  }
  const auto value_of = [&](std::string_view name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string_view() : std::string_view(found->second);
  };
  return is_terminal && value_of("NO_COLOR").empty() && value_of("TERM") != "dumb";
}

std::string Paint::operator()(Ink ink, std::string_view text) const {
  std::string painted;
  if (on_) painted += escape_code(ink);
  painted += text;
  if (on_) painted += kReset;
  return painted;
}

namespace {

// Bytes of the control character at the start of `text`; 0 for any other, tab and line break too.
std::size_t control_length(std::string_view text) {
  const auto byte = static_cast<unsigned char>(text[0]);
  // C1 controls are two bytes in UTF-8, 0xC2 0x80 to 0xC2 0x9F.
  if (byte == 0xC2 && text.size() > 1) {
    const auto second = static_cast<unsigned char>(text[1]);
    return second >= 0x80 && second <= 0x9F ? 2 : 0;
  }
  return (byte < 0x20 && byte != '\t' && byte != '\n') || byte == 0x7F ? 1 : 0;
}

// Bytes of one of Paint's codes at the start of `text`, or 0.
std::size_t paint_length(std::string_view text) {
  if (text[0] != '\x1b') return 0;
  if (text.starts_with(kReset)) return kReset.size();
  for (const Ink ink : {Ink::kRed, Ink::kGreen, Ink::kYellow, Ink::kBold, Ink::kDim}) {
    if (text.starts_with(escape_code(ink))) return escape_code(ink).size();
  }
  return 0;
}

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

}  // namespace

std::string without_controls(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const std::size_t control = control_length(text);
    clean += control > 0 ? kReplacement : text.substr(0, 1);
    text.remove_prefix(std::max(control, std::size_t{1}));
  }
  return clean;
}

std::string for_terminal(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  bool colored = false;
  const auto end_color = [&] {
    if (colored) clean += kReset;
    colored = false;
  };
  while (!text.empty()) {
    std::size_t length = 1;
    if (const std::size_t paint = paint_length(text); paint > 0) {
      length = paint;
      clean += text.substr(0, length);
      colored = text.substr(0, length) != kReset;
    } else if (const std::size_t control = control_length(text); control > 0) {
      length = control;
      if (!text.starts_with("\r\n")) clean += kReplacement;
    } else {
      if (text[0] == '\n') end_color();
      clean += text[0];
    }
    text.remove_prefix(length);
  }
  end_color();
  return clean;
}

}  // namespace capo::base
