// every note once, and when it was written
//
// SQLite can do neither to a table that is there: capo makes a new one and copies the notes. A file
// that has the same note twice is left as it is, and the user is told.

#include <capo/migration.hpp>

namespace rev_002 {
using namespace capo;

static void upgrade(Operations& op) {
  op.add_column("notes",
                Column("written", Timestamp(), {.server_default = SqlText("CURRENT_TIMESTAMP")}));
  op.create_unique_constraint("every_note_once", "notes", {"text"});
}

static void downgrade(Operations& op) {
  op.drop_constraint("every_note_once", "notes");
  op.drop_column("notes", "written");
}

CAPO_REVISION(002, .down_revision = {"001"}, .message = "every note once");
}  // namespace rev_002
