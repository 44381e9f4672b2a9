#include "accounts/passwords.hpp"

#include <sodium.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace gpra {
namespace {

struct Cost {
  unsigned long long operations;
  std::size_t memory;
};

Cost cost_of(const std::string& name) {
  if (name == "lowest") return {crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN};
  if (name == "moderate") return {crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_MODERATE};
  return {crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE};
}

/// `pbkdf2:sha256:260000$salt$hex`, cut at its colons and dollars.
struct Framework {
  std::vector<std::string> method = {};
  std::string salt = {};
  std::string digest = {};
};

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = text.find(at);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<Framework> framework_hash(const std::string& hash) {
  if (!hash.starts_with("pbkdf2:") && !hash.starts_with("scrypt:")) return std::nullopt;
  const std::vector<std::string> parts = split(hash, '$');
  if (parts.size() != 3) return std::nullopt;
  return Framework{split(parts[0], ':'), parts[1], parts[2]};
}

std::uint32_t number(const std::vector<std::string>& parts, std::size_t place, std::uint32_t usual,
                     std::uint32_t most) {
  if (place >= parts.size()) return usual;
  std::uint32_t value = 0;
  const std::string& text = parts[place];
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  return is_number && value > 0 && value <= most ? value : 0;
}

using Bytes = std::vector<unsigned char>;

const unsigned char* bytes(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// RFC 8018, with HMAC-SHA256 and one block, which is all that the framework keeps.
Bytes pbkdf2(const std::string& password, const std::string& salt, std::uint32_t rounds) {
  crypto_auth_hmacsha256_state keyed;
  crypto_auth_hmacsha256_init(&keyed, bytes(password), password.size());
  const auto sign = [&](const unsigned char* text, std::size_t size) {
    crypto_auth_hmacsha256_state state = keyed;
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> block{};
    crypto_auth_hmacsha256_update(&state, text, size);
    crypto_auth_hmacsha256_final(&state, block.data());
    return block;
  };
  const std::string first = salt + std::string("\0\0\0\1", 4);
  auto block = sign(bytes(first), first.size());
  Bytes key(block.begin(), block.end());
  for (std::uint32_t round = 1; round < rounds; ++round) {
    block = sign(block.data(), block.size());
    for (std::size_t i = 0; i < key.size(); ++i) key[i] ^= block[i];
  }
  return key;
}

Bytes scrypt(const std::string& password, const std::string& salt, std::uint32_t n, std::uint32_t r,
             std::uint32_t p) {
  Bytes key(64);
  if (crypto_pwhash_scryptsalsa208sha256_ll(bytes(password), password.size(), bytes(salt),
                                            salt.size(), n, r, p, key.data(), key.size()) != 0) {
    return {};
  }
  return key;
}

Bytes framework_key(const Framework& hash, const std::string& password) {
  constexpr std::uint32_t kMostRounds = 10'000'000;
  constexpr std::uint32_t kMostMemory = 1U << 20U;
  if (hash.method[0] == "pbkdf2") {
    const std::uint32_t rounds = number(hash.method, 2, 260'000, kMostRounds);
    const bool is_known = hash.method.size() > 1 && hash.method[1] == "sha256" && rounds > 0;
    return is_known ? pbkdf2(password, hash.salt, rounds) : Bytes();
  }
  const std::uint32_t n = number(hash.method, 1, 32768, kMostMemory);
  const std::uint32_t r = number(hash.method, 2, 8, 64);
  const std::uint32_t p = number(hash.method, 3, 1, 16);
  return n > 0 && r > 0 && p > 0 ? scrypt(password, hash.salt, n, r, p) : Bytes();
}

bool is_framework_password(const Framework& hash, const std::string& password) {
  const Bytes key = framework_key(hash, password);
  if (key.empty() || hash.digest.size() != 2 * key.size()) return false;
  std::vector<char> hex(2 * key.size() + 1);
  sodium_bin2hex(hex.data(), hex.size(), key.data(), key.size());
  return sodium_memcmp(hex.data(), hash.digest.data(), hash.digest.size()) == 0;
}

}  // namespace

std::string hash_password(const std::string& password, const std::string& cost) {
  const Cost limits = cost_of(cost);
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), limits.operations,
                            limits.memory, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw std::runtime_error("no memory to hash a password");
  }
  return hash.data();
}

bool is_password(const std::string& password, const std::string& hash, const std::string& cost) {
  if (hash.starts_with("$argon2")) {
    return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
  }
  if (const std::optional<Framework> old = framework_hash(hash)) {
    return is_framework_password(*old, password);
  }
  // Nobody is to find out by the clock which users there are.
  hash_password(password, cost);
  return false;
}

bool needs_new_hash(const std::string& hash, const std::string& cost) {
  const Cost limits = cost_of(cost);
  return !hash.starts_with("$argon2id$") ||
         crypto_pwhash_str_needs_rehash(hash.c_str(), limits.operations, limits.memory) != 0;
}

}  // namespace gpra
