#include "config/tenancy.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "base/suggest.hpp"
#include "base/text.hpp"
#include "config/section_reader.hpp"
#include "config/settings.hpp"

namespace capo::config {
namespace {

constexpr const char* kSection = "tenancy";
constexpr std::string_view kTableSection = "tenancy:";

constexpr std::array<std::string_view, 13> kKeys = {
    "tenant_table",  "tenant_key",       "column",   "setting",        "owner",
    "app_role",      "maintenance_role", "old_rows", "composite_keys", "tables",
    "shared_tables", "other_tables",     "sources"};
constexpr std::array<std::string_view, 4> kTableKeys = {"column", "through", "one_row_per_tenant",
                                                        "unique_over_all"};

// A key that is misspelt would be a table left open.
void refuse_unknown_keys(const Ini& ini, const std::string& section,
                         std::span<const std::string_view> known) {
  for (const std::string& key : ini.own_keys(section)) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    Error error(ErrorCode::kConfig, "[" + section + "] has no key '" + key + "'");
    error.at(ini.where(section, key), ini.source_line(section, key));
    const std::vector<std::string> names(known.begin(), known.end());
    if (const auto near = base::closest_or_longer(key, names)) {
      error.hint("did you mean '" + *near + "'?");
    } else {
      error.hint("its keys: " + base::join(names, ", "));
    }
    throw error;
  }
}

std::vector<std::vector<std::string>> constraints(const SectionReader& section) {
  std::vector<std::vector<std::string>> all;
  for (const std::string& line :
       pieces_between(section.value("unique_over_all").value_or(""), "\n")) {
    all.push_back(pieces_between(line, ","));
  }
  return all;
}

// Names between spaces, commas and line breaks; `"My Notes"` and `shop."My Notes"` keep theirs.
void read_names(const SectionReader& section, const std::string& key,
                std::vector<std::string>& into) {
  const std::string text = section.value(key).value_or("");
  std::vector<std::string> names;
  std::string name;
  bool is_quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' && is_quoted) {
      const bool is_doubled = i + 1 < text.size() && text[i + 1] == '"';
      if (is_doubled) name += text[++i];
      is_quoted = is_doubled;
    } else if (c == '"' && (name.empty() || name.back() == '.')) {
      is_quoted = true;
    } else if (!is_quoted && kSpacesAndCommas.find(c) != std::string_view::npos) {
      if (!name.empty()) names.push_back(std::move(name));
      name.clear();
    } else {
      name += c;
    }
  }
  if (is_quoted)
    throw section.bad_value(key, text, "a quoted name that does not end", "\"My Notes\"");
  if (!name.empty()) names.push_back(std::move(name));
  into = std::move(names);
}

TenantTable read_table(const Ini& ini, const std::string& name, const Tenancy& tenancy) {
  TenantTable table{.name = name, .column = tenancy.column, .where = ini.where(kSection, "tables")};
  const std::string title = std::string(kTableSection) + name;
  if (!ini.has_section(title)) return table;
  refuse_unknown_keys(ini, title, kTableKeys);
  const std::vector<std::string> keys = ini.own_keys(title);
  if (!keys.empty()) table.where = ini.where(title, keys.front());
  const SectionReader section(ini, title);
  section.read("column", table.column);
  section.read("through", table.through);
  section.read("one_row_per_tenant", table.one_row_per_tenant);
  table.unique_over_all = constraints(section);
  return table;
}

void refuse_sections_of_no_table(const Ini& ini, const std::vector<std::string>& tables) {
  for (const std::string& title : ini.section_names()) {
    if (!title.starts_with(kTableSection)) continue;
    const std::string name = title.substr(kTableSection.size());
    if (std::find(tables.begin(), tables.end(), name) != tables.end()) continue;
    throw Error(ErrorCode::kConfig,
                "[" + title + "] is of a table that is not in 'tables' of [tenancy]")
        .at(ini.where(kSection, "tables"), ini.source_line(kSection, "tables"))
        .hint("add '" + name + "' to it, or take the section away");
  }
}

void refuse_table_twice(const Ini& ini, const Tenancy& tenancy) {
  std::vector<std::string> all;
  const auto add = [&](const std::string& name, const char* key) {
    if (std::find(all.begin(), all.end(), name) != all.end()) {
      throw Error(ErrorCode::kConfig, "[tenancy] names the table '" + name + "' twice")
          .at(ini.where(kSection, key), ini.source_line(kSection, key))
          .hint("a table belongs to tenants, is shared, or is neither");
    }
    all.push_back(name);
  };
  for (const TenantTable& table : tenancy.tables) add(table.name, "tables");
  for (const std::string& name : tenancy.shared_tables) add(name, "shared_tables");
  for (const std::string& name : tenancy.other_tables) add(name, "other_tables");
}

}  // namespace

std::optional<Tenancy> read_tenancy(const Ini& ini) {
  if (!ini.has_section(kSection)) return std::nullopt;
  refuse_unknown_keys(ini, kSection, kKeys);
  const SectionReader section(ini, kSection);
  Tenancy tenancy{.where = ini.where(kSection, "tenant_table")};
  section.read("tenant_table", tenancy.tenant_table);
  if (tenancy.tenant_table.empty()) {
    throw Error(ErrorCode::kConfig, "[tenancy] does not say whose rows the tenants are")
        .at({.file = ini.file()})
        .hint("tenant_table = users");
  }
  section.read("tenant_key", tenancy.tenant_key);
  section.read("column", tenancy.column);
  section.read("setting", tenancy.setting);
  // PostgreSQL takes a setting that it does not know only with a prefix.
  if (tenancy.setting.find('.') == std::string::npos) {
    throw section.bad_value("setting", tenancy.setting, "not the name of a setting of your own",
                            "it has a prefix and a dot: app." + tenancy.setting);
  }
  section.read("owner", tenancy.owner);
  section.read("app_role", tenancy.app_role);
  section.read("maintenance_role", tenancy.maintenance_role);
  section.read("old_rows", tenancy.old_rows);
  section.read("composite_keys", tenancy.composite_keys);
  read_names(section, "shared_tables", tenancy.shared_tables);
  read_names(section, "other_tables", tenancy.other_tables);
  section.read("sources", tenancy.sources);
  std::vector<std::string> tables;
  read_names(section, "tables", tables);
  refuse_sections_of_no_table(ini, tables);
  for (const std::string& name : tables) tenancy.tables.push_back(read_table(ini, name, tenancy));
  refuse_table_twice(ini, tenancy);
  return tenancy;
}

const Tenancy& tenancy(const Settings& settings) {
  if (settings.tenancy_error) throw *settings.tenancy_error;
  if (settings.tenancy) return *settings.tenancy;
  const std::string file = settings.ini_path.empty() ? "alembic.ini" : settings.ini_path;
  throw Error(ErrorCode::kConfig, "there is no section [tenancy] in " + file)
      .hint(
          "it says whose rows are whose, at the least:\n"
          "[tenancy]\ntenant_table = users\ncolumn = user_id\nsetting = app.current_user_id\n"
          "app_role = app\ntables = items, orders\nshared_tables = countries");
}

}  // namespace capo::config
