#include "autogenerate/compare.hpp"

namespace capo::autogenerate {

Difference compare(const dialect::Reflection&, const dialect::Reflection&, const schema::Schema*,
                   const dialect::Dialect&) {
  return {};
}

Difference create_all(const schema::Schema&, const dialect::Dialect&) { return {}; }

}  // namespace capo::autogenerate
