#include "schema/grants.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "schema/checks.hpp"

namespace capo::schema {
namespace {

using namespace std::string_view_literals;

// MAINTAIN is left out of what ALL means: PostgreSQL 17 has it, and those before do not.
constexpr auto kOnTables = std::to_array(
    {"SELECT"sv, "INSERT"sv, "UPDATE"sv, "DELETE"sv, "TRUNCATE"sv, "REFERENCES"sv, "TRIGGER"sv});
constexpr auto kOnColumns = std::to_array({"SELECT"sv, "INSERT"sv, "UPDATE"sv, "REFERENCES"sv});
constexpr auto kOnSequences = std::to_array({"USAGE"sv, "SELECT"sv, "UPDATE"sv});
constexpr auto kOnSchemas = std::to_array({"CREATE"sv, "USAGE"sv});
constexpr auto kOnFunctions = std::to_array({"EXECUTE"sv});

constexpr std::string_view kMaintain = "MAINTAIN";

std::span<const std::string_view> privileges_of_kind(const Grant& grant) {
  return grant.columns.empty() ? privileges_on(grant.kind)
                               : std::span<const std::string_view>(kOnColumns);
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return result;
}

bool is_all(const std::string& privilege) {
  return base::equals_ignoring_case(privilege, "all") ||
         base::equals_ignoring_case(privilege, "all privileges");
}

// As the catalog prints them.
std::string usual_type(std::string_view argument) {
  static constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"int", "integer"},
      {"int4", "integer"},
      {"int2", "smallint"},
      {"int8", "bigint"},
      {"bool", "boolean"},
      {"varchar", "character varying"},
      {"float4", "real"},
      {"float8", "double precision"},
      {"decimal", "numeric"},
      {"timestamp", "timestamp without time zone"},
      {"timestamptz", "timestamp with time zone"},
      {"time", "time without time zone"},
      {"timetz", "time with time zone"}};
  for (const auto& [name, usual] : kNames) {
    if (base::equals_ignoring_case(argument, name)) return std::string(usual);
  }
  return std::string(argument);
}

std::string_view word_for(Grant::Kind kind) {
  switch (kind) {
    case Grant::Kind::kTable:
      return "table ";
    case Grant::Kind::kSequence:
      return "sequence ";
    case Grant::Kind::kSchema:
      return "schema ";
    case Grant::Kind::kFunction:
      return "function ";
  }
  return {};
}

// What is not known, of a newer version, comes last.
std::size_t place_of(Grant::Kind kind, const std::string& privilege) {
  const auto all = privileges_on(kind);
  return static_cast<std::size_t>(std::find(all.begin(), all.end(), privilege) - all.begin());
}

/// What the privileges of one grant have in common.
using Key = std::tuple<Grant::Kind, std::string, std::string, std::vector<std::string>, std::string,
                       std::string, bool>;

}  // namespace

std::span<const std::string_view> privileges_on(Grant::Kind kind) {
  switch (kind) {
    case Grant::Kind::kTable:
      return kOnTables;
    case Grant::Kind::kSequence:
      return kOnSequences;
    case Grant::Kind::kSchema:
      return kOnSchemas;
    case Grant::Kind::kFunction:
      return kOnFunctions;
  }
  return {};
}

Privileges privileges_of(std::span<const Grant> grants) {
  Privileges all;
  for (const Grant& grant : grants) {
    Privilege one{.kind = grant.kind, .schema = grant.schema, .object = grant.object};
    for (const std::string& argument : grant.arguments) {
      one.arguments.push_back(usual_type(argument));
    }
    one.role = base::equals_ignoring_case(grant.role, "public") ? "public" : grant.role;
    std::vector<std::string> names;
    for (const std::string& privilege : grant.privileges) {
      if (!is_all(privilege)) {
        names.push_back(upper(privilege));
        continue;
      }
      for (const std::string_view name : privileges_of_kind(grant)) names.emplace_back(name);
    }
    const std::vector<std::string> whole = {""};
    for (const std::string& column : grant.columns.empty() ? whole : grant.columns) {
      for (const std::string& name : names) {
        one.column = column;
        one.name = name;
        bool& may_grant = all[one];
        may_grant = may_grant || grant.with_grant_option;
      }
    }
  }
  return all;
}

std::vector<Grant> grants_of(const Privileges& privileges) {
  std::map<Key, std::vector<std::string>> by_column;
  for (const auto& [one, may_grant] : privileges) {
    by_column[{one.kind, one.schema, one.object, one.arguments, one.role, one.column, may_grant}]
        .push_back(one.name);
  }
  std::vector<Grant> grants;
  for (auto& [key, names] : by_column) {
    const auto& [kind, schema, object, arguments, role, column, may_grant] = key;
    std::stable_sort(names.begin(), names.end(),
                     [kind = kind](const std::string& a, const std::string& b) {
                       return place_of(kind, a) < place_of(kind, b);
                     });
    Grant grant{.privileges = names,
                .kind = kind,
                .object = object,
                .arguments = arguments,
                .role = role,
                .with_grant_option = may_grant,
                .schema = schema};
    // Columns of which the same is said are said together.
    const auto same = column.empty()
                          ? grants.end()
                          : std::find_if(grants.begin(), grants.end(), [&](const Grant& other) {
                              grant.columns = other.columns;
                              return !other.columns.empty() && other == grant;
                            });
    if (same != grants.end()) {
      same->columns.push_back(column);
      continue;
    }
    grant.columns = column.empty() ? Names() : Names({column});
    grants.push_back(std::move(grant));
  }
  return grants;
}

Privileges missing(const Privileges& a, const Privileges& b) {
  Privileges rest;
  for (const auto& [one, may_grant] : a) {
    const auto found = b.find(one);
    if (found == b.end() || (may_grant && !found->second)) rest.emplace(one, may_grant);
  }
  return rest;
}

std::string grants_object(const Grant& grant) {
  std::string text;
  if (!grant.columns.empty()) {
    text += grant.columns.size() == 1 ? "column " : "columns ";
    text += base::join(grant.columns, ", ") + " of ";
  }
  text.append(word_for(grant.kind)).append(qualified(grant.schema, grant.object));
  if (grant.kind != Grant::Kind::kFunction) return text;
  return text + "(" + base::join(grant.arguments, ", ") + ")";
}

void check(const Role& object) {
  check_name("a role", object.name);
  const std::string what = "role " + object.name;
  if (base::equals_ignoring_case(object.name, "public")) {
    throw Error(ErrorCode::kSchema, "public is everybody, and no role of its own")
        .hint("say it as .role of a grant, without declaring it");
  }
  if (!object.member_of.empty()) check_names("what " + what + " is a member of", object.member_of);
  for (const std::string& other : object.member_of) {
    if (other == object.name) throw Error(ErrorCode::kSchema, what + " is a member of itself");
  }
}

void check(const Grant& object) {
  const std::string what = describe(object);
  check_name("what is granted on", object.object);
  check_name("the role of the " + what, object.role);
  check_names("the privileges of the " + what, object.privileges);
  if (!object.columns.empty()) {
    check_names("the columns of the " + what, object.columns);
    if (object.kind != Grant::Kind::kTable) {
      throw Error(ErrorCode::kSchema, "the " + what + " names columns: only tables have some");
    }
  }
  if (object.kind == Grant::Kind::kSchema && !object.schema.empty()) {
    throw Error(ErrorCode::kSchema, "the " + what + " says that a schema is in a schema")
        .hint("the schema's name is .object");
  }
  const auto known = privileges_of_kind(object);
  for (const std::string& privilege : object.privileges) {
    const std::string name = upper(privilege);
    const bool is_newer = object.kind == Grant::Kind::kTable && name == kMaintain;
    if (is_all(privilege) || is_newer || std::find(known.begin(), known.end(), name) != known.end())
      continue;
    std::vector<std::string> all(known.begin(), known.end());
    throw Error(ErrorCode::kSchema,
                "the " + what + " is of a privilege that it cannot have: " + privilege)
        .hint("there are " + base::join(all, ", ") + " and ALL");
  }
}

}  // namespace capo::schema
