#include "autogenerate/access.hpp"

#include <algorithm>
#include <set>

#include "schema/grants.hpp"
#include "schema/roles.hpp"

namespace capo::autogenerate {
namespace {

using schema::Privilege;
using schema::Privileges;

Role with_sorted_groups(Role role) {
  std::sort(role.member_of.begin(), role.member_of.end());
  return role;
}

class Roles {
 public:
  Roles(const Sides& sides, Plan& plan) : sides_(sides), plan_(plan) {}

  void compare() {
    for (const Role& role : sides_.declared->roles) make(role);
  }

 private:
  // What a role is a member of has to be there before it.
  void make(const Role& role) {
    if (!seen_.insert(role.name).second) return;
    for (const Role& other : sides_.declared->roles) {
      const auto& groups = role.member_of;
      if (std::find(groups.begin(), groups.end(), other.name) != groups.end()) make(other);
    }
    const auto& from = sides_.from.schema.roles;
    const auto was = std::find_if(from.begin(), from.end(),
                                  [&](const Role& other) { return other.name == role.name; });
    if (was == from.end()) {
      // Another database of the server may have made it until this one is migrated.
      plan_.add(Phase::kRoles, Create<Role>{.object = role, .if_not_exists = true});
    } else if (with_sorted_groups(*was) != with_sorted_groups(role)) {
      plan_.add(Phase::kRoles, Replace<Role>{.object = role, .was = *was});
    }
  }

  const Sides& sides_;
  Plan& plan_;
  std::set<std::string> seen_ = {};
};

class Grants {
 public:
  Grants(const Sides& sides, Plan& plan) : sides_(sides), plan_(plan) {}

  void compare() {
    const Privileges now = schema::privileges_of(sides_.declared->grants);
    const Privileges was = before(now);
    Privileges gone_early;
    Privileges gone_late;
    Privileges kept;  // but may be granted on now, or no longer
    for (const auto& [one, may_grant] : was) {
      const auto found = now.find(one);
      if (found == now.end()) {
        (is_remade_at_most(one) ? gone_late : gone_early).emplace(one, may_grant);
      } else if (found->second != may_grant) {
        kept.emplace(one, may_grant);
      }
    }
    Privileges made;
    for (const auto& privilege : now) {
      if (!was.contains(privilege.first)) made.insert(privilege);
    }
    revoke(Phase::kRevoke, gone_early);
    revoke(Phase::kGrant, gone_late);
    replace(kept);
    const Privileges stay = staying(was, now);
    make(made, stay);
    Privileges lost = of_columns(gone_early, stay);
    lost.merge(of_columns(gone_late, stay));
    lost.merge(of_columns(kept, stay));
    for (const Grant& grant : schema::grants_of(lost)) {
      plan_.add(Phase::kGrant, Step{.operation = Create<Grant>{.object = grant},
                                    .back = std::vector<Operation>()});
    }
  }

 private:
  // What holds anyway is no difference, unless the models say it.
  Privileges before(const Privileges& now) const {
    Privileges was = schema::privileges_of(sides_.from.schema.grants);
    for (const auto& [one, may_grant] : schema::privileges_of(sides_.from.implied)) {
      const auto said = now.find(one);
      if (said != now.end()) was[one] = said->second;
    }
    const std::vector<std::string> names = schema::named_roles(*sides_.declared);
    std::erase_if(was, [&](const auto& privilege) {
      return !std::binary_search(names.begin(), names.end(), privilege.first.role);
    });
    return was;
  }

  static Privileges staying(const Privileges& was, const Privileges& now) {
    Privileges both;
    for (const auto& privilege : was) {
      const auto found = now.find(privilege.first);
      if (found != now.end() && found->second == privilege.second) both.insert(privilege);
    }
    return both;
  }

  // What is taken from a role on a table PostgreSQL takes from it on each column, too.
  static Privileges of_columns(const Privileges& tables, const Privileges& among) {
    Privileges found;
    for (const auto& privilege : among) {
      if (privilege.first.column.empty()) continue;
      Privilege table = privilege.first;
      table.column.clear();
      if (tables.contains(table)) found.insert(privilege);
    }
    return found;
  }

  // Taking one back that is on a table would take those on columns along, which were there before.
  void make(const Privileges& made, const Privileges& stay) {
    for (const Grant& grant : schema::grants_of(made)) {
      Step step{.operation = Create<Grant>{.object = grant}};
      const Privileges along = of_columns(schema::privileges_of({&grant, 1}), stay);
      if (!along.empty()) {
        step.back = {Drop<Grant>{.object = grant, .was = grant}};
        for (const Grant& column : schema::grants_of(along)) {
          step.back->push_back(Create<Grant>{.object = column});
        }
      }
      plan_.add(Phase::kGrant, std::move(step));
    }
  }

  // A view or function that is dropped and made again gets back what was granted on it: what is
  // revoked before that would be there again. What only goes has to be revoked while it is there.
  bool is_remade_at_most(const Privilege& one) const {
    const auto is_it = [&](const auto& object) {
      return object.name == one.object && object.schema == one.schema;
    };
    const auto stays = [&](const auto& was, const auto& now) {
      const auto there = by_key(now);
      bool is_there = false;
      for (const auto& object : was) {
        if (!is_it(object)) continue;
        if (!there.contains(schema::describe(object))) return false;
        is_there = true;
      }
      return is_there;
    };
    if (one.kind == Grant::Kind::kFunction) {
      return stays(sides_.from.schema.functions, sides_.to.schema.functions);
    }
    return one.kind == Grant::Kind::kTable && one.column.empty() &&
           stays(sides_.from.schema.views, sides_.to.schema.views);
  }

  void revoke(Phase phase, const Privileges& privileges) {
    for (const Grant& grant : schema::grants_of(privileges)) {
      plan_.add(phase, Drop<Grant>{.object = grant, .was = grant});
    }
  }

  void replace(const Privileges& was) {
    for (const Grant& grant : schema::grants_of(was)) {
      Grant other = grant;
      other.with_grant_option = !grant.with_grant_option;
      plan_.add(Phase::kGrant, Replace<Grant>{.object = other, .was = grant});
    }
  }

  const Sides& sides_;
  Plan& plan_;
};

}  // namespace

void compare_access(const Sides& sides, Plan& plan) {
  if (sides.declared == nullptr || schema::named_roles(*sides.declared).empty()) return;
  Roles(sides, plan).compare();
  Grants(sides, plan).compare();
}

}  // namespace capo::autogenerate
