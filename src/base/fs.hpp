#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Files behind a port, so that what reads and writes them is tested without a disk. Paths are
/// UTF-8 strings with `/`; relative ones are relative to the working directory.
namespace capo::base {

enum class FileKind { kNone, kFile, kDirectory };

/// Keeps others out as long as it lives; see FileSystem::lock().
class FileLock {
 public:
  FileLock() = default;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  virtual ~FileLock() = default;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  virtual FileKind kind(const std::string& path) const = 0;
  /// A number that is another one once the file was written again; 0 if there is no file.
  virtual long long stamp(const std::string& path) const = 0;
  /// The whole file. Throws Error{kConfig} naming the path and the reason.
  virtual std::string read(const std::string& path) const = 0;
  /// Like read(), but nothing if there is no such file.
  virtual std::optional<std::string> read_if_exists(const std::string& path) const = 0;
  /// At most the first `limit` bytes of a file; for headers of many files.
  virtual std::string read_start(const std::string& path, std::size_t limit) const = 0;
  /// Names (not paths) in a directory, sorted by bytes, without `.` and `..`. Throws
  /// Error{kConfig}.
  virtual std::vector<std::string> list(const std::string& directory) const = 0;
  /// The same of the directories in it; links to directories are left out, so that a walk ends.
  virtual std::vector<std::string> list_directories(const std::string& directory) const = 0;
  /// At most the first `limit` bytes of each of many files in one directory, told to `visit` with
  /// the index of the file in `names`; not told of what is no file but a directory. `visit` is
  /// called once for an index, in any order, and by several threads at once. Of what it throws, or
  /// reading, the error of the lowest index is thrown again.
  virtual void read_starts(
      const std::string& directory, const std::vector<std::string>& names, std::size_t limit,
      const std::function<void(std::size_t index, std::string_view start)>& visit) const = 0;
  /// Writes a file that is not there yet, in one step as write(). False, and nothing changed, if
  /// there is one.
  virtual bool create(const std::string& path, std::string_view content) = 0;
  /// Replaces the file in one step: a reader, or a crash, sees the old content or the new, never a
  /// part.
  virtual void write(const std::string& path, std::string_view content) = 0;
  /// The directory and its parents; no error if it is there.
  virtual void create_directories(const std::string& path) = 0;
  virtual void remove(const std::string& path) = 0;
  /// Gives a file another name, in place of the file that has it, if there is one.
  virtual void rename(const std::string& from, const std::string& to) = 0;
  /// Waits until no other process holds this lock, and holds it: until what is given back is
  /// destroyed, or this process ends or becomes another program. Nothing is left behind. `waits` is
  /// called once if it has to wait. Where the file system has no locks, nothing is locked.
  virtual std::unique_ptr<FileLock> lock(const std::string& directory,
                                         const std::function<void()>& waits) = 0;
  virtual std::string current_directory() const = 0;
};

class RealFileSystem final : public FileSystem {
 public:
  FileKind kind(const std::string& path) const override;
  long long stamp(const std::string& path) const override;
  std::string read(const std::string& path) const override;
  std::optional<std::string> read_if_exists(const std::string& path) const override;
  std::string read_start(const std::string& path, std::size_t limit) const override;
  std::vector<std::string> list(const std::string& directory) const override;
  std::vector<std::string> list_directories(const std::string& directory) const override;
  void read_starts(const std::string& directory, const std::vector<std::string>& names,
                   std::size_t limit,
                   const std::function<void(std::size_t, std::string_view)>& visit) const override;
  bool create(const std::string& path, std::string_view content) override;
  void write(const std::string& path, std::string_view content) override;
  void create_directories(const std::string& path) override;
  void remove(const std::string& path) override;
  void rename(const std::string& from, const std::string& to) override;
  std::unique_ptr<FileLock> lock(const std::string& directory,
                                 const std::function<void()>& waits) override;
  std::string current_directory() const override;
};

/// Files in memory, for tests. Directories exist when something lies in them or they were created.
class MemoryFileSystem final : public FileSystem {
 public:
  explicit MemoryFileSystem(std::string working_directory = "/project")
      : working_directory_(std::move(working_directory)) {}

  FileKind kind(const std::string& path) const override;
  long long stamp(const std::string& path) const override;
  std::string read(const std::string& path) const override;
  std::optional<std::string> read_if_exists(const std::string& path) const override;
  std::string read_start(const std::string& path, std::size_t limit) const override;
  std::vector<std::string> list(const std::string& directory) const override;
  std::vector<std::string> list_directories(const std::string& directory) const override;
  void read_starts(const std::string& directory, const std::vector<std::string>& names,
                   std::size_t limit,
                   const std::function<void(std::size_t, std::string_view)>& visit) const override;
  bool create(const std::string& path, std::string_view content) override;
  void write(const std::string& path, std::string_view content) override;
  void create_directories(const std::string& path) override;
  void remove(const std::string& path) override;
  void rename(const std::string& from, const std::string& to) override;
  std::unique_ptr<FileLock> lock(const std::string& directory,
                                 const std::function<void()>& waits) override;
  std::string current_directory() const override { return working_directory_; }

 private:
  std::string working_directory_;
  std::map<std::string, std::string> files_;
  std::map<std::string, long long> stamps_;
  std::map<std::string, bool> directories_;
};

/// `directory/name`, or `name` if that is absolute or `directory` is empty.
std::string join_path(std::string_view directory, std::string_view name);
/// Everything before the last `/`; empty if there is none, `/` for a file in the root.
std::string parent_path(std::string_view path);
std::string file_name(std::string_view path);
/// Without `.`, `..` and doubled slashes, by the letters alone (no links are followed).
std::string normal_path(std::string_view path);
bool is_absolute_path(std::string_view path);
/// The way from one absolute directory to another, or to a file, as names and `..`; empty if they
/// are the same. Both must be normal.
std::string relative_path(const std::string& from, const std::string& to);

}  // namespace capo::base
