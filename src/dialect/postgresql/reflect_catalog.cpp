#include "dialect/postgresql/reflect_catalog.hpp"

#include <charconv>

#include "base/text.hpp"
#include "dialect/postgresql/reflect_attach.hpp"
#include "dialect/postgresql/reflect_text.hpp"
#include "dialect/postgresql/reflect_types.hpp"

namespace capo::dialect::postgresql {

std::string_view Cells::next() {
  if (at_ >= row_.size()) return {};
  const Value& value = row_[at_++];
  return value ? std::string_view(*value) : std::string_view();
}

std::string Cells::text() { return std::string(next()); }

Oid Cells::oid() {
  const std::string_view digits = next();
  Oid value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

bool Cells::flag() { return next() == "t"; }

char Cells::letter() {
  const std::string_view text = next();
  return text.empty() ? '\0' : text.front();
}

long long Cells::number() { return base::parse_integer(next()).value_or(0); }

std::vector<std::string> Cells::items() { return array_items(next()); }

const std::string& Relation::column(int number) const {
  static const std::string kUnknown;
  const auto at = static_cast<std::size_t>(number) - 1;
  return number > 0 && at < columns.size() ? columns[at] : kUnknown;
}

std::string Catalog::schema_name(Oid schema) const {
  const auto found = schemas.find(schema);
  return found == schemas.end() ? std::string() : found->second;
}

std::string Catalog::take_comment(Oid catalog, Oid object, int part) {
  const auto node = comments.extract({catalog, object, part});
  return node.empty() ? std::string() : std::move(node.mapped());
}

const Relation* Catalog::relation(Oid oid) const {
  const auto found = relations.find(oid);
  return found == relations.end() ? nullptr : &found->second;
}

Table* Catalog::table(Oid oid) {
  const Relation* found = relation(oid);
  if (found == nullptr || found->place == kNowhere || found->is_view()) return nullptr;
  return &result.schema.tables[found->place];
}

Table* Catalog::detached(Oid oid) {
  const Relation* found = relation(oid);
  if (found == nullptr || found->detached == kNowhere) return nullptr;
  return &result.detached[found->detached];
}

void Catalog::lose(const std::string& object, std::string_view what) {
  const auto [place, is_new] = lost_.emplace(object, result.unrepresented.size());
  if (is_new) {
    result.unrepresented.push_back({.object = object, .what = std::string(what)});
    return;
  }
  std::string& already = result.unrepresented[place->second].what;
  if (already.empty()) return;
  if (what.empty()) {
    already.clear();
  } else {
    already.append(", ").append(what);
  }
}

void Catalog::lose_comment(const std::string& object, Oid catalog, Oid oid) {
  lose_if(!take_comment(catalog, oid).empty(), object, "its comment");
}

void Catalog::find_again(const std::string& object) {
  std::erase_if(result.unrepresented,
                [&](const Unrepresented& lost) { return lost.object == object; });
  lost_.clear();
  for (std::size_t i = 0; i < result.unrepresented.size(); ++i) {
    lost_.emplace(result.unrepresented[i].object, i);
  }
}

void Catalog::attach(const std::string& object, std::string statement) {
  result.attachments.push_back({.object = object, .statement = std::move(statement)});
}

void Catalog::own(const std::string& object_described, const std::string& owner,
                  std::string_view kind, const std::string& object) {
  owned.push_back({.described = object_described, .owner = owner});
  if (owner != user) attach(object_described, alter_owner(kind, object, owner));
}

Type column_type(const Catalog& catalog, Oid type, std::string_view printed) {
  if (const auto found = catalog.enums.find(type); found != catalog.enums.end()) {
    const EnumType& of = found->second;
    return Enum(of.name, of.values, of.schema);
  }
  if (const auto found = catalog.elements.find(type); found != catalog.elements.end()) {
    if (printed.ends_with("[]")) printed.remove_suffix(2);
    return Array(column_type(catalog, found->second, printed));
  }
  return type_of(printed);
}

std::uint64_t column_key(Oid relation, int column) {
  return (std::uint64_t{relation} << 16U) | static_cast<std::uint16_t>(column);
}

}  // namespace capo::dialect::postgresql
