#include "operation/facets.hpp"

#include "operation/kinds.hpp"
#include "operation/objects.hpp"
#include "operation/operation.hpp"
#include "operation/visit.hpp"

namespace capo::operation {

void validate(const Operation& operation) {
  visit([](const auto& kind) { validate(kind); }, operation);
}

void apply(const Operation& operation, schema::Schema& schema) {
  visit([&](const auto& kind) { apply(kind, schema); }, operation);
}

std::optional<Operation> inverse(const Operation& operation) {
  return visit([](const auto& kind) { return inverse(kind); }, operation);
}

std::string describe(const Operation& operation) {
  return visit([](const auto& kind) { return describe(kind); }, operation);
}

const ExecuteSql* if_sql(const Operation& operation) {
  return std::get_if<ExecuteSql>(&operation.value());
}

const DataStep* if_data_step(const Operation& operation) {
  return std::get_if<DataStep>(&operation.value());
}

const Backfill* if_backfill(const Operation& operation) {
  return std::get_if<Backfill>(&operation.value());
}

const std::string& only_on(const Operation& operation) {
  return visit([](const auto& kind) -> const std::string& { return kind.on; }, operation);
}

}  // namespace capo::operation
