#include "script/compiled.hpp"

#include <exception>

#include "base/fs.hpp"
#include "capo/error.hpp"
#include "operation/recorder.hpp"

namespace capo::script {
namespace {

std::vector<std::string> strings(const RevisionNames& names) {
  return {names.begin(), names.end()};
}

ScriptKind kind_of(const CompiledRevision& compiled) {
  if (compiled.revision->upgrade != nullptr) return ScriptKind::kCpp;
  return compiled.path.ends_with(".py") ? ScriptKind::kPython : ScriptKind::kSql;
}

// The same error, which now says whose it is and, if it does not know, where.
Error explained(Error error, const std::string& which, const SourcePosition& place) {
  Error result(error.code(), which + ": " + error.message());
  if (error.where().file.empty()) {
    result.at(place);
  } else {
    result.at(error.where(), error.source_line());
  }
  result.detail(error.detail()).hint(error.hint()).sqlstate(error.sqlstate());
  return result.statement(error.statement(), error.statement_offset());
}

// Of op.execute(): the place where it is called, with the file's name as everywhere else; and how
// the revision wants its statements sent.
operation::Operation settled(operation::Operation operation, const Script& script,
                             const Revision& revision) {
  if (const DataStep* step = operation::if_data_step(operation)) {
    DataStep changed = *step;
    changed.transactional = revision.transactional;
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

Script compiled_script(const CompiledRevision& compiled, const std::string& root) {
  const Revision& from = *compiled.revision;
  Script script;
  script.revision.id = from.id.empty() ? from.token : from.id;
  script.revision.down_revisions = strings(from.down_revision);
  script.revision.depends_on = strings(from.depends_on);
  script.revision.branch_labels = strings(from.branch_labels);
  script.revision.message = from.message;
  script.path = root.empty() ? std::string(compiled.path) : base::join_path(root, compiled.path);
  script.create_date = from.create_date;
  script.doc = from.message;
  if (compiled.doc.starts_with(from.message)) {
    script.doc = compiled.doc;
  } else if (!compiled.doc.empty()) {
    script.doc.append("\n\n").append(compiled.doc);
  }
  script.kind = kind_of(compiled);
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
  std::vector<operation::Operation> recorded;
  try {
    recorded = operation::record(function, std::move(recorder));
  } catch (const Error& error) {
    throw explained(error, which, place);
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
