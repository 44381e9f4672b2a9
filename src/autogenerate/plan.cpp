#include "autogenerate/plan.hpp"

#include <algorithm>
#include <utility>

#include "schema/partitions.hpp"

namespace capo::autogenerate {
namespace {

const std::vector<std::string>& names_in(
    const std::map<std::string, std::vector<std::string>>& names, const std::string& table) {
  static const std::vector<std::string> kNone;
  const auto found = names.find(table);
  return found == names.end() ? kNone : found->second;
}

}  // namespace

void Plan::set_heirs(const schema::Schema& from) {
  for (const Table& table : from.tables) {
    for (const std::string& parent : schema::parent_keys(table)) {
      heirs_[parent].push_back(schema::qualified(table.options.schema, table.name));
    }
  }
}

void Plan::touch(const std::string& table, const std::string& column) {
  with_touched_.insert("table " + table);
  const bool is_new = touched_.insert("table " + table + "." + column).second;
  if (!is_new) return;
  for (const std::string& heir : names_in(heirs_, table)) touch(heir, column);
}

void Plan::touch_all(const std::string& key, const Table& table) {
  with_touched_.insert("table " + key);
  touched_.insert("table " + key);
  for (const Column& column : table.columns) touched_.insert("table " + key + "." + column.name);
}

bool Plan::touches(const dialect::Dependency& dependency) const {
  if (dependency.column.empty()) return with_touched_.contains(dependency.on);
  return touched_.contains(dependency.on) ||
         touched_.contains(dependency.on + "." + dependency.column);
}

void Plan::remake_type(const std::string& type) {
  touch_type(type);
  remade_types_.insert(type);
}

void Plan::make_anew(const std::string& table, const std::string& column) {
  touch(table, column);
  made_anew_[table].push_back(column);
  for (const std::string& heir : names_in(heirs_, table)) make_anew(heir, column);
}

void Plan::retype(const std::string& table, const std::string& column) {
  touch(table, column);
  retyped_[table].push_back(column);
  for (const std::string& heir : names_in(heirs_, table)) retype(heir, column);
}

const std::vector<std::string>& Plan::made_anew(const std::string& table) const {
  return names_in(made_anew_, table);
}

const std::vector<std::string>& Plan::retyped(const std::string& table) const {
  return names_in(retyped_, table);
}

void Plan::bring_forward(Phase from, Phase to, const std::function<bool(const Step&)>& which) {
  std::vector<Step> stay;
  for (Step& step : std::exchange(phases_[from], {})) {
    (which(step) ? phases_[to] : stay).push_back(std::move(step));
  }
  phases_[from] = std::move(stay);
}

bool Plan::adds_foreign_key(const std::string& table, const std::string& schema,
                            const std::string& name) const {
  const auto found = phases_.find(Phase::kAddForeignKeys);
  if (found == phases_.end()) return false;
  return std::any_of(found->second.begin(), found->second.end(), [&](const Step& step) {
    const auto* add = std::get_if<AddConstraint>(&step.operation.value());
    if (add == nullptr || add->table != table || add->schema != schema) return false;
    const auto* key = std::get_if<ForeignKey>(&add->constraint);
    return key != nullptr && key->name == name;
  });
}

std::vector<Step> Plan::take() {
  std::vector<Step> steps;
  for (auto& [phase, found] : phases_) {
    for (Step& step : found) steps.push_back(std::move(step));
  }
  phases_.clear();
  return steps;
}

}  // namespace capo::autogenerate
