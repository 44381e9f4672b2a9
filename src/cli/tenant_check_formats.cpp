#include "cli/tenant_check_formats.hpp"

#include <fmt/format.h>

#include <array>

#include "base/text.hpp"

namespace capo::cli {
namespace {

using tenancy::Check;
using tenancy::Finding;

std::string place(const Finding& finding) {
  const std::string position = to_string(finding.at);
  if (position.empty()) return finding.object;
  return finding.object.empty() ? position : position + ": " + finding.object;
}

std::string remedy(const Finding& finding) {
  return finding.why_no_fix.empty() ? std::string(finding.check->remedy) : finding.why_no_fix;
}

base::Json location(const Finding& finding, const std::string& ini) {
  const bool is_in_file = !finding.at.file.empty();
  base::Json region =
      base::Json::object()
          .set("startLine", is_in_file && finding.at.line > 0 ? finding.at.line : 1)
          .set("startColumn", is_in_file && finding.at.column > 0 ? finding.at.column : 1);
  base::Json names = base::Json::array();
  names.add(base::Json::object().set("fullyQualifiedName", finding.object));
  return base::Json::object()
      .set("physicalLocation",
           base::Json::object()
               .set("artifactLocation",
                    base::Json::object().set("uri", is_in_file ? finding.at.file : ini))
               .set("region", std::move(region)))
      .set("logicalLocations", std::move(names));
}

base::Json rules() {
  base::Json all = base::Json::array();
  for (const Check* check : tenancy::all_checks()) {
    all.add(base::Json::object()
                .set("id", check->id)
                .set("name", check->name)
                .set("shortDescription", base::Json::object().set("text", check->title))
                .set("fullDescription", base::Json::object().set("text", check->attack))
                .set("help", base::Json::object().set("text", check->remedy))
                .set("defaultConfiguration",
                     base::Json::object().set("level", tenancy::to_string(check->severity))));
  }
  return all;
}

}  // namespace

std::string counts(const std::vector<Finding>& findings) {
  std::array<int, 3> numbers = {};
  for (const Finding& finding : findings) ++numbers[static_cast<std::size_t>(finding.severity)];
  const auto counted = [](int number, std::string_view word) {
    return fmt::format("{} {}{}", number, word, number == 1 ? "" : "s");
  };
  return fmt::format("{}, {}, {}", counted(numbers[2], "error"), counted(numbers[1], "warning"),
                     counted(numbers[0], "note"));
}

std::string in_words(const std::vector<Finding>& findings) {
  std::string words;
  for (const Finding& finding : findings) {
    words +=
        fmt::format("{}: {}: {} [{} {}]\n", place(finding), tenancy::to_string(finding.severity),
                    finding.text, finding.check->id, finding.check->name);
    if (!finding.evidence.empty()) {
      words += fmt::format("    by: {}\n", base::replace_all(finding.evidence, "\n", "\n        "));
    }
    words += fmt::format("    attack: {}\n    fix: {}\n", finding.check->attack, remedy(finding));
    for (const tenancy::Fix& fix : finding.fix) words += fmt::format("        {};\n", fix.up);
  }
  return words;
}

base::Json in_json(const std::vector<Finding>& findings) {
  base::Json list = base::Json::array();
  for (const Finding& finding : findings) {
    base::Json up = base::Json::array();
    base::Json down = base::Json::array();
    for (const tenancy::Fix& fix : finding.fix) {
      up.add(fix.up);
      if (!fix.down.empty()) down.add(fix.down);
    }
    list.add(base::Json::object()
                 .set("check", finding.check->id)
                 .set("name", finding.check->name)
                 .set("severity", tenancy::to_string(finding.severity))
                 .set("object", base::Json::text_or_null(finding.object))
                 .set("file", base::Json::text_or_null(finding.at.file))
                 .set("line", finding.at.line > 0 ? base::Json(finding.at.line) : base::Json())
                 .set("text", finding.text)
                 .set("evidence", base::Json::text_or_null(finding.evidence))
                 .set("attack", finding.check->attack)
                 .set("remedy", remedy(finding))
                 .set("fix", std::move(up))
                 .set("fix_undo", std::move(down)));
  }
  return list;
}

base::Json in_sarif(const std::vector<Finding>& findings, const std::string& ini) {
  base::Json results = base::Json::array();
  for (const Finding& finding : findings) {
    base::Json locations = base::Json::array();
    locations.add(location(finding, ini));
    results.add(base::Json::object()
                    .set("ruleId", finding.check->id)
                    .set("level", tenancy::to_string(finding.severity))
                    .set("message",
                         base::Json::object().set(
                             "text", fmt::format("{}: {}. {} Fix: {}", finding.object, finding.text,
                                                 finding.check->attack, remedy(finding))))
                    .set("locations", std::move(locations)));
  }
  base::Json driver =
      base::Json::object().set("name", "capo").set("version", CAPO_VERSION).set("rules", rules());
  base::Json runs = base::Json::array();
  runs.add(base::Json::object()
               .set("tool", base::Json::object().set("driver", std::move(driver)))
               .set("results", std::move(results)));
  return base::Json::object()
      .set("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
      .set("version", "2.1.0")
      .set("runs", std::move(runs));
}

base::Json check_in_json(const Check& check) {
  return base::Json::object()
      .set("id", check.id)
      .set("name", check.name)
      .set("severity", tenancy::to_string(check.severity))
      .set("summary", check.title)
      .set("why", check.attack)
      .set("instead", check.remedy);
}

std::string check_in_words(const Check& check) {
  return fmt::format("{} {} ({})\n\n{}.\n\nAttack: {}\n\nFix: {}", check.id, check.name,
                     tenancy::to_string(check.severity), check.title, check.attack, check.remedy);
}

}  // namespace capo::cli
