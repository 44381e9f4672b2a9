#include "base/json.hpp"

#include <nlohmann/json.hpp>

namespace capo::base {

struct Json::Value {
  nlohmann::ordered_json json = {};
};

Json::Json() : value_(new Value) {}
Json::Json(bool value) : value_(new Value{value}) {}
Json::Json(int value) : value_(new Value{value}) {}
Json::Json(long long value) : value_(new Value{value}) {}
Json::Json(const char* value) : value_(new Value{value}) {}
Json::Json(std::string_view value) : value_(new Value{value}) {}
Json::Json(const std::string& value) : value_(new Value{value}) {}
Json::~Json() = default;
Json::Json(Json&& other) noexcept = default;
Json& Json::operator=(Json&& other) noexcept = default;

Json Json::object() {
  Json json;
  json.value_->json = nlohmann::ordered_json::object();
  return json;
}

Json Json::array() {
  Json json;
  json.value_->json = nlohmann::ordered_json::array();
  return json;
}

Json Json::strings(const std::vector<std::string>& values) {
  Json json = array();
  for (const std::string& value : values) json.add(value);
  return json;
}

Json Json::text_or_null(std::string_view value) { return value.empty() ? Json() : Json(value); }

Json& Json::set(std::string_view key, Json value) & {
  value_->json[std::string(key)] = std::move(value.value_->json);
  return *this;
}

Json&& Json::set(std::string_view key, Json value) && {
  set(key, std::move(value));
  return std::move(*this);
}

Json& Json::add(Json value) {
  value_->json.push_back(std::move(value.value_->json));
  return *this;
}

std::string Json::text() const {
  return value_->json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

std::string Json::line() const {
  return value_->json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace capo::base
