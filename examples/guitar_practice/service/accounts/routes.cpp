// Registering, logging in and out, and what a user does with the account itself.

#include "accounts/accounts.hpp"
#include "accounts/authentication.hpp"
#include "accounts/show.hpp"
#include "accounts/tokens.hpp"
#include "billing/limits.hpp"
#include "http/etag.hpp"
#include "http/problem.hpp"
#include "http/route.hpp"

namespace gpra {
namespace {

using nlohmann::json;

constexpr std::size_t kShortestPassword = 10;

void require_logins(const Context& context) {
  if (!context.database.only_user()) return;
  throw Problem(409, "one_user", "on SQLite this service has one user, who does not log in");
}

void require_good_password(const Context& context, const std::string& field) {
  if (context.body.text(field).size() >= kShortestPassword) return;
  throw Problem(422, "invalid", "some fields are not as they should be")
      .field(field, "has less than " + std::to_string(kShortestPassword) + " characters");
}

std::string cookie(const Context& context, const std::string& name, const std::string& value,
                   bool for_scripts) {
  std::string text = name + "=" + value + "; Path=/; SameSite=Lax";
  if (value.empty()) {
    text += "; Max-Age=0";
  } else {
    text += "; Max-Age=" + std::to_string(context.config.session_hours * 3600);
  }
  if (!for_scripts) text += "; HttpOnly";
  if (context.config.secure_cookies) text += "; Secure";
  return text;
}

Response register_account(Context& context) {
  require_logins(context);
  require_good_password(context, "password");
  const std::string email = context.body.text("email");
  if (email.find('@') == std::string::npos || email.find_first_of(" \t\r\n") != std::string::npos) {
    throw Problem(422, "invalid", "some fields are not as they should be")
        .field("email", "is no address");
  }
  const UserId user = create_account(context.database, context.config,
                                     {.username = context.body.text("username"),
                                      .email = email,
                                      .first_name = context.body.text("first_name"),
                                      .last_name = context.body.text("last_name"),
                                      .password = context.body.text("password")});
  return {.status = 201,
          .body = json({{"id", user}, {"username", context.body.text("username")}}).dump()};
}

Response open_session(Context& context) {
  require_logins(context);
  const Session session = log_in(context.database, context.config, context.body.text("username"),
                                 context.body.text("password"), context.request.address);
  json body = {{"user_id", session.user}};
  Response response{.status = 201};
  // A page that gets a cookie needs no token, and a script in it that should not be there has none.
  if (context.body.json().value("cookie", false)) {
    response.headers = {
        {"Set-Cookie", cookie(context, kSessionCookie, session.token, false)},
        {"Set-Cookie", cookie(context, kCsrfCookie, csrf_of_token(session.token), true)}};
  } else {
    body["token"] = session.token;
  }
  response.body = body.dump();
  return response;
}

Response without_cookies(const Context& context) {
  Response response{.status = 204};
  response.headers = {{"Set-Cookie", cookie(context, kSessionCookie, "", false)},
                      {"Set-Cookie", cookie(context, kCsrfCookie, "", true)}};
  return response;
}

Response close_session(Context& context) {
  require_logins(context);
  log_out(context.database, context.caller.session);
  return without_cookies(context);
}

Response show_account(Context& context) {
  json account = account_of(context);
  account["subscription"] = subscription_of(context);
  return answer_with_etag(context.request, account);
}

Response new_password(Context& context) {
  require_logins(context);
  require_good_password(context, "new_password");
  change_password(context.database, context.config, context.caller.user, context.caller.session,
                  context.body.text("old_password"), context.body.text("new_password"));
  return {.status = 204};
}

Response remove_account(Context& context) {
  require_logins(context);
  delete_account(context.database, context.config, context.caller.user,
                 context.body.text("password"));
  return without_cookies(context);
}

Field password_field(const char* name) {
  return {.name = name, .required = true, .longest = 200, .example = "correct horse battery"};
}

}  // namespace

json account_of(Context& context) {
  const Rows rows = context.work->query(
      "SELECT id, username, email, first_name, last_name FROM ab_user WHERE id = $1",
      {context.caller.user});
  // Another request may have deleted it just now.
  if (rows.empty()) throw Problem(401, "unauthorized", "there is no such account any more");
  json account = {{"id", rows.integer(0, "id")}};
  for (const char* name : {"username", "email", "first_name", "last_name"}) {
    account[name] = rows.text(0, name);
  }
  return account;
}

void add_account_routes(std::vector<Route>& routes) {
  const auto required = [](const char* name, std::size_t longest, const char* example) {
    return Field{.name = name,
                 .required = true,
                 .longest = longest,
                 .may_be_blank = false,
                 .example = example};
  };
  routes.push_back(
      {.method = "POST",
       .path = "/api/accounts",
       .access = Access::kAnyone,
       .handler = register_account,
       .summary = "A new user",
       .body = {required("username", 64, "ada"), required("email", 320, "ada@example.com"),
                required("first_name", 64, "Ada"), required("last_name", 64, "Min"),
                password_field("password")},
       .success = 201,
       .refusals = {409},
       .answers = "NewAccount"});
  routes.push_back({.method = "POST",
                    .path = "/api/sessions",
                    .access = Access::kAnyone,
                    .handler = open_session,
                    .summary = "Logs in: a token, or with \"cookie\": true cookies for a page",
                    .body = {required("username", 64, "ada"),
                             password_field("password"),
                             {.name = "cookie", .type = Field::Type::kBoolean}},
                    .success = 201,
                    .refusals = {401, 409, 429},
                    .answers = "Session"});
  routes.push_back({.method = "DELETE",
                    .path = "/api/sessions/current",
                    .handler = close_session,
                    .summary = "Logs out",
                    .success = 204,
                    .refusals = {409}});
  routes.push_back({.method = "GET",
                    .path = "/api/account",
                    .handler = show_account,
                    .summary = "Who one is, and what the subscription allows",
                    .answers = "Account"});
  routes.push_back({.method = "POST",
                    .path = "/api/account/password",
                    .handler = new_password,
                    .summary = "Another password; all other sessions end",
                    .body = {password_field("old_password"), password_field("new_password")},
                    .success = 204,
                    .refusals = {403, 409, 429}});
  routes.push_back({.method = "DELETE",
                    .path = "/api/account",
                    .handler = remove_account,
                    .summary = "Deletes the account, with everything in it",
                    .body = {password_field("password")},
                    .success = 204,
                    .refusals = {403, 409, 429}});
}

}  // namespace gpra
