// A library that is loaded into capo (LD_PRELOAD) and makes trouble at its n-th call of a kind.
// Every place where the outside world can be left in another state is one of these calls.
//
//     CAPO_TROUBLE_ON=network   send and recv: what libpq does
//     CAPO_TROUBLE_ON=files     write, fsync, truncate and unlink: what SQLite does (not on stdin,
//                               stdout, stderr)
//     CAPO_TROUBLE_AT=n         from 1
//     CAPO_TROUBLE=kill         the process ends there, as by `kill -9`
//     CAPO_TROUBLE=fail         the call fails: the connection is broken, the disk is full
//     CAPO_TROUBLE_MARK=FILE    made when it happens

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>

namespace {

enum class Kind { kNetwork, kFiles };

// True if this call is to fail. Does not return if the process is to end.
bool trouble(Kind kind) {
  static const char* on = std::getenv("CAPO_TROUBLE_ON");
  static const char* at = std::getenv("CAPO_TROUBLE_AT");
  static std::atomic<long> left = at != nullptr ? std::strtol(at, nullptr, 10) : 0;
  if (on == nullptr || at == nullptr) return false;
  if (std::strcmp(on, kind == Kind::kNetwork ? "network" : "files") != 0) return false;
  if (--left != 0) return false;
  const char* mark = std::getenv("CAPO_TROUBLE_MARK");
  if (mark != nullptr) close(open(mark, O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
  const char* what = std::getenv("CAPO_TROUBLE");
  if (what != nullptr && std::strcmp(what, "kill") == 0) kill(getpid(), SIGKILL);
  return true;
}

bool file_trouble(int fd, int error) {
  struct stat about {};
  // An eventfd, a pipe: not what is meant.
  if (fd <= STDERR_FILENO || fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) return false;
  if (!trouble(Kind::kFiles)) return false;
  errno = error;
  return true;
}

bool network_trouble(int fd) {
  if (!trouble(Kind::kNetwork)) return false;
  shutdown(fd, SHUT_RDWR);
  errno = ECONNRESET;
  return true;
}

// The function that the library stands in front of.
template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

ssize_t send(int fd, const void* data, size_t size, int flags) {
  static auto* const real = next<decltype(send)>("send");
  if (network_trouble(fd)) return -1;
  return real(fd, data, size, flags);
}

ssize_t recv(int fd, void* data, size_t size, int flags) {
  static auto* const real = next<decltype(recv)>("recv");
  if (network_trouble(fd)) return -1;
  return real(fd, data, size, flags);
}

ssize_t write(int fd, const void* data, size_t size) {
  static auto* const real = next<decltype(write)>("write");
  if (file_trouble(fd, ENOSPC)) return -1;
  return real(fd, data, size);
}

ssize_t pwrite(int fd, const void* data, size_t size, off_t offset) {
  static auto* const real = next<decltype(pwrite)>("pwrite");
  if (file_trouble(fd, ENOSPC)) return -1;
  return real(fd, data, size, offset);
}

ssize_t pwrite64(int fd, const void* data, size_t size, off64_t offset) {
  static auto* const real = next<decltype(pwrite64)>("pwrite64");
  if (file_trouble(fd, ENOSPC)) return -1;
  return real(fd, data, size, offset);
}

int fsync(int fd) {
  static auto* const real = next<decltype(fsync)>("fsync");
  if (file_trouble(fd, EIO)) return -1;
  return real(fd);
}

int fdatasync(int fd) {
  static auto* const real = next<decltype(fdatasync)>("fdatasync");
  if (file_trouble(fd, EIO)) return -1;
  return real(fd);
}

int ftruncate64(int fd, off64_t size) noexcept {
  static auto* const real = next<decltype(ftruncate64)>("ftruncate64");
  if (file_trouble(fd, EIO)) return -1;
  return real(fd, size);
}

int unlink(const char* path) noexcept {
  static auto* const real = next<decltype(unlink)>("unlink");
  if (trouble(Kind::kFiles)) {
    errno = EIO;
    return -1;
  }
  return real(path);
}

}  // extern "C"
