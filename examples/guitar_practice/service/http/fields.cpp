#include "http/fields.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "http/problem.hpp"

namespace gpra {
namespace {

using nlohmann::json;

constexpr std::size_t kDeepest = 32;

std::size_t code_points(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

bool is_blank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

std::string range(const Field& field) {
  return std::to_string(field.least) + " to " + std::to_string(field.most);
}

// PostgreSQL has no text with a NUL character in it.
bool holds_nul(const json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>().find('\0') != std::string::npos;
  if (value.is_object()) {
    for (const auto& [key, inner] : value.items()) {
      if (key.find('\0') != std::string::npos || holds_nul(inner)) return true;
    }
    return false;
  }
  return value.is_array() && std::any_of(value.begin(), value.end(), holds_nul);
}

std::string wrong_text(const Field& field, const json& value) {
  if (!value.is_string()) return "is to be a text";
  const auto& text = value.get_ref<const std::string&>();
  if (!field.may_be_blank && is_blank(text)) return "must not be blank";
  if (field.longest > 0 && code_points(text) > field.longest) {
    return "has more than " + std::to_string(field.longest) + " characters";
  }
  if (field.choices.empty() ||
      std::find(field.choices.begin(), field.choices.end(), text) != field.choices.end()) {
    return {};
  }
  std::string choices;
  for (const std::string& choice : field.choices) choices += (choices.empty() ? "" : ", ") + choice;
  return "is one of " + choices;
}

bool in_range(const Field& field, const json& value) {
  if (!value.is_number_integer()) return false;
  if (value.is_number_unsigned() && value.get<unsigned long long>() > 9223372036854775807ULL)
    return false;
  const auto number = value.get<long long>();
  return number >= field.least && number <= field.most;
}

/// What is wrong with it; empty: nothing.
std::string wrong(const Field& field, const json& value) {
  if (value.is_null()) {
    return field.nullable || field.type == Field::Type::kAnyJson ? "" : "must not be null";
  }
  if (holds_nul(value)) return "holds a NUL character";
  switch (field.type) {
    case Field::Type::kText:
      return wrong_text(field, value);
    case Field::Type::kInteger:
      return in_range(field, value) ? "" : "is to be a whole number from " + range(field);
    case Field::Type::kBoolean:
      return value.is_boolean() ? "" : "is to be true or false";
    case Field::Type::kIntegers:
      if (value.is_array() && std::all_of(value.begin(), value.end(),
                                          [&](const json& one) { return in_range(field, one); })) {
        return {};
      }
      return "is to be a list of whole numbers from " + range(field);
    case Field::Type::kAnyJson:
      return {};
  }
  return {};
}

Body checked(json value, const std::vector<Field>& fields) {
  Problem problem(422, "invalid", "some fields are not as they should be");
  for (const Field& field : fields) {
    const auto found = value.find(field.name);
    if (found == value.end()) {
      if (field.required) problem.field(field.name, "is missing");
    } else if (const std::string what = wrong(field, *found); !what.empty()) {
      problem.field(field.name, what);
    }
  }
  for (const auto& [name, ignored] : value.items()) {
    const bool is_known = std::any_of(fields.begin(), fields.end(),
                                      [&](const Field& field) { return field.name == name; });
    if (!is_known) problem.field(name, "is not known here");
  }
  if (problem.has_fields()) throw problem;
  return Body(std::move(value));
}

json as_json(const Field& field, const std::string& text) {
  if (field.type == Field::Type::kInteger) {
    long long number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size()) return number;
  }
  if (field.type == Field::Type::kBoolean && (text == "true" || text == "false")) {
    return text == "true";
  }
  return text;
}

}  // namespace

Param Body::param(const std::string& name) const {
  const auto found = value_.find(name);
  if (found == value_.end() || found->is_null()) return std::nullopt;
  if (found->is_string()) return found->get<std::string>();
  if (found->is_boolean()) return found->get<bool>();
  return found->dump();
}

std::string Body::text(const std::string& name, const std::string& otherwise) const {
  const auto found = value_.find(name);
  return found != value_.end() && found->is_string() ? found->get<std::string>() : otherwise;
}

long long Body::integer(const std::string& name, long long otherwise) const {
  const auto found = value_.find(name);
  return found != value_.end() && found->is_number_integer() ? found->get<long long>() : otherwise;
}

json read_json(const std::string& text) {
  // Deep nesting would use up the stack of whoever walks over it.
  const auto shallow = [](int depth, json::parse_event_t, json&) {
    if (depth > static_cast<int>(kDeepest))
      throw Problem(400, "not_json", "the body is nested too deeply");
    return true;
  };
  json value;
  try {
    value = json::parse(text, shallow);
  } catch (const json::exception&) {
    throw Problem(400, "not_json", "the body is no JSON");
  }
  if (!value.is_object()) throw Problem(400, "not_json", "the body is to be a JSON object");
  return value;
}

Body read_body(const std::string& text, const std::vector<Field>& fields) {
  return checked(read_json(text), fields);
}

Body read_query(const std::map<std::string, std::string>& query, const std::vector<Field>& fields) {
  json value = json::object();
  for (const auto& [name, text] : query) {
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const Field& field) { return field.name == name; });
    value[name] = found == fields.end() ? json(text) : as_json(*found, text);
  }
  return checked(std::move(value), fields);
}

json schema_of(const Field& field) {
  json schema;
  switch (field.type) {
    case Field::Type::kText:
      schema["type"] = "string";
      if (field.longest > 0) schema["maxLength"] = field.longest;
      if (!field.may_be_blank) schema["minLength"] = 1;
      if (!field.choices.empty()) schema["enum"] = field.choices;
      break;
    case Field::Type::kInteger:
      schema = {{"type", "integer"}, {"minimum", field.least}, {"maximum", field.most}};
      break;
    case Field::Type::kBoolean:
      schema["type"] = "boolean";
      break;
    case Field::Type::kIntegers:
      schema = {
          {"type", "array"},
          {"items", {{"type", "integer"}, {"minimum", field.least}, {"maximum", field.most}}}};
      break;
    case Field::Type::kAnyJson:
      schema = json::object();
      break;
  }
  if (field.nullable && schema.contains("type"))
    schema["type"] = json::array({schema["type"], "null"});
  if (!field.about.empty()) schema["description"] = field.about;
  if (!field.example.is_null()) schema["examples"] = json::array({field.example});
  return schema;
}

json schema_of(const std::vector<Field>& fields) {
  json schema = {
      {"type", "object"}, {"properties", json::object()}, {"additionalProperties", false}};
  for (const Field& field : fields) {
    schema["properties"][field.name] = schema_of(field);
    if (field.required) schema["required"].push_back(field.name);
  }
  return schema;
}

}  // namespace gpra
