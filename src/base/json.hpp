#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace capo::base {

/// A JSON value under construction. Objects keep the order in which their members were set.
///
///     Json entry = Json::object();
///     entry.set("revision", "001").set("down_revisions", Json::strings({"000"}));
///     terminal.write_out(entry.text());
class Json {
 public:
  Json();                          ///< null
  Json(bool value);                // NOLINT: a value is what it holds
  Json(int value);                 // NOLINT
  Json(long long value);           // NOLINT
  Json(const char* value);         // NOLINT
  Json(std::string_view value);    // NOLINT
  Json(const std::string& value);  // NOLINT
  ~Json();
  Json(Json&& other) noexcept;
  Json& operator=(Json&& other) noexcept;

  static Json object();
  static Json array();
  static Json strings(const std::vector<std::string>& values);
  /// Null for an empty text, else the text.
  static Json text_or_null(std::string_view value);

  /// Adds a member to an object.
  Json& set(std::string_view key, Json value) &;
  Json&& set(std::string_view key, Json value) &&;
  /// Adds an element to an array.
  Json& add(Json value);

  /// Over several lines, two spaces a level, with a line break at the end. Bytes that are not UTF-8
  /// become U+FFFD.
  std::string text() const;
  /// The same on one line.
  std::string line() const;

 private:
  struct Value;
  std::unique_ptr<Value> value_;
};

}  // namespace capo::base
