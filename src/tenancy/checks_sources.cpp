#include <algorithm>

#include "base/text.hpp"
#include "tenancy/check.hpp"

/// Texts of SQL, of revisions and of functions: how they set the tenant, and load rows.
namespace capo::tenancy {
namespace {

/// A text as tokens, in lower case, without quotes.
class Words {
 public:
  Words(const dialect::Dialect& dialect, const std::string& text) {
    for (const dialect::Token& token : dialect.tokens(text)) {
      std::string word = text.substr(token.begin, token.end - token.begin);
      if (token.kind == dialect::TokenKind::kWord) word = base::lower(word);
      const bool is_quoted =
          token.kind == dialect::TokenKind::kName || token.kind == dialect::TokenKind::kLiteral;
      if (is_quoted && word.size() > 1 && (word[0] == '\'' || word[0] == '"')) {
        word = word.substr(1, word.size() - 2);
      }
      words_.push_back(std::move(word));
    }
  }
  std::size_t size() const { return words_.size(); }
  const std::string& operator[](std::size_t at) const {
    return at < words_.size() ? words_[at] : none_;
  }
  /// `a.b` as one name, and where it ends.
  std::pair<std::string, std::size_t> name(std::size_t at) const {
    std::string name = (*this)[at++];
    while ((*this)[at] == ".") {
      name += "." + (*this)[at + 1];
      at += 2;
    }
    return {name, at};
  }

 private:
  std::vector<std::string> words_ = {};
  std::string none_ = {};
};

// `SET app.tenant`, `SET SESSION app.tenant`; `set_config('app.tenant', …, false)`.
bool sets_for_session(const Words& words, const std::string& setting) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "set") {
      const std::size_t at = words[i + 1] == "session" ? i + 2 : i + 1;
      if (words.name(at).first == setting) return true;
    }
    if (words[i] != "set_config" || words[i + 1] != "(" || words[i + 2] != setting) continue;
    int depth = 1;
    std::size_t at = i + 2;
    for (; at < words.size() && depth > 0; ++at) {
      if (words[at] == "(") ++depth;
      if (words[at] == ")") --depth;
    }
    if (at >= 2 && words[at - 2] == "false") return true;
  }
  return false;
}

const Relation* loaded(const Words& words, const Material& material) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] != "copy") continue;
    auto [name, at] = words.name(i + 1);
    if (words[at] == "(") {
      while (at < words.size() && words[at] != ")") ++at;
      ++at;
    }
    const Relation* relation = words[at] == "from" ? material.facts.find(name) : nullptr;
    if (relation != nullptr && material.tenant_table(relation->oid) != nullptr) return relation;
  }
  return nullptr;
}

// Calls `visit` with each text, what it is of, and where it stands.
template <typename Visit>
void each_text(const Material& material, const Visit& visit) {
  for (const PendingRevision& revision : material.pending) {
    for (const dialect::Statement& statement : revision.statements) {
      visit(Words(material.dialect, statement.sql), "revision " + revision.revision,
            statement.origin);
    }
  }
  for (const SourceText& source : material.sources) {
    visit(Words(material.dialect, source.text), source.path, SourcePosition{source.path, 0, 0});
  }
  for (const auto& [oid, function] : material.facts.functions) {
    if (function.is_of_extension) continue;
    visit(Words(material.dialect, function.source),
          function.schema + "." + function.name + "(" + function.arguments + ")", SourcePosition{});
  }
}

void find_loads(const Material& material, Findings& findings) {
  each_text(material, [&](const Words& words, const std::string& object, const SourcePosition& at) {
    const Relation* relation = loaded(words, material);
    if (relation == nullptr || !relation->has_rls) return;
    findings.add({.object = object,
                  .text = "COPY … FROM into " + material.shown(*relation) +
                          ", which PostgreSQL refuses to a role for which policies hold",
                  .why_no_fix = "INSERT, or COPY into a temporary table and INSERT from there",
                  .at = at});
  });
}

void find_session_settings(const Material& material, Findings& findings) {
  const std::string& setting = material.description.setting;
  each_text(material, [&](const Words& words, const std::string& object, const SourcePosition& at) {
    if (!sets_for_session(words, setting)) return;
    findings.add(
        {.object = object,
         .text = "sets " + setting + " for the whole session",
         .why_no_fix = "SET LOCAL, or set_config('" + setting + "', …, true), in each transaction",
         .at = at});
  });
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
