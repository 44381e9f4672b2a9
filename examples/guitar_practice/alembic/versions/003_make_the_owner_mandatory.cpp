// No item, routine or chord chart without an owner any more. From here on a program that forgets
// the owner is told so by the database.
//
// On PostgreSQL it runs in gentle steps: a check that looks at new rows only, then at the old ones
// while everybody goes on working; it proves NOT NULL, which then reads nothing, and goes.

#include <capo/connection.hpp>
#include <capo/migration.hpp>

namespace rev_003 {

using namespace capo;

static const std::initializer_list<std::string>& owned_tables() {
  static const std::initializer_list<std::string> tables = {"items", "routines", "chord_charts"};
  return tables;
}

static void refuse_rows_without_owner(Connection& db) {
  std::string found;
  for (const std::string& table : owned_tables()) {
    const long long rows =
        db.query_one("SELECT count(*) FROM " + table + " WHERE user_id IS NULL")->integer(0);
    if (rows == 0) continue;
    found += (found.empty() ? "" : ", ") + table + ": " + std::to_string(rows);
  }
  if (found.empty()) return;
  throw Error(ErrorCode::kDatabase, "there are rows without an owner (" + found + ")")
      .hint(
          "002 gives those that it finds to the admin, so these came after it: from a program that "
          "does not write user_id yet. Give them to somebody (UPDATE items SET user_id = (SELECT "
          "id FROM ab_user WHERE username = 'admin') WHERE user_id IS NULL; the same for routines "
          "and chord_charts), then upgrade again");
}

// The same for a script. SQLite has no word for it; there NOT NULL itself fails.
static SqlText refuse_offline() {
  std::string sql = "DO $$\nBEGIN\n";
  for (const std::string& table : owned_tables()) {
    sql += "  IF EXISTS (SELECT 1 FROM " + table +
           " WHERE user_id IS NULL) THEN\n"
           "    RAISE EXCEPTION 'table " +
           table + " has % rows without an owner', (SELECT count(*) FROM " + table +
           " WHERE user_id IS NULL)\n"
           "      USING HINT = 'Give them to somebody, then run this again.';\n  END IF;\n";
  }
  return SqlText(sql + "END\n$$").on_dialect("sqlite", "SELECT 1");
}

static void upgrade(Operations& op) {
  op.data_step("look for rows without an owner", refuse_rows_without_owner, refuse_offline());
  for (const std::string& table : owned_tables()) {
    op.alter_column(table, "user_id", {.nullable = false, .was = Column("user_id", Integer())});
  }
}

static void downgrade(Operations& op) {
  for (const std::string& table : owned_tables()) {
    op.alter_column(table, "user_id",
                    {.nullable = true, .was = Column("user_id", Integer(), {.nullable = false})});
  }
}

CAPO_REVISION(003, .down_revision = {"002"}, .message = "make the owner mandatory",
              .create_date = "2026-11-29 00:10:00", .online = true);

}  // namespace rev_003
