#include "cli/lint_formats.hpp"

#include <fmt/format.h>

#include <array>

#include "base/fs.hpp"
#include "base/text.hpp"

namespace capo::cli {
namespace {

using lint::Finding;
using lint::Severity;

std::string shown_path(const std::string& path, const std::string& directory) {
  if (path.empty()) return path;
  if (!path.starts_with(directory + "/")) return path;
  return path.substr(directory.size() + 1);
}

std::string place(const Finding& finding, const std::string& directory) {
  SourcePosition position = finding.at;
  position.file = shown_path(position.file, directory);
  return position.file.empty() ? "revision " + finding.revision : to_string(position);
}

/// What a workflow command must not hold as it is.
std::string escaped(std::string text, bool is_property) {
  text = base::replace_all(text, "%", "%25");
  text = base::replace_all(text, "\r", "%0D");
  text = base::replace_all(text, "\n", "%0A");
  if (!is_property) return text;
  text = base::replace_all(text, ":", "%3A");
  return base::replace_all(text, ",", "%2C");
}

std::string_view level_in_sarif(Severity severity) { return to_string(severity); }

std::string_view level_at_github(Severity severity) {
  return severity == Severity::kNote ? "notice" : to_string(severity);
}

base::Json region(const SourcePosition& at) {
  return base::Json::object()
      .set("startLine", at.line > 0 ? at.line : 1)
      .set("startColumn", at.column > 0 ? at.column : 1);
}

base::Json location(const Finding& finding, const std::string& directory) {
  return base::Json::object().set(
      "physicalLocation",
      base::Json::object()
          .set("artifactLocation",
               base::Json::object().set("uri", shown_path(finding.at.file, directory)))
          .set("region", region(finding.at)));
}

base::Json rules_in_sarif() {
  base::Json rules = base::Json::array();
  for (const lint::Rule* rule : lint::all_rules()) {
    rules.add(base::Json::object()
                  .set("id", rule->id)
                  .set("name", rule->name)
                  .set("shortDescription", base::Json::object().set("text", rule->summary))
                  .set("fullDescription", base::Json::object().set("text", rule->why))
                  .set("help", base::Json::object().set("text", rule->instead))
                  .set("defaultConfiguration",
                       base::Json::object().set("level", level_in_sarif(rule->severity))));
  }
  return rules;
}

}  // namespace

std::string_view form_instead(const Finding& finding) {
  return finding.instead.empty() ? finding.rule->instead : std::string_view(finding.instead);
}

std::string counts(const std::vector<Finding>& findings) {
  std::array<int, 3> numbers = {};
  int allowed = 0;
  for (const Finding& finding : findings) {
    if (finding.allowed.empty()) {
      ++numbers[static_cast<std::size_t>(finding.severity)];
    } else {
      ++allowed;
    }
  }
  const auto counted = [](int number, std::string_view word) {
    return fmt::format("{} {}{}", number, word, number == 1 ? "" : "s");
  };
  std::string text = fmt::format("{}, {}, {}", counted(numbers[2], "error"),
                                 counted(numbers[1], "warning"), counted(numbers[0], "note"));
  if (allowed > 0) text += fmt::format("; {} allowed", allowed);
  return text;
}

std::string in_words(const FindingsText& text) {
  std::string words;
  for (const Finding& finding : text.findings) {
    if (!finding.allowed.empty()) continue;
    words += fmt::format("{}: {}: {} [{} {}]\n    instead: {}\n", place(finding, text.directory),
                         to_string(finding.severity), finding.text, finding.rule->id,
                         finding.rule->name, form_instead(finding));
  }
  return words;
}

base::Json in_json(const FindingsText& text) {
  base::Json list = base::Json::array();
  for (const Finding& finding : text.findings) {
    list.add(
        base::Json::object()
            .set("rule", finding.rule->id)
            .set("name", finding.rule->name)
            .set("severity", to_string(finding.severity))
            .set("revision", finding.revision)
            .set("file", base::Json::text_or_null(shown_path(finding.at.file, text.directory)))
            .set("line", finding.at.line > 0 ? base::Json(finding.at.line) : base::Json())
            .set("column", finding.at.column > 0 ? base::Json(finding.at.column) : base::Json())
            .set("text", finding.text)
            .set("instead", form_instead(finding))
            .set("statement", base::Json::text_or_null(finding.statement))
            .set("allowed", base::Json::text_or_null(finding.allowed)));
  }
  return list;
}

base::Json in_sarif(const FindingsText& text) {
  base::Json results = base::Json::array();
  for (const Finding& finding : text.findings) {
    base::Json result = base::Json::object();
    result.set("ruleId", finding.rule->id)
        .set("level", level_in_sarif(finding.severity))
        .set("message",
             base::Json::object().set(
                 "text", fmt::format("{}. Instead: {}", finding.text, form_instead(finding))));
    base::Json locations = base::Json::array();
    locations.add(location(finding, text.directory));
    result.set("locations", std::move(locations));
    if (!finding.allowed.empty()) {
      base::Json suppressions = base::Json::array();
      suppressions.add(
          base::Json::object().set("kind", "inSource").set("justification", finding.allowed));
      result.set("suppressions", std::move(suppressions));
    }
    results.add(std::move(result));
  }
  base::Json runs = base::Json::array();
  runs.add(base::Json::object()
               .set("tool", base::Json::object().set("driver", base::Json::object()
                                                                   .set("name", "capo")
                                                                   .set("version", CAPO_VERSION)
                                                                   .set("rules", rules_in_sarif())))
               .set("results", std::move(results)));
  return base::Json::object()
      .set("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
      .set("version", "2.1.0")
      .set("runs", std::move(runs));
}

std::string as_annotations(const FindingsText& text) {
  std::string lines;
  for (const Finding& finding : text.findings) {
    if (!finding.allowed.empty()) continue;
    std::string where = "file=" + escaped(shown_path(finding.at.file, text.directory), true);
    if (finding.at.line > 0) where += fmt::format(",line={}", finding.at.line);
    if (finding.at.column > 0) where += fmt::format(",col={}", finding.at.column);
    lines += fmt::format(
        "::{} {},title={}::{}\n", level_at_github(finding.severity), where,
        escaped(fmt::format("{} {}", finding.rule->id, finding.rule->name), true),
        escaped(fmt::format("{}. Instead: {}", finding.text, form_instead(finding)), false));
  }
  return lines;
}

}  // namespace capo::cli
