#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tenancy/check.hpp"

/// SQL wherever it stands: in strings of a program in any language, in a function that puts a
/// statement together, in a DO block.
namespace capo::tenancy {

struct Occurrence {
  SourcePosition at = {};  ///< line and column within the text
  std::string line = {};   ///< for showing
  const Relation* relation = nullptr;
};

/// Where a text sets the tenant for a whole session: `SET app.tenant`, `set_config('app.tenant', …,
/// false)`, `-c app.tenant=`. Lines that are comments are left out.
std::vector<Occurrence> session_settings(std::string_view text, const std::string& setting);

/// Where it loads rows into a table of tenants: `COPY items FROM STDIN`, `copy_from(file,
/// "items")`.
std::vector<Occurrence> loads(std::string_view text, const Material& material);

}  // namespace capo::tenancy
