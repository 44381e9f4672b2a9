// notes [FILE [NOTE]]: keeps notes in a SQLite file, which may be older than the program.

#include <sqlite3.h>

#include <capo/capo.hpp>
#include <capo/migrator.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

static std::shared_ptr<sqlite3> open(const std::string& path) {
  sqlite3* db = nullptr;
  const int result = sqlite3_open(path.c_str(), &db);
  std::shared_ptr<sqlite3> file(db, sqlite3_close);
  if (result != SQLITE_OK) throw std::runtime_error(path + ": " + sqlite3_errmsg(db));
  sqlite3_busy_timeout(db, 10'000);
  return file;
}

// `%Q` in the SQL is the value, in quotes; the first column of what it finds is printed.
static void run(sqlite3* db, const char* sql, const std::string& value = {}) {
  const auto print = [](void*, int, char** row, char**) { return std::puts(row[0]) < 0 ? 1 : 0; };
  char* text = sqlite3_mprintf(sql, value.c_str());
  const int result = sqlite3_exec(db, text, print, nullptr, nullptr);
  sqlite3_free(text);
  if (result != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(db));
}

// A backup that is there is replaced only by one that is whole.
static void back_up(const std::string& path) {
  const std::string unfinished = path + ".unfinished";
  std::filesystem::remove(unfinished);
  run(open(path).get(), "VACUUM INTO %Q", unfinished);
  std::filesystem::rename(unfinished, path + ".backup");
}

int main(int argc, char** argv) try {
  const std::string path = argc > 1 ? argv[1] : "notes.db";
  bool is_safe = !std::filesystem::exists(path);
  const std::shared_ptr<sqlite3> file = open(path);
  // Whoever is told of the first revision is the only one who migrates, and nothing is changed yet.
  const auto listen = [&](const capo::MigrationEvent& event) {
    if (event.kind != capo::MigrationEvent::Kind::kRevisionStarted) return;
    if (!is_safe) back_up(path);
    is_safe = true;
    std::printf("%.*s\n", static_cast<int>(event.text.size()), event.text.data());
  };
  capo::Migrator(capo::embedded_project().revisions, file.get(), {.on_event = listen}).upgrade();
  if (argc > 2) run(file.get(), "INSERT INTO notes (text) VALUES (%Q)", argv[2]);
  run(file.get(), "SELECT text FROM notes ORDER BY id");
} catch (const capo::Error& why) {
  std::fprintf(stderr, "notes: %s\n%s\n%s\n", why.what(), why.detail().c_str(), why.hint().c_str());
  return 1;
} catch (const std::exception& why) {
  std::fprintf(stderr, "notes: %s\n", why.what());
  return 1;
}
