#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "capo/schema.hpp"
#include "dialect/lexer.hpp"

/// `CREATE TABLE` as SQLite keeps it, taken apart and changed in place: what a change does not
/// concern stays byte for byte, comments and quotes included.
namespace capo::dialect::sqlite {

/// [begin, end) of a text.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// A constraint of a column or of the table.
struct Clause {
  enum class Kind {
    kPrimaryKey,
    kNotNull,
    kNull,  ///< `NULL` says nothing
    kUnique,
    kCheck,
    kDefault,
    kCollate,
    kForeignKey,
    kGenerated,
    kOther,  ///< what has no effect by itself: a lone `CONSTRAINT name`, a lone `DEFERRABLE`
  };

  Kind kind = Kind::kOther;
  std::string name = {};  ///< what CONSTRAINT says, without quotes
  Span span = {};         ///< of all of it, `CONSTRAINT name` included
  Span name_span = {};
  Span arguments = {};         ///< of the first parenthesis with what is in it; may be empty
  std::string referred = {};   ///< of a foreign key: the table, without quotes
  Span referred_columns = {};  ///< of a foreign key: the second parenthesis, or that of a column's
  Span value = {};             ///< of DEFAULT and COLLATE: what follows the word
  std::string on_conflict = {};  ///< `REPLACE`, as it is written; empty: nothing is said
  bool descending = false;       ///< of a column's PRIMARY KEY
  bool autoincrement = false;
  bool stored = false;     ///< of a generated column
  std::string match = {};  ///< of a foreign key: what MATCH says
  Action on_delete = Action::kNoAction;
  Action on_update = Action::kNoAction;
  /// Of a foreign key, or of a lone `DEFERRABLE`, which is about the foreign key before it.
  std::optional<bool> deferrable = {};
  bool initially_deferred = false;
};

struct ColumnText {
  std::string name = {};  ///< without quotes
  Span span = {};         ///< of the whole definition
  Span name_span = {};
  Span type = {};  ///< may be empty; then it lies behind the name
  std::vector<Clause> clauses = {};

  const Clause* find(Clause::Kind kind) const;
};

/// Without its quotes of whatever kind, doubled ones undone; a plain word as it is.
std::string unquoted(std::string_view token);
/// True if the SQL `text` mentions the name: as a word or quoted, in any case of letters, but not
/// as the name of a function or inside a string.
bool mentions(std::string_view text, std::string_view name);
/// The same text as tokens with one space between, words in lower case, names without quotes: equal
/// for two texts that mean the same to SQLite's parser.
std::string normalised(std::string_view text);
/// True for a literal with or without sign, NULL, TRUE or FALSE: what `DEFAULT` can say without a
/// parenthesis, and what is the same for each row.
bool is_constant(std::string_view text);

/// True if the parenthesis that the text begins with is all of it.
bool is_one_parenthesis(std::string_view text);

class TableText {
 public:
  /// Throws Error{kUnsupported} if it is no `CREATE TABLE name (…)`.
  explicit TableText(std::string sql);

  const std::string& sql() const { return sql_; }
  std::string_view text(const Span& span) const {
    return std::string_view(sql_).substr(span.begin, span.end - span.begin);
  }
  const std::vector<ColumnText>& columns() const { return columns_; }
  const std::vector<Clause>& constraints() const { return constraints_; }
  bool without_rowid() const { return without_rowid_; }
  bool strict() const { return strict_; }

  /// Null if there is none; names are compared as SQLite does, in any case of letters.
  const ColumnText* find_column(std::string_view name) const;
  /// The constraint of that name, of the table or of a column; null if there is none.
  const Clause* find_constraint(std::string_view name) const;

  // Each changes the text; what was found before is void then.

  /// `definition` goes behind the last column.
  void add_column(std::string_view definition);
  /// The column, and the constraints that are over it. A generated column that is computed from it
  /// stays, and SQLite will refuse that.
  void drop_column(std::string_view name);
  void add_constraint(std::string_view constraint);
  void drop_constraint(const Clause& constraint);
  void replace(const Span& span, std::string_view text);
  void set_type(const ColumnText& column, std::string_view type);
  /// `STRICT` and `WITHOUT ROWID`, or not.
  void set_options(bool strict, bool without_rowid);
  /// Behind everything else that the column says.
  void add_clause(const ColumnText& column, std::string_view clause);

 private:
  /// Something between two commas.
  struct Element {
    Span span = {};
    std::optional<std::size_t> comma = {};  ///< where the one behind it stands
  };

  void parse();
  const Clause* check_of_another(std::string_view name) const;
  std::size_t element_of(const Span& span) const;
  void insert_behind(const Span& span, std::string_view text);
  std::size_t gap_before(std::size_t at) const;
  void erase(const Span& span);
  void erase_element(std::size_t number);

  std::string sql_;
  std::vector<Element> elements_ = {};
  std::vector<ColumnText> columns_ = {};
  std::vector<Clause> constraints_ = {};
  bool without_rowid_ = false;
  bool strict_ = false;
  Span options_ = {};  ///< from the parenthesis that closes to the last of the options
};

}  // namespace capo::dialect::sqlite
