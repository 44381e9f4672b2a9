#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Taking apart what PostgreSQL prints: arrays, lists, definitions of indexes and triggers. None of
/// them throws: what is not as expected comes back empty, or as it is.
namespace capo::dialect::postgresql {

/// `{a,"b c",NULL}`, the way an array is printed; NULL is an empty text.
std::vector<std::string> array_items(std::string_view text);

/// Pieces between commas that stand in no parentheses, brackets or quotes, trimmed.
std::vector<std::string_view> list_items(std::string_view text);

/// A text `before (inside) after`, where the parenthesis is the first one that opens.
struct Bracketed {
  std::string_view before = {};
  std::string_view inside = {};
  std::string_view after = {};
};
Bracketed first_parentheses(std::string_view text);

/// An element of an index as it is printed: `lower(title) COLLATE "C" text_pattern_ops DESC`.
struct PrintedElement {
  std::string column = {};      ///< a name as the catalog has it; empty: an expression
  std::string expression = {};  ///< without the parentheses that syntax asks for
  std::string collation = {};
  bool collation_is_qualified = false;
  std::string operator_class = {};
  bool descending = false;
  bool nulls_first = false;
  bool nulls_last = false;
};
PrintedElement printed_element(std::string_view text);

/// `expression WITH operator` of an exclude constraint.
struct PrintedExclusion {
  std::string_view expression = {};
  std::string_view with = {};
};
PrintedExclusion printed_exclusion(std::string_view text);

/// `CREATE TRIGGER name event ON table action`.
struct PrintedTrigger {
  std::string_view event = {};
  std::string_view action = {};
};
PrintedTrigger printed_trigger(std::string_view text);

/// What follows the arguments of `CREATE OR REPLACE FUNCTION name(arguments) …`.
std::string_view after_arguments(std::string_view text);

/// An expression as it is printed once the server has read its own print: `(ARRAY[a, b])::text[]`
/// comes back as `ARRAY[(a)::text, (b)::text]`, and only then for good; so does `(VALUES` as
/// `( VALUES`.
std::string settled(std::string_view expression);

/// The text without `schema.` before names.
std::string without_schema(std::string_view text, std::string_view schema);

/// A name as it is written in SQL, as the catalog has it.
std::string unquoted(std::string_view name);

}  // namespace capo::dialect::postgresql
