#include "cli/writing.hpp"

#include <fmt/format.h>

#include "script/hooks.hpp"

namespace capo::cli {
namespace {

std::vector<script::Hook> hooks_of(const config::Settings& settings) {
  std::vector<script::Hook> hooks;
  for (const config::Hook& hook : settings.hooks) {
    hooks.push_back({.name = hook.name,
                     .type = hook.type,
                     .entrypoint = hook.entrypoint,
                     .executable = hook.executable,
                     .module = hook.module,
                     .options = hook.options,
                     .cwd = hook.cwd});
  }
  return hooks;
}

}  // namespace

void write_revision(Session& session, script::NewRevisionRequest request,
                    const std::optional<std::string>& kind, Output& output) {
  const config::Settings& settings = session.settings();
  World& world = session.world();
  const bool cpp = kind ? *kind == "cpp" : settings.writes_cpp;
  request.kind = cpp ? script::ScriptKind::kCpp : script::ScriptKind::kSql;
  // All that can be wrong is found before the file is there.
  if (world.project != nullptr && (settings.ini_path.empty() || settings.ini_is_embedded)) {
    throw Error(ErrorCode::kConfig, "a new revision is a file, and there is no project here")
        .hint("run this in the project's folder, beside its ini file");
  }
  const std::vector<script::Hook> hooks = hooks_of(settings);
  script::check_hooks(hooks);
  const script::NewRevision revision =
      script::plan_new_revision(session.scripts_to_write(), request,
                                {.file_template = settings.file_template,
                                 .timezone = settings.timezone,
                                 .truncate_slug_length = settings.truncate_slug_length},
                                {.files = world.files,
                                 .clock = world.clock,
                                 .random = world.random,
                                 .environment = world.environment});
  output.status(fmt::format("  Generating {} ...", revision.script.path));
  try {
    script::write_new_revision(revision, world.files);
  } catch (const Error&) {
    output.status("  FAILED\n");
    throw;
  }
  output.status("  done\n");
  for (const std::string& note : revision.notes) output.note(note);
  script::run_hooks(hooks, revision.script.path, world.processes, false,
                    [&](std::string_view name) {
                      output.status(fmt::format("  Running post write hook '{}' ...\n", name));
                    });
}

}  // namespace capo::cli
