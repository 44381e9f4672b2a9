#include "dialect/sqlite/throw_away.hpp"

#include <array>
#include <string>

#include "base/fs.hpp"
#include "base/scratch_directory.hpp"
#include "dialect/sql_writer.hpp"
#include "dialect/sqlite/compilation.hpp"
#include "dialect/sqlite/connection.hpp"
#include "dialect/sqlite/examination.hpp"
#include "dialect/sqlite/keywords.hpp"

namespace capo::dialect::sqlite {
namespace {

constexpr std::string_view kPrefix = "capo_throw_away_";

class ThrowAwayFile final : public ThrowAway {
 public:
  explicit ThrowAwayFile(const ThrowAwayRequest& request) : directory_(kPrefix, request.random) {
    options_.database = base::join_path(directory_.path(), "database.db");
    // What the URL says of the session holds here too; not whether there must be a file.
    for (const auto& parameter : request.server.parameters) {
      if (parameter.first != "mode") options_.parameters.push_back(parameter);
    }
  }

  const ConnectOptions& options() const override { return options_; }
  std::string described() const override { return "SQLite, a temporary file"; }
  void renew() override {
    base::RealFileSystem files;
    for (const char* const ending : {"", "-journal", "-wal", "-shm"}) {
      const std::string path = options_.database + ending;
      if (files.kind(path) == base::FileKind::kFile) files.remove(path);
    }
  }
  Copied copy(const ConnectOptions& from, bool with_data) override {
    const std::unique_ptr<Connection> source = connect(for_looking(from));
    if (with_data) {
      source->execute_alone(
          (SqlWriter(is_reserved) << "VACUUM INTO " << Literal(options_.database)).str());
      return {true, "with VACUUM INTO"};
    }
    const std::unique_ptr<Connection> target = connect(options_);
    for (const Statement& statement : sqlite::read_schema(*source)) target->query(statement.sql);
    return {true, "statement by statement, as the database keeps them"};
  }

 private:
  base::ScratchDirectory directory_;
  ConnectOptions options_ = {};
};

}  // namespace

std::unique_ptr<ThrowAway> make_throw_away(const ThrowAwayRequest& request) {
  base::ScratchDirectory::remove_abandoned(kPrefix, {}, [](const std::string&) {});
  return std::make_unique<ThrowAwayFile>(request);
}

}  // namespace capo::dialect::sqlite
