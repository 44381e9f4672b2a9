#pragma once

#include <string>
#include <string_view>

namespace capo::base {

/// MD5 of the bytes, as 32 lower-case hexadecimal digits. It protects nothing; it is here because
/// the names that SQLAlchemy cuts end in digits of it, and ours are to be the same.
std::string md5(std::string_view bytes);

}  // namespace capo::base
