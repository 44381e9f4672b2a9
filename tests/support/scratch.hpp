#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Files of a test.
namespace capo::test {

/// A new directory that goes away with this object, unless keep() was called. Readable by the
/// server's user.
class Scratch {
 public:
  explicit Scratch(std::string_view name);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::string& path() const { return path_; }
  /// `path()/name`.
  std::string at(std::string_view name) const;
  void keep() { keep_ = true; }

 private:
  std::string path_;
  bool keep_ = false;
};

std::string read_file(const std::string& path);
/// Makes the directories above it.
void write_file(const std::string& path, std::string_view content);
bool file_exists(const std::string& path);
/// Names in a directory, sorted.
std::vector<std::string> list_directory(const std::string& path);

/// `text` with every `from` replaced.
std::string replaced(std::string text, std::string_view from, std::string_view to);

}  // namespace capo::test
