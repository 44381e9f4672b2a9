#pragma once

#include <vector>

#include "capo/metadata.hpp"
#include "capo/operation.hpp"
#include "schema/schema.hpp"

namespace capo::test {

/// Operations of every kind that C++ can say, in the form in which comparing schemas makes them:
/// with all that they replace, and their inverses.
std::vector<Operation> render_samples();

/// A schema with an object of every kind, in the form that reflection gives.
schema::Schema render_schema();
/// One of so many tables that they must not lie on the stack together.
schema::Schema large_schema();

/// A convention that makes something else of every name that is not kept from it.
inline NamingConvention busy_convention() {
  return {.ix = "ix_%(table_name)s_%(constraint_name)s",
          .uq = "uq_%(table_name)s_%(constraint_name)s",
          .ck = "ck_%(table_name)s_%(constraint_name)s",
          .fk = "fk_%(table_name)s_%(constraint_name)s",
          .pk = "pk_%(table_name)s"};
}

}  // namespace capo::test
