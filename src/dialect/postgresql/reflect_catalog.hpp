#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "dialect/connection.hpp"
#include "dialect/reflect.hpp"

/// Reading PostgreSQL's catalogs: a fixed number of queries, each answer taken over by a function
/// of its own into one Catalog, in an order in which each finds what it needs of those before it.
namespace capo::dialect::postgresql {

using Oid = std::uint32_t;

/// The oids of catalogs, which are the same in all versions.
enum : Oid {
  kTypes = 1247,
  kFunctions = 1255,
  kRelations = 1259,
  kDefaults = 2604,
  kConstraints = 2606,
  kNamespaces = 2615,
  kRules = 2618,
  kTriggers = 2620,
  kExtensions = 3079,
  kPolicies = 3256,
};

/// Reads a row from left to right.
class Cells {
 public:
  explicit Cells(const Row& row) : row_(row) {}

  /// NULL is an empty text.
  std::string text();
  Oid oid();
  bool flag();
  char letter();
  long long number();
  std::vector<std::string> items();  ///< of an array
  bool is_null() const { return at_ >= row_.size() || !row_[at_]; }
  void skip() { ++at_; }

 private:
  std::string_view next();

  const Row& row_;
  std::size_t at_ = 0;
};

/// An object, or a part of it, as pg_depend and pg_description name it.
struct Address {
  Oid catalog = 0;
  Oid object = 0;
  int part = 0;

  friend bool operator==(const Address&, const Address&) = default;
};

struct AddressHash {
  std::size_t operator()(const Address& address) const {
    const std::uint64_t mixed = (std::uint64_t{address.object} << 20U) ^
                                (std::uint64_t{address.catalog} << 48U) ^
                                static_cast<std::uint64_t>(static_cast<std::int64_t>(address.part));
    return std::hash<std::uint64_t>()(mixed);
  }
};

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

/// A row of pg_class that others refer to.
struct Relation {
  char kind = 'r';
  std::string schema = {};
  std::string name = {};
  std::string described = {};  ///< `table items`
  /// In Schema::tables or Schema::views, or kNowhere if there is no value for it.
  std::size_t place = kNowhere;
  std::size_t detached = kNowhere;  ///< of a partition: in Reflection::detached
  Names columns = {};  ///< by their number, from 1 at [0]; what was dropped has no name

  const std::string& column(int number) const;
  bool is_view() const { return kind == 'v' || kind == 'm'; }
};

struct SequenceRow {
  Sequence sequence = {};
  std::string type = {};     ///< `integer`
  std::string printed = {};  ///< as a default names it
  Oid owner = 0;             ///< the table it belongs to, or 0
  int column = 0;
  bool is_identity = false;
  bool is_plain = false;  ///< all options are what CREATE SEQUENCE takes if nothing is said
  bool is_used_up = false;
};

/// Something whose grants are put back when it is made again.
struct Grantable {
  std::string described = {};
  std::string written = {};  ///< as GRANT … ON has it
};

struct Owned {
  std::string described = {};
  std::string owner = {};
};

/// A column that is NOT NULL though the parent's is not: a key of its own may be why.
struct OwnNotNull {
  Oid relation = 0;
  std::string column = {};
};

struct Catalog {
  int version = 0;  ///< 15
  /// The oids of the schemas that are read, as an array is written.
  std::string read = {};
  std::vector<Oid> read_schemas = {};
  std::string user = {};
  std::string default_schema = {};
  std::unordered_map<Oid, std::string> schemas = {};  ///< all; the default one is empty
  std::unordered_set<Address, AddressHash> extension_members = {};
  std::unordered_map<Address, std::string, AddressHash> comments = {};
  std::unordered_map<Oid, EnumType> enums = {};
  std::unordered_map<Oid, Oid> elements = {};  ///< of arrays: the type of their elements
  /// In Schema::domains, and in Schema::composite_types by the number of their relation.
  std::unordered_map<Oid, std::size_t> domains = {};
  std::unordered_map<Oid, std::size_t> composite_types = {};
  std::unordered_map<Oid, Relation> relations = {};
  std::unordered_map<Oid, Oid> row_types = {};  ///< of relations: type, relation
  std::unordered_map<Oid, SequenceRow> sequences = {};
  std::unordered_map<std::uint64_t, Oid> owned_sequences = {};  ///< by column_key()
  /// What others depend on and what depends: as schema::describe() says it.
  std::unordered_map<Address, std::string, AddressHash> described = {};
  std::unordered_map<Address, Grantable, AddressHash> grantable = {};
  std::vector<Owned> owned = {};
  std::vector<OwnNotNull> own_not_null = {};
  Reflection result = {};

  bool is_of_extension(Oid catalog, Oid object) const {
    return extension_members.contains({catalog, object, 0});
  }
  std::string schema_name(Oid schema) const;
  /// The comment, which nobody asks for a second time.
  std::string take_comment(Oid catalog, Oid object, int part = 0);
  /// Null if it is not read.
  const Relation* relation(Oid oid) const;
  Table* table(Oid oid);
  Table* detached(Oid oid);  ///< null if it is no partition

  /// `what` is lost of the object; several of one object are put together. Empty: the whole.
  void lose(const std::string& object, std::string_view what = {});
  /// A comment on something whose value holds none.
  void lose_comment(const std::string& object, Oid catalog, Oid oid);
  void lose_if(bool lost, const std::string& object, std::string_view what) {
    if (lost) lose(object, what);
  }
  /// What was said to be lost as a whole is not.
  void find_again(const std::string& object);
  void attach(const std::string& object, std::string statement);
  /// Who owns an object that is made again, written `object` in SQL, when something below changes.
  void own(const std::string& described, const std::string& owner, std::string_view kind,
           const std::string& object);

 private:
  std::unordered_map<std::string, std::size_t> lost_ = {};
};

std::uint64_t column_key(Oid relation, int column);

/// The type of a column or attribute; `printed` as the server prints it.
Type column_type(const Catalog& catalog, Oid type, std::string_view printed);

/// A query and who takes its answer.
struct CatalogQuery {
  std::string sql;  ///< `$1` are the oids of the schemas that are read
  void (*take)(Catalog&, const Result&);
  /// Of an answer that grows with the schema: `take` gets some rows at a time, so that they need
  /// not all be in memory, and `end` is called after the last ones.
  bool in_parts = false;
  void (*end)(Catalog&) = nullptr;
};

/// In this order; each is a fixed number.
std::vector<CatalogQuery> schema_queries(int version);      // reflect_schemas.cpp
std::vector<CatalogQuery> domain_queries(int version);      // reflect_domains.cpp
std::vector<CatalogQuery> table_queries(int version);       // reflect_tables.cpp
std::vector<CatalogQuery> constraint_queries(int version);  // reflect_constraints.cpp
std::vector<CatalogQuery> index_queries(int version);       // reflect_indexes.cpp
std::vector<CatalogQuery> object_queries(int version);      // reflect_objects.cpp
std::vector<CatalogQuery> dependency_queries(int version);  // reflect_dependencies.cpp
std::vector<CatalogQuery> other_queries(int version);       // reflect_others.cpp

/// Of these roles, and what they may do. None for no roles.
std::vector<CatalogQuery> access_queries(
    const std::vector<std::string>& roles);  // reflect_access.cpp

/// Sequences that are no part of a column, once the columns are known.
void take_free_sequences(Catalog& catalog);

}  // namespace capo::dialect::postgresql
