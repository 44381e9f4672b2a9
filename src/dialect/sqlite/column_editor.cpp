#include "dialect/sqlite/column_editor.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "dialect/sqlite/table_parser.hpp"

namespace capo::dialect::sqlite {

using Kind = Clause::Kind;

void ColumnEditor::set_type(const Type& type, const Type* was) {
  for (const Type* of : {was, &type}) {
    if (of == nullptr || of->kind != TypeKind::kEnum) continue;
    if (const Clause* check = enum_check(of->name)) text_.drop_constraint(Clause(*check));
  }
  text_.set_type(ColumnText(column()), parts_.type(type));
  const std::string check = parts_.column_check(Column(column().name, type));
  if (!check.empty()) text_.add_clause(ColumnText(column()), base::trim(check));
}

void ColumnEditor::set_nullable(bool nullable) {
  if (nullable) {
    drop(Kind::kNotNull);
  } else if (column().find(Kind::kNotNull) == nullptr) {
    drop(Kind::kNull);
    text_.add_clause(ColumnText(column()), "NOT NULL");
  }
}

/// The column's own, or that of the table.
const Clause* ColumnEditor::key() const {
  if (const Clause* own = column().find(Kind::kPrimaryKey)) return own;
  const auto& all = text_.constraints();
  const auto found = std::find_if(all.begin(), all.end(), [](const Clause& clause) {
    return clause.kind == Kind::kPrimaryKey;
  });
  return found == all.end() ? nullptr : &*found;
}

void ColumnEditor::set_numbered(bool numbered) {
  const Clause* old = key();
  if (old == nullptr && !numbered) return;
  SqlWriter sql = parts_.writer();
  if (old != nullptr && !old->name.empty()) sql << "CONSTRAINT " << Identifier(old->name) << " ";
  sql << "PRIMARY KEY";
  if (old != nullptr && !old->on_conflict.empty()) {
    sql << " ON CONFLICT " << SqlText(old->on_conflict);
  }
  if (numbered) sql << " AUTOINCREMENT";
  if (old != nullptr) text_.drop_constraint(Clause(*old));
  text_.add_clause(ColumnText(column()), sql.str());
}

void ColumnEditor::set_default(const ServerDefault& value) {
  if (value.is_none()) {
    drop(Kind::kDefault);
    return;
  }
  const std::string text = "DEFAULT " + parts_.default_value(value);
  if (const Clause* old = column().find(Kind::kDefault)) {
    text_.replace(Span(old->span), text);
  } else {
    text_.add_clause(ColumnText(column()), text);
  }
}

void ColumnEditor::set_collation(const std::string& name) {
  drop(Kind::kCollate);
  if (name.empty()) return;
  SqlWriter sql = parts_.writer();
  sql << "COLLATE " << Identifier(name);
  text_.add_clause(ColumnText(column()), sql.str());
}

void ColumnEditor::drop(Kind kind) {
  while (const Clause* clause = column().find(kind)) text_.drop_constraint(Clause(*clause));
}

/// `CONSTRAINT mood CHECK (column IN (…))`.
const Clause* ColumnEditor::enum_check(const std::string& type) const {
  const std::vector<Clause>& clauses = column().clauses;
  const auto found = std::find_if(clauses.begin(), clauses.end(), [&](const Clause& clause) {
    if (clause.kind != Kind::kCheck || !base::equals_ignoring_case(clause.name, type)) return false;
    const std::string head = "( " + base::lower(column().name) + " in ( ";
    return normalised(text_.text(clause.arguments)).starts_with(head);
  });
  return found == clauses.end() ? nullptr : &*found;
}

std::optional<Names> ColumnEditor::values_of(const std::string& type) const {
  const Clause* check = enum_check(type);
  if (check == nullptr) return std::nullopt;
  Names values;
  const std::string_view text = text_.text(check->arguments);
  for (const Token& token : tokens_of(text)) {
    if (token.kind != TokenKind::kLiteral) continue;
    values.push_back(unquoted(text.substr(token.begin, token.end - token.begin)));
  }
  return values;
}

void ColumnEditor::set_values(const std::string& type, const Names& values) {
  const Clause* check = enum_check(type);
  if (check == nullptr) return;
  const std::string_view text = text_.text(check->arguments);
  const std::vector<Token> tokens = tokens_of(text);  // ( column IN ( … ) )
  const Span list{check->arguments.begin + tokens[3].begin,
                  check->arguments.begin + tokens[tokens.size() - 2].end};
  text_.replace(list, parts_.values(values));
  const Type type_of = Enum(type, values);
  if (normalised(text_.text(column().type)).starts_with("varchar (")) {
    text_.set_type(ColumnText(column()), parts_.type(type_of));
  }
}

std::string_view after_table(std::string_view create_index) {
  const std::vector<Token> tokens = tokens_of(create_index);
  const auto open = std::find_if(tokens.begin(), tokens.end(),
                                 [](const Token& token) { return token.kind == TokenKind::kOpen; });
  return open == tokens.end() ? std::string_view() : create_index.substr(open->begin);
}

std::string with_index_name(std::string_view create_index, std::string_view name) {
  const std::vector<Token> tokens = tokens_of(create_index);
  std::size_t at = 0;
  while (at + 1 < tokens.size() &&
         !base::equals_ignoring_case(
             create_index.substr(tokens[at].begin, tokens[at].end - tokens[at].begin), "INDEX")) {
    ++at;
  }
  const Token& old = tokens.at(at + 1);
  return std::string(create_index.substr(0, old.begin)) + std::string(name) +
         std::string(create_index.substr(old.end));
}

}  // namespace capo::dialect::sqlite
