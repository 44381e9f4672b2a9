// The lock file is removed when the lock is given back, so that nothing stays behind beside the
// database. That opens a race, known from every lock file that is removed: a waiter may open the
// file, the holder removes it, and the waiter locks a file that has no name any more while a third
// one makes a new file and locks that. Hence the look back: a lock counts only if the name still
// leads to the locked file.
//
// The database file itself is never opened here: closing any descriptor of it would drop the POSIX
// locks that SQLite holds on it in this process.

#include "dialect/sqlite/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "base/system.hpp"
#include "base/text.hpp"
#include "base/timezone.hpp"
#include "capo/error.hpp"
#include "dialect/lock_wait.hpp"
#include "dialect/sqlite/options.hpp"

namespace capo::dialect::sqlite {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

class NoLock final : public DeploymentLock {};

class FileLock final : public DeploymentLock {
 public:
  FileLock(std::string path, Descriptor file) : path_(std::move(path)), file_(std::move(file)) {}
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  // Removed while it is still locked: nobody else can have come to hold this name. If it cannot be
  // removed it stays behind, unlocked, which hurts nobody.
  ~FileLock() override { ::unlink(path_.c_str()); }

 private:
  std::string path_;
  Descriptor file_;
};

[[noreturn]] void fail(const std::string& path, const char* verb, int error) {
  throw Error(ErrorCode::kConnection, std::string("cannot ") + verb + " the lock file " + path +
                                          ": " + std::strerror(error))
      .hint(
          "this user must be able to write the directory of the database, which SQLite needs as "
          "well");
}

// The database's name with all links resolved: every way to it must lead to one lock.
std::string lock_path(const std::string& database) {
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(database.c_str(), nullptr),
                                                    std::free);
  return (real ? std::string(real.get()) : database) + "-capo-lock";
}

Descriptor open_lock_file(const std::string& path) {
  for (;;) {
    int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    // Left behind by another user's process that was killed. To lock it, reading is enough.
    if (file < 0 && errno == EACCES) {
      file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
      if (file < 0 && errno == ENOENT) errno = EACCES;
    }
    if (file >= 0) return Descriptor(file);
    if (errno != EINTR) fail(path, "open", errno);
  }
}

bool still_has_name(const Descriptor& file, const std::string& path) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(file.number(), &opened) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

// The locked file, or nothing if another process holds it.
std::optional<Descriptor> try_lock(const std::string& path) {
  for (;;) {
    Descriptor file = open_lock_file(path);
    int result = -1;
    do {
      result = ::flock(file.number(), LOCK_EX | LOCK_NB);
    } while (result != 0 && errno == EINTR);
    if (result != 0 && errno == EWOULDBLOCK) return std::nullopt;
    if (result != 0) fail(path, "lock", errno);
    if (still_has_name(file, path)) return file;
  }
}

// For those who wait. It decides nothing: a file that cannot be written is as good a lock.
void write_holder(const Descriptor& file) {
  const auto now = std::chrono::floor<std::chrono::seconds>(base::RealClock().now());
  const std::string since = base::to_string(base::civil_time(now, base::TimeZone()), false);
  const std::string text = "pid " + std::to_string(::getpid()) + ", since " + since + " UTC\n";
  if (::ftruncate(file.number(), 0) != 0) return;
  [[maybe_unused]] const ssize_t written = ::pwrite(file.number(), text.data(), text.size(), 0);
}

std::string read_holder(const std::string& path) {
  constexpr const char* kUnknown = "another process";
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.number() < 0) return kUnknown;
  std::array<char, 200> buffer{};
  const ssize_t size = ::read(file.number(), buffer.data(), buffer.size());
  if (size <= 0) return kUnknown;
  const std::string_view text(buffer.data(), static_cast<std::size_t>(size));
  const std::string_view line = base::trim(text.substr(0, text.find('\n')));
  return line.starts_with("pid ") ? std::string(line) : kUnknown;
}

}  // namespace

std::unique_ptr<DeploymentLock> lock(Connection&, const ConnectOptions& options,
                                     const LockRequest& request) {
  if (is_in_memory(options)) return std::make_unique<NoLock>();
  const std::string path = lock_path(options.database);
  std::optional<Descriptor> file;
  wait_for_lock(
      {.what = "the deployment lock of " + options.database,
       .attempt =
           [&] {
             if (auto locked = try_lock(path)) file.emplace(std::move(*locked));
             return file.has_value();
           },
       .holder = [&] { return read_holder(path); },
       .hint = "wait until it has ended; the lock is free as soon as that process is gone"},
      request, options.stop_requested);
  write_holder(*file);
  return std::make_unique<FileLock>(path, std::move(*file));
}

std::string lock_holder(Connection&, const ConnectOptions& options, const LockRequest&) {
  if (is_in_memory(options)) return {};
  const std::string path = lock_path(options.database);
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.number() < 0) return {};
  // Shared, and for a moment: a deployer who comes just now tries again.
  const bool is_held = ::flock(file.number(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  return is_held ? read_holder(path) : std::string();
}

}  // namespace capo::dialect::sqlite
