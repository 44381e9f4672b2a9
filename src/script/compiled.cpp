#include "script/compiled.hpp"

#include <algorithm>
#include <exception>

#include "base/fs.hpp"
#include "capo/error.hpp"
#include "operation/recorder.hpp"

namespace capo::script {
namespace {

std::vector<std::string> strings(const RevisionNames& names) {
  return {names.begin(), names.end()};
}

// Reads what embedded_table() packs.
void unpack_header(std::string_view header, Script& script) {
  const auto cut = [](std::string_view& text, char end) {
    const std::size_t length = std::min(text.find(end), text.size());
    const std::string_view piece = text.substr(0, length);
    text.remove_prefix(std::min(length + 1, text.size()));
    return piece;
  };
  const auto cut_list = [&] {
    std::vector<std::string> names;
    std::string_view line = cut(header, '\n');
    while (!line.empty()) names.emplace_back(cut(line, '\t'));
    return names;
  };
  script.revision.id = cut(header, '\n');
  script.revision.down_revisions = cut_list();
  script.revision.branch_labels = cut_list();
  script.revision.depends_on = cut_list();
  script.create_date = cut(header, '\n');
  script.revision.message = header;
}

ScriptKind kind_of(const CompiledRevision& compiled) {
  if (compiled.revision != nullptr) return ScriptKind::kCpp;
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
  Script script;
  if (compiled.revision != nullptr) {
    const Revision& from = *compiled.revision;
    script.revision.id = from.id.empty() ? from.token : from.id;
    script.revision.down_revisions = strings(from.down_revision);
    script.revision.depends_on = strings(from.depends_on);
    script.revision.branch_labels = strings(from.branch_labels);
    script.create_date = from.create_date;
    script.revision.message = from.message;
  } else {
    unpack_header(compiled.header, script);
  }
  script.path = root.empty() ? std::string(compiled.path) : base::join_path(root, compiled.path);
  script.kind = kind_of(compiled);
  return script;
}

std::string compiled_doc(const CompiledRevision& compiled, std::string_view message) {
  if (compiled.doc.starts_with(message)) return std::string(compiled.doc);
  std::string doc(message);
  if (!compiled.doc.empty()) doc.append("\n\n").append(compiled.doc);
  return doc;
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
