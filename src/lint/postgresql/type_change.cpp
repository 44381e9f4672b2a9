#include "lint/postgresql/type_change.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace capo::lint::postgresql {
namespace {

struct Pair {
  std::string_view from;
  std::string_view to;
};

/// Types that are stored alike, by pg_cast's castmethod 'b', without arguments.
constexpr auto kStoredAlike = std::to_array<Pair>({
    {"varchar", "text"},
    {"text", "varchar"},
    {"cidr", "inet"},
    {"xml", "text"},
    {"xml", "varchar"},
    {"int4", "oid"},
    {"oid", "int4"},
    {"bit", "varbit"},
    {"varbit", "bit"},
});

/// A number of the one is always one of the other, and of text any.
constexpr auto kWidens = std::to_array<Pair>({
    {"int2", "int4"},
    {"int2", "int8"},
    {"int4", "int8"},
    {"int2", "numeric"},
    {"int4", "numeric"},
    {"int8", "numeric"},
    {"float4", "float8"},
    {"int2", "float8"},
    {"int4", "float8"},
    {"json", "jsonb"},
    {"date", "timestamp"},
    {"date", "timestamptz"},
    {"int2", "float4"},
});

constexpr auto kLosing = std::to_array<Pair>({
    {"float8", "float4"},    {"numeric", "float8"},     {"numeric", "float4"},
    {"numeric", "int8"},     {"numeric", "int4"},       {"numeric", "int2"},
    {"float8", "int8"},      {"float8", "int4"},        {"float4", "int8"},
    {"float4", "int4"},      {"int8", "float8"},        {"int8", "float4"},
    {"int4", "float4"},      {"float8", "int2"},        {"float4", "int2"},
    {"timestamp", "date"},   {"timestamptz", "date"},   {"timestamp", "time"},
    {"timestamptz", "time"}, {"timestamptz", "timetz"},
});

template <std::size_t N>
bool holds(const std::array<Pair, N>& pairs, std::string_view from, std::string_view to) {
  return std::any_of(pairs.begin(), pairs.end(),
                     [&](const Pair& pair) { return pair.from == from && pair.to == to; });
}

bool is_timestamp(const KnownType& type) {
  return type.name == "timestamp" || type.name == "timestamptz";
}

bool is_text(const KnownType& type) {
  return type.schema.empty() && (type.name == "text" || type.name == "varchar");
}

/// No argument: any size.
bool is_narrower(const KnownType& from, const KnownType& to, std::size_t argument = 0) {
  if (to.arguments.size() <= argument) return false;
  return from.arguments.size() <= argument || from.arguments[argument] > to.arguments[argument];
}

/// numeric(10) is numeric(10,0).
int scale(const KnownType& type) { return type.arguments.size() > 1 ? type.arguments[1] : 0; }

TypeJudgement judge_numeric(const KnownType& from, const KnownType& to) {
  if (to.arguments.empty()) return {TypeChange::kNothing};
  if (from.arguments.empty()) return {TypeChange::kRewrite, Loss::kLoses};
  const bool keeps_digits = scale(to) >= scale(from);
  const bool keeps_size = to.arguments[0] - scale(to) >= from.arguments[0] - scale(from);
  const Loss loss = !keeps_digits ? Loss::kLoses : keeps_size ? Loss::kNone : Loss::kMayFail;
  const bool same = scale(from) == scale(to) && to.arguments[0] >= from.arguments[0];
  return {same ? TypeChange::kNothing : TypeChange::kRewrite, loss};
}

/// The same type, other arguments.
TypeJudgement judge_arguments(const KnownType& from, const KnownType& to) {
  const std::string& name = from.name;
  if (name == "numeric") return judge_numeric(from, to);
  const bool narrower = is_narrower(from, to);
  if (name == "varchar" || name == "varbit") {
    return {narrower ? TypeChange::kRewrite : TypeChange::kNothing,
            narrower ? Loss::kMayFail : Loss::kNone};
  }
  if (name == "bpchar" || name == "bit") {
    return {TypeChange::kRewrite, narrower ? Loss::kMayFail : Loss::kNone};
  }
  // Digits of the second's fraction.
  return {narrower ? TypeChange::kRewrite : TypeChange::kNothing,
          narrower ? Loss::kLoses : Loss::kNone};
}

/// The type below a domain; the type itself if it is none.
KnownType base_of(const KnownType& type, const Catalog& catalog) {
  const auto found = catalog.domains.find({type.schema, type.name});
  return found == catalog.domains.end() ? type : found->second.base;
}

bool is_constrained_domain(const KnownType& type, const Catalog& catalog) {
  const auto found = catalog.domains.find({type.schema, type.name});
  return found != catalog.domains.end() && found->second.is_constrained;
}

TypeJudgement judge_kinds(const KnownType& from, const KnownType& to) {
  if (is_text(from) && is_text(to)) {
    const bool narrower = is_narrower(from, to);
    return {narrower ? TypeChange::kRewrite : TypeChange::kNothing,
            narrower ? Loss::kMayFail : Loss::kNone};
  }
  if (holds(kStoredAlike, from.name, to.name) && to.arguments.empty()) {
    return {TypeChange::kNothing};
  }
  if (holds(kWidens, from.name, to.name) || (is_text(to) && to.arguments.empty())) {
    return {TypeChange::kRewrite};
  }
  return {TypeChange::kRewrite, holds(kLosing, from.name, to.name) ? Loss::kLoses : Loss::kMayFail};
}

}  // namespace

TypeJudgement judge_type_change(const KnownType& from, const KnownType& to, const Catalog& catalog,
                                bool is_utc) {
  if (from == to) return {TypeChange::kNothing};
  if (is_constrained_domain(to, catalog)) return {TypeChange::kRewrite, Loss::kMayFail};
  const KnownType before = base_of(from, catalog);
  const KnownType after = base_of(to, catalog);
  if (before.is_array != after.is_array) return {TypeChange::kRewrite, Loss::kMayFail};
  if (before == after) return {TypeChange::kNothing};
  if (before.name == after.name && before.schema == after.schema) {
    return judge_arguments(before, after);
  }
  if (is_timestamp(before) && is_timestamp(after)) {
    if (is_narrower(before, after)) return {TypeChange::kRewrite, Loss::kLoses};
    return {is_utc ? TypeChange::kIndexes : TypeChange::kRewrite};
  }
  if (before.is_array) return {TypeChange::kRewrite, judge_kinds(before, after).loss};
  return judge_kinds(before, after);
}

}  // namespace capo::lint::postgresql
