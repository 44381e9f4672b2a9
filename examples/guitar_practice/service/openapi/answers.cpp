#include "openapi/answers.hpp"

#include <initializer_list>
#include <utility>

namespace gpra {
namespace {

using nlohmann::json;
using Properties = std::initializer_list<std::pair<const char*, json>>;

json of_type(const char* type) { return {{"type", type}}; }
json text() { return of_type("string"); }
json integer() { return of_type("integer"); }
json boolean() { return of_type("boolean"); }
json any() { return json::object(); }

json or_null(json schema) {
  schema["type"] = json::array({schema["type"], "null"});
  return schema;
}

json reference(const char* name) { return {{"$ref", "#/components/schemas/" + std::string(name)}}; }

json list_of(json schema) { return {{"type", "array"}, {"items", std::move(schema)}}; }

/// With all of it, and nothing else.
json object(Properties properties) {
  json schema = {{"type", "object"},
                 {"properties", json::object()},
                 {"required", json::array()},
                 {"additionalProperties", false}};
  for (const auto& [name, property] : properties) {
    schema["properties"][name] = property;
    schema["required"].push_back(name);
  }
  return schema;
}

json page_of(const char* name) {
  json next = or_null(integer());
  next["description"] = "the offset of the next page";
  return object({{"rows", list_of(reference(name))}, {"next", std::move(next)}});
}

json subscription() {
  const json limits = object(
      {{"items", or_null(integer())}, {"routines", or_null(integer())}, {"autocreate", boolean()}});
  return object({{"tier", text()},
                 {"status", text()},
                 {"cancel_at_period_end", boolean()},
                 {"current_period_end", or_null(text())},
                 {"limits", limits},
                 {"used", object({{"items", integer()}, {"routines", integer()}})}});
}

json user(bool with_subscription) {
  json schema = object({{"id", integer()},
                        {"username", text()},
                        {"email", text()},
                        {"first_name", text()},
                        {"last_name", text()}});
  if (with_subscription) {
    schema["properties"]["subscription"] = reference("Subscription");
    schema["required"].push_back("subscription");
  }
  return schema;
}

json session() {
  json schema = object({{"user_id", integer()}});
  schema["properties"]["token"] = text();  // not for a page, which has its cookies
  return schema;
}

json item() {
  const json some = or_null(text());
  return object({{"id", integer()},
                 {"item_id", some},
                 {"title", text()},
                 {"notes", some},
                 {"duration", some},
                 {"description", some},
                 {"order", or_null(integer())},
                 {"tuning", some},
                 {"songbook", some},
                 {"created_via", text()},
                 {"created_at", some},
                 {"updated_at", some}});
}

json routine() {
  return object({{"id", integer()},
                 {"name", text()},
                 {"order", or_null(integer())},
                 {"created_at", or_null(text())}});
}

json routine_item() {
  return object({{"id", integer()},
                 {"item_id", integer()},
                 {"order", or_null(integer())},
                 {"completed", or_null(boolean())},
                 {"created_at", or_null(text())},
                 {"title", text()},
                 {"duration", or_null(text())},
                 {"tuning", or_null(text())}});
}

json chord_chart() {
  return object({{"id", integer()},
                 {"item_id", text()},
                 {"items", list_of(text())},
                 {"title", text()},
                 {"chord_data", any()},
                 {"order", or_null(integer())},
                 {"generation_method", or_null(text())},
                 {"created_at", or_null(text())}});
}

json common_chord() {
  return object({{"id", integer()},
                 {"type", or_null(text())},
                 {"name", or_null(text())},
                 {"chord_data", any()},
                 {"order", or_null(integer())}});
}

// Its rows are those of the tables, with the names that they have there.
json everything() {
  const json rows = list_of(of_type("object"));
  return object({{"account", user(false)},
                 {"subscription", reference("Subscription")},
                 {"items", list_of(reference("Item"))},
                 {"routines", list_of(reference("Routine"))},
                 {"routine_items", rows},
                 {"chord_charts", rows},
                 {"active_routine", rows}});
}

// RFC 9457, and what some refusals tell programs besides.
json problem() {
  json schema =
      object({{"status", integer()}, {"title", text()}, {"code", text()}, {"detail", text()}});
  schema["properties"]["fields"] = {
      {"type", "object"},
      {"additionalProperties", text()},
      {"description", "what is wrong with each field of the body, or parameter of the query"}};
  schema["additionalProperties"] = true;
  return schema;
}

}  // namespace

const std::map<std::string, json>& answer_schemas() {
  static const std::map<std::string, json> all = {
      {"Account", user(true)},
      {"ActiveRoutine", object({{"routine_id", or_null(integer())},
                                {"name", or_null(text())},
                                {"updated_at", or_null(text())}})},
      {"ChordChart", chord_chart()},
      {"ChordCharts", page_of("ChordChart")},
      {"CommonChord", common_chord()},
      {"CommonChords", page_of("CommonChord")},
      {"Document", {{"type", "object"}, {"required", {"openapi", "paths"}}}},
      {"Export", everything()},
      {"Item", item()},
      {"Items", page_of("Item")},
      {"NewAccount", object({{"id", integer()}, {"username", text()}})},
      {"Problem", problem()},
      {"Received", object({{"received", boolean()}})},
      {"Routine", routine()},
      {"RoutineItem", routine_item()},
      {"RoutineItems", object({{"rows", list_of(reference("RoutineItem"))}})},
      {"Routines", page_of("Routine")},
      {"Session", session()},
      {"Subscription", subscription()}};
  return all;
}

}  // namespace gpra
