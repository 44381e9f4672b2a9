#include "tenancy/check.hpp"
#include "tenancy/checks_programs.hpp"

/// SQL of revisions, of functions and in programs: how they set the tenant, and load rows.
namespace capo::tenancy {
namespace {

void add_load(const Material& material, Findings& findings, const std::string& object,
              const Occurrence& found, const SourcePosition& at) {
  if (!found.relation->has_rls) return;
  findings.add({.object = object,
                .text = "COPY … FROM into " + material.shown(*found.relation) +
                        ", which PostgreSQL refuses to a role for which policies hold",
                .evidence = found.line,
                .why_no_fix = "INSERT, or COPY into a temporary table and INSERT from there",
                .at = at});
}

void add_setting(const Material& material, Findings& findings, const std::string& object,
                 const Occurrence& found, const SourcePosition& at) {
  const std::string& setting = material.description.setting;
  findings.add(
      {.object = object,
       .text = "sets " + setting + " for the whole session",
       .evidence = found.line,
       .why_no_fix = "SET LOCAL, or set_config('" + setting + "', …, true), in each transaction",
       .at = at});
}

// Calls `add` with what `look` finds: all of it in a program, once a statement of a revision and
// once a function.
template <typename Look, typename Add>
void each_occurrence(const Material& material, Findings& findings, const Look& look,
                     const Add& add) {
  for (const PendingRevision& revision : material.pending) {
    for (const dialect::Statement& statement : revision.statements) {
      const std::vector<Occurrence> found = look(statement.sql);
      if (found.empty()) continue;
      add(material, findings, "revision " + revision.revision, found.front(), statement.origin);
    }
  }
  for (const SourceText& source : material.sources) {
    for (const Occurrence& found : look(source.text)) {
      add(material, findings, "program", found,
          SourcePosition{source.path, found.at.line, found.at.column});
    }
  }
  for (const auto& [oid, function] : material.facts.functions) {
    const std::vector<Occurrence> found =
        function.is_of_extension ? std::vector<Occurrence>{} : look(function.source);
    if (found.empty()) continue;
    add(material, findings, function.schema + "." + function.name + "(" + function.arguments + ")",
        found.front(), SourcePosition{});
  }
}

void find_loads(const Material& material, Findings& findings) {
  each_occurrence(
      material, findings, [&](const std::string& text) { return loads(text, material); }, add_load);
}

void find_session_settings(const Material& material, Findings& findings) {
  const std::string& setting = material.description.setting;
  each_occurrence(
      material, findings, [&](const std::string& text) { return session_settings(text, setting); },
      add_setting);
  for (const auto& [where, value] : material.facts.default_settings) {
    if (!value.starts_with(setting + "=")) continue;
    Finding finding{.object = where, .text = "has a default for the tenant: " + value};
    dialect::SqlWriter up = material.sql();
    up << "ALTER " << dialect::SqlText(where) << " RESET " << dialect::SqlText(setting);
    finding.fix.push_back({up.str(), ""});
    findings.add(std::move(finding));
  }
}

constexpr Check kChecks[] = {
    {"TEN34", "copy-from", Severity::kWarning, "Rows are loaded by COPY … FROM",
     "No attack: \"COPY FROM not supported with row-level security\"; the way out that comes to "
     "mind, a role for which no policy holds, opens every tenant's rows.",
     "INSERT; or COPY into a temporary table first.", find_loads},
    {"TEN37", "setting-of-session", Severity::kError, "The tenant is set for the whole session",
     "Behind a pool the next client gets the connection with the tenant of the last: its queries "
     "read and write that tenant's rows.",
     "SET LOCAL, or set_config(…, true), in each transaction.", find_session_settings},
};

}  // namespace

std::span<const Check> source_checks() { return kChecks; }

}  // namespace capo::tenancy
