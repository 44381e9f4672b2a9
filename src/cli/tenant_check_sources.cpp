#include "cli/tenant_check_sources.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "base/text.hpp"
#include "capo/error.hpp"

namespace capo::cli {
namespace {

// Nobody writes a larger file by hand.
constexpr std::size_t kLargest = std::size_t{1} << 20;
constexpr std::size_t kStart = 8000;
constexpr std::size_t kDeepest = 60;

constexpr std::array<std::string_view, 59> kEndings = {
    "bash",   "c",     "cc",   "cfg",  "cjs", "clj", "conf", "cpp",   "cr", "cs",
    "cxx",    "dart",  "env",  "erb",  "erl", "ex",  "exs",  "fs",    "go", "groovy",
    "h",      "hh",    "hpp",  "hs",   "hxx", "ini", "ipp",  "java",  "js", "jsx",
    "kt",     "kts",   "lua",  "mjs",  "ml",  "nim", "php",  "pl",    "pm", "properties",
    "psql",   "py",    "pyi",  "rake", "rb",  "rs",  "sc",   "scala", "sh", "sql",
    "svelte", "swift", "toml", "ts",   "tsx", "vb",  "vue",  "yaml",  "yml"};
// What others wrote, or a program.
constexpr std::array<std::string_view, 12> kForeign = {
    "node_modules", "build", "dist",        "target",   "vendor", "third_party",
    "venv",         "obj",   "__pycache__", "coverage", "deps",   "_build"};

std::string ending(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? "" : base::lower(name.substr(dot + 1));
}

template <std::size_t size>
bool holds(const std::array<std::string_view, size>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

class Walk {
 public:
  Walk(const base::FileSystem& files, const std::vector<std::string>& revisions) : files_(files) {
    for (const std::string& each : revisions) revisions_.insert(whole(each));
  }

  ProgramSources read(const std::vector<std::string>& paths) {
    for (const std::string& path : paths) {
      switch (files_.kind(path)) {
        case base::FileKind::kNone:
          throw Error(ErrorCode::kUsage, "there are no sources in " + path)
              .hint("--sources, or 'sources' of [tenancy], is a directory of the program");
        case base::FileKind::kFile:
          read_file(path);
          break;
        case base::FileKind::kDirectory:
          read_directory(path, 0);
          break;
      }
    }
    return std::move(sources_);
  }

 private:
  std::string whole(const std::string& path) const {
    return base::normal_path(base::join_path(files_.current_directory(), path));
  }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as directories are; links are not followed
  void read_directory(const std::string& directory, std::size_t depth) {
    if (depth > kDeepest || revisions_.contains(whole(directory))) return;
    const std::vector<std::string> below = files_.list_directories(directory);
    for (const std::string& name : files_.list(directory)) {
      const std::string path = base::join_path(directory, name);
      if (std::binary_search(below.begin(), below.end(), name)) {
        const bool is_foreign =
            name.starts_with(".") || name.starts_with("cmake-build") || holds(kForeign, name);
        if (!is_foreign) read_directory(path, depth + 1);
      } else if (holds(kEndings, ending(name)) && files_.kind(path) == base::FileKind::kFile) {
        read_file(path);
      }
    }
  }

  void read_file(const std::string& path) {
    if (!read_.insert(whole(path)).second) return;
    try {
      const std::string start = files_.read_start(path, kLargest + 1);
      if (start.substr(0, kStart).find('\0') != std::string::npos) return;
      if (start.size() > kLargest) {
        sources_.skipped.push_back(path + " is larger than 1 MiB, so it was not read");
        return;
      }
      sources_.texts.push_back({.path = whole(path), .text = start});
    } catch (const Error& error) {
      sources_.skipped.push_back(error.message());
    }
  }

  const base::FileSystem& files_;
  std::set<std::string> revisions_ = {};
  std::set<std::string> read_ = {};  ///< that a path names twice
  ProgramSources sources_ = {};
};

}  // namespace

ProgramSources read_sources(const base::FileSystem& files, const std::vector<std::string>& paths,
                            const std::vector<std::string>& revisions) {
  return Walk(files, revisions).read(paths);
}

}  // namespace capo::cli
