#include "base/scratch_directory.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "base/fs.hpp"
#include "capo/error.hpp"

namespace capo::base {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLockName = "in-use";
constexpr std::size_t kDigits = 16;

// A socket in the directory has a path of at most 107 bytes.
std::string temporary_directory() {
  constexpr std::size_t kLongest = 40;
  std::error_code error;
  const std::string path = fs::temp_directory_path(error).string();
  return error || path.size() > kLongest ? "/tmp" : path;
}

[[noreturn]] void fail(const std::string& what, const std::string& path) {
  throw Error(ErrorCode::kConfig, what + " " + path + ": " + std::strerror(errno))
      .hint("TMPDIR says where temporary files go");
}

const passwd& find_user(const std::string& name) {
  const passwd* const user = ::getpwnam(name.c_str());
  if (user != nullptr) return *user;
  throw Error(ErrorCode::kConfig, "there is no user " + name + " on this machine");
}

uid_t owner(const std::string& user) { return user.empty() ? ::geteuid() : find_user(user).pw_uid; }

bool is_name(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix) || name.size() != prefix.size() + kDigits) return false;
  return name.find_first_not_of("0123456789abcdef", prefix.size()) == std::string_view::npos;
}

int try_lock(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return -1;
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) return file;
  ::close(file);
  return -1;
}

}  // namespace

ScratchDirectory::ScratchDirectory(std::string_view prefix, Random& random, const std::string& user)
    : path_(join_path(temporary_directory(), std::string(prefix) + random.hex(kDigits))) {
  if (::mkdir(path_.c_str(), 0700) != 0) fail("cannot make the directory", path_);
  const std::string lock = join_path(path_, kLockName);
  lock_ = ::open(lock.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (lock_ < 0 || ::flock(lock_, LOCK_EX | LOCK_NB) != 0) fail("cannot lock", lock);
  if (user.empty()) return;
  const passwd& given = find_user(user);
  if (::chown(path_.c_str(), given.pw_uid, given.pw_gid) != 0) {
    fail("cannot give to the user " + user + " the directory", path_);
  }
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  ::close(lock_);
}

void ScratchDirectory::remove_abandoned(
    std::string_view prefix, const std::string& user,
    const std::function<void(const std::string& path)>& before) {
  const std::string parent = temporary_directory();
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(parent, ignored)) {
    const std::string path = entry.path().string();
    struct stat info {};
    if (!is_name(file_name(path), prefix) || ::lstat(path.c_str(), &info) != 0) continue;
    if (!S_ISDIR(info.st_mode) || info.st_uid != owner(user)) continue;
    const int lock = try_lock(join_path(path, kLockName));
    if (lock < 0) continue;
    before(path);
    fs::remove_all(path, ignored);
    ::close(lock);
  }
}

}  // namespace capo::base
