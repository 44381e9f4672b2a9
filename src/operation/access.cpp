// Grants: unlike other objects, several about the same add up, and one takes away only what it
// says.

#include "base/text.hpp"
#include "operation/checks.hpp"
#include "operation/kinds.hpp"
#include "schema/grants.hpp"

namespace capo::operation {

using schema::grants_of;
using schema::Privileges;
using schema::privileges_of;

namespace {

void add(Privileges& all, const Grant& grant) {
  for (const auto& [one, may_grant] : privileges_of({&grant, 1})) {
    bool& had = all[one];
    had = had || may_grant;
  }
}

void take_away(Privileges& all, const Grant& grant) {
  for (const auto& [one, may_grant] : privileges_of({&grant, 1})) all.erase(one);
}

std::string what_and_where(const Grant& grant) {
  return base::join(grant.privileges, ", ") + " on " + schema::grants_object(grant);
}

}  // namespace

void validate(const Drop<Grant>& operation) { check(operation.object); }

void apply(const Create<Grant>& operation, schema::Schema& schema) {
  Privileges all = privileges_of(schema.grants);
  add(all, operation.object);
  schema.grants = grants_of(all);
}

void apply(const Drop<Grant>& operation, schema::Schema& schema) {
  Privileges all = privileges_of(schema.grants);
  take_away(all, operation.object);
  schema.grants = grants_of(all);
}

void apply(const Replace<Grant>& operation, schema::Schema& schema) {
  Privileges all = privileges_of(schema.grants);
  Grant everything = operation.object;
  everything.privileges = {"ALL"};
  take_away(all, operation.was.value_or(everything));
  add(all, operation.object);
  schema.grants = grants_of(all);
}

std::string describe(const Create<Grant>& operation) {
  return "grant " + what_and_where(operation.object) + " to " + operation.object.role;
}

std::string describe(const Drop<Grant>& operation) {
  return "revoke " + what_and_where(operation.object) + " from " + operation.object.role;
}

}  // namespace capo::operation
