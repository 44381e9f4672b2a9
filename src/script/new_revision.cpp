#include "script/new_revision.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "base/timezone.hpp"
#include "capo/error.hpp"
#include "capo/revisions.hpp"
#include "revision/graph.hpp"
#include "revision/identifier.hpp"
#include "revision/resolver.hpp"
#include "script/cpp_header.hpp"
#include "script/cpp_text.hpp"
#include "script/file_name.hpp"
#include "script/init_templates.hpp"
#include "script/sql_backfill.hpp"
#include "script/sql_file.hpp"
#include "script/sql_lines.hpp"
#include "script/template.hpp"

namespace capo::script {
namespace {

using revision::Node;
using revision::Revision;

constexpr std::string_view kSeveralHeads =
    "Multiple heads are present; please specify the head revision on which the new revision should "
    "be based, or perform a merge.";
// The version table's column, in Alembic's databases too.
constexpr int kLongestStoredId = 32;

std::string joined(const std::vector<std::string>& list) { return base::join(list, ", "); }

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

struct CreateDate {
  base::CivilTime time = {};
  std::string text = {};
  std::int64_t epoch = 0;
};

CreateDate read_clock(const NewRevisionSettings& settings, const NewRevisionPorts& ports) {
  const auto now = ports.clock.now();
  const std::int64_t epoch =
      std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  const auto date = [&](const base::TimeZone& zone) {
    const base::CivilTime time = base::civil_time(now, zone);
    return CreateDate{time, base::to_string(time, !settings.timezone.empty()), epoch};
  };
  if (settings.timezone.empty()) return date(base::TimeZone::local(ports.environment, ports.files));
  for (const std::string& name : {settings.timezone, upper(settings.timezone)}) {
    if (const std::optional<base::TimeZone> zone = base::TimeZone::find(name, ports.files))
      return date(*zone);
  }
  throw Error(ErrorCode::kConfig, "Can't locate timezone: " + settings.timezone)
      .hint(
          "`timezone` in the ini file is a name of the system's time zone database, as Europe/Rome "
          "(Debian: the package tzdata)");
}

// An id or a label as it stands in a list of the header.
void check_name(std::string_view what, std::string_view name) {
  std::string_view bad;
  if (name.empty()) bad = "is empty";
  if (base::find_invalid_utf8(name)) bad = "is not UTF-8";
  if (name.find(',') != std::string_view::npos)
    bad = "holds a comma, which separates names in a revision's header";
  if (name.find_first_of("\r\n") != std::string_view::npos) bad = "holds a line break";
  if (base::trim(name).size() != name.size()) bad = "begins or ends with white space";
  if (!bad.empty()) {
    throw Error(ErrorCode::kRevision,
                std::string(what) + " '" + std::string(name) + "' " + std::string(bad));
  }
}

void check_message(std::string_view message, bool cpp) {
  if (const auto at = base::find_invalid_utf8(message))
    throw Error(ErrorCode::kScript, "the message is not UTF-8");
  if (message.find('\0') != std::string_view::npos)
    throw Error(ErrorCode::kScript, "the message holds a NUL byte");
  for (const std::string_view line : base::split(message, '\n')) {
    if (cpp || reads_as_text(line)) continue;
    throw Error(
        ErrorCode::kScript,
        "this line of the message would be read as part of the header: " + std::string(line))
        .hint("reword it");
  }
}

// The names as literals, for a braced list.
std::string literals(const std::vector<std::string>& names) {
  if (names.size() > RevisionNames::kMost) {
    throw Error(ErrorCode::kScript, "a revision in C++ can name " +
                                        std::to_string(RevisionNames::kMost) +
                                        " others in one place, not " + std::to_string(names.size()))
        .hint("merge in several steps, or write this one in SQL: --kind sql");
  }
  std::vector<std::string> list;
  for (const std::string& name : names) list.push_back(cpp_string(name));
  return joined(list);
}

// In a comment a backslash at the end of a line would take the next line into it.
std::string as_comment(const std::string& message) {
  std::string text;
  for (std::string_view line : base::split(message, '\n')) {
    line = line.substr(0, line.find_last_not_of(" \t\r\\") + 1);
    if (!text.empty()) text += '\n';
    text.append(line);
  }
  return text;
}

class Planner {
 public:
  Planner(const ScriptDirectory& directory, const NewRevisionRequest& request,
          const NewRevisionSettings& settings, const NewRevisionPorts& ports,
          const std::vector<NewRevision>& earlier)
      : directory_(directory),
        graph_(directory.graph()),
        request_(request),
        settings_(settings),
        ports_(ports),
        earlier_(earlier) {}

  NewRevision plan() {
    check_message(request_.message.value_or("") + "\n" + request_.explanation, is_cpp());
    Revision revision{.id = id(), .branch_labels = request_.branch_labels};
    std::string location;
    if (earlier_.empty()) {
      const std::vector<Node> parents = this->parents();
      for (const Node parent : parents) revision.down_revisions.push_back(graph_.id(parent));
      location = this->location(parents);
      revision.depends_on = dependencies();
    } else {
      const Script& before = earlier_.back().script;
      revision.down_revisions = {before.revision.id};
      location = location_of(before);
    }
    check_graph(revision);

    const CreateDate date = read_clock(settings_, ports_);
    const std::string path = this->path(location, revision.id, date);
    NewRevision planned{.text = with_online(fill(revision, date), date)};
    planned.script = read_back(planned.text, revision);
    planned.script.path = path;
    planned.notes = notes(planned.script, location);
    return planned;
  }

 private:
  bool is_cpp() const { return request_.kind == ScriptKind::kCpp; }
  std::string id() const;
  bool is_taken(const std::string& id) const;
  std::string with_online(std::string text, const CreateDate& date) const;
  std::string token(const std::string& id) const;
  std::vector<Node> parents() const;
  std::vector<std::string> dependencies() const;
  void check_graph(const Revision& revision) const;
  std::string location(const std::vector<Node>& parents) const;
  std::string location_of(const Script& script) const;
  std::string path(const std::string& location, const std::string& id,
                   const CreateDate& date) const;
  std::string template_path() const;
  TemplateValues values(const Revision& revision, const CreateDate& date) const;
  std::string fill(const Revision& revision, const CreateDate& date) const;
  Script read_back(const std::string& text, const Revision& revision) const;
  Script read_back_cpp(const std::string& text, const Revision& revision) const;
  [[noreturn]] void fail_template(std::string_view line) const;
  std::vector<std::string> notes(const Script& script, const std::string& location) const;

  const ScriptDirectory& directory_;
  const revision::Graph& graph_;
  const NewRevisionRequest& request_;
  const NewRevisionSettings& settings_;
  const NewRevisionPorts& ports_;
  const std::vector<NewRevision>& earlier_;  ///< planned and not written yet
};

bool Planner::is_taken(const std::string& id) const {
  return graph_.names().contains(id) ||
         std::any_of(earlier_.begin(), earlier_.end(),
                     [&](const NewRevision& other) { return other.script.revision.id == id; });
}

std::string Planner::id() const {
  if (request_.rev_id.empty()) {
    for (;;) {
      std::string random = ports_.random.hex(12);
      if (!is_taken(random)) return random;
    }
  }
  revision::check_revision_id(request_.rev_id);
  check_name("the identifier", request_.rev_id);
  if (is_taken(request_.rev_id)) {
    Error error(ErrorCode::kRevision, "there is a revision " + request_.rev_id + " already");
    if (graph_.find(request_.rev_id)) error.at({directory_.script(request_.rev_id).path, 0, 0});
    throw error.hint("choose another --rev-id, or leave it out");
  }
  return request_.rev_id;
}

// A word that no other revision in C++ has.
std::string Planner::token(const std::string& id) const {
  const auto is_taken = [&](const std::string& word) {
    return std::any_of(directory_.scripts().begin(), directory_.scripts().end(),
                       [&](const Script& other) { return cpp_word(other.revision.id) == word; }) ||
           std::any_of(earlier_.begin(), earlier_.end(), [&](const NewRevision& other) {
             return cpp_word(other.script.revision.id) == word;
           });
  };
  const std::string word = cpp_word(id);
  std::string token = word;
  for (int number = 2; is_taken(token); ++number) token = word + "_" + std::to_string(number);
  return token;
}

std::vector<Node> Planner::parents() const {
  std::vector<Node> parents;
  for (const std::string& symbol : request_.heads) {
    for (const Node node : revision::resolve_all(graph_, symbol, kSeveralHeads)) {
      if (std::find(parents.begin(), parents.end(), node) != parents.end()) {
        throw Error(ErrorCode::kRevision, "Duplicate head revisions specified");
      }
      parents.push_back(node);
    }
  }
  for (const Node node : parents) {
    if (request_.splice || graph_.is_head(node)) continue;
    throw Error(ErrorCode::kRevision,
                "Revision " + graph_.id(node) +
                    " is not a head revision; please specify --splice to create a new branch from "
                    "this revision");
  }
  return parents;
}

// Whatever was typed, the file says full ids; labels stay labels.
std::vector<std::string> Planner::dependencies() const {
  std::vector<std::string> names;
  for (const std::string& symbol : request_.depends_on) {
    if (graph_.find_label(symbol)) {
      names.push_back(symbol);
      continue;
    }
    const std::optional<Node> node = revision::resolve_one(graph_, symbol);
    if (!node) {
      throw Error(ErrorCode::kRevision, "--depends-on " + symbol + " names no revision")
          .hint("leave it out if the revision depends on no other");
    }
    names.push_back(graph_.id(*node));
  }
  return names;
}

// A file may hold any label, as with Alembic; a new one must be of use in `label@head`, `a:label`.
void check_label(const std::string& label) {
  check_name("the branch label", label);
  const auto fail = [&](const std::string& why) {
    throw Error(ErrorCode::kRevision, "'" + label + "' cannot be a branch label: " + why);
  };
  if (label == "head" || label == "heads" || label == "base" || label == "current") {
    fail("it has a meaning of its own");
  }
  if (label.find_first_of("@:") != std::string::npos) fail("@ and : stand between names");
  if (const auto relative = revision::parse_relative(label)) {
    fail("commands would read '" + relative->text + "' as steps from '" +
         relative->symbol.value_or("current") + "'");
  }
}

// The graph as it will be: what it refuses must be known before the file is written.
void Planner::check_graph(const Revision& revision) const {
  for (const std::string& label : revision.branch_labels) check_label(label);
  std::vector<Revision> revisions;
  revisions.reserve(directory_.scripts().size() + 1);
  for (const Script& script : directory_.scripts()) revisions.push_back(script.revision);
  for (const NewRevision& other : earlier_) revisions.push_back(other.script.revision);
  revisions.push_back(revision);
  const revision::Graph checked(std::move(revisions));
}

std::string Planner::location(const std::vector<Node>& parents) const {
  const std::vector<std::string>& locations = directory_.locations();
  if (!request_.version_path.empty()) {
    const std::string path =
        base::normal_path(base::join_path(ports_.files.current_directory(), request_.version_path));
    if (std::find(locations.begin(), locations.end(), path) != locations.end()) return path;
    throw Error(ErrorCode::kScript, "Path " + request_.version_path +
                                        " is not represented in current version locations")
        .hint("they are " + joined(locations));
  }
  const bool several = std::any_of(locations.begin(), locations.end(),
                                   [&](const std::string& other) { return other != locations[0]; });
  if (!several) return locations[0];
  if (!parents.empty()) return location_of(directory_.script(graph_.id(parents[0])));
  throw Error(ErrorCode::kScript,
              "Multiple version locations present, please specify --version-path")
      .hint("they are " + joined(locations));
}

// The innermost location that holds a file: with recursive_version_locations it may lie deeper.
std::string Planner::location_of(const Script& script) const {
  std::string innermost;
  for (const std::string& location : directory_.locations()) {
    const bool holds = script.path.starts_with(base::join_path(location, "")) || location == "/";
    if (holds && location.size() > innermost.size()) innermost = location;
  }
  return innermost;
}

std::string Planner::path(const std::string& location, const std::string& id,
                          const CreateDate& date) const {
  // A `/` of the identifier must not make a folder; only the template may.
  const FileNameValues values{
      .rev = base::replace_all(id, "/", "_"),
      .slug = slug(request_.message.value_or(""), settings_.truncate_slug_length),
      .epoch = date.epoch,
      .created = date.time};
  const std::string name =
      fill_file_template(settings_.file_template, values) + (is_cpp() ? ".cpp" : ".sql");
  const std::string path = base::normal_path(base::join_path(location, name));
  const std::string last = base::file_name(name);
  const bool readable = is_cpp() ? may_be_cpp_revision(last) : may_be_revision(last);
  if (!path.starts_with(base::join_path(location, "")) || !readable || last.starts_with(".")) {
    throw Error(ErrorCode::kConfig, "file_template gives no name for a revision: " + name)
        .detail("file_template = " + settings_.file_template);
  }
  const bool is_planned =
      std::any_of(earlier_.begin(), earlier_.end(),
                  [&](const NewRevision& other) { return other.script.path == path; });
  if (is_planned || ports_.files.kind(path) != base::FileKind::kNone) {
    throw Error(ErrorCode::kScript, "there is a file " + path + " already")
        .hint("choose another message or --rev-id");
  }
  return path;
}

std::string Planner::template_path() const {
  const std::string path = base::join_path(directory_.options().script_location,
                                           is_cpp() ? kCppTemplateName : kSqlTemplateName);
  return base::normal_path(base::join_path(ports_.files.current_directory(), path));
}

TemplateValues Planner::values(const Revision& revision, const CreateDate& date) const {
  TemplateValues values{.message = request_.message.value_or("empty message"),
                        .up_revision = revision.id,
                        .down_revision = joined(revision.down_revisions),
                        .create_date = date.text,
                        .branch_labels = joined(revision.branch_labels),
                        .depends_on = joined(revision.depends_on),
                        .upgrades = request_.upgrades,
                        .downgrades = request_.downgrades};
  if (is_cpp()) values.message_literal = cpp_string(values.message);
  if (!request_.explanation.empty()) values.message += "\n\n" + request_.explanation;
  if (!is_cpp()) return values;
  values.message = as_comment(values.message);
  values.down_revision = literals(revision.down_revisions);
  values.branch_labels = literals(revision.branch_labels);
  values.depends_on = literals(revision.depends_on);
  values.token = token(revision.id);
  if (values.token != revision.id) values.id_literal = cpp_string(revision.id);
  return values;
}

std::string Planner::fill(const Revision& revision, const CreateDate& date) const {
  const std::string path = template_path();
  const std::optional<std::string> text = ports_.files.read_if_exists(path);
  const std::string_view standard = is_cpp() ? default_cpp_template() : default_sql_template();
  return fill_template(text ? std::string_view(*text) : standard, path, values(revision, date));
}

// Templates are the user's, and say nothing of it.
std::string Planner::with_online(std::string text, const CreateDate& date) const {
  if (!request_.online) return text;
  if (is_cpp()) {
    const std::string field = ".create_date = \"" + date.text + "\"";
    const std::size_t at = text.rfind(field);
    if (at == std::string::npos) fail_template(".create_date = \"${create_date}\"");
    const std::size_t line = text.rfind('\n', at) + 1;
    return text.insert(at + field.size(), ",\n" + std::string(at - line, ' ') + ".online = true");
  }
  std::string all;
  Lines lines(text);
  for (Line line; lines.next(line);) {
    all += line.text;
    const auto marker = marker_of(line.text);
    if (marker && !is_backfill_directive(*marker)) all += " online=on";
    all += '\n';
  }
  return all;
}

void Planner::fail_template(std::string_view line) const {
  throw Error(ErrorCode::kScript, "the template does not give the new revision its header")
      .at({template_path(), 0, 0})
      .hint("it needs the line \"" + std::string(line) + "\"");
}

// The template is the user's: what it makes must be the revision that was asked for.
Script Planner::read_back(const std::string& text, const Revision& revision) const {
  if (is_cpp()) return read_back_cpp(text, revision);
  Script script = parse_sql_file(text, "the new revision, from " + template_path()).script;
  const struct {
    bool same;
    std::string_view line;
  } checks[] = {
      {script.revision.id == revision.id, "-- Revision ID: ${up_revision}"},
      {script.revision.down_revisions == revision.down_revisions, "-- Revises: ${down_revision}"},
      {script.revision.branch_labels == revision.branch_labels,
       "-- Branch Labels: ${branch_labels}"},
      {script.revision.depends_on == revision.depends_on, "-- Depends On: ${depends_on}"}};
  for (const auto& [same, line] : checks) {
    if (!same) fail_template(line);
  }
  return script;
}

// What only a compiler can read is looked for as text.
Script Planner::read_back_cpp(const std::string& text, const Revision& revision) const {
  const auto header = read_cpp_header(text, "the new revision, from " + template_path());
  if (!header || header->token != token(revision.id)) fail_template("CAPO_REVISION(${token},");
  if (header->id != revision.id) fail_template(".id = ${id_literal},");
  const std::pair<std::string, std::string_view> lists[] = {
      {literals(revision.down_revisions), ".down_revision = {${down_revision}},"},
      {literals(revision.branch_labels), ".branch_labels = {${branch_labels}},"},
      {literals(revision.depends_on), ".depends_on = {${depends_on}},"}};
  for (const auto& [names, line] : lists) {
    if (text.find(names) == std::string::npos) fail_template(line);
  }
  return {.revision = revision, .doc = header->doc, .kind = ScriptKind::kCpp};
}

std::vector<std::string> Planner::notes(const Script& script, const std::string& location) const {
  std::vector<std::string> notes;
  const std::vector<Script>& others = directory_.scripts();
  const auto is_python = [](const Script& other) { return other.kind == ScriptKind::kPython; };
  if (!others.empty() && std::all_of(others.begin(), others.end(), is_python)) {
    notes.push_back(std::string("The revisions so far are written in Python; this one is ") +
                    (is_cpp() ? "C++" : "SQL") + ", which Alembic does not read.");
  }
  if (base::count_code_points(script.revision.id) > kLongestStoredId) {
    notes.push_back("The identifier is longer than the 32 characters that a version table holds.");
  }
  if (!directory_.options().recursive && base::parent_path(script.path) != location) {
    notes.push_back(
        "The file lies in a subfolder: capo finds it only with recursive_version_locations = "
        "true.");
  }
  return notes;
}

}  // namespace

NewRevision plan_new_revision(const ScriptDirectory& directory, const NewRevisionRequest& request,
                              const NewRevisionSettings& settings, const NewRevisionPorts& ports) {
  return Planner(directory, request, settings, ports, {}).plan();
}

std::vector<NewRevision> plan_new_revisions(const ScriptDirectory& directory,
                                            const std::vector<NewRevisionRequest>& requests,
                                            const NewRevisionSettings& settings,
                                            const NewRevisionPorts& ports) {
  std::vector<NewRevision> planned;
  for (const NewRevisionRequest& request : requests) {
    planned.push_back(Planner(directory, request, settings, ports, planned).plan());
  }
  return planned;
}

void write_new_revision(const NewRevision& revision, base::FileSystem& files) {
  files.create_directories(base::parent_path(revision.script.path));
  if (files.create(revision.script.path, revision.text)) return;
  throw Error(ErrorCode::kScript, "there is a file " + revision.script.path + " already")
      .hint("choose another message or --rev-id");
}

}  // namespace capo::script
