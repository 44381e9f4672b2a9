#include "script/embed.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "script/cpp_header.hpp"
#include "script/cpp_text.hpp"
#include "script/directory.hpp"
#include "script/python_header.hpp"
#include "script/sql_file.hpp"

namespace capo::script {
namespace {

// As RevisionNames holds.
constexpr std::size_t kMostNames = 16;

// With its length, which compilers would otherwise count one character after the other, up to a
// limit; and as a literal, because other constant expressions take GCC a time that grows with the
// square of their number.
std::string view(std::string_view text) { return cpp_literal(text) + "sv"; }

std::string name_list(const std::vector<std::string>& names) {
  std::string list = "{";
  for (const std::string& name : names) {
    if (list.size() > 1) list += ", ";
    list += view(name);
  }
  return list + "}";
}

bool is_qualified_name(std::string_view name) {
  const auto is_word = [](std::string_view word) {
    return is_cpp_word(word) && !base::is_digit(word[0]);
  };
  for (;;) {
    const std::size_t colons = name.find("::");
    if (!is_word(name.substr(0, colons))) return false;
    if (colons == std::string_view::npos) return true;
    name.remove_prefix(colons + 2);
  }
}

class Table {
 public:
  Table(const EmbedRequest& request, const base::FileSystem& files)
      : request_(request), files_(files) {}

  std::string write() {
    if (!is_qualified_name(request_.function)) {
      throw Error(ErrorCode::kScript,
                  "'" + request_.function + "' cannot be the name of a function");
    }
    for (const std::string& path : request_.files) add(path);
    return text();
  }

 private:
  void add(const std::string& path) {
    const std::string name = base::file_name(path);
    if (may_be_cpp_revision(name)) {
      add_cpp(path, files_.read(path));
    } else if (may_be_revision(name)) {
      const std::string content = files_.read(path);
      const bool is_sql = name.ends_with(".sql");
      if (is_sql && !parse_sql_header(content, path)) return;
      if (is_sql) {
        const SqlFile file = parse_sql_file(content, path);
        add_text(file.script, file.checksum, content);
      } else {
        add_text(parse_python_header(content, path), {}, {});
      }
    }
  }

  void add_cpp(const std::string& path, const std::string& content) {
    const std::optional<CppHeader> header = read_cpp_header(content, path);
    if (!header) {
      throw Error(ErrorCode::kScript, "a C++ file among the revisions, without CAPO_REVISION")
          .at({path, 0, 0})
          .hint(
              "write CAPO_REVISION(001, .down_revision = {\"000\"}, .message = \"…\"); below its "
              "functions upgrade and downgrade, or move the file elsewhere");
    }
    take(ids_, header->id, path, "Revision " + header->id + " is present more than once");
    take(tokens_, header->token, path,
         "CAPO_REVISION(" + header->token + ", …) is present more than once");
    declarations_ += "extern const capo::Revision capo_revision_" + header->token + ";\n";
    add_entry("capo_revision_" + header->token, cpp_checksum(content), {}, path, header->doc);
  }

  // A revision whose constant is made here: in SQL, or in Python, of which only the header counts.
  void add_text(const Script& script, const std::string& checksum, std::string_view sql) {
    const revision::Revision& revision = script.revision;
    take(ids_, revision.id, script.path, "Revision " + revision.id + " is present more than once");
    for (const auto* names :
         {&revision.down_revisions, &revision.branch_labels, &revision.depends_on}) {
      if (names->size() <= kMostNames) continue;
      throw Error(ErrorCode::kScript,
                  "more than 16 names in one line of the header, which is more "
                  "than fit into a program")
          .at({script.path, 0, 0})
          .hint("merge in several steps");
    }
    const std::string constant = "kRevision" + std::to_string(ids_.size());
    constants_ += "constexpr capo::Revision " + constant + " = {.token = " + view(revision.id) +
                  ",\n    .down_revision = " + name_list(revision.down_revisions) +
                  ",\n    .branch_labels = " + name_list(revision.branch_labels) +
                  ",\n    .depends_on = " + name_list(revision.depends_on) +
                  ",\n    .message = " + view(revision.message) +
                  ",\n    .create_date = " + view(script.create_date) + "};\n";
    add_entry(constant, checksum, sql, script.path, script.doc);
  }

  void add_entry(const std::string& constant, std::string_view checksum, std::string_view sql,
                 const std::string& path, std::string_view doc) {
    entries_ += "    {.revision = &" + constant + ",\n     .checksum = " + view(checksum);
    if (!sql.empty()) entries_ += ",\n     .sql = " + view(sql);
    entries_ += ",\n     .path = " + view(shown(path));
    if (!doc.empty()) entries_ += ",\n     .doc = " + view(doc);
    entries_ += "},\n";
  }

  std::string shown(const std::string& path) const {
    const std::string here = files_.current_directory();
    const std::string absolute = base::normal_path(base::join_path(here, path));
    const std::string root = base::normal_path(base::join_path(here, request_.root));
    return base::relative_path(root, absolute);
  }

  static void take(std::map<std::string, std::string>& taken, const std::string& name,
                   const std::string& path, const std::string& what) {
    const auto [first, is_new] = taken.try_emplace(name, path);
    if (is_new) return;
    throw Error(ErrorCode::kRevision, what)
        .at({path, 0, 0})
        .detail("The first is in " + first->second + ".")
        .hint("give one of the two another id, or remove it");
  }

  std::string text() const {
    std::string text =
        "// Written by `capo embed` from the revisions and the ini file of a project.\n\n"
        "#include <capo/capo.hpp>\n\n"
        "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\n";
    if (!declarations_.empty()) text += "extern \"C\" {\n" + declarations_ + "}\n\n";
    text += "namespace {\n\nusing namespace std::string_view_literals;\n\n" + constants_;
    if (!entries_.empty()) {
      text += "constexpr capo::CompiledRevision kTable[] = {\n" + entries_ + "};\n";
    }
    text += "constexpr capo::Project kProject = {\n    .revisions = ";
    text +=
        entries_.empty() ? "{}" : "{.first = kTable, .count = " + std::to_string(ids_.size()) + "}";
    if (!request_.ini_path.empty()) {
      text += ",\n    .ini = " + view(files_.read(request_.ini_path));
    }
    return text + "};\n\n}  // namespace\n\n" + definition();
  }

  // A function in a namespace that was not declared must be defined inside of it.
  std::string definition() const {
    const std::size_t colons = request_.function.rfind("::");
    const std::string body = "() { return kProject; }\n";
    if (colons == std::string::npos) {
      return "const capo::Project& " + request_.function + "();\nconst capo::Project& " +
             request_.function + body;
    }
    const std::string name = request_.function.substr(colons + 2);
    const std::string head = "const capo::Project& " + name;
    return "namespace " + request_.function.substr(0, colons) + " {\n" + head + "();\n" + head +
           body + "}\n";
  }

  const EmbedRequest& request_;
  const base::FileSystem& files_;
  std::map<std::string, std::string> ids_ = {};     // and the files that they are in
  std::map<std::string, std::string> tokens_ = {};  // likewise
  std::string declarations_ = {};
  std::string constants_ = {};
  std::string entries_ = {};
};

}  // namespace

std::string embedded_table(const EmbedRequest& request, const base::FileSystem& files) {
  return Table(request, files).write();
}

}  // namespace capo::script
