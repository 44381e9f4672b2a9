// SQLite's splitter: the properties of every splitter, and agreement with sqlite3_complete().

#include <string>

#include "dialect/dialect.hpp"
#include "fuzz.hpp"
#include "split/properties.hpp"
#include "split/sqlite_oracle.hpp"

using capo::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = capo::fuzz::text_of(data, size);
  const capo::dialect::Dialect& dialect = *capo::dialect::find_dialect("sqlite");
  const std::string broken = capo::test::broken_split_property(dialect, text);
  require(broken.empty(), broken.c_str());
  // None of them throws, whatever the text.
  (void)dialect.transaction_control(text);
  (void)dialect.outside_transaction_reason(text);
  (void)dialect.is_session_state(text);
  if (text.find('\0') != std::string_view::npos) return 0;
  const std::string disagreement = capo::test::complete_disagreement(text);
  require(disagreement.empty(), disagreement.c_str());
  return 0;
}
