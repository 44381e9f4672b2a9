#include "dialect/postgresql/scratch_enums.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "dialect/postgresql/lexer.hpp"
#include "dialect/postgresql/reflect_text.hpp"

namespace capo::dialect::postgresql {
namespace {

using Reader = StatementReader<Lexer>;

/// `mood`, `app."Mood"`, the same for all ways to write it.
std::string read_qualified_name(Reader& reader) {
  std::string name;
  for (;;) {
    if (reader.kind() == TokenKind::kWord) name += base::lower(reader.text());
    if (reader.kind() == TokenKind::kName) name += unquoted(reader.text());
    reader.skip();
    if (reader.kind() != TokenKind::kDot) return name;
    name += '.';
    reader.skip();
  }
}

std::string read_literal(Reader& reader) {
  std::string text;
  if (reader.kind() == TokenKind::kLiteral) text = reader.text();
  reader.skip();
  return text;
}

}  // namespace

void EnumFolder::note(std::string_view sql, std::size_t number) {
  Reader reader(sql);
  if (!reader.accept("CREATE") || !reader.accept("TYPE")) return;
  const std::string name = read_qualified_name(reader);
  if (reader.accept("AS") && reader.accept("ENUM")) made_[name] = number;
}

std::optional<EnumFolder::Addition> EnumFolder::addition(std::string_view sql) {
  Reader reader(sql);
  const bool alters = reader.accept("ALTER");
  if (!alters && !reader.accept("DROP")) return std::nullopt;
  if (!reader.accept("TYPE")) return std::nullopt;
  if (!alters && reader.accept("IF")) reader.accept("EXISTS");
  const std::string name = read_qualified_name(reader);
  const auto made = made_.find(name);
  if (made == made_.end()) return std::nullopt;
  if (!alters || !reader.accept("ADD") || !reader.accept("VALUE")) {
    if (!reader.accept("OWNER")) made_.erase(made);
    return std::nullopt;
  }
  Addition addition{.number = made->second};
  if (reader.accept("IF")) {
    addition.guarded = reader.accept("NOT") && reader.accept("EXISTS");
  }
  addition.value = read_literal(reader);
  addition.after = reader.accept("AFTER");
  if (addition.after || reader.accept("BEFORE")) addition.beside = read_literal(reader);
  return addition;
}

std::optional<std::string> with_value(std::string_view create,
                                      const EnumFolder::Addition& addition) {
  const Bracketed text = first_parentheses(create);
  std::vector<std::string> values;
  for (const std::string_view item : list_items(text.inside)) values.emplace_back(item);
  const auto find = [&](const std::string& value) {
    return std::find(values.begin(), values.end(), value);
  };
  if (find(addition.value) != values.end()) {
    return addition.guarded ? std::optional(std::string(create)) : std::nullopt;
  }
  auto place = values.end();
  if (!addition.beside.empty()) {
    place = find(addition.beside);
    if (place == values.end()) return std::nullopt;
    if (addition.after) ++place;
  }
  values.insert(place, addition.value);
  return std::string(text.before) + " (" + base::join(values, ", ") + ")";
}

}  // namespace capo::dialect::postgresql
