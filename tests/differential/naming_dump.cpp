// Prints what capo calls constraints and indexes, for naming.py to compare. Reads a case a line
// from stdin, in JSON; prints the name, or `error`, a line each.

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "capo/error.hpp"
#include "schema/naming.hpp"

namespace {

using capo::Constraint;
using capo::Names;
using nlohmann::json;

Names names(const json& list) { return list.get<std::vector<std::string>>(); }

capo::ConstraintName given_name(const json& question) {
  const std::string name = question.at("name").get<std::string>();
  return question.at("final").get<bool>() ? capo::f(name) : capo::ConstraintName(name);
}

Constraint constraint(const std::string& kind, const json& question) {
  const Names columns = names(question.at("columns"));
  const capo::ConstraintName name = given_name(question);
  if (kind == "pk") return capo::PrimaryKey{.columns = columns, .name = name};
  if (kind == "uq") return capo::UniqueConstraint{.columns = columns, .name = name};
  if (kind == "ck") return capo::CheckConstraint{.condition = capo::SqlText("1 > 0"), .name = name};
  return capo::ForeignKey{.columns = columns,
                          .referred_table = question.at("referred_table").get<std::string>(),
                          .referred_columns = names(question.at("referred_columns")),
                          .name = name};
}

std::string answer(const json& question) {
  capo::NamingConvention convention;
  const std::string kind = question.at("kind").get<std::string>();
  const std::string pattern = question.at("pattern").get<std::string>();
  if (kind == "ix") convention.ix = pattern;
  if (kind == "uq") convention.uq = pattern;
  if (kind == "ck") convention.ck = pattern;
  if (kind == "fk") convention.fk = pattern;
  if (kind == "pk") convention.pk = pattern;
  const capo::schema::Namer namer(convention, question.at("longest").get<std::size_t>());
  const capo::Table table(question.at("table").get<std::string>(), {},
                          {.schema = question.at("schema").get<std::string>()});
  if (kind == "ix") {
    capo::List<capo::IndexElement> elements;
    for (const std::string& column : names(question.at("columns"))) elements.emplace_back(column);
    if (elements.empty()) elements.emplace_back(capo::SqlText("1 + 1"));
    capo::Index index(given_name(question), elements);
    namer.name(table, index);
    return index.name;
  }
  Constraint named = constraint(kind, question);
  namer.name(table, named);
  return std::visit([](const auto& item) -> std::string { return item.name; }, named);
}

}  // namespace

int main() {
  std::string line;
  for (int c = std::getchar(); c != EOF; c = std::getchar()) {
    if (c != '\n') {
      line += static_cast<char>(c);
      continue;
    }
    try {
      std::puts(answer(json::parse(line)).c_str());
    } catch (const capo::Error&) {
      std::puts("error");
    }
    line.clear();
  }
}
