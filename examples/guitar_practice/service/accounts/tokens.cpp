#include "accounts/tokens.hpp"

#include <sodium.h>

#include <array>

namespace gpra {
namespace {

constexpr std::size_t kBytes = 32;

std::string hash(const std::string& text, const std::string& key) {
  std::array<unsigned char, kBytes> bytes{};
  crypto_generichash(bytes.data(), bytes.size(),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     reinterpret_cast<const unsigned char*>(key.data()), key.size());
  std::array<char, 2 * kBytes + 1> hex{};
  sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
  return hex.data();
}

}  // namespace

std::string make_token() {
  std::array<unsigned char, kBytes> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  constexpr int kKind = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::array<char, sodium_base64_ENCODED_LEN(kBytes, kKind)> text{};
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kKind);
  return text.data();
}

std::string hash_of_token(const std::string& token) { return hash(token, ""); }

// The token is the key, cut to what the hash takes for one.
std::string csrf_of_token(const std::string& token) {
  return hash("csrf", token.substr(0, crypto_generichash_KEYBYTES_MAX));
}

bool is_same(const std::string& a, const std::string& b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace gpra
