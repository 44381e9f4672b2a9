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

void write(const script::NewRevision& revision, base::FileSystem& files, Output& output) {
  output.status(fmt::format("  Generating {} ...", revision.script.path));
  try {
    script::write_new_revision(revision, files);
  } catch (const Error&) {
    output.status("  FAILED\n");
    throw;
  }
  output.status("  done\n");
}

}  // namespace

bool writes_cpp(Session& session, const std::optional<std::string>& kind) {
  return kind ? *kind == "cpp" : session.settings().writes_cpp;
}

std::vector<script::NewRevision> plan_revisions(Session& session,
                                                std::vector<script::NewRevisionRequest> requests,
                                                const std::optional<std::string>& kind) {
  const config::Settings& settings = session.settings();
  World& world = session.world();
  const bool cpp = writes_cpp(session, kind);
  for (script::NewRevisionRequest& request : requests) {
    request.kind = cpp ? script::ScriptKind::kCpp : script::ScriptKind::kSql;
  }
  // All that can be wrong is found before the file is there.
  if (world.project != nullptr && (settings.ini_path.empty() || settings.ini_is_embedded)) {
    throw Error(ErrorCode::kConfig, "a new revision is a file, and there is no project here")
        .hint("run this in the project's folder, beside its ini file");
  }
  script::check_hooks(hooks_of(settings));
  return script::plan_new_revisions(session.scripts_to_write(), requests,
                                    {.file_template = settings.file_template,
                                     .timezone = settings.timezone,
                                     .truncate_slug_length = settings.truncate_slug_length},
                                    {.files = world.files,
                                     .clock = world.clock,
                                     .random = world.random,
                                     .environment = world.environment});
}

void write_revisions(Session& session, const std::vector<script::NewRevision>& revisions,
                     Output& output) {
  World& world = session.world();
  for (std::size_t i = 0; i < revisions.size(); ++i) {
    try {
      write(revisions[i], world.files, output);
    } catch (const Error&) {
      for (std::size_t k = 0; k < i; ++k) world.files.remove(revisions[k].script.path);
      throw;
    }
  }
  const std::vector<script::Hook> hooks = hooks_of(session.settings());
  for (const script::NewRevision& revision : revisions) {
    for (const std::string& note : revision.notes) output.note(note);
    script::run_hooks(hooks, revision.script.path, world.processes, false,
                      [&](std::string_view name) {
                        output.status(fmt::format("  Running post write hook '{}' ...\n", name));
                      });
  }
}

void write_revision(Session& session, script::NewRevisionRequest request,
                    const std::optional<std::string>& kind, Output& output) {
  write_revisions(session, plan_revisions(session, {std::move(request)}, kind), output);
}

}  // namespace capo::cli
