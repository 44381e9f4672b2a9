#pragma once

#include "capo/operations.hpp"
#include "capo/revisions.hpp"

/// What a revision file includes. A revision says how to get from one state of a database to the
/// next, and back:
///
///     #include <capo/migration.hpp>
///     namespace rev_001 {
///     static void upgrade(capo::Operations& op) {
///       op.add_column("items", capo::Column("user_id", capo::Integer()), capo::if_not_exists);
///       op.create_index("idx_items_user_id", "items", {"user_id"}, {}, capo::if_not_exists);
///     }
///     static void downgrade(capo::Operations& op) { op.drop_column("items", "user_id"); }
///     CAPO_REVISION(001, .down_revision = {"000"}, .message = "add multi-tenant schema");
///     }
///
/// Both functions only record what is to be done: nothing has happened when a call returns, and
/// there is nothing to ask the database. They are called on one thread, for a preview as well as
/// for a run, so they must do the same each time. The namespace keeps many revisions apart that are
/// compiled together.

/// Ends a revision's file: its id, what follows from `capo::Revision`, in that order, and the
/// functions `upgrade` and `downgrade` above it. Nothing runs before main(): this is a constant,
/// which the table of revisions that capo_add_migrations() writes points to. It has the same name
/// in every namespace, so that an id that is taken is a link error.
#define CAPO_REVISION(token_, ...)                            \
  extern "C" {                                                \
  extern const ::capo::Revision capo_revision_##token_;       \
  constinit const ::capo::Revision capo_revision_##token_ = { \
      .token = #token_ __VA_OPT__(, ) __VA_ARGS__,            \
      .upgrade = upgrade,                                     \
      .downgrade = downgrade,                                 \
      .file = __FILE__,                                       \
      .line = __LINE__};                                      \
  }                                                           \
  static_assert(true)
