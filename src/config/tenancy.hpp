#pragma once

#include <optional>
#include <string>
#include <vector>

#include "capo/error.hpp"
#include "config/ini.hpp"

namespace capo::config {

/// A table whose rows belong to tenants, from a section of its own: [tenancy:TABLE].
struct TenantTable {
  std::string name = {};    ///< `items`, `schema.items`
  std::string column = {};  ///< that holds the tenant
  /// The column of a foreign key by which its rows reach their tenant, as long as they have no
  /// column of their own; empty: they reach it by nothing but that.
  std::string through = {};
  bool one_row_per_tenant = false;
  /// Columns of a unique constraint that stays unique over all tenants: no tenant chooses its
  /// values. A constraint a line, its columns with commas between.
  std::vector<std::vector<std::string>> unique_over_all = {};
  SourcePosition where = {};  ///< its section, or `tables` if it has none

  friend bool operator==(const TenantTable&, const TenantTable&) = default;
};

/// Which rows of a database belong to whom, as the ini describes it:
///
///     [tenancy]
///     tenant_table = ab_user              each row is a tenant
///     tenant_key = id                     its primary key
///     column = user_id                    of the tables that belong to tenants
///     setting = app.current_user_id       holds the tenant of a transaction
///     owner = gpra_owner                  owns the tables and migrates
///     app_role = gpra_app                 works for one tenant at a time
///     maintenance_role = gpra_maint       sees all rows
///     old_rows = SELECT id FROM ab_user WHERE username = 'admin'    who gets the old rows
///     composite_keys = true               keys and foreign keys begin with the tenant
///     tables = items, routines, routine_items
///     shared_tables = common_chords       read by every tenant, written by none
///     other_tables = stripe_events        nothing of it is for tenants
///     sources = %(here)s/src              the program, which is looked through for SQL
///
///     [tenancy:routine_items]
///     through = routine_id
struct Tenancy {
  std::string tenant_table = {};
  std::string tenant_key = "id";
  std::string column = "tenant_id";
  std::string setting = "app.current_tenant";
  std::string owner = {};
  std::string app_role = {};
  std::string maintenance_role = {};
  std::string old_rows = {};  ///< a query of one value; empty: the only tenant there is
  bool composite_keys = true;
  std::vector<TenantTable> tables = {};
  std::vector<std::string> shared_tables = {};
  std::vector<std::string> other_tables = {};
  std::vector<std::string> sources = {};  ///< directories, or files
  SourcePosition where = {};

  friend bool operator==(const Tenancy&, const Tenancy&) = default;
};

/// Nothing if there is no section [tenancy]. Throws Error{kConfig} with file, line and column: no
/// tenant table, a key that is not known, a table that is named twice or that has a section and is
/// not in `tables`, a setting without a dot in its name.
std::optional<Tenancy> read_tenancy(const Ini& ini);

/// The one that `settings` hold. Throws Error{kConfig}: that of reading it; or that there is none,
/// with the least that a section [tenancy] says.
struct Settings;
const Tenancy& tenancy(const Settings& settings);

}  // namespace capo::config
