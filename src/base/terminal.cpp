#include "base/terminal.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

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
  if (on_) painted += "\x1b[0m";
  return painted;
}

std::string without_controls(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // C1 controls are two bytes in UTF-8, 0xC2 0x80 to 0xC2 0x9F.
    const bool c1 = byte == 0xC2 && i + 1 < text.size() &&
                    static_cast<unsigned char>(text[i + 1]) >= 0x80 &&
                    static_cast<unsigned char>(text[i + 1]) <= 0x9F;
    if (c1) ++i;
    if (c1 || (byte < 0x20 && byte != '\t' && byte != '\n') || byte == 0x7F) {
      clean += "\xEF\xBF\xBD";
    } else {
      clean += text[i];
    }
  }
  return clean;
}

}  // namespace capo::base
