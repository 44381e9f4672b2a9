#pragma once

#include <string>

/// Secrets that are handed out, and what is kept of them.
namespace gpra {

/// 256 random bits, in letters that need no quoting in a header or cookie.
std::string make_token();
/// What the database keeps of it: 64 hexadecimal digits.
std::string hash_of_token(const std::string& token);
/// What a page sends along with the cookie of this token: it shows that the page could read it.
std::string csrf_of_token(const std::string& token);
/// In constant time.
bool is_same(const std::string& a, const std::string& b);

}  // namespace gpra
