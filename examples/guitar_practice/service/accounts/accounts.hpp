#pragma once

#include <optional>
#include <string>

#include "config.hpp"
#include "db/database.hpp"

/// Users and their sessions, as the role of accounts.
namespace gpra {

struct NewAccount {
  std::string username = {};
  std::string email = {};
  std::string first_name = {};
  std::string last_name = {};
  std::string password = {};
};

/// Throws Problem 409 that names the field if the name or address is taken, in whichever case.
UserId create_account(Database& database, const Config& config, const NewAccount& account);

struct Session {
  std::string token = {};
  UserId user = 0;
};
/// Throws Problem 401 without saying which of the two was wrong, and 429 with Retry-After when a
/// name or an address has failed too often.
Session log_in(Database& database, const Config& config, const std::string& name,
               const std::string& password, const std::string& address);
void log_out(Database& database, const std::string& session);

/// All other sessions end. Throws Problem 403 for a wrong old password; tries count as logins do.
void change_password(Database& database, const Config& config, UserId user,
                     const std::string& session, const std::string& old_password,
                     const std::string& new_password);
/// Of a user who cannot log in: by whoever runs the service. Throws std::invalid_argument for a
/// name that nobody has. All his sessions end.
void set_password(Database& database, const Config& config, const std::string& name,
                  const std::string& password);
/// With everything that is the user's. Throws Problem 403 for a wrong password.
void delete_account(Database& database, const Config& config, UserId user,
                    const std::string& password);

}  // namespace gpra
