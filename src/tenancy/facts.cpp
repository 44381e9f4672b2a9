#include "tenancy/facts.hpp"

#include <algorithm>

namespace capo::tenancy {
namespace {

template <typename Follow>
std::set<Oid> closure(const std::vector<Membership>& memberships, Oid role, const Follow& follow) {
  std::set<Oid> reached = {role};
  for (std::vector<Oid> left = {role}; !left.empty();) {
    const Oid at = left.back();
    left.pop_back();
    for (const Membership& each : memberships) {
      if (each.member == at && follow(each) && reached.insert(each.role).second) {
        left.push_back(each.role);
      }
    }
  }
  return reached;
}

}  // namespace

std::string_view to_string(Command command) {
  switch (command) {
    case Command::kAll:
      return "ALL";
    case Command::kSelect:
      return "SELECT";
    case Command::kInsert:
      return "INSERT";
    case Command::kUpdate:
      return "UPDATE";
    case Command::kDelete:
      return "DELETE";
  }
  return {};
}

const Column* Relation::column(std::string_view column_name) const {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const Column& each) { return each.name == column_name; });
  return found == columns.end() ? nullptr : &*found;
}

const Column* Relation::column(int number) const {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const Column& each) { return each.number == number; });
  return found == columns.end() ? nullptr : &*found;
}

const Relation* TenancyFacts::find(std::string_view name) const {
  const auto named = [&](std::string_view schema, std::string_view bare) -> const Relation* {
    for (const auto& [oid, relation] : relations) {
      if (relation.name == bare && relation.schema == schema && relation.kind != 'S') {
        return &relation;
      }
    }
    return nullptr;
  };
  for (const std::string& schema : search_path) {
    if (const Relation* relation = named(schema, name)) return relation;
  }
  const std::size_t dot = name.find('.');
  return dot == std::string_view::npos ? nullptr : named(name.substr(0, dot), name.substr(dot + 1));
}

const Relation* TenancyFacts::relation(Oid oid) const {
  const auto found = relations.find(oid);
  return found == relations.end() ? nullptr : &found->second;
}

const Role* TenancyFacts::role(Oid oid) const {
  const auto found = roles.find(oid);
  return found == roles.end() ? nullptr : &found->second;
}

const Role* TenancyFacts::role(std::string_view name) const {
  for (const auto& [oid, each] : roles) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

std::string TenancyFacts::role_name(Oid oid) const {
  if (oid == kPublic) return "PUBLIC";
  const Role* found = role(oid);
  return found == nullptr ? std::to_string(oid) : found->name;
}

std::set<Oid> TenancyFacts::acts_as(Oid role) const {
  std::set<Oid> all =
      closure(memberships, role, [](const Membership& each) { return each.inherits; });
  all.insert(kPublic);
  return all;
}

std::set<Oid> TenancyFacts::can_become(Oid role) const {
  return closure(memberships, role, [](const Membership& each) { return each.may_set; });
}

std::string shown_name(const Relation& relation, const TenancyFacts& facts) {
  if (relation.schema.empty() || facts.find(relation.name) == &relation) return relation.name;
  return relation.schema + "." + relation.name;
}

}  // namespace capo::tenancy
