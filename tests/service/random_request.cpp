#include "random_request.hpp"

#include <algorithm>

#include "accounts/tokens.hpp"
#include "http/route.hpp"
#include "json_schema.hpp"
#include "stripe.hpp"

namespace gpra::test {
namespace {

const std::vector<std::string>& odd_texts() {
  static const std::vector<std::string> all = {"",
                                               " ",
                                               "0",
                                               "-1",
                                               "2147483647",
                                               "2147483648",
                                               "9223372036854775807",
                                               "1e99",
                                               "null",
                                               "true",
                                               "\xff\xfe",
                                               "\xc3",
                                               std::string("\0", 1),
                                               std::string("a\0b", 3),
                                               "'; DROP TABLE items; --",
                                               "\"",
                                               "\\",
                                               "%",
                                               "_",
                                               "$1",
                                               "{id}",
                                               "..",
                                               "*",
                                               "W/\"\"",
                                               "\r\nSet-Cookie: x=y",
                                               "\xf0\x9f\x8e\xb8",
                                               "\xc3\x9f\xc4\xb0",
                                               std::string(70, '\xc3') + std::string(70, '\xa9'),
                                               std::string(256, 'x'),
                                               std::string(5000, 'y')};
  return all;
}

std::string many(const char* text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

json odd_value(Choices& choices, int depth = 0) {
  switch (choices.below(11)) {
    case 0:
      return nullptr;
    case 1:
      return choices.one_in(2);
    case 2:
      return static_cast<long long>(choices.below(300)) - 5;
    case 3:
      return 18446744073709551615ULL;
    case 4:
      return 1.5e308;
    case 5:
      return -9223372036854775807LL;
    case 6:
      return depth > 2 ? json() : json::array({odd_value(choices, depth + 1), 1});
    case 7:
      return depth > 2 ? json() : json({{"id", odd_value(choices, depth + 1)}});
    case 8:
      return many("\xc3\xa9", 1 + choices.below(200));
    default:
      return choices.of(odd_texts());
  }
}

std::string dumped(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::ignore);
}

/// Bytes of a text are changed, taken away, doubled.
std::string torn(Choices& choices, std::string text) {
  const std::size_t times = 1 + choices.below(4);
  for (std::size_t i = 0; i < times && !text.empty(); ++i) {
    const std::size_t at = choices.below(text.size());
    switch (choices.below(4)) {
      case 0:
        text[at] = static_cast<char>(choices.below(256));
        break;
      case 1:
        text.erase(at, 1 + choices.below(8));
        break;
      case 2:
        text.insert(at, choices.of(odd_texts()));
        break;
      default:
        text += text.substr(at, 64);
    }
  }
  return text;
}

std::string random_path(Choices& choices, const Route& route, const Known& known) {
  std::string path = route.path;
  for (std::size_t at = path.find('{'); at != std::string::npos; at = path.find('{', at)) {
    const std::string id =
        choices.one_in(5) ? choices.of(odd_texts()) : std::to_string(choices.of(known.ids));
    path.replace(at, path.find('}', at) - at + 1, id);
    at += id.size();
  }
  return choices.one_in(20) ? torn(choices, path) : path;
}

std::string good_body(const Route& route, Choices& choices, const Known& known) {
  json body = json::object();
  for (const Field& field : route.body) {
    if (!field.required && choices.one_in(2)) continue;
    if (choices.one_in(8)) {
      body[field.name] = odd_value(choices);
    } else if (field.name.ends_with("_id") && field.type == Field::Type::kInteger) {
      body[field.name] = choices.of(known.ids);
    } else {
      body[field.name] = example_of(schema_of(field));
    }
  }
  if (choices.one_in(20)) body[choices.of(odd_texts())] = odd_value(choices);
  return dumped(body);
}

// What is signed may be odd all the same.
std::string stripe_body(Choices& choices) {
  const char* customer = choices.one_in(4) ? "cus_2" : "cus_1";
  const long long at = kStart + static_cast<long long>(choices.below(100));
  json event;
  switch (choices.below(3)) {
    case 0:
      event = stripe_checkout(at, customer, "sub_1", static_cast<int>(choices.below(4)));
      break;
    case 1:
      event = stripe_invoice(at, choices.one_in(2), customer, "sub_1");
      break;
    default:
      event = stripe_subscription(at, "customer.subscription.updated", customer, "sub_1");
  }
  json& object = event["data"]["object"];
  for (std::size_t i = choices.below(4); i > 0; --i) {
    static const std::vector<std::string> names = {
        "customer", "subscription",       "client_reference_id",  "status", "items", "id",
        "parent",   "current_period_end", "cancel_at_period_end", "plan"};
    object[choices.of(names)] = odd_value(choices);
  }
  if (choices.one_in(4) && object.is_object() && object.contains("items") &&
      object["items"].is_object()) {
    object["items"]["data"] = json::array({{{"price", odd_value(choices)},
                                            {"quantity", odd_value(choices)},
                                            {"id", odd_value(choices)}}});
  }
  // Last: what it replaces is looked at before.
  static const std::vector<std::string> outer = {"id", "type", "created", "data"};
  if (choices.one_in(6)) event[choices.of(outer)] = odd_value(choices);
  return dumped(event);
}

void add_body(Choices& choices, const Route& route, const Known& known, Request& request) {
  request.body = route.raw_body ? stripe_body(choices) : good_body(route, choices, known);
  if (choices.one_in(10)) request.body = torn(choices, request.body);
  if (choices.one_in(100)) request.body = many("[", 100000);
  if (choices.one_in(100)) request.body = many("{\"a\":", 2000);
  if (choices.one_in(200)) request.body = std::string(1100000, ' ');
  request.headers["content-type"] =
      choices.one_in(20) ? choices.of(odd_texts()) : "application/json";
  if (!route.raw_body || choices.one_in(10)) return;
  request.headers["stripe-signature"] = sign(request.body, kStripeSecret, std::time(nullptr));
}

void add_headers(Choices& choices, const Known& known, Request& request) {
  if (choices.one_in(4)) {
    request.headers["cookie"] = "session=" + known.token;
    request.headers["x-csrf-token"] = csrf_of_token(known.token);
  } else if (!choices.one_in(20)) {
    request.headers["authorization"] = "Bearer " + known.token;
  }
  request.headers["if-match"] = "*";
  static const std::vector<std::string> names = {
      "cookie",         "authorization",   "if-match",       "if-none-match",    "origin",
      "host",           "x-csrf-token",    "sec-fetch-site", "stripe-signature", "content-type",
      "content-length", "x-forwarded-for", "accept"};
  for (std::size_t i = choices.one_in(3) ? 2 : 0; i > 0; --i) {
    std::string& value = request.headers[choices.of(names)];
    value = choices.one_in(2) ? torn(choices, value + "x") : choices.of(odd_texts());
  }
  if (choices.one_in(50)) request.address = choices.of(odd_texts());
}

}  // namespace

std::size_t Choices::below(std::size_t limit) {
  if (limit <= 1) return 0;
  std::size_t number = next();
  if (limit > 256) number = number << 8U | next();
  return number % limit;
}

Request random_request(Choices& choices, const Known& known) {
  const Route& route = choices.of(all_routes());
  Request request{.method = route.method, .address = "192.0.2.1"};
  static const std::vector<std::string> methods = {"GET",    "HEAD",    "POST", "PUT", "PATCH",
                                                   "DELETE", "OPTIONS", "",     "get", "\xff"};
  if (choices.one_in(25)) request.method = choices.of(methods);
  request.path = random_path(choices, route, known);
  for (const Field& field : route.query) {
    if (choices.one_in(3)) request.query[field.name] = choices.of(odd_texts());
    if (choices.one_in(3)) request.query[field.name] = "2";
  }
  if (choices.one_in(30)) request.query[choices.of(odd_texts())] = choices.of(odd_texts());
  if (route.raw_body || !route.body.empty() || choices.one_in(20)) {
    add_body(choices, route, known, request);
  }
  add_headers(choices, known, request);
  return request;
}

std::string shown(const Request& request) {
  const json all = {{"method", request.method},   {"path", request.path},
                    {"query", request.query},     {"headers", request.headers},
                    {"address", request.address}, {"body", request.body.substr(0, 4000)}};
  return all.dump(1, ' ', true, json::error_handler_t::replace);
}

Victim::Victim(const std::string& kind)
    : is_sqlite_(kind == "sqlite"), service_(kind, [](Config& config) {
        configure_stripe(config);
        config.posthog_key = "phc_test";
        config.login_limit = 1000000;
      }) {
  service_.inside().script(
      "INSERT INTO common_chords (id, type, name, chord_data, order_col) VALUES (1, 'major', 'G', "
      "'{\"fingers\": [[6, 3]]}', 1)");
  revive();
}

void Victim::revive() {
  if (is_sqlite_) return;
  const std::string name = "user" + std::to_string(++users_);
  known_.token = service_.user(name).token();
  service_.subscribe(name, "unlimited");
}

std::string Victim::ask(const std::uint8_t* data, std::size_t size) {
  Choices choices(data, size);
  for (int i = 0; i < 16 && !choices.is_over(); ++i) {
    const Request request = random_request(choices, known_);
    const Response response = service_.app().handle(request);
    ++asked_;
    ++answers_[response.status];
    const bool is_json = response.body.empty() || json::accept(response.body);
    if (response.status >= 500 || response.status < 200 ||
        (response.type.ends_with("json") && !is_json)) {
      return std::to_string(response.status) + " " + response.body + "\n" + shown(request);
    }
    if (is_sqlite_ || asked_ % 8 != 0) continue;
    Request still = make_request("GET", "/api/account");
    still.headers["authorization"] = "Bearer " + known_.token;
    if (service_.app().handle(still).status == 401) revive();
  }
  return {};
}

}  // namespace gpra::test
