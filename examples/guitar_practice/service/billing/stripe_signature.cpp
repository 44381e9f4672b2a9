#include "billing/stripe_signature.hpp"

#include <sodium.h>

#include <array>
#include <charconv>
#include <string_view>
#include <vector>

#include "accounts/tokens.hpp"

namespace gpra {
namespace {

struct Signature {
  std::string time = {};  ///< as it was sent: it is a part of what is signed
  std::vector<std::string> digests = {};
};

// Of other schemes than v1 (v0 is that of test clocks) nothing is taken.
Signature read(std::string_view header) {
  Signature signature;
  while (!header.empty()) {
    const std::size_t end = header.find(',');
    const std::string_view part = header.substr(0, end);
    header.remove_prefix(end == std::string_view::npos ? header.size() : end + 1);
    if (part.starts_with("v1=")) {
      signature.digests.emplace_back(part.substr(3));
    } else if (part.starts_with("t=")) {
      signature.time = part.substr(2);
    }
  }
  return signature;
}

std::string digest(const std::string& time, const std::string& body, const std::string& secret) {
  const auto bytes = [](const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  };
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, bytes(secret), secret.size());
  for (const std::string& part : {time, std::string("."), body}) {
    crypto_auth_hmacsha256_update(&state, bytes(part), part.size());
  }
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> hash{};
  crypto_auth_hmacsha256_final(&state, hash.data());
  std::array<char, 2 * crypto_auth_hmacsha256_BYTES + 1> hex{};
  sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
  return hex.data();
}

bool is_recent(const std::string& text, long long now, long long tolerance) {
  long long time = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), time);
  if (error != std::errc() || end != text.data() + text.size() || time < 0) return false;
  return time >= now - tolerance && time <= now + tolerance;
}

}  // namespace

bool is_signed(const std::string& header, const std::string& body, const StripeSecret& secret,
               long long now) {
  const Signature signature = read(header);
  // An empty secret is one that everybody knows.
  if (secret.text.empty() || signature.time.empty()) return false;
  const std::string wanted = digest(signature.time, body, secret.text);
  bool is_known = false;
  for (const std::string& given : signature.digests) is_known |= is_same(given, wanted);
  return is_known && is_recent(signature.time, now, secret.tolerance_seconds);
}

std::string sign(const std::string& body, const std::string& secret, long long at) {
  const std::string time = std::to_string(at);
  return "t=" + time + ",v1=" + digest(time, body, secret);
}

}  // namespace gpra
