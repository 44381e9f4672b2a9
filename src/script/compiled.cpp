#include "script/compiled.hpp"

#include <algorithm>
#include <exception>

#include "base/error_context.hpp"
#include "base/fs.hpp"
#include "base/text.hpp"
#include "capo/error.hpp"
#include "operation/recorder.hpp"
#include "script/sql_file.hpp"

namespace capo::script {
namespace {

std::vector<std::string> strings(const RevisionNames& names) {
  return {names.begin(), names.end()};
}

// A piece of what embedded_table() packs.
std::string_view cut(std::string_view& text, char end) {
  const std::size_t length = std::min(text.find(end), text.size());
  const std::string_view piece = text.substr(0, length);
  text.remove_prefix(std::min(length + 1, text.size()));
  return piece;
}

std::vector<std::string> cut_names(std::string_view& text) {
  std::vector<std::string> names;
  std::string_view line = cut(text, '\n');
  while (!line.empty()) names.emplace_back(cut(line, '\t'));
  return names;
}

// The date is left to compiled_script().
revision::Revision unpacked(std::string_view header) {
  revision::Revision revision;
  revision.id = cut(header, '\n');
  revision.down_revisions = cut_names(header);
  revision.branch_labels = cut_names(header);
  revision.depends_on = cut_names(header);
  cut(header, '\n');
  revision.message = header;
  return revision;
}

revision::Revision revision_of(const Revision& from) {
  return {.id = std::string(from.id.empty() ? from.token : from.id),
          .down_revisions = strings(from.down_revision),
          .depends_on = strings(from.depends_on),
          .branch_labels = strings(from.branch_labels),
          .message = std::string(from.message)};
}

std::string create_date(const CompiledRevision& compiled) {
  if (compiled.revision != nullptr) return std::string(compiled.revision->create_date);
  std::string_view header = compiled.header;
  for (int line = 0; line < 4; ++line) cut(header, '\n');
  return std::string(cut(header, '\n'));
}

std::vector<std::string> loses_data(const CompiledRevision& compiled) {
  if (compiled.revision == nullptr) {
    if (compiled.sql.empty()) return {};
    const auto header = parse_sql_header(compiled.sql, std::string(compiled.path));
    return header ? header->loses_data : std::vector<std::string>();
  }
  std::vector<std::string> names;
  for (const std::string_view name : base::split(compiled.revision->loses_data, ',')) {
    if (!base::trim(name).empty()) names.emplace_back(base::trim(name));
  }
  return names;
}

// The message, then the comment of the file, which may begin with it.
std::string doc_of(const CompiledRevision& compiled, std::string_view message) {
  if (compiled.doc.starts_with(message)) return std::string(compiled.doc);
  std::string doc(message);
  if (!compiled.doc.empty()) doc.append("\n\n").append(compiled.doc);
  return doc;
}

ScriptKind kind_of(const CompiledRevision& compiled) {
  if (compiled.revision != nullptr) return ScriptKind::kCpp;
  return compiled.path.ends_with(".py") ? ScriptKind::kPython : ScriptKind::kSql;
}

// Of op.execute() and op.backfill(): the place where it is called, with the file's name as
// everywhere else; and how the revision wants its statements sent.
operation::Operation settled(operation::Operation operation, const Script& script,
                             const Revision& revision) {
  if (const DataStep* step = operation::if_data_step(operation)) {
    DataStep changed = *step;
    changed.transactional = revision.transactional;
    return changed;
  }
  if (const Backfill* backfill = operation::if_backfill(operation)) {
    Backfill changed = *backfill;
    if (changed.origin.file == revision.file) changed.origin.file = script.path;
    return changed;
  }
  const operation::ExecuteSql* sql = operation::if_sql(operation);
  if (sql == nullptr) return operation;
  operation::ExecuteSql changed = *sql;
  changed.transactional = changed.transactional && revision.transactional;
  if (changed.origin.file == revision.file) changed.origin.file = script.path;
  return changed;
}

}  // namespace

std::string_view to_string(ScriptKind kind) {
  switch (kind) {
    case ScriptKind::kSql:
      return "sql";
    case ScriptKind::kCpp:
      return "cpp";
    case ScriptKind::kPython:
      return "python";
  }
  return {};
}

Script compiled_outline(const CompiledRevision& compiled) {
  Script script;
  script.revision =
      compiled.revision != nullptr ? revision_of(*compiled.revision) : unpacked(compiled.header);
  script.kind = kind_of(compiled);
  return script;
}

Script compiled_script(const CompiledRevision& compiled, const std::string& root) {
  Script script = compiled_outline(compiled);
  script.path = root.empty() ? std::string(compiled.path) : base::join_path(root, compiled.path);
  script.create_date = create_date(compiled);
  script.doc = doc_of(compiled, script.revision.message);
  script.loses_data = loses_data(compiled);
  return script;
}

Content record_revision(const Script& script, const CompiledRevision& compiled,
                        revision::Direction direction, Operations::Recorder recorder) {
  const Revision& revision = *compiled.revision;
  const bool up = direction == revision::Direction::kUpgrade;
  void (*const function)(Operations&) = up ? revision.upgrade : revision.downgrade;
  const SourcePosition place = {script.path, revision.line, 0};
  const std::string name = "revision " + script.revision.id;
  if (function == nullptr) {
    throw Error(ErrorCode::kScript, name + " cannot be undone: it has no downgrade()").at(place);
  }
  const std::string which = name + ", in " + (up ? "upgrade()" : "downgrade()");
  Content content{.checksum = std::string(compiled.checksum),
                  .transactional = revision.transactional};
  if (revision.online.is_made()) content.online = revision.online.is_yes();
  std::vector<operation::Operation> recorded;
  try {
    recorded = operation::record(function, std::move(recorder));
  } catch (const Error& error) {
    throw base::in_context(error, which, place);
  } catch (const std::exception& error) {
    throw Error(ErrorCode::kScript, which + ": " + error.what()).at(place);
  } catch (...) {
    throw Error(ErrorCode::kScript, which + " threw what is no std::exception").at(place);
  }
  content.operations.reserve(recorded.size());
  for (operation::Operation& operation : recorded) {
    content.operations.push_back(settled(std::move(operation), script, revision));
  }
  return content;
}

}  // namespace capo::script
