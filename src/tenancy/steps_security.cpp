// Row-level security: what the app's role may see and write, and what would lead around that.

#include <algorithm>

#include "base/text.hpp"
#include "tenancy/steps.hpp"

namespace capo::tenancy {
namespace {

constexpr const char* kPolicy = "tenant_isolation";

Operation postgresql(const dialect::SqlWriter& sql) {
  return ExecuteSql{.text = sql.str(), .on = "postgresql"};
}

Create<Grant> granted(const Grant& grant) { return {.object = grant, .on = "postgresql"}; }
Drop<Grant> revoked(const Grant& grant) {
  return {.object = grant, .was = grant, .on = "postgresql"};
}

// Who may do something with a table already, may do just that by somebody's decision: a service
// that only reads its subscriptions is not to write them from now on.
void grant(const Situation& now, Grant access, const Names& privileges, Step& step) {
  const std::string object = schema::qualified(access.schema, access.object);
  Names missing;
  for (const std::string& privilege : privileges) {
    const ConversionFacts::Grant one{access.role, object, privilege};
    const auto& all = now.facts.grants;
    if (std::find(all.begin(), all.end(), one) == all.end()) missing.push_back(privilege);
  }
  if (missing.empty()) return;
  if (missing.size() < privileges.size()) {
    step.by_hand.push_back(access.role + " may not " + base::join(missing, ", ") + " on " + object +
                           ", where it may do something already: left as it is");
    return;
  }
  access.privileges = missing;
  add(step, granted(access), revoked(access));
}

void grant_all(const Situation& now, const std::string& role, Step& step) {
  std::vector<std::string> schemas;
  std::vector<std::string> tables;
  const auto table = [&](const TableName& name, const Names& privileges) {
    if (!name.schema.empty() && !holds(schemas, name.schema)) {
      schemas.push_back(name.schema);
      grant(now, {.kind = Grant::Kind::kSchema, .object = name.schema, .role = role}, {"USAGE"},
            step);
    }
    tables.push_back(shown(name));
    grant(now, {.object = name.name, .role = role, .schema = name.schema}, privileges, step);
  };
  for (const Member& member : now.members) {
    table(member.table, {"SELECT", "INSERT", "UPDATE", "DELETE"});
  }
  for (const TableName& shared : now.shared) table(shared, {"SELECT"});
  for (const auto& [of, sequence] : now.facts.sequences) {
    if (!holds(tables, of)) continue;
    const std::size_t dot = sequence.find('.');
    const TableName name = dot == std::string::npos
                               ? TableName{sequence}
                               : TableName{sequence.substr(dot + 1), sequence.substr(0, dot)};
    grant(
        now,
        {.kind = Grant::Kind::kSequence, .object = name.name, .role = role, .schema = name.schema},
        {"USAGE"}, step);
  }
}

bool is_of(const Policy& policy, const Member& member) {
  return policy.table == member.table.name && policy.schema == member.table.schema;
}

// Whether a policy says of the tenant what ours would say, in whichever words the database prints.
bool isolates(const Situation& now, const Member& member, const Policy& policy) {
  const auto asks = [&](const std::optional<SqlText>& text) {
    return text && reads_setting(now, text->sql) &&
           text->sql.find(member.asked.column) != std::string::npos;
  };
  return policy.command == Policy::Command::kAll && asks(policy.using_) &&
         (!policy.with_check || asks(policy.with_check));
}

bool is_isolated(const Situation& now, const Member& member) {
  return std::any_of(now.now.policies.begin(), now.now.policies.end(), [&](const Policy& policy) {
    return is_of(policy, member) && policy.permissive && isolates(now, member, policy);
  });
}

bool is_for_app(const Situation& now, const Policy& policy) {
  const std::string& app = now.tenancy.app_role;
  return app.empty() || policy.roles.empty() ||
         std::any_of(policy.roles.begin(), policy.roles.end(), [&](const std::string& role) {
           return role == app || base::lower(role) == "public";
         });
}

void tell_of_other_policies(const Situation& now, const Member& member, Step& step) {
  for (const Policy& policy : now.now.policies) {
    if (!is_of(policy, member) || !policy.permissive || !is_for_app(now, policy) ||
        isolates(now, member, policy)) {
      continue;
    }
    step.by_hand.push_back("policy " + policy.name + " on " + member.asked.name +
                           " allows rows besides those of the tenant: permissive policies add up. "
                           "Drop it, or make it restrictive");
  }
}

std::string policy_name(const Situation& now, const Member& member) {
  std::string name = kPolicy;
  const auto is_taken = [&] {
    return std::any_of(now.now.policies.begin(), now.now.policies.end(), [&](const Policy& policy) {
      return is_of(policy, member) && policy.name == name;
    });
  };
  for (int number = 2; is_taken(); ++number) name = kPolicy + std::to_string(number);
  return name;
}

/// Whether a view shows rows of a table of tenants, itself or by way of another.
std::vector<const View*> views_of_tenants(const Situation& now) {
  std::vector<std::string> known;
  for (const Member& member : now.members) known.push_back("table " + shown(member.table));
  std::vector<const View*> views;
  for (bool grew = true; grew;) {
    grew = false;
    for (const View& view : now.now.views) {
      const std::string name = schema::describe(view);
      if (holds(known, name)) continue;
      const bool shows = std::any_of(now.found.dependencies.begin(), now.found.dependencies.end(),
                                     [&](const dialect::Dependency& one) {
                                       return one.object == name && holds(known, one.on);
                                     });
      if (!shows) continue;
      known.push_back(name);
      views.push_back(&view);
      grew = true;
    }
  }
  return views;
}

void close_materialized(const Situation& now, const View& view, Step& step) {
  const std::string name = shown({view.name, view.schema});
  step.by_hand.push_back("materialised view " + name +
                         " holds rows of all tenants, and no policy counts for it: keep it from "
                         "the app's role, or make a view of it that asks for the tenant");
  Grant open{.object = view.name, .role = now.tenancy.app_role, .schema = view.schema};
  for (const ConversionFacts::Grant& one : now.facts.grants) {
    if (one.object == name && one.role == open.role) open.privileges.push_back(one.privilege);
  }
  if (!open.privileges.empty()) add(step, revoked(open), granted(open));
}

void ask_as_reader(const Situation& now, const View& view, Step& step) {
  if (view.security_invoker) return;
  const TableName name = {view.name, view.schema};
  if (!now.facts.has_security_invoker) {
    step.by_hand.push_back("view " + shown(name) +
                           " shows rows of all tenants, as its owner sees them: PostgreSQL has "
                           "security_invoker from 15 on; until then keep it from the app's role");
    return;
  }
  dialect::SqlWriter up = now.dialect.writer();
  up << "ALTER VIEW " << dialect::QualifiedName{name.schema, name.name}
     << " SET (security_invoker = true)";
  dialect::SqlWriter down = now.dialect.writer();
  down << "ALTER VIEW " << dialect::QualifiedName{name.schema, name.name}
       << " RESET (security_invoker)";
  add(step, postgresql(up), postgresql(down));
}

}  // namespace

Step make_policies(const Situation& now) {
  const config::Tenancy& said = now.tenancy;
  Step step{.message = "policies of tenants",
            .why = "Each row is for the tenant of the transaction, the setting " + said.setting +
                   ", to see and to write. Where that is not set nobody sees anything. The "
                   "policies do nothing yet: that begins with the next revision.",
            .then = "let the program work as " +
                    (said.app_role.empty() ? std::string("a role that does not own the tables")
                                           : said.app_role) +
                    " and set " + said.setting +
                    " in every transaction (SET LOCAL); note for a while where it is not set, and "
                    "run `capo tenant check`"};
  for (const std::string& role : {said.app_role, said.maintenance_role}) {
    if (!role.empty()) grant_all(now, role, step);
  }
  for (const Member& member : now.members) {
    tell_of_other_policies(now, member, step);
    if (is_isolated(now, member)) continue;
    const SqlText mine("(" + quoted(now, member.asked.column) + " = (SELECT " +
                       current_tenant(now) + "))");
    Policy policy{.name = policy_name(now, member),
                  .table = member.table.name,
                  .using_ = mine,
                  .with_check = mine,
                  .schema = member.table.schema};
    if (!said.app_role.empty()) policy.roles = {std::string_view(said.app_role)};
    add(step, Create<Policy>{.object = policy, .on = "postgresql"},
        Drop<Policy>{
            .object = {.name = policy.name, .table = policy.table, .schema = policy.schema},
            .on = "postgresql"});
  }
  const bool has_tenants = member_of(now, now.tenants.schema, now.tenants.name) != nullptr;
  if (!has_tenants && !said.app_role.empty() && !step.upgrade.empty()) {
    step.by_hand.push_back("what " + said.app_role + " may do with " + shown(now.tenants) +
                           ", the table of tenants: grant what the program needs, or add it to "
                           "tables with column = " +
                           said.tenant_key);
  }
  return step;
}

Step enable_row_security(const Situation& now) {
  Step step{.message = "row-level security",
            .why =
                "From here on the policies count, for the owner of the tables as well: without "
                "a tenant nobody but a role with BYPASSRLS sees a row. Its downgrade is the way "
                "back in an emergency: it takes a moment, and keeps the policies.",
            .then = "watch the program; should it see no rows, `capo downgrade -1` at once"};
  for (const Member& member : now.members) {
    const auto found = std::find_if(
        now.now.securities.begin(), now.now.securities.end(), [&](const TableSecurity& one) {
          return one.table == member.table.name && one.schema == member.table.schema;
        });
    const RowSecurity was = found == now.now.securities.end() ? RowSecurity{} : found->security;
    if (was.enabled && was.forced) continue;
    const auto set = [&](RowSecurity security) {
      return SetRowSecurity{.table = member.table.name,
                            .security = security,
                            .schema = member.table.schema,
                            .on = "postgresql"};
    };
    add(step, set({.enabled = true, .forced = true}), set(was));
  }
  return step;
}

Step secure_views(const Situation& now) {
  Step step{.message = "views of tenants",
            .why = "A view shows what its owner sees, unless it asks as the one who reads it."};
  for (const View* view : views_of_tenants(now)) {
    if (view->materialized) {
      close_materialized(now, *view, step);
    } else {
      ask_as_reader(now, *view, step);
    }
  }
  for (const Function& function : now.now.functions) {
    const std::string text = base::lower(schema::text_on(function.definition, now.dialect.name()));
    if (text.find("security definer") == std::string::npos) continue;
    step.by_hand.push_back(schema::describe(function) +
                           " is SECURITY DEFINER: it sees what its owner sees. See what it shows "
                           "of tables of tenants");
  }
  return step;
}

}  // namespace capo::tenancy
