#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "capo/error.hpp"
#include "config/tenancy.hpp"
#include "dialect/dialect.hpp"
#include "dialect/statement.hpp"
#include "tenancy/facts.hpp"

/// Checks find where one tenant's rows can be seen, changed or counted by another.
namespace capo::tenancy {

enum class Severity { kNote, kWarning, kError };
/// `note`, `warning`, `error`.
std::string_view to_string(Severity severity);

class Material;
class Findings;

/// One mistake. Each is a constant in one of the files checks_*.cpp.
struct Check {
  std::string_view id;    ///< `TEN05`; never given to another check
  std::string_view name;  ///< `owner-not-forced`
  Severity severity = Severity::kError;
  std::string_view title;   ///< one line
  std::string_view attack;  ///< what somebody does with it
  std::string_view remedy;
  /// Null for one that only probes find.
  void (*find)(const Material& material, Findings& findings) = nullptr;
  bool is_of_every_database = false;  ///< also of one without row-level security
};

/// A statement that puts something right, and the one that takes it back.
struct Fix {
  std::string up = {};
  std::string down = {};  ///< empty: nothing takes it back

  friend bool operator==(const Fix&, const Fix&) = default;
};

struct Finding {
  const Check* check = nullptr;
  Severity severity = Severity::kError;
  std::string object = {};    ///< a table, a view, a role
  std::string text = {};      ///< what exactly
  std::string evidence = {};  ///< the expression, or the statement that crossed
  std::vector<Fix> fix = {};
  std::string why_no_fix = {};  ///< what is to be done by hand
  SourcePosition at = {};       ///< of one in a file
};

/// Takes what a check finds.
class Findings {
 public:
  explicit Findings(std::vector<Finding>& into) : into_(into) {}
  void of(const Check& check) { check_ = &check; }
  /// Check and, if it is not said, severity are filled in.
  void add(Finding finding, std::optional<Severity> severity = std::nullopt);

 private:
  std::vector<Finding>& into_;
  const Check* check_ = nullptr;
};

/// A file's text, to look for what a program does.
struct SourceText {
  std::string path = {};
  std::string text = {};
};

/// A revision that the database has not.
struct PendingRevision {
  std::string revision = {};
  std::string path = {};
  std::vector<dialect::Statement> statements = {};
};

/// A table of the description that is in the database.
struct TenantRelation {
  const config::TenantTable& described;
  const Relation& relation;
  const Column* tenant = nullptr;   ///< its column; null: there is none
  const Column* through = nullptr;  ///< by which it reaches a parent that has one

  /// The column that a policy must look at.
  const Column* limiting() const { return tenant != nullptr ? tenant : through; }
};

/// A tenant's table, and the column by which others refer to it.
struct Parent {
  const TenantRelation* table = nullptr;
  const Column* column = nullptr;
};

/// What checks look at. Refers to what it is made of.
class Material {
 public:
  Material(const config::Tenancy& description, const TenancyFacts& facts,
           const dialect::Dialect& dialect, std::string app_role);

  const config::Tenancy& description;
  const TenancyFacts& facts;
  const dialect::Dialect& dialect;
  std::string app_role_name;
  std::vector<PendingRevision> pending = {};
  std::vector<SourceText> sources = {};

  const std::vector<TenantRelation>& tenants() const { return tenants_; }
  const TenantRelation* tenant_table(Oid oid) const;
  /// What the foreign key of `through` refers to; nothing if there is none to a tenant's table.
  std::optional<Parent> parent(const TenantRelation& table) const;
  /// A tenant's table, or a partition of one.
  bool holds_tenants_rows(const Relation& relation) const;
  bool is_shared(const Relation& relation) const;

  Oid app() const { return app_; }
  bool app_acts_as(Oid role) const { return acts_as_.contains(role); }
  const std::set<Oid>& app_can_become() const { return can_become_; }
  /// Whether it was granted that, as itself, by a role it inherits from, or as everybody; not what
  /// an owner may.
  bool app_was_granted(const Relation& relation, std::string_view privilege) const;
  bool app_was_granted_anything(const Relation& relation) const;
  /// It was granted something, or owns it.
  bool app_may_use(const Relation& relation) const;
  bool app_may_call(const Function& function) const;
  /// Whether row-level security of a table says nothing to a role.
  bool bypasses(Oid role, const Relation& relation) const;
  /// Whether what runs as a role shows rows of a table that the application should not see. Of a
  /// table that is open itself other checks tell, and only who sees all rows does when that is
  /// mended.
  bool opens(Oid role, const Relation& relation) const;

  std::string shown(const Relation& relation) const { return shown_name(relation, facts); }
  dialect::SqlWriter sql() const { return dialect.writer(); }
  dialect::QualifiedName qualified(const Relation& relation) const;
  /// `(SELECT nullif(current_setting('app.tenant', true), '')::integer)`.
  std::string current_tenant(const Column& column) const;
  /// The condition that a policy of a table should have: `tenant_id = (SELECT …)`, or `note_id IN
  /// (SELECT id FROM notes WHERE tenant_id = (SELECT …))`; empty if the table has no column that
  /// leads to a tenant.
  std::string condition(const TenantRelation& table) const { return condition(table, 0); }

 private:
  std::string condition(const TenantRelation& table, int depth) const;

  std::vector<TenantRelation> tenants_ = {};
  Oid app_ = -1;
  std::set<Oid> acts_as_ = {};
  std::set<Oid> can_become_ = {};
};

std::span<const Check> table_checks();
std::span<const Check> role_checks();
std::span<const Check> policy_checks();
std::span<const Check> condition_checks();
std::span<const Check> key_checks();
std::span<const Check> index_checks();
std::span<const Check> view_checks();
std::span<const Check> function_checks();
std::span<const Check> revision_checks();
std::span<const Check> source_checks();
std::span<const Check> probe_checks();

/// All of them, by their ids.
std::vector<const Check*> all_checks();
/// By id or name, in any case of letters; null if there is none.
const Check* find_check(std::string_view id_or_name);

/// What the checks say, by object and id. Of a database without row-level security only those that
/// hold for every database are asked.
std::vector<Finding> check(const Material& material);
/// By object, then by id.
void sort(std::vector<Finding>& findings);

}  // namespace capo::tenancy
