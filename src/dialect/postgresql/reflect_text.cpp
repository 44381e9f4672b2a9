#include "dialect/postgresql/reflect_text.hpp"

#include <algorithm>
#include <cstddef>

#include "base/text.hpp"
#include "dialect/postgresql/tokens.hpp"

namespace capo::dialect::postgresql {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

/// Behind `name` or `schema.name`.
std::size_t after_name(const Tokens& tokens, std::size_t at) {
  ++at;
  while (tokens.kind(at) == TokenKind::kDot) at += 2;
  return at;
}

/// `(ARRAY[…])::type[]` that begins at token `open`: the token behind it, or 0 if it is something
/// else.
std::size_t end_of_cast_array(const Tokens& tokens, std::size_t open) {
  if (tokens.kind(open) != TokenKind::kOpen || !tokens.is(open + 1, "ARRAY")) return 0;
  const std::size_t close = tokens.closing(open);
  const std::size_t bracket = tokens.closing(open + 2);
  if (!tokens.is(open + 2, "[") || bracket + 1 != close) return 0;
  if (!tokens.is(close + 1, ":") || !tokens.is(close + 2, ":")) return 0;
  std::size_t at = close + 3;
  while (tokens.is_name(at) || tokens.kind(at) == TokenKind::kDot) ++at;
  if (at == close + 3 || !tokens.is(at, "[") || !tokens.is(at + 1, "]")) return 0;
  return at + 2;
}

/// `(VALUES …)` where a query stood; what is read from that is a query of its own: `( VALUES …)`.
bool is_bare_values(const Tokens& tokens, std::size_t open) {
  return tokens.kind(open) == TokenKind::kOpen && tokens.is(open + 1, "VALUES") &&
         tokens.begin(open + 1) == tokens.end(open);
}

}  // namespace

std::vector<std::string> array_items(std::string_view text) {
  std::vector<std::string> items;
  if (text.size() <= 2) return items;
  text = text.substr(1, text.size() - 2);
  std::string item;
  bool quoted = false;
  bool was_quoted = false;
  const auto finish = [&] {
    items.push_back(item == "NULL" && !was_quoted ? "" : item);
    item.clear();
    was_quoted = false;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      item += text[++i];
    } else if (c == '"') {
      quoted = !quoted;
      was_quoted = true;
    } else if (c == ',' && !quoted) {
      finish();
    } else {
      item += c;
    }
  }
  finish();
  return items;
}

std::vector<std::string_view> list_items(std::string_view text) {
  std::vector<std::string_view> items;
  if (base::trim(text).empty()) return items;
  const Tokens tokens(text);
  std::size_t begin = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens.depth(i) != 0 || !tokens.is(i, ",")) continue;
    items.push_back(base::trim(text.substr(begin, tokens.begin(i) - begin)));
    begin = tokens.end(i);
  }
  items.push_back(base::trim(text.substr(begin)));
  return items;
}

Bracketed first_parentheses(std::string_view text) {
  const Tokens tokens(text);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens.kind(i) != TokenKind::kOpen) continue;
    const std::size_t close = tokens.closing(i);
    const std::size_t begin = tokens.end(i);
    return {.before = base::trim(text.substr(0, tokens.begin(i))),
            .inside = text.substr(begin, tokens.begin(close) - begin),
            .after = base::trim(text.substr(tokens.end(close)))};
  }
  return {.before = text};
}

std::string unquoted(std::string_view name) {
  if (name.size() < 2 || name.front() != '"') return std::string(name);
  return base::replace_all(name.substr(1, name.size() - 2), "\"\"", "\"");
}

PrintedElement printed_element(std::string_view text) {
  const Tokens tokens(text);
  PrintedElement element;
  std::size_t at = 0;
  if (tokens.kind(0) == TokenKind::kOpen) {
    const std::size_t close = tokens.closing(0);
    element.expression =
        base::trim(text.substr(tokens.end(0), tokens.begin(close) - tokens.end(0)));
    at = close + 1;
  } else {
    at = after_name(tokens, 0);
    if (tokens.kind(at) == TokenKind::kOpen) {
      at = tokens.closing(at) + 1;
      element.expression = text.substr(0, tokens.end(at - 1));
    } else {
      element.column = unquoted(tokens.text(0));
    }
  }
  if (tokens.is(at, "COLLATE")) {
    const std::size_t end = after_name(tokens, at + 1);
    element.collation = unquoted(tokens.text(end - 1));
    element.collation_is_qualified = end > at + 2;
    at = end;
  }
  const bool is_order = tokens.is(at, "DESC") || tokens.is(at, "ASC") || tokens.is(at, "NULLS");
  if (tokens.is_name(at) && !is_order) {
    std::size_t end = after_name(tokens, at);
    if (tokens.kind(end) == TokenKind::kOpen) end = tokens.closing(end) + 1;
    element.operator_class = text.substr(tokens.begin(at), tokens.end(end - 1) - tokens.begin(at));
    at = end;
  }
  element.descending = tokens.find("DESC", at) < tokens.size();
  element.nulls_first = tokens.find("FIRST", at) < tokens.size();
  element.nulls_last = tokens.find("LAST", at) < tokens.size();
  return element;
}

PrintedExclusion printed_exclusion(std::string_view text) {
  const Tokens tokens(text);
  std::size_t with = tokens.size();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens.depth(i) == 0 && tokens.is(i, "WITH")) with = i;
  }
  return {.expression = base::trim(text.substr(0, tokens.begin(with))),
          .with = base::trim(text.substr(std::min(tokens.end(with), text.size())))};
}

PrintedTrigger printed_trigger(std::string_view text) {
  const Tokens tokens(text);
  std::size_t name = 1;
  while (name < tokens.size() && !tokens.is(name - 1, "TRIGGER")) ++name;
  const std::size_t on = tokens.find("ON", name + 1);
  const std::size_t action = after_name(tokens, on + 1);
  if (action >= tokens.size()) return {};
  const std::size_t event = tokens.end(name);
  return {.event = base::trim(text.substr(event, tokens.begin(on) - event)),
          .action = text.substr(tokens.begin(action))};
}

std::string_view after_arguments(std::string_view text) { return first_parentheses(text).after; }

std::string without_schema(std::string_view text, std::string_view schema) {
  const Tokens tokens(text);
  std::string result;
  std::size_t copied = 0;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const bool is_first = i == 0 || tokens.kind(i - 1) != TokenKind::kDot;
    if (!is_first || !tokens.is_name(i) || tokens.kind(i + 1) != TokenKind::kDot) continue;
    if (unquoted(tokens.text(i)) != schema) continue;
    result += text.substr(copied, tokens.begin(i) - copied);
    copied = tokens.end(i + 1);
  }
  return result.append(text.substr(copied));
}

std::string settled(std::string_view expression) {
  if (expression.find("(ARRAY[") == kNone && expression.find("(VALUES") == kNone) {
    return std::string(expression);
  }
  const Tokens tokens(expression);
  std::string result;
  std::size_t copied = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (is_bare_values(tokens, i)) {
      result.append(expression.substr(copied, tokens.end(i) - copied)).append(" ");
      copied = tokens.end(i);
    }
    const std::size_t end = end_of_cast_array(tokens, i);
    if (end == 0) continue;
    const std::size_t bracket = i + 2;
    const std::size_t close = tokens.closing(bracket);
    const std::size_t begin = tokens.end(bracket);
    // From `::` to before the last `[]`.
    const std::size_t cast = tokens.begin(close + 2);
    const std::string_view type = expression.substr(cast, tokens.begin(end - 2) - cast);
    const std::vector<std::string_view> items =
        list_items(expression.substr(begin, tokens.begin(close) - begin));
    if (items.empty()) continue;
    result += expression.substr(copied, tokens.begin(i) - copied);
    result += "ARRAY[";
    for (const std::string_view item : items) {
      if (result.back() != '[') result += ", ";
      result.append("(").append(settled(item)).append(")").append(type);
    }
    result += "]";
    copied = tokens.end(end - 1);
    i = end - 1;
  }
  return result.append(expression.substr(copied));
}

}  // namespace capo::dialect::postgresql
