#include "openapi/document.hpp"

#include <set>
#include <stdexcept>

#include "accounts/authentication.hpp"
#include "http/etag.hpp"
#include "http/problem.hpp"
#include "openapi/answers.hpp"

namespace gpra {
namespace {

using nlohmann::json;

constexpr int kNoContent = 204;

bool changes_something(const Route& route) { return route.method != "GET"; }

json parameter(const char* where, const Field& field) {
  json value = {{"name", field.name}, {"in", where}, {"schema", schema_of(field)}};
  if (field.required) value["required"] = true;
  if (!field.about.empty()) {
    value["description"] = field.about;
    value["schema"].erase("description");
  }
  return value;
}

std::vector<std::string> names_in(const std::string& path) {
  std::vector<std::string> names;
  for (std::size_t at = path.find('{'); at != std::string::npos; at = path.find('{', at + 1)) {
    names.push_back(path.substr(at + 1, path.find('}', at) - at - 1));
  }
  return names;
}

json parameters_of(const Route& route) {
  json all = json::array();
  for (const std::string& name : names_in(route.path)) {
    all.push_back(parameter(
        "path", {.name = name, .type = Field::Type::kInteger, .required = true, .least = 1}));
  }
  for (const Field& field : route.query) all.push_back(parameter("query", field));
  for (const Field& field : route.headers) all.push_back(parameter("header", field));
  if (route.needs_match) {
    all.push_back(parameter(
        "header",
        {.name = "If-Match", .required = true, .about = "the ETag of what you have seen, or *"}));
  }
  if (route.access == Access::kUser && changes_something(route)) {
    all.push_back(parameter("header", {.name = "X-CSRF-Token",
                                       .about = "with the cookie of a session: what the cookie "
                                                "csrf holds"}));
  }
  return all;
}

json body_of(const Route& route) {
  const json schema = route.raw_body ? json({{"type", "object"}}) : schema_of(route.body);
  return {{"required", true}, {"content", {{"application/json", {{"schema", schema}}}}}};
}

/// Besides what the handler may refuse: what is refused before it is called.
std::set<int> refusals_of(const Route& route) {
  std::set<int> all(route.refusals.begin(), route.refusals.end());
  all.insert(422);  // a parameter that is not known, at least
  if (changes_something(route)) all.insert(413);
  if (!route.body.empty()) all.insert({400, 409, 415});
  if (route.access == Access::kUser) all.insert({401, 403});
  if (route.needs_match) all.insert({412, 428});
  if (!names_in(route.path).empty()) all.insert(404);
  return all;
}

json success_of(const Route& route) {
  json response = {{"description", route.summary}};
  if (route.success == kNoContent) return response;
  if (!answer_schemas().contains(route.answers)) {
    throw std::logic_error(route.method + " " + route.path + " answers with '" + route.answers +
                           "', which answer_schemas() does not have");
  }
  const json schema = {{"$ref", "#/components/schemas/" + route.answers}};
  response["content"] = {{"application/json", {{"schema", schema}}}};
  return response;
}

json responses_of(const Route& route) {
  json all = {{std::to_string(route.success), success_of(route)}};
  if (route.method == "GET") {
    all["304"] = {{"description", "If-None-Match names the version that is there"}};
  }
  for (const int status : refusals_of(route)) {
    const std::string title = title_of(status);
    all[std::to_string(status)] = {{"$ref", "#/components/responses/Problem"}};
    all[std::to_string(status)]["description"] = title;
  }
  all["default"] = {{"$ref", "#/components/responses/Problem"}};
  return all;
}

json operation_of(const Route& route) {
  json operation = {{"summary", route.summary},
                    {"parameters", parameters_of(route)},
                    {"responses", responses_of(route)},
                    {"security", json::array()}};
  if (route.access == Access::kUser) {
    for (const char* way : {"bearer", "cookie"}) {
      operation["security"].push_back({{way, json::array()}});
    }
  }
  if (route.raw_body || !route.body.empty()) operation["requestBody"] = body_of(route);
  return operation;
}

json components() {
  json schemas = json::object();
  for (const auto& [name, schema] : answer_schemas()) schemas[name] = schema;
  const json problem = {{"$ref", "#/components/schemas/Problem"}};
  return {{"schemas", std::move(schemas)},
          {"responses",
           {{"Problem",
             {{"description", "what is wrong, in words for people and for programs"},
              {"content", {{"application/problem+json", {{"schema", problem}}}}}}}}},
          {"securitySchemes",
           {{"bearer", {{"type", "http"}, {"scheme", "bearer"}}},
            {"cookie", {{"type", "apiKey"}, {"in", "cookie"}, {"name", kSessionCookie}}}}}};
}

std::string small(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

// Made once: the routes do not change while the service runs.
Response show(Context& context) {
  static const json document = openapi_document(all_routes());
  return answer_with_etag(context.request, document);
}

}  // namespace

json openapi_document(const std::vector<Route>& routes) {
  json document = {{"openapi", "3.1.0"},
                   {"info",
                    {{"title", "Guitar Practice"},
                     {"version", "1"},
                     {"description", "Items to practise, routines made of them, chord charts."}}},
                   {"servers", json::array({{{"url", "/"}}})},
                   {"paths", json::object()},
                   {"components", components()}};
  for (const Route& route : routes) {
    if (!route.path.starts_with("/api/")) continue;  // a page, for people
    document["paths"][route.path][small(route.method)] = operation_of(route);
  }
  return document;
}

void add_openapi_routes(std::vector<Route>& routes) {
  routes.push_back({.method = "GET",
                    .path = "/api/openapi.json",
                    .access = Access::kAnyone,
                    .handler = show,
                    .summary = "This document",
                    .answers = "Document"});
}

}  // namespace gpra
