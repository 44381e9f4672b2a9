#include "tenancy/probes_functions.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "tenancy/checks_mentions.hpp"

namespace capo::tenancy {
namespace {

using dialect::Identifier;
using dialect::Literal;
using dialect::SqlText;
using dialect::SqlWriter;

// A function that thinks for longer is left alone.
constexpr const char* kLongestCall = "5s";
constexpr const char* kLongestStatement = "30s";

// What a rollback does not take back, or what others see at once.
constexpr std::array<std::string_view, 11> kOutside = {
    "dblink", "http",    "pg_advisory", "pg_terminate", "pg_cancel", "pg_sleep",
    "lo_exp", "nextval", "setval",      "copy",         "pg_notify"};

bool acts_outside(const Function& function) {
  if (function.language != "sql" && function.language != "plpgsql") return true;
  const std::string text = base::lower(function.source);
  return std::any_of(kOutside.begin(), kOutside.end(),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

// An exception of the function's own says no as well as a privilege that is missing does.
bool says_no(const Attempt& attempt) { return attempt.is_refused() || attempt.sqlstate == "P0001"; }

bool has_a_value(const Attempt& attempt) {
  return std::any_of(attempt.rows.begin(), attempt.rows.end(), [](const dialect::Row& row) {
    return row.at(0).has_value() && row.at(0) != "";
  });
}

/// Tries out one function.
class FunctionProbe {
 public:
  FunctionProbe(Prober& prober, const Check& check, const std::vector<std::string>& tenants,
                const Function& function)
      : prober_(prober),
        material_(prober.material()),
        check_(check),
        tenants_(tenants),
        function_(function),
        object_(function.schema + "." + function.name + "(" + function.arguments + ")") {}

  void run(Mentions& mentions) {
    if (function_.is_procedure) {
      // In any other the policies hold for whoever calls it.
      if (!function_.is_definer) return;
      prober_.not_judged(check_, object_, "it is a procedure, so it was not called");
      return;
    }
    if (function_.volatility == 'v' && (!function_.returns_rows || acts_outside(function_))) {
      prober_.not_judged(check_, object_, "it is VOLATILE, so it was not called");
      return;
    }
    if (function_.required_arguments == 0 && ask_without_arguments()) return;
    if (function_.argument_types.empty()) return;
    if (tenants_.size() < 2) {
      prober_.not_judged(check_, object_, "there are no two tenants to call it for");
      return;
    }
    ask_for_another(mentions);
  }

 private:
  // Without a tenant it must not answer as it does to one who sees all rows. True: there is no more
  // to ask.
  bool ask_without_arguments() {
    const std::string call = answers("");
    const Attempt nobody = prober_.as_app("", call);
    if (says_no(nobody)) return true;
    if (prober_.tell_failure(check_, object_, nobody)) return true;
    if (!tenants_.empty() && shows_others("", tenants_.front())) return true;
    if (nobody.rows.empty()) return false;
    const Attempt all = prober_.as_self(call);
    const Attempt first = prober_.as_app(tenants_.empty() ? "" : tenants_.front(), call);
    if (nobody.rows != all.rows || nobody.rows != first.rows) return false;
    prober_.crossed(check_, object_, "answers without a tenant as it does to one who sees all rows",
                    "", nobody);
    return true;
  }

  // With what is another's, it must not answer as it does to that other.
  void ask_for_another(Mentions& mentions) {
    const std::string& own = tenants_[0];
    const std::string& other = tenants_[1];
    std::optional<std::string> failure;
    bool was_answered = false;
    for (const std::string& arguments : arguments_for(other, mentions)) {
      if (shows_others(arguments, own)) return;
      const std::string call = answers(arguments);
      const Attempt asked = prober_.as_app(own, call);
      was_answered = was_answered || asked.is_done() || says_no(asked);
      if (!asked.is_done() && !failure) failure = asked.message;
      // The policies hold for whoever calls any other function, and are tried out at the table.
      if (!function_.is_definer || !asked.is_done() || !has_a_value(asked)) continue;
      const Attempt to_other = prober_.as_app(other, call);
      const Attempt of_nothing = prober_.as_app(own, answers(nothing()));
      if (asked.rows != to_other.rows || asked.rows == of_nothing.rows) continue;
      prober_.crossed(check_, object_,
                      "answers tenant " + own + " with what is tenant " + other + "'s", own, asked);
      return;
    }
    if (!was_answered && failure) {
      prober_.not_judged(check_, object_,
                         "called with values that were made up, it fails: " + *failure);
    }
  }

  std::string call(const std::string& arguments) const {
    SqlWriter sql = material_.sql();
    sql << dialect::QualifiedName{function_.schema, function_.name} << "(" << SqlText(arguments)
        << ") AS f";
    return sql.str();
  }

  std::string answers(const std::string& arguments) const {
    return "SELECT f::text FROM " + call(arguments) + " ORDER BY 1 LIMIT 100";
  }

  // A function whose rows say whose they are; for any other the statement is an error.
  bool shows_others(const std::string& arguments, const std::string& own) {
    std::set<std::string> columns = {material_.description.column};
    for (const TenantRelation& table : material_.tenants()) columns.insert(table.described.column);
    for (const std::string& column : columns) {
      SqlWriter sql = material_.sql();
      sql << "SELECT 1 FROM " << SqlText(call(arguments)) << " WHERE f." << Identifier(column)
          << " <> " << Literal(own) << " LIMIT 1";
      const Attempt shown = prober_.as_app(own, sql.str());
      if (shown.rows.empty()) continue;
      prober_.crossed(check_, object_, "shows tenant " + own + " rows of another", own, shown);
      return true;
    }
    return false;
  }

  // NULL for each argument that has to be there.
  std::string nothing() const {
    std::string list;
    for (int i = 0; i < std::max(1, function_.required_arguments); ++i) {
      if (static_cast<std::size_t>(i) >= function_.argument_types.size()) break;
      list +=
          (i == 0 ? "" : ", ") + ("NULL::" + function_.argument_types[static_cast<std::size_t>(i)]);
    }
    return list;
  }

  // Lists of arguments with what is another's: the tenant, and keys of rows, wherever the type is
  // theirs; NULL elsewhere.
  std::vector<std::string> arguments_for(const std::string& other, Mentions& mentions) {
    std::vector<std::string> lists;
    const auto add = [&](const std::string& type, const std::string& value) {
      std::string list;
      bool is_used = false;
      for (const std::string& each : function_.argument_types) {
        SqlWriter sql = material_.sql();
        if (each == type) {
          sql << Literal(value);
          is_used = true;
        } else {
          sql << "NULL";
        }
        list += (list.empty() ? "" : ", ") + sql.str() + "::" + each;
      }
      if (is_used && std::find(lists.begin(), lists.end(), list) == lists.end())
        lists.push_back(list);
    };
    for (const TenantRelation& table : material_.tenants()) {
      if (table.tenant != nullptr) add(table.tenant->type, other);
    }
    for (const TenantRelation& table : material_.tenants()) {
      if (table.tenant == nullptr || !mentions.reaches(function_, table.relation)) continue;
      for (const Index& index : table.relation.indexes) {
        if (!index.is_primary) continue;
        for (const int number : index.columns) {
          const Column* column = table.relation.column(number);
          if (column == nullptr || column == table.tenant) continue;
          if (const auto key = key_of(table, *column, other)) add(column->type, *key);
        }
      }
    }
    // What has no key among its arguments may still answer.
    if (lists.empty()) lists.push_back(nothing());
    return lists;
  }

  std::optional<std::string> key_of(const TenantRelation& table, const Column& column,
                                    const std::string& tenant) {
    SqlWriter sql = material_.sql();
    sql << "SELECT " << Identifier(column.name) << "::text FROM " << full_name(table.relation)
        << " WHERE " << Identifier(table.tenant->name) << " = " << Literal(tenant) << " LIMIT 1";
    const Attempt found = prober_.as_self(sql.str());
    return found.rows.empty() ? std::nullopt : found.rows[0].at(0);
  }

  Prober& prober_;
  const Material& material_;
  const Check& check_;
  const std::vector<std::string>& tenants_;
  const Function& function_;
  std::string object_;
};

}  // namespace

void probe_functions(Prober& prober, const std::vector<std::string>& tenants) {
  const Material& material = prober.material();
  Mentions mentions(material);
  prober.limit_statements(kLongestCall);
  for (const auto& [oid, function] : material.facts.functions) {
    if (function.is_trigger || function.is_of_extension || !material.app_may_call(function)) {
      continue;
    }
    const bool reaches =
        std::any_of(material.tenants().begin(), material.tenants().end(),
                    [&](const auto& table) { return mentions.reaches(function, table.relation); });
    if (reaches) {
      FunctionProbe(prober, *find_check("PROBE09"), tenants, function).run(mentions);
    }
  }
  prober.limit_statements(kLongestStatement);
}

}  // namespace capo::tenancy
