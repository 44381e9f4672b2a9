#include "tenancy/checks_mentions.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace capo::tenancy {
namespace {

std::string without_quotes(std::string_view word) {
  return word.size() < 2
             ? std::string(word)
             : base::replace_all(std::string(word.substr(1, word.size() - 2)), "\"\"", "\"");
}

}  // namespace

Mentions::Mentions(const Material& material) : material_(material) {
  const auto& relations = material.facts.relations;
  for (const auto& [oid, view] : relations) {
    if (view.kind != 'v' && view.kind != 'm') continue;
    std::set<Oid> seen;
    for (std::vector<Oid> left = view.reads; !left.empty();) {
      const Oid at = left.back();
      left.pop_back();
      if (!seen.insert(at).second) continue;
      views_of_[at].push_back(&view);
      const Relation* read = material.facts.relation(at);
      if (read != nullptr) left.insert(left.end(), read->reads.begin(), read->reads.end());
    }
  }
}

const Mentions::Names& Mentions::names_of(const Function& function) {
  const auto [found, is_new] = read_.try_emplace(function.oid);
  Names& names = found->second;
  if (!is_new) return names;
  std::string last;
  for (const dialect::Token& token : material_.dialect.tokens(function.source)) {
    const std::string_view word =
        std::string_view(function.source).substr(token.begin, token.end - token.begin);
    if (token.kind == dialect::TokenKind::kOpen && !last.empty()) names.called.insert(last);
    last.clear();
    if (token.kind == dialect::TokenKind::kWord) {
      last = base::lower(word);
      names.words.insert(last);
    } else if (token.kind == dialect::TokenKind::kName) {
      last = without_quotes(word);
      names.quoted.insert(last);
    } else if (token.kind == dialect::TokenKind::kLiteral) {
      names.literals.append(word).append("\n");
    }
  }
  return names;
}

bool Mentions::names(const Function& function, const Relation& relation) {
  if (std::find(function.uses.begin(), function.uses.end(), relation.oid) != function.uses.end()) {
    return true;
  }
  const Names& names = names_of(function);
  return names.words.contains(base::lower(relation.name)) || names.quoted.contains(relation.name) ||
         names.literals.find(relation.name) != std::string::npos;
}

bool Mentions::reaches(const Function& function, const Relation& table) {
  std::set<Oid> seen;
  return reaches(function, table, seen);
}

// NOLINTNEXTLINE(misc-no-recursion): each function is visited once
bool Mentions::reaches(const Function& function, const Relation& table, std::set<Oid>& seen) {
  if (!seen.insert(function.oid).second) return false;
  if (names(function, table)) return true;
  const std::vector<const Relation*>& views = views_of_[table.oid];
  if (std::any_of(views.begin(), views.end(),
                  [&](const Relation* view) { return names(function, *view); })) {
    return true;
  }
  for (const auto& [oid, other] : material_.facts.functions) {
    if (other.is_of_extension || other.is_trigger) continue;
    if (names_of(function).called.contains(other.name) && reaches(other, table, seen)) return true;
  }
  return false;
}

}  // namespace capo::tenancy
