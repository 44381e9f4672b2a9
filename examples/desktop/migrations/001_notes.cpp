// notes

#include <capo/migration.hpp>

namespace rev_001 {
using namespace capo;

static void upgrade(Operations& op) {
  op.create_table("notes", {Column("id", Integer(), {.primary_key = true}),
                            Column("text", Text(), {.nullable = false})});
}

static void downgrade(Operations& op) { op.drop_table("notes"); }

CAPO_REVISION(001, .message = "notes");
}  // namespace rev_001
