#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

/// As much of JSON Schema as the service's document uses.
namespace gpra::test {

using nlohmann::json;

class Schemas {
 public:
  explicit Schemas(const json& document) : document_(document) {}

  /// What of `value` is not as `schema` says, and where; empty: nothing.
  std::string wrong(const json& schema, const json& value, const std::string& place = "$") const {
    for (const auto& [keyword, ignored] : schema.items()) {
      static const std::set<std::string> known = {
          "$ref",      "type",        "properties", "required", "additionalProperties",
          "items",     "enum",        "minimum",    "maximum",  "maxLength",
          "minLength", "description", "examples"};
      if (!known.contains(keyword)) return place + ": the test does not know " + keyword;
    }
    if (schema.contains("$ref")) return wrong(resolved(schema.at("$ref")), value, place);
    if (schema.contains("type") && !is_of(schema.at("type"), value)) {
      return place + " is no " + schema.at("type").dump() + ": " + value.dump();
    }
    if (value.is_object()) return wrong_object(schema, value, place);
    if (value.is_array() && schema.contains("items")) {
      for (std::size_t i = 0; i < value.size(); ++i) {
        const std::string what =
            wrong(schema.at("items"), value[i], place + "[" + std::to_string(i) + "]");
        if (!what.empty()) return what;
      }
    }
    return {};
  }

  const json& resolved(const std::string& reference) const {
    return document_.at(json::json_pointer(reference.substr(1)));
  }

 private:
  static bool is_of(const json& type, const json& value) {
    if (type.is_array()) {
      return std::any_of(type.begin(), type.end(),
                         [&](const json& one) { return is_of(one, value); });
    }
    return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
           (type == "string" && value.is_string()) || (type == "boolean" && value.is_boolean()) ||
           (type == "integer" && value.is_number_integer()) || (type == "null" && value.is_null());
  }

  std::string wrong_object(const json& schema, const json& value, const std::string& place) const {
    for (const json& name : schema.value("required", json::array())) {
      if (!value.contains(name.get<std::string>())) return place + " lacks " + name.dump();
    }
    const json properties = schema.value("properties", json::object());
    const json more = schema.value("additionalProperties", json(true));
    for (const auto& [name, inner] : value.items()) {
      const std::string there = place + "." + name;
      if (!properties.contains(name) && more == false) return there + " is not in the document";
      const json inner_schema = properties.contains(name)
                                    ? properties.at(name)
                                    : (more.is_object() ? more : json::object());
      if (std::string what = wrong(inner_schema, inner, there); !what.empty()) return what;
    }
    return {};
  }

  const json& document_;
};

/// A value that `schema` allows: its example, or the least.
inline json example_of(const json& schema) {
  if (schema.contains("examples")) return schema.at("examples")[0];
  if (schema.contains("enum")) return schema.at("enum")[0];
  const json type = schema.value("type", json("object"));
  const std::string name = type.is_array() ? type[0] : type;
  if (name == "integer") return schema.value("minimum", 1);
  if (name == "boolean") return true;
  if (name == "string") return "x";
  if (name == "array") return json::array();
  json value = json::object();
  for (const json& field : schema.value("required", json::array())) {
    value[field.get<std::string>()] = example_of(schema.at("properties").at(field));
  }
  return value;
}

}  // namespace gpra::test
