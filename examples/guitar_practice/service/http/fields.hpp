#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "db/database.hpp"

/// What a body, or a query, may hold: said once, it validates requests and is the schema in the
/// OpenAPI document.
namespace gpra {

struct Field {
  enum class Type { kText, kInteger, kBoolean, kAnyJson, kIntegers };

  std::string name = {};
  Type type = Type::kText;
  bool required = false;
  bool nullable = false;
  std::size_t longest = 0;  ///< of a text, in code points; 0: any
  bool may_be_blank = true;
  long long least = 0;                    ///< of a number, and of each of several
  long long most = 2147483647;            ///< likewise
  std::vector<std::string> choices = {};  ///< of a text; empty: any
  std::string about = {};                 ///< for the document
  nlohmann::json example = {};
};

/// A body that has been checked.
class Body {
 public:
  Body() = default;
  explicit Body(nlohmann::json value) : value_(std::move(value)) {}

  bool has(const std::string& name) const { return value_.contains(name); }
  /// The field as a statement's parameter; NULL if it is null or not given.
  Param param(const std::string& name) const;
  std::string text(const std::string& name, const std::string& otherwise = {}) const;
  long long integer(const std::string& name, long long otherwise = 0) const;
  const nlohmann::json& json() const { return value_; }

 private:
  nlohmann::json value_ = nlohmann::json::object();
};

/// Throws Problem 400 for what is no JSON object, or nested too deeply.
nlohmann::json read_json(const std::string& text);

/// Throws Problem 400 as read_json() does, 422 with the fields that are wrong: of a wrong
/// type, too long, missing, not known, NUL characters. Depth and size are limited.
Body read_body(const std::string& text, const std::vector<Field>& fields);

/// Parameters of a query: `?limit=20`. Throws Problem 422.
Body read_query(const std::map<std::string, std::string>& query, const std::vector<Field>& fields);

/// As OpenAPI (JSON Schema) has it.
nlohmann::json schema_of(const Field& field);
nlohmann::json schema_of(const std::vector<Field>& fields);

}  // namespace gpra
