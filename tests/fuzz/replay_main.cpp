// Runs a fuzz target once over the empty input and over every file of the directories given: how a
// corpus is replayed by compilers without libFuzzer. Each file is named before it runs, so that the
// last line tells which one ended it.

#include <cstdio>
#include <exception>
#include <string>

#include "base/fs.hpp"
#include "fuzz.hpp"

namespace {

void replay(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

int replay_directory(const std::string& directory) {
  const capo::base::RealFileSystem files;
  int count = 0;
  for (const std::string& name : files.list(directory)) {
    const std::string path = capo::base::join_path(directory, name);
    std::printf("%s\n", path.c_str());
    std::fflush(stdout);
    replay(files.read(path));
    ++count;
  }
  return count;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    replay({});
    for (int i = 1; i < argc; ++i) {
      if (replay_directory(argv[i]) == 0) {
        std::fprintf(stderr, "%s is empty: nothing was replayed\n", argv[i]);
        return 1;
      }
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "the target let an exception out: %s\n", error.what());
    return 1;
  }
  return 0;
}
