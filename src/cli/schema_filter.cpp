#include "cli/schema_filter.hpp"

#include <algorithm>
#include <set>

namespace capo::cli {
namespace {

constexpr std::string_view kJournal = "capo_journal";

}  // namespace

bool matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;  // the last one, and where what it stands for ends
  std::size_t star_end = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_end = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++star_end;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool SchemaFilter::keeps_table(const std::string& schema, const std::string& name) const {
  const bool is_ours = name == settings_.version_table || name == kJournal;
  if (is_ours && (schema.empty() || schema == settings_.version_table_schema)) return false;
  const std::string qualified = schema::qualified(schema, name);
  return std::none_of(settings_.exclude_tables.begin(), settings_.exclude_tables.end(),
                      [&](const std::string& pattern) {
                        const bool with_schema = pattern.find('.') != std::string::npos;
                        return matches(pattern, with_schema ? qualified : name);
                      });
}

bool SchemaFilter::keeps(const SchemaObject& object) const {
  if (project_ == nullptr) return true;
  if (project_->include_name != nullptr &&
      !project_->include_name(object.kind, object.schema, object.name)) {
    return false;
  }
  return project_->include_object == nullptr || project_->include_object(object);
}

void SchemaFilter::filter_parts(Table& table, bool is_there) const {
  SchemaObject part = {.schema = table.options.schema, .is_there = is_there, .table = &table};
  // Asked before anything is taken out: the table that a hook sees is whole.
  const auto left_out = [&](ObjectKind kind, const auto& items, auto&& describe) {
    std::vector<bool> out;
    for (const auto& item : items) {
      part.kind = kind;
      part.name = item.name;
      describe(item);
      out.push_back(!keeps(part));
      part.column = nullptr;
      part.index = nullptr;
    }
    return out;
  };
  const auto nothing = [](const auto&) {};
  TableOptions& options = table.options;
  const auto columns = left_out(ObjectKind::kColumn, table.columns,
                                [&](const Column& column) { part.column = &column; });
  const auto indexes = left_out(ObjectKind::kIndex, options.indexes,
                                [&](const Index& index) { part.index = &index; });
  const auto uniques = left_out(ObjectKind::kConstraint, options.uniques, nothing);
  const auto checks = left_out(ObjectKind::kConstraint, options.checks, nothing);
  const auto keys = left_out(ObjectKind::kConstraint, options.foreign_keys, nothing);
  const auto excludes = left_out(ObjectKind::kConstraint, options.excludes, nothing);
  const auto take_out = [](auto& items, const std::vector<bool>& out) {
    std::size_t number = 0;
    std::erase_if(items, [&](const auto&) { return out[number++]; });
  };
  take_out(table.columns, columns);
  take_out(options.indexes, indexes);
  take_out(options.uniques, uniques);
  take_out(options.checks, checks);
  take_out(options.foreign_keys, keys);
  take_out(options.excludes, excludes);
}

void SchemaFilter::apply(schema::Schema& schema, bool is_there) const {
  std::set<std::string> tables_out;
  std::erase_if(schema.tables, [&](const Table& table) {
    const std::string& in = table.options.schema;
    const bool kept = keeps_table(in, table.name) && keeps({.kind = ObjectKind::kTable,
                                                            .schema = in,
                                                            .name = table.name,
                                                            .is_there = is_there,
                                                            .table = &table});
    if (!kept) tables_out.insert(schema::qualified(in, table.name));
    return !kept;
  });
  const bool asks = project_ != nullptr &&
                    (project_->include_name != nullptr || project_->include_object != nullptr);
  const auto is_out = [&](const auto& object) {
    return tables_out.contains(schema::qualified(object.schema, object.table));
  };
  std::erase_if(schema.triggers, is_out);
  std::erase_if(schema.policies, is_out);
  std::erase_if(schema.securities, is_out);
  std::erase_if(schema.grants, [&](const Grant& grant) {
    return grant.kind == Grant::Kind::kTable &&
           tables_out.contains(schema::qualified(grant.schema, grant.object));
  });
  if (!asks) return;
  for (Table& table : schema.tables) filter_parts(table, is_there);
  const auto ask = [&](auto& objects, ObjectKind kind) {
    std::erase_if(objects, [&](const auto& object) {
      return !keeps(
          {.kind = kind, .schema = object.schema, .name = object.name, .is_there = is_there});
    });
  };
  std::erase_if(schema.schemas, [&](const SchemaName& object) {
    return !keeps({.kind = ObjectKind::kSchema, .name = object.name, .is_there = is_there});
  });
  ask(schema.extensions, ObjectKind::kExtension);
  ask(schema.sequences, ObjectKind::kSequence);
  ask(schema.enums, ObjectKind::kEnum);
  ask(schema.domains, ObjectKind::kDomain);
  ask(schema.composite_types, ObjectKind::kCompositeType);
  ask(schema.views, ObjectKind::kView);
  ask(schema.functions, ObjectKind::kFunction);
  ask(schema.triggers, ObjectKind::kTrigger);
  ask(schema.policies, ObjectKind::kPolicy);
}

void SchemaFilter::apply(dialect::Reflection& reflection, bool is_there) const {
  std::vector<std::string> before;
  for (const Table& table : reflection.schema.tables) {
    before.push_back(schema::qualified(table.options.schema, table.name));
  }
  apply(reflection.schema, is_there);
  std::set<std::string> out(before.begin(), before.end());
  for (const Table& table : reflection.schema.tables) {
    out.erase(schema::qualified(table.options.schema, table.name));
  }
  if (out.empty()) return;
  // `rule protect on items`, `table items`: the table is the last word.
  std::erase_if(reflection.unrepresented, [&](const dialect::Unrepresented& what) {
    const std::size_t space = what.object.rfind(' ');
    return space != std::string::npos && out.contains(what.object.substr(space + 1));
  });
}

}  // namespace capo::cli
