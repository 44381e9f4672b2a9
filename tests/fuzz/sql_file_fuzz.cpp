// SQL revisions: any bytes are read or refused; the header alone says what the whole file says;
// what is read can be written and read back; a checkout's line ends change nothing.

#include <algorithm>
#include <optional>
#include <string>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "fuzz.hpp"
#include "script/init_templates.hpp"
#include "script/sql_file.hpp"
#include "script/template.hpp"

using capo::fuzz::require;
using capo::revision::Direction;
namespace base = capo::base;
namespace script = capo::script;

namespace {

const std::string kPath = "versions/x.sql";

// Nothing if the parser refuses the text.
std::optional<script::SqlFile> parse(std::string_view text) {
  try {
    return script::parse_sql_file(text, kPath);
  } catch (const capo::Error& error) {
    require(error.where().file == kPath && error.where().line >= 1, "an error says where it is");
    const auto lines = static_cast<int>(std::count(text.begin(), text.end(), '\n')) + 1;
    require(error.where().line <= lines, "an error lies in the file");
    require(!base::find_invalid_utf8(error.source_line()), "the line shown is UTF-8");
    return std::nullopt;
  }
}

bool same(const script::Script& a, const script::Script& b) {
  return a.revision.id == b.revision.id && a.revision.down_revisions == b.revision.down_revisions &&
         a.revision.depends_on == b.revision.depends_on &&
         a.revision.branch_labels == b.revision.branch_labels &&
         a.revision.message == b.revision.message && a.create_date == b.create_date;
}

void check_header(std::string_view text, const script::Script& script) {
  const auto whole = script::parse_sql_header(text, kPath);
  require(whole && same(*whole, script), "the header says what the file says");
  // Directories are read by the starts of their files.
  for (std::size_t size = text.size() / 2; size <= text.size(); size += text.size() / 4 + 1) {
    const std::string_view start = text.substr(0, size);
    if (!script::holds_sql_header(start)) continue;
    const auto early = script::parse_sql_header(start, kPath);
    require(early && same(*early, script), "the start of a file says what the file says");
  }
}

void check_written(const script::Script& read) {
  const script::TemplateValues values{
      .message = read.revision.message,
      .up_revision = read.revision.id,
      .down_revision = base::join(read.revision.down_revisions, ", "),
      .create_date = read.create_date,
      .branch_labels = base::join(read.revision.branch_labels, ", "),
      .depends_on = base::join(read.revision.depends_on, ", ")};
  const std::string text =
      script::fill_template(script::default_sql_template(), "template", values);
  const auto again = parse(text);
  require(again && same(again->script, read), "a header survives writing");
}

// Its directive says all that it holds, and is read back as the same.
void check_backfill(const capo::Backfill& backfill) {
  require(!backfill.table.empty() && !backfill.set.sql.empty(), "a backfill sets something");
  const std::string line = script::backfill_directive(backfill);
  const script::Source source{line, kPath};
  require(line.find('\n') == std::string::npos, "a directive is a line");
  capo::BackfillOptions again =
      script::read_backfill_options(source, std::string_view(line).substr(line.find(':') + 1));
  again.set = backfill.set;
  again.where = backfill.where;
  again.schema = backfill.schema;
  require(again == static_cast<const capo::BackfillOptions&>(backfill), "a directive comes back");
}

void check_operations(const script::SqlFile& file, Direction direction) {
  for (const char* dialect : {"postgresql", "sqlite", "oracle"}) {
    try {
      for (const auto& operation : script::operations(file, direction, dialect)) {
        if (const capo::Backfill* backfill = capo::operation::if_backfill(operation)) {
          check_backfill(*backfill);
          continue;
        }
        const capo::ExecuteSql& sql = *capo::operation::if_sql(operation);
        require(sql.origin.line > 1, "a section begins behind its marker");
        require(sql.text.find("\r\n") == std::string::npos, "line ends are LF");
      }
    } catch (const capo::Error& error) {
      require(error.code() == capo::ErrorCode::kScript,
              "a section that is missing is the script's fault");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = capo::fuzz::text_of(data, size);
  const std::optional<script::SqlFile> file = parse(text);
  if (!file) return 0;
  require(script::sql_checksum(text, kPath) == file->checksum, "one checksum");
  check_header(text, file->script);
  check_written(file->script);
  check_operations(*file, Direction::kUpgrade);
  check_operations(*file, Direction::kDowngrade);
  for (const std::string& other :
       {base::replace_all(text, "\r\n", "\n"), base::replace_all(text, "\n", "\r\n")}) {
    const auto converted = parse(other);
    require(converted && converted->checksum == file->checksum, "line ends change nothing");
  }
  return 0;
}
