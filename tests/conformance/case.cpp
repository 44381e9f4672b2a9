#include "case.hpp"

#include <zlib.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace capo::conformance {
namespace {

using Json = nlohmann::json;

std::string unzipped(const std::string& path) {
  struct Close {
    void operator()(gzFile_s* file) const { gzclose(file); }
  };
  const std::unique_ptr<gzFile_s, Close> file(gzopen(path.c_str(), "rb"));
  if (file == nullptr) throw std::runtime_error("cannot open " + path);
  std::string text;
  std::string buffer(1 << 16, '\0');
  int got = 0;
  while ((got = gzread(file.get(), buffer.data(), static_cast<unsigned>(buffer.size()))) > 0) {
    text.append(buffer, 0, static_cast<std::size_t>(got));
  }
  if (got < 0) throw std::runtime_error("cannot read " + path);
  return text;
}

std::string text_or_empty(const Json& value) {
  return value.is_null() ? "" : value.get<std::string>();
}

Revision read_revision(const Json& json) {
  return {.id = json.at("id"),
          .file = json.at("file"),
          .down = json.at("down").get<Words>(),
          .labels = json.at("labels").get<Words>(),
          .depends_on = json.at("deps").get<Words>(),
          .message = text_or_empty(json.at("msg")),
          .fails = json.contains("fail") ? text_or_empty(json.at("fail")) : "",
          .tricky = json.value("tricky", false)};
}

Log read_log(const Json& json) {
  Log log;
  for (const Json& line : json) {
    log.push_back({line.at(0).get<std::string>(), line.at(1).get<std::string>(),
                   line.at(2).get<Words>(), line.at(3).get<std::string>()});
  }
  return log;
}

Observation read_observation(const Json& json) {
  Observation seen;
  seen.ok = json.at("ok");
  seen.error = json.value("err", "");
  seen.ending = json.value("cls", "");
  const Json& state = json.at("state");
  seen.state = {state.at("table").get<bool>(), state.at("versions").get<Words>(),
                read_log(state.at("log"))};
  if (json.contains("created")) {
    seen.authoring = true;
    if (!json.at("created").is_null()) seen.created = read_revision(json.at("created"));
  }
  if (json.contains("start")) seen.start = json.at("start").get<Words>();
  if (json.contains("steps")) {
    seen.steps.emplace();
    for (const Json& step : json.at("steps")) {
      seen.steps->emplace_back(step.at(0).get<std::string>(), step.at(1).get<std::string>());
    }
    const Json& effect = json.at("effect");
    seen.effect.emplace();
    seen.effect->error = effect.value("error", "");
    if (effect.contains("versions")) seen.effect->versions = effect.at("versions").get<Words>();
    if (effect.contains("log")) seen.effect->log = read_log(effect.at("log"));
  }
  if (json.contains("ids")) {
    seen.ids = json.at("ids").get<Words>();
    seen.flags = json.at("flags").get<std::map<std::string, Words>>();
    seen.children = json.at("kids").get<std::map<std::string, Words>>();
  }
  return seen;
}

std::string joined(const Words& words, std::string_view separator) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += separator;
    text += word;
  }
  return text;
}

void append_statements(std::string& text, const Revision& revision, std::string_view direction,
                       std::string_view database) {
  const bool sqlite = database == "sqlite";
  text.append(
      "INSERT INTO step_log(seq, dir, rev, vers, note) VALUES ((SELECT COALESCE(MAX(seq), 0) + 1 "
      "FROM step_log), '");
  text.append(direction).append("', '").append(revision.id).append("', (SELECT ");
  text.append(sqlite ? "group_concat" : "string_agg")
      .append("(version_num, ' ') FROM alembic_version), '");
  if (revision.tricky) text.append("it''s; not -- the end; /* nor here");
  text.append("');\n");
  if (revision.fails == direction || revision.fails == "both")
    text.append("INSERT INTO no_such_table VALUES (1);\n");
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

Words names_in(std::string_view text) {
  Words names;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (const auto name = trimmed(text.substr(0, comma)); !name.empty()) names.emplace_back(name);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return names;
}

}  // namespace

Golden read_golden(const std::string& path) {
  const Json json = Json::parse(unzipped(path));
  Golden golden{.oracle = json.at("oracle"),
                .database = json.at("db") == "postgres" ? "postgresql" : "sqlite"};
  for (const Json& entry : json.at("cases")) {
    const Json& from = entry.at("case");
    Case& to = golden.cases.emplace_back();
    to.name = from.at("name");
    to.kind = from.at("kind");
    to.note = from.at("note");
    to.commands = from.at("cmds").get<std::vector<Words>>();
    for (const Json& revision : from.at("revs")) to.revisions.push_back(read_revision(revision));
    for (const Json& seen : entry.at("expected")) {
      to.expected.push_back(seen.is_null() ? std::nullopt : std::optional(read_observation(seen)));
    }
    if (to.expected.size() != to.commands.size())
      throw std::runtime_error(to.name + ": answers do not fit commands");
  }
  return golden;
}

std::string revision_file(const Revision& revision, std::string_view database) {
  std::string text = "-- ";
  text.append(revision.message.empty() ? "empty message" : revision.message);
  text.append("\n--\n-- Revision ID: ").append(revision.id);
  text.append("\n-- Revises: ").append(joined(revision.down, ", "));
  if (!revision.labels.empty())
    text.append("\n-- Branch Labels: ").append(joined(revision.labels, ", "));
  if (!revision.depends_on.empty())
    text.append("\n-- Depends On: ").append(joined(revision.depends_on, ", "));
  text.append("\n-- Create Date: 2026-11-22 06:21:00\n\n-- capo:upgrade\n");
  append_statements(text, revision, "up", database);
  text.append("\n-- capo:downgrade\n");
  append_statements(text, revision, "down", database);
  return text;
}

Revision parse_revision_file(std::string_view text) {
  Revision revision;
  bool has_message = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.starts_with("--")) continue;
    line = trimmed(line.substr(2));
    if (line.starts_with("capo:")) break;
    const std::size_t colon = line.find(':');
    const std::string key = lower_case(trimmed(line.substr(0, colon)));
    const std::string_view value =
        colon == std::string_view::npos ? "" : trimmed(line.substr(colon + 1));
    if (colon != std::string_view::npos && key == "revision id") {
      revision.id = value;
    } else if (colon != std::string_view::npos && key == "revises") {
      revision.down = names_in(value);
    } else if (colon != std::string_view::npos &&
               (key == "branch labels" || key == "branch label")) {
      revision.labels = names_in(value);
    } else if (colon != std::string_view::npos && key == "depends on") {
      revision.depends_on = names_in(value);
    } else if (colon != std::string_view::npos && key == "create date") {
      continue;
    } else if (!has_message && !line.empty()) {
      revision.message = line;
      has_message = true;
    }
  }
  return revision;
}

std::string to_text(const Steps& steps) {
  std::string text;
  for (const auto& [direction, revision] : steps) {
    text.append(text.empty() ? "" : " ").append(direction == "up" ? "+" : "-").append(revision);
  }
  return text.empty() ? "(none)" : text;
}

std::string to_text(const Words& words) { return "[" + joined(words, ", ") + "]"; }

}  // namespace capo::conformance
