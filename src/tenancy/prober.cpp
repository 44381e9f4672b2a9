#include "tenancy/prober.hpp"

#include "tenancy/fixes.hpp"

namespace capo::tenancy {

Attempt Prober::attempt(const std::optional<std::string>& tenant, bool as_app,
                        const std::string& statement) {
  Attempt attempt{.statement = statement};
  connection_.query("SAVEPOINT capo_probe");
  try {
    if (tenant) {
      const std::vector<dialect::Value> parameters = {material_.description.setting, *tenant};
      connection_.query("SELECT set_config($1, $2, true)", parameters);
    }
    if (as_app) {
      dialect::SqlWriter role = material_.sql();
      role << "SET LOCAL ROLE " << dialect::Identifier(material_.app_role_name);
      connection_.query(role.str());
    }
    const dialect::Result result = connection_.query(statement);
    attempt.rows = result.rows;
    attempt.affected = result.affected;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kConnection || error.code() == ErrorCode::kCancelled) throw;
    attempt.sqlstate = error.sqlstate().empty() ? "XX000" : error.sqlstate();
    attempt.message = error.message();
  }
  // Takes back the role and the setting, too.
  connection_.query("ROLLBACK TO SAVEPOINT capo_probe");
  return attempt;
}

std::string Prober::script(const std::optional<std::string>& tenant,
                           const std::string& statement) const {
  dialect::SqlWriter sql = material_.sql();
  sql << "SET ROLE " << dialect::Identifier(material_.app_role_name) << "; ";
  if (tenant) {
    sql << "SELECT set_config(" << dialect::Literal(material_.description.setting) << ", "
        << dialect::Literal(*tenant) << ", true); ";
  }
  sql << dialect::SqlText(statement);
  return sql.str();
}

void Prober::crossed(const Check& check, const std::string& object, const std::string& text,
                     const std::optional<std::string>& tenant, const Attempt& attempt) {
  if (!crossed_.emplace(check.id, object).second) return;
  // What could not be tried for one tenant went through for another.
  std::erase_if(into_, [&](const Finding& each) {
    return each.check == &check && each.object == object && each.severity == Severity::kNote;
  });
  into_.push_back({.check = &check,
                   .severity = check.severity,
                   .object = object,
                   .text = text,
                   .evidence = script(tenant, attempt.statement)});
}

bool Prober::tell_failure(const Check& check, const std::string& object, const Attempt& attempt) {
  if (attempt.is_done() || attempt.is_refused()) return false;
  not_judged(check, object, attempt.message);
  return true;
}

void Prober::limit_statements(const std::string& time) {
  const std::vector<dialect::Value> parameters = {time};
  connection_.query("SELECT set_config('statement_timeout', $1, true)", parameters);
}

void Prober::not_judged(const Check& check, const std::string& object, const std::string& text) {
  if (crossed_.contains({check.id, object}) || !noted_.emplace(check.id, object).second) return;
  into_.push_back({.check = &check,
                   .severity = Severity::kNote,
                   .object = object,
                   .text = "not judged: " + text,
                   .why_no_fix = "try it by hand, or put out of the way what kept the probe off"});
}

}  // namespace capo::tenancy
