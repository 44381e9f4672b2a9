#pragma once

#include <string>

/// Passwords, kept as Argon2id hashes.
namespace gpra {

/// `cost` as Config::password_cost. Takes a tenth of a second and 64 MB with `interactive`.
std::string hash_password(const std::string& password, const std::string& cost);

/// Whether it is the one. `hash` is what hash_password() gave, or one of the login framework that
/// the users come from (Werkzeug's pbkdf2:sha256 and scrypt). An empty or unknown hash fits
/// nothing, and takes as long to say so.
bool is_password(const std::string& password, const std::string& hash, const std::string& cost);

/// Whether it should be kept anew, now that the password is known: one of the framework's, or of
/// another cost.
bool needs_new_hash(const std::string& hash, const std::string& cost);

}  // namespace gpra
