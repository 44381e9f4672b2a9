#include "runtime/connect_options.hpp"

#include <string>
#include <vector>

#include "base/suggest.hpp"
#include "base/text.hpp"
#include "capo/error.hpp"

namespace capo::runtime {

const dialect::Dialect& dialect_of(const config::DatabaseUrl& url) {
  if (const dialect::Dialect* known = dialect::find_dialect(url.dialect)) return *known;
  std::vector<std::string> names;
  for (const dialect::Dialect* known : dialect::all_dialects()) names.emplace_back(known->name());
  const auto near = base::closest(url.dialect, names);
  throw Error(ErrorCode::kConfig, "no database is called '" + url.dialect + "'")
      .hint(near ? "did you mean '" + *near + "'?" : "capo knows " + base::join(names, ", "));
}

dialect::ConnectOptions connect_options(const config::DatabaseUrl& url) {
  dialect::ConnectOptions options;
  options.host = url.host;
  options.port = url.port;
  options.username = url.username;
  options.password = url.password;
  options.database = url.database;
  options.parameters = url.query;
  return options;
}

}  // namespace capo::runtime
