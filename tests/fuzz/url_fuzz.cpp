// Database URLs: any bytes are read or refused, what is read can be written and read back, and a
// password is seen neither in the masked form nor in an error.

#include <array>

#include "capo/error.hpp"
#include "config/url.hpp"
#include "fuzz.hpp"

using capo::config::DatabaseUrl;
using capo::config::parse_url;
using capo::fuzz::require;

namespace {

// Two passwords that the grammar cannot tell apart: what is shown must not depend on which of them
// is used.
constexpr std::string_view kSecret = "s3cretA";
constexpr std::string_view kOtherSecret = "s3cretB";

std::string shown(const capo::Error& error) {
  require(error.code() == capo::ErrorCode::kConfig, "an error of the configuration");
  return error.message() + error.detail() + error.hint() + error.source_line();
}

void check_round_trip(const DatabaseUrl& url) {
  require(parse_url(to_string(url)) == url, "what is written is read back");
  const auto masked = [&](std::string_view password) {
    DatabaseUrl with_password = url;
    with_password.password = password;
    with_password.query.emplace_back("sslpassword", password);
    return to_masked_string(with_password);
  };
  require(masked(kSecret) == masked(kOtherSecret), "the masked form hides the password");
}

// A password with a piece of `text` on either side, between a user's name and an `@`, and more of
// `text` behind it.
void check_hiding(std::string_view text) {
  if (text.size() < 2) return;
  const std::size_t cut = static_cast<unsigned char>(text[0]) % text.size();
  const std::size_t next = cut + static_cast<unsigned char>(text[1]) % (text.size() - cut);
  constexpr std::array<std::string_view, 4> kUsers = {"user:", "us@er:", "[user:", ":"};
  const auto shown_with = [&](std::string_view password) {
    std::string url = "postgresql://";
    url.append(kUsers[text.size() % kUsers.size()]);
    url.append(text.substr(0, cut)).append(password).append(text.substr(cut, next - cut));
    url.append("@host").append(text.substr(next));
    try {
      return to_masked_string(parse_url(url));
    } catch (const capo::Error& error) {
      return shown(error);
    }
  };
  require(shown_with(kSecret) == shown_with(kOtherSecret), "nothing shows the password");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = capo::fuzz::text_of(data, size);
  check_hiding(text);
  try {
    check_round_trip(parse_url(text));
  } catch (const capo::Error& error) {
    (void)shown(error);
  }
  return 0;
}
