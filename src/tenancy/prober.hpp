#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dialect/connection.hpp"
#include "tenancy/check.hpp"

namespace capo::tenancy {

/// With its schema, whatever the search_path says.
inline dialect::QualifiedName full_name(const Relation& relation) {
  return {relation.schema, relation.name};
}

/// What became of a statement.
struct Attempt {
  std::string statement = {};
  std::vector<dialect::Row> rows = {};
  long long affected = 0;
  std::string sqlstate = {};  ///< empty: it went through
  std::string message = {};

  bool is_done() const { return sqlstate.empty(); }
  /// For want of a privilege, or by a policy.
  bool is_refused() const { return sqlstate == "42501"; }
  /// It came past the policy, which is asked first, and broke a constraint.
  bool broke_constraint() const { return sqlstate.starts_with("23"); }
};

/// Tries statements in a transaction that is open, and takes each back.
class Prober {
 public:
  Prober(dialect::Connection& connection, const Material& material, std::vector<Finding>& into)
      : connection_(connection), material_(material), into_(into) {}

  /// As the role of the connection.
  Attempt as_self(const std::string& statement) { return attempt({}, false, statement); }
  /// As the application; `tenant` nothing: without the setting.
  Attempt as_app(const std::optional<std::string>& tenant, const std::string& statement) {
    return attempt(tenant, true, statement);
  }

  /// A finding, the first of this check for the object.
  void crossed(const Check& check, const std::string& object, const std::string& text,
               const std::optional<std::string>& tenant, const Attempt& attempt);
  /// What is neither done nor refused could be anything: a note, and true.
  bool tell_failure(const Check& check, const std::string& object, const Attempt& attempt);
  /// A note that something could not be tried.
  void not_judged(const Check& check, const std::string& object, const std::string& text);

  /// How long each statement may take from here on: `5s`.
  void limit_statements(const std::string& time);

  const Material& material() const { return material_; }

 private:
  Attempt attempt(const std::optional<std::string>& tenant, bool as_app,
                  const std::string& statement);
  std::string script(const std::optional<std::string>& tenant, const std::string& statement) const;

  dialect::Connection& connection_;
  const Material& material_;
  std::vector<Finding>& into_;
  std::set<std::pair<std::string_view, std::string>> crossed_ = {};
  std::set<std::pair<std::string_view, std::string>> noted_ = {};
};

}  // namespace capo::tenancy
