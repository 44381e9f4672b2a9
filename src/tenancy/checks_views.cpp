#include <optional>
#include <set>

#include "tenancy/check.hpp"
#include "tenancy/fixes.hpp"

/// Views: whose rows they show.
namespace capo::tenancy {
namespace {

constexpr int kFirstWithSecurityInvoker = 15;

// The tables with tenants' rows that a view reads, by itself or by other views.
// NOLINTNEXTLINE(misc-no-recursion): each view is visited once
void collect(const Material& material, const Relation& view, std::set<Oid>& seen,
             std::vector<const Relation*>& tables) {
  for (const Oid oid : view.reads) {
    const Relation* read = material.facts.relation(oid);
    if (read == nullptr || !seen.insert(oid).second) continue;
    if (material.holds_tenants_rows(*read)) {
      tables.push_back(read);
    } else if (read->kind == 'v' || read->kind == 'm') {
      collect(material, *read, seen, tables);
    }
  }
}

std::vector<const Relation*> tables_of(const Material& material, const Relation& view) {
  std::set<Oid> seen;
  std::vector<const Relation*> tables;
  collect(material, view, seen, tables);
  return tables;
}

/// Where a view leaves the policies behind.
struct Opening {
  const Relation* table = nullptr;
  const Relation* by = nullptr;  ///< the view, or one that it reads
};

// A view reads as its owner, and so do the views that it reads, each as its own. One with
// security_invoker reads as whoever asks, however deep it stands.
// NOLINTNEXTLINE(misc-no-recursion): each view is visited once
std::optional<Opening> opening(const Material& material, const Relation& view,
                               std::set<Oid>& seen) {
  if (view.security_invoker || !seen.insert(view.oid).second) return std::nullopt;
  for (const Oid oid : view.reads) {
    const Relation* read = material.facts.relation(oid);
    if (read == nullptr) continue;
    if (material.holds_tenants_rows(*read)) {
      if (material.opens(view.owner, *read)) return Opening{.table = read, .by = &view};
    } else if (read->kind == 'm') {
      const std::vector<const Relation*> kept = tables_of(material, *read);
      if (!kept.empty()) return Opening{.table = kept.front(), .by = read};
    } else if (read->kind == 'v') {
      if (const auto below = opening(material, *read, seen)) return below;
    }
  }
  return std::nullopt;
}

// Calls `visit` with each view that the application may use and that is open.
template <typename Visit>
void each_open_view(const Material& material, const Visit& visit) {
  for (const auto& [oid, view] : material.facts.relations) {
    if (view.kind != 'v' || !material.app_may_use(view)) continue;
    std::set<Oid> seen;
    if (const auto found = opening(material, view, seen)) visit(view, *found);
  }
}

Finding of_view(const Material& material, const Relation& view, const Opening& opening) {
  const bool is_itself = opening.by == &view;
  const std::string table = material.shown(*opening.table);
  std::string text = is_itself ? "" : "reads " + material.shown(*opening.by) + ", which ";
  if (opening.by->kind == 'm') {
    text += "keeps rows of " + table + " without policies";
  } else {
    text += "reads " + table + " as its owner " + material.facts.role_name(opening.by->owner) +
            ", for whom no policy holds";
  }
  return {.object = material.shown(view),
          .text = text + ", and " + material.app_role_name + " may use it"};
}

void find_open_views(const Material& material, Findings& findings) {
  if (material.facts.version < kFirstWithSecurityInvoker) return;
  each_open_view(material, [&](const Relation& view, const Opening& opening) {
    Finding finding = of_view(material, view, opening);
    if (opening.by->kind == 'm') {
      finding.why_no_fix = "revoke the view, or let it read the tables themselves";
    } else {
      const auto statement = [&](const char* value) {
        dialect::SqlWriter sql = material.sql();
        sql << "ALTER VIEW " << material.qualified(*opening.by)
            << " SET (security_invoker = " << dialect::SqlText(value) << ")";
        return sql.str();
      };
      finding.fix.push_back({statement("on"), statement("off")});
    }
    findings.add(std::move(finding));
  });
}

void find_old_views(const Material& material, Findings& findings) {
  if (material.facts.version >= kFirstWithSecurityInvoker) return;
  each_open_view(material, [&](const Relation& view, const Opening& opening) {
    Finding finding = of_view(material, view, opening);
    finding.why_no_fix =
        "give the view to a role for which the policies hold, or revoke it: "
        "PostgreSQL " +
        std::to_string(material.facts.version) + " has no security_invoker";
    findings.add(std::move(finding));
  });
}

void find_materialized(const Material& material, Findings& findings) {
  for (const auto& [oid, view] : material.facts.relations) {
    if (view.kind != 'm' || !material.app_may_use(view)) continue;
    const std::vector<const Relation*> tables = tables_of(material, view);
    if (tables.empty()) continue;
    Finding finding{.object = material.shown(view),
                    .text = "keeps rows of " + material.shown(*tables.front()) +
                            " without policies, and " + material.app_role_name + " may read it"};
    for (const Grant& grant : view.grants) {
      if (grant.of_columns || grant.grantee == view.owner || !material.app_acts_as(grant.grantee)) {
        continue;
      }
      finding.fix.push_back(revoke(material, view, grant.privilege, grant.grantee));
    }
    if (finding.fix.empty()) finding.why_no_fix = "let another role own it";
    findings.add(std::move(finding));
  }
}

constexpr Check kChecks[] = {
    {"TEN25", "open-view", Severity::kError, "A view reads past the policies",
     "A view reads as its owner: SELECT from it gives every tenant's rows.",
     "ALTER VIEW … SET (security_invoker = on).", find_open_views},
    {"TEN26", "open-view-before-15", Severity::kError,
     "A view reads past the policies, and this PostgreSQL has no security_invoker",
     "A view reads as its owner: SELECT from it gives every tenant's rows.",
     "An owner for which the policies hold; PostgreSQL 15 or newer.", find_old_views},
    {"TEN27", "open-materialized-view", Severity::kError,
     "A materialized view with tenants' rows can be read",
     "It has no policies: SELECT gives the rows of all tenants that its owner saw.",
     "REVOKE; or a view.", find_materialized},
};

}  // namespace

std::span<const Check> view_checks() { return kChecks; }

}  // namespace capo::tenancy
