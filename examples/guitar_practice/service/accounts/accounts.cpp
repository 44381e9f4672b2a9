#include "accounts/accounts.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "accounts/passwords.hpp"
#include "accounts/tokens.hpp"
#include "http/problem.hpp"

namespace gpra {
namespace {

std::string small(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

// What a proxy says of an address may be anything, and is to be a text all the same.
std::string plain(std::string text) {
  for (char& c : text) c = c > ' ' && c <= '~' ? c : '?';
  return text.substr(0, 64);
}

/// Who may fail only so often. The longest that the table takes is more than a name has.
std::vector<std::string> counted(const std::string& name, const std::string& address) {
  return {"name:" + small(name), "address:" + plain(address)};
}

// Counted before the password is looked at: of many guesses at once, no more pass than one by one.
void count_attempt(Database& database, const Config& config, const std::string& name,
                   const std::string& address) {
  const TransactionPtr work = database.for_accounts();
  const std::string wait = std::to_string(config.login_wait_seconds);
  long long left = 0;
  // In the order of their names, so that two requests do not wait for each other.
  std::vector<std::string> keys = counted(name, address);
  std::sort(keys.begin(), keys.end());
  for (const std::string& key : keys) {
    const Rows rows = work->query(
        "INSERT INTO login_failures AS f (who, count) VALUES ($1, 1) ON CONFLICT (who) DO UPDATE "
        "SET count = CASE WHEN f.last_at < now() - $2::interval THEN 1 ELSE f.count + 1 END, "
        "last_at = CASE WHEN f.count >= $3::integer AND f.last_at >= now() - $2::interval THEN "
        "f.last_at ELSE now() END "
        "RETURNING count, ceil(extract(epoch FROM last_at + $2::interval - now()))::bigint AS left",
        {key, wait + " seconds", config.login_limit});
    if (rows.integer(0, "count") > config.login_limit) {
      left = std::max(left, rows.integer(0, "left"));
    }
  }
  work->commit();
  if (left <= 0) return;
  throw Problem(429, "too_many_attempts", "too many failed logins; wait a while")
      .header("Retry-After", std::to_string(left));
}

// An address is forgiven nothing for one success: whoever guesses has an account of his own.
void forget_failures(Transaction& work, const std::string& name, const std::string& address) {
  work.query("DELETE FROM login_failures WHERE who = $1", {counted(name, address)[0]});
  work.query("UPDATE login_failures SET count = greatest(count - 1, 0) WHERE who = $1",
             {counted(name, address)[1]});
}

Rows find_user(Database& database, UserId user) {
  return database.ask_accounts("SELECT id, username, password FROM ab_user WHERE id = $1", {user});
}

void require_password(Database& database, const Config& config, UserId user,
                      const std::string& password) {
  const Rows rows = find_user(database, user);
  const std::string name = rows.empty() ? "" : rows.text(0, "username");
  count_attempt(database, config, name, "account:" + std::to_string(user));
  if (rows.empty() || !is_password(password, rows.text(0, "password"), config.password_cost)) {
    throw Problem(403, "wrong_password", "that is not the password");
  }
  const TransactionPtr work = database.for_accounts();
  forget_failures(*work, name, "account:" + std::to_string(user));
  work->commit();
}

void store_password(Transaction& work, const Config& config, UserId user,
                    const std::string& password) {
  work.query("UPDATE ab_user SET password = $1, changed_on = now() WHERE id = $2",
             {hash_password(password, config.password_cost), user});
}

}  // namespace

UserId create_account(Database& database, const Config& config, const NewAccount& account) {
  const std::string hash = hash_password(account.password, config.password_cost);
  const TransactionPtr work = database.for_accounts();
  // The unique keys tell capitals apart, people do not. The lock keeps two who register at once
  // from both finding nobody.
  work->query("SELECT pg_advisory_xact_lock(7210)");
  const Rows same = work->query(
      "SELECT lower(username) = lower($1) AS name FROM ab_user WHERE lower(username) = lower($1) "
      "OR lower(email) = lower($2)",
      {account.username, account.email});
  if (!same.empty()) {
    Problem problem(409, "taken", "somebody has this already");
    for (std::size_t row = 0; row < same.size(); ++row) {
      problem.field(same.boolean(row, "name") ? "username" : "email", "is taken");
    }
    throw problem;
  }
  const Rows rows = work->query(
      "INSERT INTO ab_user (id, first_name, last_name, username, email, password, active, "
      "created_on, "
      "changed_on) VALUES (nextval('ab_user_id_seq'), $1, $2, $3, $4, $5, true, now(), now()) "
      "RETURNING id",
      {account.first_name, account.last_name, account.username, account.email, hash});
  work->commit();
  return static_cast<UserId>(rows.integer(0, "id"));
}

Session log_in(Database& database, const Config& config, const std::string& name,
               const std::string& password, const std::string& address) {
  count_attempt(database, config, name, address);
  const Rows rows = database.ask_accounts(
      "SELECT id, username, password FROM ab_user WHERE lower(username) = lower($1) AND active IS "
      "NOT FALSE ORDER BY username <> $1 LIMIT 1",
      {name});
  const std::string hash = rows.empty() ? "" : rows.text(0, "password");
  if (!is_password(password, hash, config.password_cost)) {
    throw Problem(401, "wrong_login", "there is no such user with this password")
        .header("WWW-Authenticate", "Bearer");
  }
  Session session{.token = make_token(), .user = static_cast<UserId>(rows.integer(0, "id"))};
  const TransactionPtr work = database.for_accounts();
  forget_failures(*work, name, address);
  if (needs_new_hash(hash, config.password_cost)) {
    store_password(*work, config, session.user, password);
  }
  work->query(
      "UPDATE ab_user SET last_login = now(), login_count = coalesce(login_count, 0) + 1 WHERE id "
      "= $1",
      {session.user});
  work->query("DELETE FROM sessions WHERE user_id = $1 AND expires_at <= now()", {session.user});
  work->query(
      "INSERT INTO sessions (token_hash, user_id, expires_at) VALUES ($1, $2, now() + "
      "$3::interval)",
      {hash_of_token(session.token), session.user,
       std::to_string(config.session_hours) + " hours"});
  work->commit();
  return session;
}

void log_out(Database& database, const std::string& session) {
  database.ask_accounts("DELETE FROM sessions WHERE token_hash = $1", {session});
}

void change_password(Database& database, const Config& config, UserId user,
                     const std::string& session, const std::string& old_password,
                     const std::string& new_password) {
  require_password(database, config, user, old_password);
  const TransactionPtr work = database.for_accounts();
  store_password(*work, config, user, new_password);
  work->query("DELETE FROM sessions WHERE user_id = $1 AND token_hash <> $2", {user, session});
  work->commit();
}

void set_password(Database& database, const Config& config, const std::string& name,
                  const std::string& password) {
  const TransactionPtr work = database.for_accounts();
  const Rows rows = work->query("SELECT id FROM ab_user WHERE username = $1", {name});
  if (rows.empty()) throw std::invalid_argument("there is no user '" + name + "'");
  const auto user = static_cast<UserId>(rows.integer(0, "id"));
  store_password(*work, config, user, password);
  work->query("DELETE FROM sessions WHERE user_id = $1", {user});
  work->commit();
}

void delete_account(Database& database, const Config& config, UserId user,
                    const std::string& password) {
  require_password(database, config, user, password);
  const TransactionPtr work = database.for_accounts();
  work->query("DELETE FROM ab_user WHERE id = $1", {user});
  work->commit();
}

}  // namespace gpra
