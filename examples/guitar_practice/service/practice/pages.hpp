#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "http/route.hpp"

/// What lists and changes of rows have in common.
namespace gpra {

enum class Shown { kText, kInteger, kBoolean, kJson, kTime };

/// `2026-11-29T04:30:31.5Z`, as RFC 3339 has it and every browser reads it, of what either database
/// writes: `2026-11-29 04:30:31.5+00`, or without a zone, which is UTC then.
std::string time_text(std::string text);

/// Columns, each with how it is shown.
using ShownColumns = std::vector<std::pair<const char*, Shown>>;

/// A row as it is answered; NULL is null.
nlohmann::json row_as_json(const Rows& rows, std::size_t row, const ShownColumns& columns);

/// Whether the user has it. `table` is one with a column `id`.
bool is_there(Transaction& work, const std::string& table, long long id);

/// `?limit=20&offset=40&search=blues`
struct Page {
  int limit = 50;
  int offset = 0;
  std::string search = {};   ///< empty: all
  std::string pattern = {};  ///< for `LIKE lower($1) ESCAPE '\'`
};
std::vector<Field> page_fields();
/// For WHERE: that `column` has in it what is sought; `$1` is Page::search, `$2` Page::pattern.
std::string is_sought(const std::string& column);
Page page_of(const Context& context);

/// `{"rows": […], "next": 40}`; of `rows` one more was asked for than the page holds. `next` is the
/// offset of the next page, null if there is none.
Response answer_page(const Context& context, const Rows& rows, const Page& page,
                     nlohmann::json (*as_json)(const Rows&, std::size_t));

/// `UPDATE … SET` of the columns that were given.
class Changes {
 public:
  /// `column` as it is to be written, with its quotes.
  void set(const std::string& column, Param value);
  bool empty() const { return params_.empty(); }
  void run(Transaction& work, const std::string& table, const std::string& key, int id);

 private:
  std::string text_ = {};
  std::vector<Param> params_ = {};
};

}  // namespace gpra
