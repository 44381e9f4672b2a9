#pragma once

#include <pg_query/pg_query.pb-c.h>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lint/catalog.hpp"

/// What PostgreSQL's own parser (libpg_query, the grammar of PostgreSQL 15) makes of a statement,
/// and reading it.
namespace capo::lint::postgresql {

class Tree {
 public:
  /// A text of one statement or several. What does not parse has no statements and an error.
  explicit Tree(const std::string& sql);

  std::span<PgQuery__RawStmt* const> statements() const;
  /// The parser's words; empty if it parsed.
  const std::string& error() const { return error_; }

 private:
  struct Free {
    void operator()(PgQuery__ParseResult* tree) const;
  };
  std::unique_ptr<PgQuery__ParseResult, Free> tree_ = {};
  std::string error_ = {};
};

/// A statement as text again; empty if libpg_query cannot say it, or says what does not parse to
/// the same. Only read, so what it points to may be anybody's.
std::string deparse(PgQuery__Node& statement);

/// A name to put into a statement for one that libpg_query would not quote, and putting the name in
/// its place, as it stands in SQL.
inline constexpr std::string_view kNameToCome = "capo_puts_a_name_here";
std::string with_name(std::string sql, std::string_view quoted);

using Nodes = std::span<PgQuery__Node* const>;
inline Nodes nodes(PgQuery__Node** first, std::size_t count) { return {first, count}; }
/// The elements of a node that is a list; of any other nothing.
Nodes items(const PgQuery__Node* node);

inline std::string text(const char* chars) { return chars == nullptr ? "" : chars; }
inline bool is_empty(const char* chars) { return chars == nullptr || *chars == '\0'; }
/// The texts of a list of String nodes; others are left out.
std::vector<std::string> texts(Nodes list);

/// Names in the default schema have no schema; neither have those in pg_temp's way of none.
class Names {
 public:
  explicit Names(std::string_view default_schema) : default_schema_(default_schema) {}

  ObjectName of(const PgQuery__RangeVar* relation) const;
  /// `{schema, name}`, `{name}`.
  ObjectName of(std::vector<std::string> parts) const;
  ObjectName of(Nodes list) const { return of(texts(list)); }
  /// The same for a node that is a list of names or a name, as DROP has its objects.
  ObjectName of(const PgQuery__Node* node) const;

 private:
  std::string_view default_schema_;
};

/// As the catalog has it; `serial` and its like stay as they are.
KnownType type_of(const PgQuery__TypeName* type);
std::string collation_of(const PgQuery__CollateClause* clause);

/// Visits a message and all below it, from the top; what `visit` returns false for is not entered.
void walk(const ProtobufCMessage* message,
          const std::function<bool(const ProtobufCMessage*)>& visit);
/// The message if it is one of this kind, else null.
template <class Message>
const Message* as(const ProtobufCMessage* message, const ProtobufCMessageDescriptor& kind) {
  return message != nullptr && message->descriptor == &kind
             ? reinterpret_cast<const Message*>(message)
             : nullptr;
}

/// The columns that an expression mentions, each once, without a table before them.
std::vector<std::string> columns_in(const PgQuery__Node* expression);
/// The functions that it calls.
std::vector<std::vector<std::string>> functions_in(const ProtobufCMessage* message);
/// The relations that a query reads, without those that it defines itself (WITH).
std::vector<ObjectName> relations_in(const ProtobufCMessage* message, const Names& names);
/// Of `c IS NOT NULL`, also as one part of an AND: the columns.
std::vector<std::string> kept_from_null(const PgQuery__Node* expression);
bool is_null_constant(const PgQuery__Node* expression);
/// Whether it may give another value for each row, with functions of the history taken from
/// `catalog`.
bool is_volatile(const PgQuery__Node* expression, const Catalog& catalog);

/// The first option of this name in a list of DefElem, or null.
const PgQuery__DefElem* option(Nodes list, std::string_view name);
/// Whether an option that may stand by itself (`CONCURRENTLY`, `(FULL)`, `(FULL true)`) is on.
bool is_on(Nodes list, std::string_view name);

}  // namespace capo::lint::postgresql
