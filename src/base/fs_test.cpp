#include "base/fs.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "capo/error.hpp"

namespace capo::base {
namespace {

// What both file systems promise, in a directory of each one's own.
class AnyFileSystem : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (!GetParam()) {
      files_ = std::make_unique<MemoryFileSystem>();
      return;
    }
    std::string name = testing::TempDir() + "capo_fs_XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root_ = name;
    files_ = std::make_unique<RealFileSystem>();
  }
  void TearDown() override {
    if (GetParam()) std::filesystem::remove_all(root_);
  }
  std::string path(std::string_view name) const { return join_path(root_, name); }
  FileSystem& files() { return *files_; }
  // Not with write(), which waits for the disk.
  void put(const std::string& name, const std::string& content) {
    if (GetParam()) {
      std::ofstream(path(name)) << content;
    } else {
      files_->write(path(name), content);
    }
  }

 private:
  std::string root_ = "/project";
  std::unique_ptr<FileSystem> files_;
};

TEST_P(AnyFileSystem, CreateNeverReplaces) {
  EXPECT_TRUE(files().create(path("a.sql"), "one"));
  EXPECT_FALSE(files().create(path("a.sql"), "two"));
  EXPECT_EQ(files().read(path("a.sql")), "one");
  EXPECT_EQ(files().list(path("")), std::vector<std::string>{"a.sql"});
  files().create_directories(path("d"));
  EXPECT_FALSE(files().create(path("d"), "three"));
}

TEST_P(AnyFileSystem, ListsDirectories) {
  files().create_directories(path("v/b"));
  files().create_directories(path("v/a"));
  files().write(path("v/c"), "");
  EXPECT_EQ(files().list(path("v")), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(files().list_directories(path("v")), (std::vector<std::string>{"a", "b"}));
}

TEST_P(AnyFileSystem, ReadsTheStartsOfFiles) {
  std::vector<std::string> names;
  for (int i = 0; i < 1000; ++i) {
    names.push_back(std::to_string(i));
    if (i % 100 == 7) {
      files().create_directories(path(names.back()));
    } else {
      put(names.back(), std::string(static_cast<std::size_t>(i), 'x') + "end");
    }
  }
  std::vector<std::string> starts(names.size(), "not visited");
  files().read_starts(path(""), names, 10,
                      [&](std::size_t i, std::string_view start) { starts[i] = start; });
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string expected =
        i % 100 == 7 ? "not visited" : (std::string(i, 'x') + "end").substr(0, 10);
    EXPECT_EQ(starts[i], expected) << i;
  }
}

TEST_P(AnyFileSystem, TheFirstFailureOfManyIsThrown) {
  std::vector<std::string> names;
  for (int i = 0; i < 1000; ++i) {
    names.push_back(std::to_string(i));
    put(names.back(), "x");
  }
  for (const std::size_t bad : {0U, 130U, 999U}) {
    try {
      files().read_starts(path(""), names, 10, [&](std::size_t i, std::string_view) {
        if (i >= bad) throw Error(ErrorCode::kScript, names[i]);
      });
      FAIL() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.message(), std::to_string(bad));
    }
  }
}

TEST_P(AnyFileSystem, MissingFilesAndDirectories) {
  const auto message = [&](const std::string& directory, const std::string& name) -> std::string {
    try {
      files().read_starts(directory, {name}, 10, [](std::size_t, std::string_view) {});
    } catch (const Error& error) {
      return error.message();
    }
    return "no error";
  };
  files().create_directories(path("d"));
  EXPECT_EQ(message(path("d"), "none"),
            "cannot read " + path("d/none") + ": No such file or directory");
  EXPECT_THROW(files().list_directories(path("none")), Error);
}

TEST_P(AnyFileSystem, RenamesInPlaceOfAnotherFile) {
  put("a", "1");
  put("b", "2");
  files().rename(path("a"), path("b"));
  EXPECT_EQ(files().read(path("b")), "1");
  EXPECT_EQ(files().kind(path("a")), FileKind::kNone);
  EXPECT_THROW(files().rename(path("a"), path("b")), Error);
  EXPECT_EQ(files().read(path("b")), "1");
}

INSTANTIATE_TEST_SUITE_P(Base, AnyFileSystem, testing::Values(false, true),
                         [](const auto& which) { return which.param ? "Real" : "Memory"; });

TEST(RealFileSystem, ANameMayBeAsLongAsTheSystemAllows) {
  const std::string directory = testing::TempDir() + "capo_long_name";
  RealFileSystem files;
  files.create_directories(directory);
  const std::string path = join_path(directory, std::string(255, 'x'));
  if (files.kind(path) != FileKind::kNone) files.remove(path);
  EXPECT_TRUE(files.create(path, "text"));
  files.write(path, "other");
  EXPECT_EQ(files.read(path), "other");
  EXPECT_EQ(files.list(directory), std::vector<std::string>{std::string(255, 'x')});
}

TEST(RealFileSystem, OneHoldsALock) {
  std::string root = testing::TempDir() + "capo_fs_XXXXXX";
  ASSERT_NE(::mkdtemp(root.data()), nullptr);
  RealFileSystem files;
  int waited = 0;
  auto first = files.lock(root, [&] { ++waited; });
  EXPECT_EQ(waited, 0);
  const auto second = files.lock(root, [&] {
    ++waited;
    first.reset();
  });
  EXPECT_EQ(waited, 1);
  files.lock(root + "/none", [&] { ++waited; });
  EXPECT_EQ(waited, 1);
  EXPECT_EQ(files.list(root), std::vector<std::string>{});
  std::filesystem::remove_all(root);
}

TEST(RealFileSystem, LinksToDirectoriesAreNotWalkedInto) {
  std::string root = testing::TempDir() + "capo_fs_XXXXXX";
  ASSERT_NE(::mkdtemp(root.data()), nullptr);
  std::filesystem::create_directory(root + "/d");
  std::filesystem::create_directory_symlink(root, root + "/d/up");
  const RealFileSystem files;
  EXPECT_EQ(files.list_directories(root + "/d"), std::vector<std::string>{});
  EXPECT_EQ(files.list(root + "/d"), std::vector<std::string>{"up"});
  std::filesystem::remove_all(root);
}

}  // namespace
}  // namespace capo::base
