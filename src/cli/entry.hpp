#pragma once

#include <optional>
#include <string>

#include "base/json.hpp"
#include "base/terminal.hpp"
#include "script/directory.hpp"

/// How one revision is shown, by every command that shows one.
namespace capo::cli {

struct EntryStyle {
  bool parents = false;  ///< `a, b (deps) -> ` before the id
  bool labels = false;   ///< ` (label)` after it
  bool tree = true;      ///< ` (branchpoint)`, ` (mergepoint)`
  bool doc = false;      ///< `, message` at the end
  bool current = false;  ///< ` (current)`: the database is at this revision
};

/// One line, without line break: `<base> -> 1975ea83b712 (branchpoint), create account table`.
std::string entry_line(const script::ScriptDirectory& scripts, revision::Node node,
                       const EntryStyle& style, const base::Paint& paint);

/// The long form (`Rev: …`), several lines, ending with an empty one.
std::string entry_block(const script::ScriptDirectory& scripts, revision::Node node, bool current,
                        const base::Paint& paint);

/// See docs/json.md. `current` appears only if it is known.
base::Json entry_json(const script::ScriptDirectory& scripts, revision::Node node,
                      std::optional<bool> current = {});

}  // namespace capo::cli
