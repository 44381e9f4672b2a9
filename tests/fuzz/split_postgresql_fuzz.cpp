// PostgreSQL's splitter: the properties of every splitter, and agreement with PostgreSQL's own
// scanner and parser.

#include <string>

#include "base/text.hpp"
#include "dialect/dialect.hpp"
#include "fuzz.hpp"
#include "split/postgresql_oracle.hpp"
#include "split/properties.hpp"

using capo::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = capo::fuzz::text_of(data, size);
  const capo::dialect::Dialect& dialect = *capo::dialect::find_dialect("postgresql");
  const std::string broken = capo::test::broken_split_property(dialect, text);
  require(broken.empty(), broken.c_str());
  // None of them throws, whatever the text.
  (void)dialect.transaction_control(text);
  (void)dialect.outside_transaction_reason(text);
  (void)dialect.is_session_state(text);
  if (text.find('\0') != std::string_view::npos) return 0;
  const std::string scanned = capo::test::scanner_disagreement(text);
  require(scanned.empty(), scanned.c_str());
  // The scanner has said everything but where BEGIN ATOMIC ends.
  if (capo::base::lower(text).find("atomic") == std::string::npos) return 0;
  const std::string parsed = capo::test::parser_disagreement(text);
  require(parsed.empty(), parsed.c_str());
  return 0;
}
