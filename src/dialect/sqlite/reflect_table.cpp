#include "dialect/sqlite/reflect_table.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "base/text.hpp"
#include "dialect/sqlite/parts.hpp"
#include "schema/schema.hpp"

namespace capo::dialect::sqlite {
namespace {

using Kind = Clause::Kind;

/// Of the collations that SQLite brings with it the name in one spelling; nothing for the usual
/// one.
std::string collation_form(std::string_view written) {
  const std::string name = unquoted(written);
  if (base::equals_ignoring_case(name, "BINARY")) return {};
  for (const char* known : {"NOCASE", "RTRIM"}) {
    if (base::equals_ignoring_case(name, known)) return known;
  }
  return name;
}

/// As the table itself spells it.
std::string spelled(const Table& table, std::string_view column) {
  for (const Column& item : table.columns) {
    if (base::equals_ignoring_case(item.name, column)) return item.name;
  }
  return std::string(column);
}

Column* column_of(Table& table, std::string_view name) {
  for (Column& item : table.columns) {
    if (base::equals_ignoring_case(item.name, name)) return &item;
  }
  return nullptr;
}

std::string kind_of(const Clause& clause) {
  switch (clause.kind) {
    case Kind::kPrimaryKey:
      return "primary key";
    case Kind::kUnique:
      return "unique constraint";
    case Kind::kCheck:
      return "check";
    case Kind::kForeignKey:
      return "foreign key";
    case Kind::kNotNull:
    case Kind::kNull:
    case Kind::kDefault:
    case Kind::kCollate:
    case Kind::kGenerated:
    case Kind::kOther:
      break;
  }
  return "column";
}

/// Reads one `CREATE TABLE`.
class TableReader {
 public:
  TableReader(const std::string& name, const TableText& text, std::vector<Unrepresented>& lost)
      : table_(name, {}), text_(text), lost_(lost) {}

  Table read() {
    for (const ColumnText& column : text_.columns()) {
      table_.columns.push_back(Column(column.name, type_of(text_.text(column.type))));
    }
    names_ = names_of(table_);
    for (const ColumnText& column : text_.columns()) {
      for (const Clause& clause : column.clauses) read(clause, column_of(table_, column.name));
    }
    for (const Clause& clause : text_.constraints()) read(clause, nullptr);
    table_.options.strict = text_.strict();
    table_.options.without_rowid = text_.without_rowid();
    finish_key();
    sort_parts(table_);
    return std::move(table_);
  }

  /// Where each constraint stands, in the order of the text. After read().
  const std::vector<std::pair<const Clause*, Constraint>>& found() const { return found_; }

 private:
  /// `column` is null for a constraint of the table.
  void read(const Clause& clause, Column* column) {
    switch (clause.kind) {
      case Kind::kPrimaryKey:
        return primary_key(clause, column);
      case Kind::kUnique:
        return unique(clause, column);
      case Kind::kCheck:
        return check(clause, column);
      case Kind::kForeignKey:
        return foreign_key(clause, column);
      case Kind::kOther:
        return deferral(clause);
      case Kind::kNotNull:
        column->options.nullable = false;
        return lose_conflict(clause, "NOT NULL of column " + table_.name + "." + column->name);
      case Kind::kNull:
        return;
      case Kind::kDefault:
        return default_value(clause, *column);
      case Kind::kCollate:
        column->options.collation = collation_form(text_.text(clause.value));
        return;
      case Kind::kGenerated:
        column->options.computed =
            Computed{capo::SqlText(expression(clause.arguments)), clause.stored};
        return;
    }
  }

  void default_value(const Clause& clause, Column& column) {
    const std::string value = default_form(text_.text(clause.value), names_);
    column.options.server_default =
        value.empty() ? ServerDefault() : ServerDefault(capo::SqlText(value));
  }

  void primary_key(const Clause& clause, Column* column) {
    PrimaryKey key{.name = clause.name};
    bool is_numbered = clause.autoincrement;
    if (column != nullptr) {
      key.columns = {column->name};
      if (clause.descending) lose(clause, "that it is descending");
    } else {
      std::vector<Lexemes> parts = elements(clause.arguments);
      // `PRIMARY KEY (id AUTOINCREMENT)`.
      if (!parts.back().empty() && parts.back().back().is("AUTOINCREMENT")) {
        parts.back().pop_back();
        is_numbered = true;
      }
      key.columns = plain_columns(clause, std::move(parts));
    }
    found_.emplace_back(&clause, key);
    table_.options.primary_key = std::move(key);
    key_is_numbered_ = is_numbered;
    key_is_descending_ = clause.descending;
    lose_conflict(clause);
  }

  void finish_key() {
    if (!table_.options.primary_key) return;
    const Names& columns = table_.options.primary_key->columns;
    const Column* only = columns.size() == 1 ? column_of(table_, columns[0]) : nullptr;
    const bool is_rowid = only != nullptr && only->type.kind == TypeKind::kInteger &&
                          !key_is_descending_ && !text_.without_rowid();
    for (const std::string& name : columns) {
      Column* column = column_of(table_, name);
      if (column == nullptr) continue;
      if (column->options.nullable && !is_rowid && !text_.without_rowid() && !text_.strict()) {
        lost_.push_back({"primary key of " + table_.name, "that " + name + " may be NULL"});
      }
      column->options.nullable = false;
      if (key_is_numbered_) column->options.identity = Identity{};
    }
  }

  void unique(const Clause& clause, const Column* column) {
    UniqueConstraint unique{.name = clause.name};
    unique.columns =
        column != nullptr ? Names{column->name} : plain_columns(clause, elements(clause.arguments));
    lose_conflict(clause);
    found_.emplace_back(&clause, unique);
    List<UniqueConstraint>& all = table_.options.uniques;
    // Said twice, it is one.
    if (std::find(all.begin(), all.end(), unique) == all.end()) all.push_back(std::move(unique));
  }

  void check(const Clause& clause, Column* column) {
    if (column != nullptr && is_enum(clause, *column)) return;
    const CheckConstraint check{.condition = capo::SqlText(expression(clause.arguments)),
                                .name = clause.name};
    found_.emplace_back(&clause, check);
    table_.options.checks.push_back(check);
    lose_conflict(clause);
  }

  /// True for the check by which Parts::column_check() keeps a column to its enum.
  bool is_enum(const Clause& clause, Column& column) const {
    if (clause.name.empty() || column.type.kind != TypeKind::kString) return false;
    const Lexemes pieces = unwrapped(lexemes_of(text_.text(clause.arguments)));
    if (pieces.size() < 5 || !base::equals_ignoring_case(unquoted(pieces[0].text), column.name) ||
        !pieces[1].is("IN") || pieces[2].kind != Lexeme::Kind::kOpen ||
        pieces.back().kind != Lexeme::Kind::kClose) {
      return false;
    }
    Names values;
    for (const Lexemes& part : split_at_commas(Lexemes(pieces.begin() + 3, pieces.end() - 1))) {
      if (part.size() != 1 || part[0].kind != Lexeme::Kind::kString) return false;
      values.push_back(unquoted(part[0].text));
    }
    const Type type = Enum(clause.name, values);
    if (!(type_of(Parts().type(type)) == column.type)) return false;
    column.type = type;
    return true;
  }

  void foreign_key(const Clause& clause, const Column* column) {
    ForeignKey key{.referred_table = clause.referred,
                   .name = clause.name,
                   .on_delete = clause.on_delete,
                   .on_update = clause.on_update,
                   .match_full = base::equals_ignoring_case(clause.match, "FULL"),
                   .deferrable = clause.deferrable.value_or(false),
                   .initially_deferred = clause.initially_deferred};
    key.columns = column != nullptr ? Names{column->name} : column_names(clause.arguments);
    for (const Lexemes& part : elements(clause.referred_columns)) {
      if (part.size() == 1) key.referred_columns.push_back(unquoted(part[0].text));
    }
    if (base::equals_ignoring_case(clause.match, "PARTIAL")) lose(clause, "MATCH PARTIAL");
    found_.emplace_back(&clause, key);
    last_key_ = &clause;
    table_.options.foreign_keys.push_back(std::move(key));
  }

  /// A lone `DEFERRABLE` is about the foreign key before it.
  void deferral(const Clause& clause) {
    if (!clause.deferrable || table_.options.foreign_keys.empty()) return;
    ForeignKey& key = table_.options.foreign_keys.back();
    key.deferrable = *clause.deferrable;
    key.initially_deferred = clause.initially_deferred;
    for (auto& [found, value] : found_) {
      auto* other = std::get_if<ForeignKey>(&value);
      if (other != nullptr && found == last_key_) *other = key;
    }
  }

  std::string expression(const Span& span) const {
    return expression_form(text_.text(span), names_);
  }
  std::vector<Lexemes> elements(const Span& parenthesis) const {
    return split_at_commas(unwrapped(lexemes_of(text_.text(parenthesis))));
  }
  Names column_names(const Span& parenthesis) const {
    Names names;
    for (const Lexemes& part : elements(parenthesis)) {
      if (!part.empty()) names.push_back(spelled(table_, unquoted(part[0].text)));
    }
    return names;
  }

  /// Of a key, which on SQLite has collations and orders as an index has.
  Names plain_columns(const Clause& clause, std::vector<Lexemes> parts) {
    Names names;
    for (Lexemes& part : parts) {
      if (part.empty()) continue;
      if (part.back().is("ASC")) part.pop_back();
      if (part.back().is("DESC")) {
        part.pop_back();
        lose(clause, "that " + unquoted(part[0].text) + " is descending");
      }
      const Column* column = column_of(table_, unquoted(part[0].text));
      if (part.size() == 3 && part[1].is("COLLATE") &&
          (column == nullptr || collation_form(part[2].text) != column->options.collation)) {
        lose(clause, "COLLATE " + part[2].text + " of " + unquoted(part[0].text));
      }
      names.push_back(spelled(table_, unquoted(part[0].text)));
    }
    return names;
  }

  std::string described(const Clause& clause) const {
    return kind_of(clause) + (clause.name.empty() ? "" : " " + clause.name) + " of " + table_.name;
  }
  void lose(const Clause& clause, std::string what) {
    lost_.push_back({described(clause), std::move(what)});
  }
  void lose_conflict(const Clause& clause) { lose_conflict(clause, described(clause)); }
  void lose_conflict(const Clause& clause, const std::string& object) {
    // ABORT is what happens anyway.
    if (clause.on_conflict.empty() || base::equals_ignoring_case(clause.on_conflict, "ABORT")) {
      return;
    }
    lost_.push_back({object, "ON CONFLICT " + upper(clause.on_conflict)});
  }

  Table table_;
  const TableText& text_;
  std::vector<Unrepresented>& lost_;
  KnownNames names_ = {};
  std::vector<std::pair<const Clause*, Constraint>> found_ = {};
  const Clause* last_key_ = nullptr;  // foreign key
  bool key_is_numbered_ = false;
  bool key_is_descending_ = false;
};

std::string lower_case(const Names& names) { return base::lower(base::join(names, ",")); }

/// A foreign key that names no columns means the key of the other table, as one that names it may.
bool mean_the_same(const ForeignKey& a, const ForeignKey& b) {
  ForeignKey like = b;
  like.name = a.name;
  like.columns = a.columns;
  like.referred_table = a.referred_table;
  like.referred_columns = a.referred_columns;
  const bool same_target = a.referred_columns.empty() || b.referred_columns.empty() ||
                           lower_case(a.referred_columns) == lower_case(b.referred_columns);
  return like == a && same_target && lower_case(a.columns) == lower_case(b.columns) &&
         base::equals_ignoring_case(a.referred_table, b.referred_table);
}

bool mean_the_same(const Constraint& a, const Constraint& b) {
  const auto* key = std::get_if<ForeignKey>(&a);
  const auto* other = std::get_if<ForeignKey>(&b);
  return key != nullptr && other != nullptr ? mean_the_same(*key, *other) : a == b;
}

/// A name, a call or a parenthesis: what COLLATE behind it is about is all of it.
bool is_primary(const Lexemes& pieces) {
  if (pieces.size() == 1) return true;
  const bool is_call = pieces[0].kind == Lexeme::Kind::kWord;
  const Lexemes rest(pieces.begin() + (is_call ? 1 : 0), pieces.end());
  return rest.size() >= 2 && rest.front().kind == Lexeme::Kind::kOpen &&
         (rest.size() == 2 ? rest.back().kind == Lexeme::Kind::kClose
                           : unwrapped(rest).size() < rest.size());
}

/// What the element's last words `COLLATE name` say, if they are about all of it: they go.
std::optional<std::string> take_collation(Lexemes& pieces) {
  if (pieces.size() < 3 || !pieces[pieces.size() - 2].is("COLLATE")) return std::nullopt;
  Lexemes rest(pieces.begin(), pieces.end() - 2);
  if (!is_primary(rest)) return std::nullopt;
  std::string name = unquoted(pieces.back().text);
  pieces = std::move(rest);
  return name;
}

IndexElement reflect_element(Lexemes pieces, const Table& table, const KnownNames& names) {
  bool descending = false;
  if (pieces.back().is("ASC") || pieces.back().is("DESC")) {
    descending = pieces.back().is("DESC");
    pieces.pop_back();
  }
  std::optional<std::string> collation;
  for (std::size_t size = 0; size != pieces.size();) {
    size = pieces.size();
    pieces = unwrapped(std::move(pieces));
    if (!collation) collation = take_collation(pieces);
  }
  const Column* column = nullptr;
  if (pieces.size() == 1 && pieces[0].kind != Lexeme::Kind::kNumber) {
    for (const Column& item : table.columns) {
      if (base::equals_ignoring_case(item.name, unquoted(pieces[0].text))) column = &item;
    }
  }
  std::string text;
  for (const Lexeme& piece : pieces) text += piece.text + " ";
  IndexElement element = column != nullptr
                             ? IndexElement(column->name)
                             : IndexElement(capo::SqlText(expression_form(text, names)));
  element.descending = descending;
  if (!collation) return element;
  const std::string own = column != nullptr ? column->options.collation : std::string();
  const std::string form = collation_form(*collation);
  if (form != own) element.collation = form.empty() ? "BINARY" : form;
  return element;
}

template <class Object>
auto rank(const Object& object) {
  if constexpr (std::is_same_v<Object, UniqueConstraint>) {
    return std::make_tuple(std::string(object.name), std::vector<std::string>(object.columns));
  } else if constexpr (std::is_same_v<Object, CheckConstraint>) {
    return std::make_tuple(std::string(object.name), object.condition.sql);
  } else if constexpr (std::is_same_v<Object, ForeignKey>) {
    return std::make_tuple(std::string(object.name), std::vector<std::string>(object.columns),
                           object.referred_table);
  } else {
    return std::make_tuple(std::string(object.name));
  }
}

template <class Objects>
void sort(Objects& objects) {
  std::stable_sort(objects.begin(), objects.end(),
                   [](const auto& a, const auto& b) { return rank(a) < rank(b); });
}

}  // namespace

KnownNames names_of(const Table& table) {
  KnownNames names;
  names.add(table.name);
  for (const Column& column : table.columns) names.add(column.name);
  return names;
}

Table reflect_table(const std::string& name, const TableText& text,
                    std::vector<Unrepresented>& lost) {
  return TableReader(name, text, lost).read();
}

// Both are read by the same code: `wanted` as if it stood in the table as well.
const Clause* find_nameless(const TableText& text, const Constraint& wanted) {
  Constraint nameless = wanted;
  std::visit([](auto& kind) { kind.name = ConstraintName(); }, nameless);
  TableText with = text;
  with.add_constraint(Parts().constraint(nameless));
  std::vector<Unrepresented> lost;
  TableReader read_with("", with, lost);
  read_with.read();
  TableReader reader("", text, lost);
  reader.read();
  if (read_with.found().empty()) return nullptr;
  for (const auto& [clause, value] : reader.found()) {
    if (clause->name.empty() && mean_the_same(value, read_with.found().back().second)) {
      return clause;
    }
  }
  return nullptr;
}

Names key_columns(const TableText& text) {
  std::vector<Unrepresented> lost;
  return schema::primary_key_columns(TableReader("", text, lost).read());
}

// CREATE [UNIQUE] INDEX [IF NOT EXISTS] name ON table (…) [WHERE …]
Index reflect_index(const std::string& name, std::string_view create_index, const Table& table) {
  const Lexemes pieces = lexemes_of(create_index);
  const KnownNames names = names_of(table);
  Index index(name, {}, {.unique = pieces.size() > 1 && pieces[1].is("UNIQUE")});
  const auto open = std::find_if(pieces.begin(), pieces.end(), [](const Lexeme& piece) {
    return piece.kind == Lexeme::Kind::kOpen;
  });
  int depth = 0;
  auto close = open;
  for (; close != pieces.end(); ++close) {
    if (close->kind == Lexeme::Kind::kOpen) ++depth;
    if (close->kind == Lexeme::Kind::kClose && --depth == 0) break;
  }
  if (close == pieces.end()) return index;
  for (Lexemes& part : split_at_commas(Lexemes(open + 1, close))) {
    if (!part.empty()) index.elements.push_back(reflect_element(std::move(part), table, names));
  }
  if (close + 1 != pieces.end() && (close + 1)->is("WHERE")) {
    std::string condition;
    for (auto at = close + 2; at != pieces.end(); ++at) condition += at->text + " ";
    index.options.where = capo::SqlText(expression_form(condition, names));
  }
  return index;
}

void sort_parts(Table& table) {
  sort(table.options.uniques);
  sort(table.options.checks);
  sort(table.options.foreign_keys);
  sort(table.options.indexes);
}

void finish(std::vector<Table>& tables) {
  std::map<std::string, const Table*> by_name;
  for (const Table& table : tables) by_name.emplace(base::lower(table.name), &table);
  for (Table& table : tables) {
    for (ForeignKey& key : table.options.foreign_keys) {
      const auto found = by_name.find(base::lower(key.referred_table));
      if (found == by_name.end()) continue;
      const Table& referred = *found->second;
      key.referred_table = referred.name;
      for (std::string& column : key.referred_columns) column = spelled(referred, column);
      const auto& primary = referred.options.primary_key;
      if (key.referred_columns.empty() && primary &&
          primary->columns.size() == key.columns.size()) {
        key.referred_columns = primary->columns;
      }
    }
    sort_parts(table);
  }
  std::stable_sort(tables.begin(), tables.end(),
                   [](const Table& a, const Table& b) { return a.name < b.name; });
}

}  // namespace capo::dialect::sqlite
