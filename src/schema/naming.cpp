#include "schema/naming.hpp"

#include <optional>
#include <utility>

#include "base/md5.hpp"
#include "base/text.hpp"
#include "capo/error.hpp"
#include "schema/schema.hpp"

namespace capo::schema {
namespace {

// `[referred_]column_0[N|_N]_{name,label,key}`, taken apart.
struct ColumnToken {
  bool referred = false;
  std::size_t index = 0;
  bool all = false;
  std::string_view separator = {};
  std::string_view attribute = {};
};

bool skip(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<ColumnToken> column_token(std::string_view token) {
  ColumnToken result;
  result.referred = skip(token, "referred_");
  if (!skip(token, "column_")) return std::nullopt;
  std::size_t digits = 0;
  while (digits < token.size() && base::is_digit(token[digits])) ++digits;
  const std::optional<long long> index = base::parse_integer(token.substr(0, digits));
  if (!index) return std::nullopt;
  result.index = static_cast<std::size_t>(*index);
  token.remove_prefix(digits);
  if (skip(token, "N_")) {
    result.all = true;
  } else if (skip(token, "_N_")) {
    result.all = true;
    result.separator = "_";
  } else if (!skip(token, "_")) {
    return std::nullopt;
  }
  if (result.all && result.index != 0) return std::nullopt;
  const bool known = token == "name" || (!result.referred && (token == "label" || token == "key"));
  if (!known) return std::nullopt;
  result.attribute = token;
  return result;
}

std::string label(const NameParts& parts, const std::string& column) {
  std::string text;
  if (!parts.schema.empty()) text = base::replace_all(parts.schema, ".", "_") + "_";
  return text.append(parts.table).append("_").append(column);
}

std::string text_of(const ColumnToken& token, const NameParts& parts) {
  const Names& columns = token.referred ? parts.referred_columns : parts.columns;
  std::vector<std::string> texts;
  for (const std::string& column : columns) {
    texts.push_back(token.attribute == "label" ? label(parts, column) : column);
  }
  if (token.all) return base::join(texts, token.separator);
  // An index of expressions has no first column, and SQLAlchemy writes nothing for it.
  return token.index < texts.size() ? texts[token.index] : "";
}

[[noreturn]] void refuse(std::string_view pattern, const NameParts& parts, std::string_view why,
                         std::string hint = {}) {
  throw Error(ErrorCode::kSchema, "the naming convention \"" + std::string(pattern) +
                                      "\" for table " + qualified(parts.schema, parts.table) +
                                      ": " + std::string(why))
      .hint(std::move(hint));
}

std::string text_of(std::string_view token, std::string_view pattern, const NameParts& parts,
                    std::string_view given) {
  if (token == "table_name") return std::string(parts.table);
  if (token == "constraint_name") {
    if (given.empty()) {
      refuse(pattern, parts, "%(constraint_name)s, but a constraint has no name",
             "give it a .name, or take the token out of the pattern");
    }
    return std::string(given);
  }
  if (token == "referred_table_name" && !parts.referred_table.empty()) {
    return std::string(parts.referred_table);
  }
  if (const std::optional<ColumnToken> column = column_token(token)) {
    if (column->referred && column->index >= parts.referred_columns.size()) {
      refuse(pattern, parts, "the columns that a foreign key refers to are not known",
             "say .referred_columns");
    }
    return text_of(*column, parts);
  }
  refuse(pattern, parts, "%(" + std::string(token) + ")s means nothing here",
         "tokens are table_name, column_0_name, column_0_N_name, column_0_label, constraint_name, "
         "and for foreign keys referred_table_name, referred_column_0_name");
}

struct PartsOf {
  const Table& table;

  NameParts of(Names columns) const {
    return {.table = table.name, .schema = table.options.schema, .columns = std::move(columns)};
  }
  NameParts operator()(const PrimaryKey& key) const { return of(key.columns); }
  NameParts operator()(const UniqueConstraint& unique) const { return of(unique.columns); }
  NameParts operator()(const CheckConstraint&) const { return of({}); }
  NameParts operator()(const ForeignKey& key) const {
    NameParts parts = of(key.columns);
    parts.referred_table = key.referred_table;
    parts.referred_columns = key.referred_columns;
    return parts;
  }
  NameParts operator()(const ExcludeConstraint&) const { return of({}); }
};

}  // namespace

std::string fill_in(std::string_view pattern, const NameParts& parts, std::string_view given) {
  std::string name;
  std::string_view rest = pattern;
  while (!rest.empty()) {
    const std::size_t percent = std::min(rest.find('%'), rest.size());
    name += rest.substr(0, percent);
    rest.remove_prefix(percent);
    if (rest.empty()) break;
    if (skip(rest, "%%")) {
      name += '%';
      continue;
    }
    const std::size_t end = rest.find(")s");
    if (!rest.starts_with("%(") || end == std::string_view::npos) {
      refuse(pattern, parts, "a % that begins no token", "write %% for a percent sign");
    }
    name += text_of(rest.substr(2, end - 2), pattern, parts, given);
    rest.remove_prefix(end + 2);
  }
  return name;
}

std::string cut(std::string name, std::size_t longest) {
  constexpr std::size_t kRoom = 8;  // SQLAlchemy leaves as much, and takes five of them.
  if (longest <= kRoom || name.size() <= longest) return name;
  const std::string hash = base::md5(name);
  return std::string(base::first_bytes(name, longest - kRoom)) + "_" + hash.substr(hash.size() - 4);
}

ConstraintName Namer::chosen(const ConstraintName& given, std::string_view pattern,
                             const NameParts& parts) const {
  if (given.is_final) return f(cut(given, longest_));
  const bool makes_more_of_names = pattern.find("constraint_name") != std::string_view::npos;
  if (pattern.empty() || (!given.empty() && !makes_more_of_names)) return given;
  return f(cut(fill_in(pattern, parts, given), longest_));
}

void Namer::name(const Table& table, Constraint& constraint) const {
  // In the order of the variant; exclude constraints have no pattern.
  const std::string_view patterns[] = {convention_.pk, convention_.uq, convention_.ck,
                                       convention_.fk, ""};
  const std::string_view pattern = patterns[constraint.index()];
  const NameParts parts = std::visit(PartsOf{table}, constraint);
  std::visit([&](auto& kind) { kind.name = chosen(kind.name, pattern, parts); }, constraint);
}

void Namer::name(const Table& table, Index& index) const {
  Names columns;
  for (const IndexElement& element : index.elements) {
    if (!element.expression) columns.push_back(element.column);
  }
  index.name = chosen(index.name, convention_.ix, PartsOf{table}.of(std::move(columns)));
}

Index Namer::index_of(const Table& table, const Column& column) const {
  Index index("", {column.name}, {.unique = column.options.unique});
  name(table, index);
  return index;
}

void Namer::name_all(Table& table) const {
  TableOptions& options = table.options;
  const Names key = primary_key_columns(table);
  if (!key.empty() && !options.primary_key && !convention_.pk.empty()) {
    options.primary_key = PrimaryKey{.columns = key};
  }
  List<UniqueConstraint> uniques;
  for (Column& column : table.columns) {
    if (column.options.index) {
      options.indexes.push_back(index_of(table, column));
    } else if (column.options.unique) {
      uniques.push_back({.columns = {column.name}});
    }
    column.options.index = column.options.unique = false;
  }
  options.uniques.insert(options.uniques.begin(), uniques.begin(), uniques.end());
  const auto name_it = [&](auto& kind) {
    Constraint constraint = std::move(kind);
    name(table, constraint);
    kind = std::get<std::decay_t<decltype(kind)>>(std::move(constraint));
  };
  if (options.primary_key) name_it(*options.primary_key);
  for (auto& unique : options.uniques) name_it(unique);
  for (auto& check : options.checks) name_it(check);
  for (auto& foreign_key : options.foreign_keys) name_it(foreign_key);
  for (auto& exclude : options.excludes) name_it(exclude);
  for (Index& index : options.indexes) name(table, index);
}

void Namer::name_all(View& view) const {
  const Table like(view.name, {}, {.schema = view.schema});
  for (Index& index : view.indexes) name(like, index);
}

}  // namespace capo::schema
