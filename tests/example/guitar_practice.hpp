#pragma once

#include <string>
#include <string_view>

#include "support/project.hpp"

namespace capo::test {

/// The example's program on a database of the test's own.
class GuitarPractice : public Project {
 public:
  explicit GuitarPractice(std::string_view kind) : Project(kind) {
    write("alembic.ini", read_file(EXAMPLE "/alembic.ini"));
    use_program(GPRA_MIGRATE);
  }

  void load_demo_data() { database().script(read_file(EXAMPLE "/demo_data.sql")); }

  /// The single-user program's own database: its tables, a year of practice, and no trace of capo.
  void make_single_user_database() {
    must({"upgrade", "000"});
    database().script("DROP TABLE alembic_version; DROP TABLE capo_journal");
    load_demo_data();
  }

  std::string count(std::string_view table, std::string_view condition = "1 = 1") {
    return database().value("SELECT count(*) FROM " + std::string(table) + " WHERE " +
                            std::string(condition));
  }
};

}  // namespace capo::test
