#include "autogenerate/plan.hpp"

#include <utility>

namespace capo::autogenerate {
namespace {

const std::vector<std::string>& columns_in(
    const std::map<std::string, std::vector<std::string>>& columns, const std::string& table) {
  static const std::vector<std::string> kNone;
  const auto found = columns.find(table);
  return found == columns.end() ? kNone : found->second;
}

}  // namespace

void Plan::touch(const std::string& table, const std::string& column) {
  with_touched_.insert("table " + table);
  touched_.insert("table " + table + (column.empty() ? "" : "." + column));
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
}

void Plan::retype(const std::string& table, const std::string& column) {
  touch(table, column);
  retyped_[table].push_back(column);
}

const std::vector<std::string>& Plan::made_anew(const std::string& table) const {
  return columns_in(made_anew_, table);
}

const std::vector<std::string>& Plan::retyped(const std::string& table) const {
  return columns_in(retyped_, table);
}

void Plan::bring_forward(Phase from, Phase to, const std::function<bool(const Step&)>& which) {
  std::vector<Step> stay;
  for (Step& step : std::exchange(phases_[from], {})) {
    (which(step) ? phases_[to] : stay).push_back(std::move(step));
  }
  phases_[from] = std::move(stay);
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
