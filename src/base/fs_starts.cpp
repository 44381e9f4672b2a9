// The starts of thousands of small files: what a project's history is read from each time capo
// starts. Nearly all of the time goes to the operating system's calls, so there are three of them a
// file, relative to an open directory, and two threads.

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>

#include "base/fs.hpp"
#include "capo/error.hpp"

namespace capo::base {
namespace {

// Files that a thread takes at a time; below two such a second thread costs more than it brings.
constexpr std::size_t kBatch = 128;

class Reader {
 public:
  Reader(const std::string& directory, const std::vector<std::string>& names, std::size_t limit,
         const std::function<void(std::size_t, std::string_view)>& visit)
      : directory_(directory), names_(names), limit_(limit), visit_(visit) {
    handle_ = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle_ < 0) fail(directory);
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { ::close(handle_); }

  void run() {
    std::thread helper;
    if (names_.size() > 2 * kBatch) {
      try {
        helper = std::thread([this] { work(); });
      } catch (const std::system_error&) {
        // No thread to be had: the one that is here does it all.
      }
    }
    work();
    if (helper.joinable()) helper.join();
    if (error_) std::rethrow_exception(error_);
  }

 private:
  // Batches are handed out in order, so that every one before a failing file is read to its end, or
  // to a failure of its own.
  void work() noexcept {
    std::string buffer;
    std::size_t index = 0;
    try {
      buffer.resize(limit_);
      for (;;) {
        const std::size_t begin = next_.fetch_add(kBatch);
        if (begin >= names_.size()) return;
        for (index = begin; index < std::min(begin + kBatch, names_.size()); ++index) {
          read(index, buffer);
        }
      }
    } catch (...) {
      next_ = names_.size();
      const std::lock_guard<std::mutex> guard(mutex_);
      if (!error_ || index < error_index_) {
        error_ = std::current_exception();
        error_index_ = index;
      }
    }
  }

  void read(std::size_t index, std::string& buffer) const {
    const int file = ::openat(handle_, names_[index].c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) fail(join_path(directory_, names_[index]));
    std::size_t size = 0;
    int error = 0;
    while (size < limit_) {
      const ssize_t count = ::read(file, buffer.data() + size, limit_ - size);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) error = errno;
      if (count <= 0) break;
      const bool whole = static_cast<std::size_t>(count) < limit_ - size;
      size += static_cast<std::size_t>(count);
      if (whole) break;  // a file gives all it has; one more call would only say so
    }
    ::close(file);
    if (error == EISDIR) return;
    if (error != 0) {
      errno = error;
      fail(join_path(directory_, names_[index]));
    }
    visit_(index, std::string_view(buffer).substr(0, size));
  }

  [[noreturn]] static void fail(const std::string& path) {
    throw Error(ErrorCode::kConfig, "cannot read " + path + ": " + std::strerror(errno));
  }

  const std::string& directory_;
  const std::vector<std::string>& names_;
  const std::size_t limit_;
  const std::function<void(std::size_t, std::string_view)>& visit_;
  int handle_ = -1;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  std::exception_ptr error_;
  std::size_t error_index_ = 0;
};

}  // namespace

void RealFileSystem::read_starts(
    const std::string& directory, const std::vector<std::string>& names, std::size_t limit,
    const std::function<void(std::size_t, std::string_view)>& visit) const {
  Reader(directory, names, limit, visit).run();
}

}  // namespace capo::base
