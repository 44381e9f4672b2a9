// The document says what the service does: each route is asked as the document says, rightly and
// wrongly, and what comes back is what the document says.

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "http/route.hpp"
#include "json_schema.hpp"
#include "openapi/answers.hpp"
#include "openapi/document.hpp"
#include "stripe.hpp"

namespace gpra::test {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

constexpr const char* kNoRow = "2147483647";

std::string big(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

/// One route of the document, asked in every way.
class Driver {
 public:
  Driver(Service& service, const json& document, std::string path, std::string method,
         const Client& user)
      : service_(service),
        document_(document),
        schemas_(document),
        path_(std::move(path)),
        method_(big(method)),
        operation_(document.at("paths").at(path_).at(method)),
        user_(user) {}

  void drive() {
    SCOPED_TRACE(method_ + " " + path_);
    refuse();
    succeed();
  }

 private:
  bool has_body() const { return operation_.contains("requestBody"); }
  bool is_webhook() const { return path_ == "/api/stripe/webhook"; }
  bool needs_user() const { return !operation_.at("security").empty(); }
  bool has_path() const { return path_.find('{') != std::string::npos; }
  json body_schema() const {
    return operation_.at("requestBody").at("content").at("application/json").at("schema");
  }
  bool asks_for(const std::string& header) const {
    for (const json& one : operation_.at("parameters")) {
      if (one.at("name") == header) return one.value("required", false);
    }
    return false;
  }

  /// Makes what the route is about, by the routes that make such things.
  std::string make(const std::string& collection) {
    const json& paths = document_.at("paths");
    const std::string pattern = generic(collection);
    if (!paths.contains(pattern) || !paths.at(pattern).contains("post")) return "1";
    const json& schema = paths.at(pattern).at("post").at("requestBody").at("content");
    const Answer made = user_.post(
        collection, with_things(pattern, example_of(schema.at("application/json").at("schema"))));
    EXPECT_EQ(made.status(), 201) << collection << made.response.body;
    return std::to_string(made.body.value("id", 0));
  }

  /// `/api/routines/7/items` is `/api/routines/{id}/items`.
  static std::string generic(const std::string& path) {
    std::string result;
    for (std::size_t at = 1; at <= path.size();) {
      const std::size_t end = std::min(path.find('/', at), path.size());
      const std::string part = path.substr(at, end - at);
      const bool is_id = !part.empty() && part.find_first_not_of("0123456789") == std::string::npos;
      result += "/" + (is_id ? "{id}" : part);
      at = end + 1;
    }
    return result;
  }

  /// What an example cannot know: the number of something that is there.
  json with_things(const std::string& pattern, json body) {
    if (pattern == "/api/routines/{id}/items") body["item_id"] = number(make("/api/items"));
    if (pattern == "/api/active-routine") body["routine_id"] = number(make("/api/routines"));
    return body;
  }

  std::string target() {
    std::string path = path_;
    for (std::size_t at = path.find('{'); at != std::string::npos; at = path.find('{')) {
      const std::string id = make(path.substr(0, at - 1));
      path.replace(at, path.find('}') - at + 1, id);
    }
    return path;
  }

  Headers headers(const json& body = {}) const {
    Headers all;
    if (is_webhook()) {
      all.emplace_back("stripe-signature", sign(body.dump(), kStripeSecret, std::time(nullptr)));
    }
    if (asks_for("If-Match")) all.emplace_back("if-match", "*");
    return all;
  }

  json body() {
    if (!has_body()) return {};
    return with_things(path_, example_of(body_schema()));
  }

  void succeed() {
    const std::string path = target();
    if (path_ == "/api/sessions") service_.guest().post("/api/accounts", account_);
    if (method_ == "GET") {
      const Answer again = user_.call("GET", path, {}, {{"if-none-match", "*"}});
      EXPECT_TRUE(again.status() == 304 || again.status() == 200);
    }
    const json sent = is_webhook() ? stripe_invoice(kStart, true, "cus_1", "sub_1") : body();
    const Answer answer = user_.call(method_, path, sent, headers(sent));
    EXPECT_LT(answer.status(), 300) << answer.response.body;
    check(answer);
  }

  // A request that is right but for one thing.
  void expect(int status, const std::string& path, const json& body, const Headers& headers = {},
              const Client* who = nullptr) {
    const Answer answer = (who == nullptr ? user_ : *who).call(method_, path, body, headers);
    EXPECT_EQ(answer.status(), status) << answer.response.body;
    check(answer);
  }

  void refuse() {
    const std::string path = target();
    const json good = has_body() ? example_of(body_schema()) : json();
    const Client guest = service_.guest();
    if (needs_user()) expect(401, path, good, headers(), &guest);
    expect(422, path + "?no_such_parameter=1", good, headers());
    if (asks_for("If-Match")) {
      expect(428, path, good);
      expect(412, path, good, {{"if-match", "\"0\""}});
    }
    if (has_path()) {
      std::string elsewhere = path_;
      while (elsewhere.find('{') != std::string::npos) {
        const std::size_t at = elsewhere.find('{');
        elsewhere.replace(at, elsewhere.find('}') - at + 1, kNoRow);
      }
      expect(404, elsewhere, good, headers());
    }
    if (has_body() && !is_webhook()) refuse_bodies(path, good);
    if (is_webhook()) expect(400, path, good);
  }

  void refuse_bodies(const std::string& path, json body) {
    Headers other = headers();
    other.emplace_back("content-type", "text/plain");
    expect(415, path, body, other);
    expect(400, path, json::array(), headers());
    expect(413, path, json(std::string(1100000, 'x')), headers());
    body["no_such_field"] = 1;
    expect(422, path, body, headers());
    for (const json& field : body_schema().value("required", json::array())) {
      json less = body;
      less.erase("no_such_field");
      less.erase(field.get<std::string>());
      expect(422, path, less, headers());
    }
  }

  void check(const Answer& answer) {
    const std::string status = std::to_string(answer.status());
    ASSERT_TRUE(operation_.at("responses").contains(status)) << status << answer.response.body;
    json response = operation_.at("responses").at(status);
    if (response.contains("$ref")) response = schemas_.resolved(response.at("$ref"));
    if (!response.contains("content")) {
      EXPECT_EQ(answer.response.body, "");
      return;
    }
    ASSERT_TRUE(response.at("content").contains(answer.response.type)) << answer.response.type;
    const json& schema = response.at("content").at(answer.response.type).at("schema");
    EXPECT_EQ(schemas_.wrong(schema, answer.body), "") << answer.response.body;
  }

  Service& service_;
  const json& document_;
  Schemas schemas_;
  std::string path_;
  std::string method_;
  const json& operation_;
  const Client& user_;
  const json account_ = example_of(document_.at("paths")
                                       .at("/api/accounts")
                                       .at("post")
                                       .at("requestBody")
                                       .at("content")
                                       .at("application/json")
                                       .at("schema"));
};

TEST(OpenApi, EveryRouteDoesWhatTheDocumentSays) {
  Service service("postgresql", [](Config& config) {
    configure_stripe(config);
    config.login_limit = 100000;
  });
  service.inside().script(
      "INSERT INTO common_chords (id, type, name, chord_data, order_col) VALUES (1, 'major', 'G', "
      R"('{"tuning": "EADGBE", "startingFret": 1, "numFrets": 5, "fingers": [[6, 3], [5, 2]], "barres": []}', 1))");
  const Answer answer = service.guest().get("/api/openapi.json");
  ASSERT_EQ(answer.status(), 200);
  const json& document = answer.body;
  EXPECT_EQ(document.at("openapi"), "3.1.0");
  std::size_t driven = 0;
  for (const auto& [path, methods] : document.at("paths").items()) {
    for (const auto& [method, ignored] : methods.items()) {
      const std::string name = "user" + std::to_string(driven++);
      const Client user = service.user(name);
      service.subscribe(name, "unlimited");
      Driver(service, document, path, method, user).drive();
    }
  }
  std::size_t routes = 0;
  for (const Route& route : all_routes()) routes += route.path.starts_with("/api/") ? 1 : 0;
  EXPECT_EQ(driven, routes);
}

TEST(OpenApi, ARouteWithoutAnAnswerIsNotLetThrough) {
  EXPECT_THROW(openapi_document({{.method = "GET", .path = "/api/new"}}), std::logic_error);
  EXPECT_THROW(openapi_document({{.method = "GET", .path = "/api/new", .answers = "Unheard"}}),
               std::logic_error);
  EXPECT_TRUE(openapi_document({{.method = "GET", .path = "/page"}}).at("paths").empty());
}

}  // namespace
}  // namespace gpra::test
