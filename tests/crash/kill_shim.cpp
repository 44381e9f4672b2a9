// A library that is loaded into capo (LD_PRELOAD) and ends it as `kill -9` does, before the n-th
// call of a kind: every place where a crash can leave the outside world in another state is one of
// these calls.
//
//     CAPO_KILL_ON=network   send and recv: what libpq does
//     CAPO_KILL_ON=files     write, fsync, truncate and unlink: what SQLite does (not on stdin,
//     stdout, stderr) CAPO_KILL_AT=n         from 1

#include <dlfcn.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>

namespace {

enum class Kind { kNetwork, kFiles };

void count(Kind kind) {
  static const char* on = std::getenv("CAPO_KILL_ON");
  static const char* at = std::getenv("CAPO_KILL_AT");
  static std::atomic<long> left = at != nullptr ? std::strtol(at, nullptr, 10) : 0;
  if (on == nullptr || at == nullptr) return;
  if (std::strcmp(on, kind == Kind::kNetwork ? "network" : "files") != 0) return;
  if (--left == 0) kill(getpid(), SIGKILL);
}

void count_file(int fd) {
  if (fd > STDERR_FILENO) count(Kind::kFiles);
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
  count(Kind::kNetwork);
  return real(fd, data, size, flags);
}

ssize_t recv(int fd, void* data, size_t size, int flags) {
  static auto* const real = next<decltype(recv)>("recv");
  count(Kind::kNetwork);
  return real(fd, data, size, flags);
}

ssize_t write(int fd, const void* data, size_t size) {
  static auto* const real = next<decltype(write)>("write");
  count_file(fd);
  return real(fd, data, size);
}

ssize_t pwrite(int fd, const void* data, size_t size, off_t offset) {
  static auto* const real = next<decltype(pwrite)>("pwrite");
  count_file(fd);
  return real(fd, data, size, offset);
}

ssize_t pwrite64(int fd, const void* data, size_t size, off64_t offset) {
  static auto* const real = next<decltype(pwrite64)>("pwrite64");
  count_file(fd);
  return real(fd, data, size, offset);
}

int fsync(int fd) {
  static auto* const real = next<decltype(fsync)>("fsync");
  count_file(fd);
  return real(fd);
}

int fdatasync(int fd) {
  static auto* const real = next<decltype(fdatasync)>("fdatasync");
  count_file(fd);
  return real(fd);
}

int ftruncate64(int fd, off64_t size) noexcept {
  static auto* const real = next<decltype(ftruncate64)>("ftruncate64");
  count_file(fd);
  return real(fd, size);
}

int unlink(const char* path) noexcept {
  static auto* const real = next<decltype(unlink)>("unlink");
  count(Kind::kFiles);
  return real(path);
}

}  // extern "C"
