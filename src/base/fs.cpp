#include "base/fs.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "base/text.hpp"
#include "capo/error.hpp"

namespace capo::base {
namespace {

[[noreturn]] void fail(const char* verb, const std::string& path, int error) {
  throw Error(ErrorCode::kConfig,
              std::string("cannot ") + verb + " " + path + ": " + std::strerror(error));
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

// Reads up to `limit` bytes from the start of an open file.
std::string read_bytes(const Descriptor& file, const std::string& path, std::size_t limit) {
  std::string content;
  std::size_t size = 0;
  struct stat info {};
  const bool known = ::fstat(file.get(), &info) == 0 && S_ISREG(info.st_mode);
  if (S_ISDIR(info.st_mode)) fail("read", path, EISDIR);
  content.resize(
      std::min(limit, known ? static_cast<std::size_t>(info.st_size) : std::size_t{65536}));
  for (;;) {
    if (size == content.size()) {
      if (size == limit) break;
      if (known && size != 0) {
        // The usual end: one more read would only say so, and thousands of revisions are read this
        // way.
        if (size >= static_cast<std::size_t>(info.st_size)) break;
      }
      content.resize(std::min(limit, content.size() * 2 + 4096));
    }
    const ssize_t count = ::read(file.get(), content.data() + size, content.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("read", path, errno);
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  content.resize(size);
  return content;
}

}  // namespace

FileKind RealFileSystem::kind(const std::string& path) const {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return FileKind::kNone;
  return S_ISDIR(info.st_mode) ? FileKind::kDirectory : FileKind::kFile;
}

long long RealFileSystem::stamp(const std::string& path) const {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return 0;
  // Two files that were written in the same tick differ in their node.
  const auto time =
      static_cast<long long>(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec;
  return time ^ (static_cast<long long>(info.st_ino) << 20);
}

std::string RealFileSystem::read(const std::string& path) const {
  return read_start(path, std::string::npos);
}

std::optional<std::string> RealFileSystem::read_if_exists(const std::string& path) const {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    fail("read", path, errno);
  }
  return read_bytes(file, path, std::string::npos);
}

std::string RealFileSystem::read_start(const std::string& path, std::size_t limit) const {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) fail("read", path, errno);
  return read_bytes(file, path, limit);
}

namespace {

// Names in a directory for which `wanted` holds, sorted.
template <typename Wanted>
std::vector<std::string> list_entries(const std::string& directory, Wanted wanted) {
  const std::unique_ptr<DIR, int (*)(DIR*)> handle(::opendir(directory.c_str()), ::closedir);
  if (!handle) fail("list", directory, errno);
  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(handle.get());
    if (entry == nullptr) {
      if (errno != 0) fail("list", directory, errno);
      break;
    }
    const std::string_view name = entry->d_name;
    if (name != "." && name != ".." && wanted(::dirfd(handle.get()), *entry))
      names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Writes `content` to a new file beside `path` and returns its name, so that no half-written file
// ever has the real one.
std::string write_temporary(const std::string& path, std::string_view content) {
  // Not made from the file's own name, which may be as long as a name can be.
  const std::string temporary = join_path(parent_path(path), ".capo-" + std::to_string(::getpid()));
  const auto give_up = [&](int error) {
    ::unlink(temporary.c_str());
    fail("write", path, error);
  };
  struct stat info {};
  const mode_t mode = ::stat(path.c_str(), &info) == 0 ? (info.st_mode & 07777U) : 0666U;
  const Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
  if (file.get() < 0) fail("write", path, errno);
  while (!content.empty()) {
    const ssize_t count = ::write(file.get(), content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) give_up(errno);
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  if (::fsync(file.get()) != 0) give_up(errno);
  return temporary;
}

}  // namespace

std::vector<std::string> RealFileSystem::list(const std::string& directory) const {
  return list_entries(directory, [](int, const dirent&) { return true; });
}

std::vector<std::string> RealFileSystem::list_directories(const std::string& directory) const {
  return list_entries(directory, [](int parent, const dirent& entry) {
    if (entry.d_type != DT_UNKNOWN) return entry.d_type == DT_DIR;
    struct stat info {};
    return ::fstatat(parent, entry.d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISDIR(info.st_mode);
  });
}

void RealFileSystem::write(const std::string& path, std::string_view content) {
  const std::string temporary = write_temporary(path, content);
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    const int error = errno;
    ::unlink(temporary.c_str());
    fail("write", path, error);
  }
}

bool RealFileSystem::create(const std::string& path, std::string_view content) {
  // A plain rename would replace. A link does not, but not every file system has them.
  const std::string temporary = write_temporary(path, content);
  int error = ::link(temporary.c_str(), path.c_str()) == 0 ? 0 : errno;
  if (error == EPERM || error == EOPNOTSUPP || error == ENOSYS) {
    error = ::renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0
                ? 0
                : errno;
  }
  ::unlink(temporary.c_str());
  if (error == EEXIST) return false;
  if (error != 0) fail("write", path, error);
  return true;
}

void RealFileSystem::create_directories(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) fail("create the directory", path, error.value());
}

void RealFileSystem::remove(const std::string& path) {
  if (::unlink(path.c_str()) != 0) fail("remove", path, errno);
}

void RealFileSystem::rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) fail("rename", from, errno);
}

namespace {

// The lock is the open file's: no child has it (O_CLOEXEC), so that what a build leaves running,
// a server of the compiler's perhaps, does not hold it for ever.
class HeldDirectory final : public FileLock {
 public:
  explicit HeldDirectory(const std::string& path)
      : directory_(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {}

  bool take(int how) {
    int result = 0;
    while ((result = ::flock(directory_.get(), how)) != 0 && errno == EINTR) {
    }
    return result == 0 || errno != EWOULDBLOCK;
  }

 private:
  Descriptor directory_;
};

}  // namespace

std::unique_ptr<FileLock> RealFileSystem::lock(const std::string& directory,
                                               const std::function<void()>& waits) {
  auto held = std::make_unique<HeldDirectory>(directory);
  if (!held->take(LOCK_EX | LOCK_NB)) {
    waits();
    held->take(LOCK_EX);
  }
  return held;
}

std::string RealFileSystem::current_directory() const {
  std::error_code error;
  std::string path = std::filesystem::current_path(error).string();
  if (error) fail("tell", "the working directory", error.value());
  return path;
}

namespace {

std::string absolute(const std::string& working_directory, std::string_view path) {
  return normal_path(join_path(working_directory, path));
}

}  // namespace

FileKind MemoryFileSystem::kind(const std::string& path) const {
  const std::string name = absolute(working_directory_, path);
  if (files_.contains(name)) return FileKind::kFile;
  const std::string prefix = name == "/" ? name : name + "/";
  const auto inside = files_.lower_bound(prefix);
  if (directories_.contains(name) || name == working_directory_ ||
      (inside != files_.end() && inside->first.starts_with(prefix))) {
    return FileKind::kDirectory;
  }
  return FileKind::kNone;
}

long long MemoryFileSystem::stamp(const std::string& path) const {
  const std::string name = absolute(working_directory_, path);
  return files_.contains(name) ? stamps_.at(name) : 0;
}

std::string MemoryFileSystem::read(const std::string& path) const {
  return read_start(path, std::string::npos);
}

std::optional<std::string> MemoryFileSystem::read_if_exists(const std::string& path) const {
  const auto found = files_.find(absolute(working_directory_, path));
  if (found == files_.end()) return std::nullopt;
  return found->second;
}

std::string MemoryFileSystem::read_start(const std::string& path, std::size_t limit) const {
  const auto found = files_.find(absolute(working_directory_, path));
  if (found == files_.end()) fail("read", path, ENOENT);
  return found->second.substr(0, limit);
}

std::vector<std::string> MemoryFileSystem::list(const std::string& directory) const {
  if (kind(directory) != FileKind::kDirectory) fail("list", directory, ENOENT);
  const std::string prefix = absolute(working_directory_, directory) + "/";
  std::vector<std::string> names;
  const auto add = [&](const std::string& path) {
    if (!path.starts_with(prefix)) return;
    const std::string rest = path.substr(prefix.size());
    names.push_back(rest.substr(0, rest.find('/')));
  };
  for (const auto& [path, content] : files_) add(path);
  for (const auto& [path, created] : directories_) add(path);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<std::string> MemoryFileSystem::list_directories(const std::string& directory) const {
  std::vector<std::string> names = list(directory);
  std::erase_if(names, [&](const std::string& name) {
    return kind(join_path(directory, name)) != FileKind::kDirectory;
  });
  return names;
}

void MemoryFileSystem::read_starts(
    const std::string& directory, const std::vector<std::string>& names, std::size_t limit,
    const std::function<void(std::size_t, std::string_view)>& visit) const {
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string path = join_path(directory, names[i]);
    if (kind(path) != FileKind::kDirectory) visit(i, read_start(path, limit));
  }
}

bool MemoryFileSystem::create(const std::string& path, std::string_view content) {
  if (kind(path) != FileKind::kNone) return false;
  write(path, content);
  return true;
}

void MemoryFileSystem::write(const std::string& path, std::string_view content) {
  const std::string name = absolute(working_directory_, path);
  files_[name] = content;
  ++stamps_[name];
}

void MemoryFileSystem::create_directories(const std::string& path) {
  directories_[absolute(working_directory_, path)] = true;
}

void MemoryFileSystem::remove(const std::string& path) {
  files_.erase(absolute(working_directory_, path));
}

void MemoryFileSystem::rename(const std::string& from, const std::string& to) {
  write(to, read(from));
  remove(from);
}

std::unique_ptr<FileLock> MemoryFileSystem::lock(const std::string&, const std::function<void()>&) {
  return std::make_unique<FileLock>();
}

bool is_absolute_path(std::string_view path) { return path.starts_with('/'); }

std::string join_path(std::string_view directory, std::string_view name) {
  if (directory.empty() || is_absolute_path(name)) return std::string(name);
  std::string path(directory);
  if (!path.ends_with('/')) path += '/';
  return path.append(name);
}

std::string parent_path(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  return std::string(slash == 0 ? "/" : path.substr(0, slash));
}

std::string file_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

std::string normal_path(std::string_view path) {
  std::vector<std::string> parts;
  for (const std::string_view part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == ".." && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (part != ".." || !is_absolute_path(path)) {
      parts.emplace_back(part);
    }
  }
  const std::string joined = join(parts, "/");
  if (is_absolute_path(path)) return "/" + joined;
  return joined.empty() ? "." : joined;
}

std::string relative_path(const std::string& from, const std::string& to) {
  const std::vector<std::string_view> a = split(from, '/');
  const std::vector<std::string_view> b = split(to, '/');
  std::size_t common = 0;
  while (common < a.size() && common < b.size() && a[common] == b[common]) ++common;
  std::vector<std::string> parts;
  for (std::size_t i = common; i < a.size(); ++i) {
    if (!a[i].empty()) parts.emplace_back("..");
  }
  for (std::size_t i = common; i < b.size(); ++i) {
    if (!b[i].empty()) parts.emplace_back(b[i]);
  }
  return join(parts, "/");
}

}  // namespace capo::base
