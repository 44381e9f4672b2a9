#include "capo/error.hpp"
#include "cli/command_list.hpp"

namespace capo::cli {
namespace {

[[noreturn]] int check() {
  throw Error(ErrorCode::kUnsupported, "'check' is not in this version of capo")
      .hint("it compares models with a database, which comes with 'revision --autogenerate'");
}

}  // namespace

constinit const CommandSpec kCheck = {
    .name = "check",
    .summary = "Compare models with the database (not in this version)",
    .group = Group::kLook,
    .run = [](Session&, const Args&, Output&) { return check(); },
};

}  // namespace capo::cli
