// CAP4xx: types and names that one regrets later.

#include <array>

#include "base/text.hpp"
#include "lint/rule.hpp"

namespace capo::lint {
namespace {

template <class Say>
void for_each_column(const Subject& subject, Say say) {
  for (const Judged& judged : subject.statements) {
    for (const Features::NewColumn& column : judged.features.columns) say(judged, column);
  }
}

std::string of(const Features::NewColumn& column) { return column.table + "." + column.name; }

void check_small_key(const Subject& subject, Findings& findings) {
  for_each_column(subject, [&](const Judged& judged, const Features::NewColumn& column) {
    const bool is_small = column.type.name == "int4" || column.type.name == "int2" ||
                          column.type.name == "serial" || column.type.name == "smallserial";
    if (column.is_key && is_small && subject.dialect == "postgresql") {
      findings.add(judged, of(column) + " has numbers up to 2,147,483,647 at most");
    }
  });
}

void check_char(const Subject& subject, Findings& findings) {
  for_each_column(subject, [&](const Judged& judged, const Features::NewColumn& column) {
    if (column.type.name == "bpchar") {
      findings.add(judged, of(column) + " is padded with blanks, which comparisons ignore");
    }
  });
}

void check_timestamp(const Subject& subject, Findings& findings) {
  for_each_column(subject, [&](const Judged& judged, const Features::NewColumn& column) {
    if (column.type.name == "timestamp" && subject.dialect == "postgresql") {
      findings.add(judged, of(column) + " does not say which time zone it means");
    }
  });
}

void check_serial(const Subject& subject, Findings& findings) {
  for_each_column(subject, [&](const Judged& judged, const Features::NewColumn& column) {
    if (column.is_serial) {
      findings.add(judged, of(column) +
                               ": the sequence of a serial column has rights of its own, "
                               "and INSERT can pass it by");
    }
  });
}

void check_limit(const Subject& subject, Findings& findings) {
  for_each_column(subject, [&](const Judged& judged, const Features::NewColumn& column) {
    if (column.type.name == "varchar" && !column.type.arguments.empty() &&
        subject.dialect == "postgresql") {
      findings.add(judged, of(column) + " has a limit that takes ALTER TABLE to change");
    }
  });
}

void check_json(const Subject& subject, Findings& findings) {
  for_each_column(subject, [&](const Judged& judged, const Features::NewColumn& column) {
    if (column.type.name == "json" && subject.dialect == "postgresql") {
      findings.add(judged, of(column) + " has no equality: SELECT DISTINCT over it fails");
    }
  });
}

void check_length(const Subject& subject, Findings& findings) {
  if (subject.longest_name == 0) return;
  for (const Judged& judged : subject.statements) {
    for (const std::string& name : judged.features.names) {
      if (name.size() > subject.longest_name) {
        findings.add(judged, "the name " + name + " is cut after " +
                                 std::to_string(subject.longest_name) + " bytes");
      }
    }
  }
}

void check_reserved(const Subject& subject, Findings& findings) {
  if (subject.is_reserved == nullptr) return;
  for (const Judged& judged : subject.statements) {
    for (const std::string& name : judged.features.names) {
      if (subject.is_reserved(subject.dialect, name)) {
        findings.add(judged, "the name " + name +
                                 " is a reserved word: it needs quotes wherever "
                                 "it is used");
      }
    }
  }
}

constexpr auto kRules = std::to_array<Rule>({
    {.id = "CAP401",
     .name = "small-key",
     .severity = Severity::kNote,
     .summary = "a primary key of four bytes or fewer",
     .why = "When its numbers are used up, every INSERT fails, and a wider type rewrites the table "
            "and every table that refers to it (CAP102).",
     .instead = "bigint",
     .check = check_small_key},
    {.id = "CAP402",
     .name = "char-type",
     .severity = Severity::kNote,
     .summary = "char(n)",
     .why = "It is padded and no faster than text.",
     .instead = "text, with a CHECK of its length",
     .check = check_char},
    {.id = "CAP403",
     .name = "timestamp-without-zone",
     .severity = Severity::kNote,
     .summary = "timestamp without time zone",
     .why = "What is stored depends on the time zone of who wrote it.",
     .instead = "timestamptz",
     .check = check_timestamp},
    {.id = "CAP404",
     .name = "serial-type",
     .severity = Severity::kNote,
     .summary = "serial",
     .why =
         "Its sequence is granted and dropped apart, and nothing keeps an INSERT from giving its "
         "own numbers.",
     .instead = "GENERATED ALWAYS AS IDENTITY",
     .check = check_serial},
    {.id = "CAP405",
     .name = "limited-text",
     .severity = Severity::kNote,
     .summary = "varchar(n)",
     .why = "A wider limit is instant but takes ACCESS EXCLUSIVE, a narrower one rewrites.",
     .instead = "text, with a CHECK of its length that can be changed gently",
     .check = check_limit},
    {.id = "CAP406",
     .name = "json-type",
     .severity = Severity::kNote,
     .summary = "json",
     .why = "It keeps the text as it came and cannot be compared or indexed.",
     .instead = "jsonb",
     .check = check_json},
    {.id = "CAP407",
     .name = "name-too-long",
     .severity = Severity::kWarning,
     .summary = "a name longer than the database keeps",
     .why = "It is cut silently; two such names can become one, and a later DROP by the long name "
            "works by luck.",
     .instead = "a shorter one",
     .check = check_length},
    {.id = "CAP408",
     .name = "reserved-word",
     .severity = Severity::kNote,
     .summary = "a reserved word as a name",
     .why = "Whoever forgets the quotes gets a syntax error, or something else.",
     .instead = "another name",
     .check = check_reserved},
});

}  // namespace

std::span<const Rule> type_rules() { return kRules; }

}  // namespace capo::lint
