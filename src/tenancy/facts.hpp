#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tenancy/node_tree.hpp"

/// What a database says of itself, as far as it decides who sees whose rows. Values only: checks
/// are functions of these.
namespace capo::tenancy {

/// PostgreSQL's number of an object.
using Oid = long long;
/// The grantee that is everybody.
inline constexpr Oid kPublic = 0;
/// Objects with smaller numbers are PostgreSQL's own.
inline constexpr Oid kFirstOfUsers = 16384;

struct Role {
  Oid oid = 0;
  std::string name = {};
  bool is_superuser = false;
  bool bypasses_rls = false;
  bool inherits = true;

  bool sees_all() const { return is_superuser || bypasses_rls; }
};

/// `member` is a member of `role`.
struct Membership {
  Oid role = 0;
  Oid member = 0;
  bool inherits = true;  ///< has its privileges without asking
  bool may_set = true;   ///< may become it by SET ROLE
  Oid grantor = 0;  ///< since 16 a grant is its grantor's, who alone can be asked to take it back
};

struct Column {
  int number = 0;
  std::string name = {};
  std::string type = {};  ///< as format_type() says it
  bool not_null = false;
  bool is_identity = false;
  std::string default_text = {};  ///< for showing
  std::optional<Node> default_tree = {};
  /// It was added to rows that were there, with a value that was found out once.
  bool has_missing_value = false;
};

enum class Command { kAll, kSelect, kInsert, kUpdate, kDelete };
/// `SELECT`; of kAll `ALL`.
std::string_view to_string(Command command);

struct Policy {
  std::string name = {};
  bool is_permissive = true;
  Command command = Command::kAll;
  std::vector<Oid> roles = {};  ///< kPublic for everybody
  std::string using_text = {};  ///< for showing
  std::string check_text = {};
  std::optional<Node> using_tree = {};
  std::optional<Node> check_tree = {};
  bool was_read = true;  ///< false: a tree is none that read_node_tree() knows
};

struct Index {
  std::string name = {};
  bool is_unique = false;
  bool is_primary = false;
  bool is_valid = true;
  bool is_partial = false;
  std::vector<int> columns = {};  ///< numbers of the key's columns; 0: an expression
  bool first_is_leakproof = true;
  std::string method = {};      ///< `btree`
  std::string definition = {};  ///< CREATE INDEX …
};

struct Constraint {
  char kind = 'c';  ///< of pg_constraint: p u f x c
  std::string name = {};
  bool is_valid = true;
  std::vector<int> columns = {};
  Oid referred = 0;
  std::vector<int> referred_columns = {};
  char on_delete = 'a';  ///< a r c n d
  char on_update = 'a';
  std::string definition = {};
  std::string index = {};  ///< that it stands on
};

struct Grant {
  Oid grantee = 0;
  std::string privilege = {};  ///< `SELECT`
  bool of_columns = false;
};

struct Trigger {
  std::string name = {};
  Oid function = 0;
};

struct Relation {
  Oid oid = 0;
  std::string schema = {};
  std::string name = {};
  char kind = 'r';  ///< of pg_class: r p v m f S
  Oid owner = 0;
  bool has_rls = false;
  bool is_forced = false;
  bool is_partition = false;
  bool is_of_extension = false;
  bool security_invoker = false;
  std::vector<Oid> parents = {};
  std::vector<Column> columns = {};
  std::vector<Policy> policies = {};
  std::vector<Index> indexes = {};
  std::vector<Constraint> constraints = {};
  std::vector<Grant> grants = {};
  std::vector<Trigger> triggers = {};
  std::vector<std::string> rules = {};
  std::vector<Oid> reads = {};  ///< of a view: relations that its query names
  Oid sequence_of = 0;          ///< of a sequence: the table whose column it numbers

  bool is_table() const { return kind == 'r' || kind == 'p'; }
  const Column* column(std::string_view column_name) const;
  const Column* column(int number) const;
};

struct Function {
  Oid oid = 0;
  std::string schema = {};
  std::string name = {};
  std::string arguments = {};  ///< their types: `integer, text`
  std::vector<std::string> argument_types = {};
  int required_arguments = 0;
  Oid owner = 0;
  bool is_definer = false;
  bool is_procedure = false;
  bool is_trigger = false;
  bool returns_rows = false;
  char volatility = 'v';
  std::string language = {};
  std::string source = {};
  std::vector<std::string> settings = {};  ///< `search_path=…`
  std::vector<Grant> grants = {};
  std::vector<Oid> uses = {};  ///< relations that it is known to use
  bool is_of_extension = false;
};

struct Subscription {
  std::string name = {};
  Oid owner = 0;
  bool runs_as_owner = true;
};

/// A foreign key with rows that it does not allow, or one whose rows could not be looked at.
struct Violation {
  Oid relation = 0;
  std::string constraint = {};
  std::string why_not_judged = {};  ///< empty: there are such rows
};

struct TenancyFacts {
  bool has_row_security = true;  ///< false: SQLite
  int version = 0;               ///< 15
  std::string current_role = {};
  bool current_sees_all = false;
  std::vector<std::string> search_path = {};
  std::map<Oid, Role> roles = {};
  std::vector<Membership> memberships = {};
  std::map<Oid, Relation> relations = {};
  std::map<Oid, Function> functions = {};
  std::vector<Subscription> subscriptions = {};
  std::vector<Violation> violations = {};
  std::set<Oid> equalities = {};     ///< operators that are `=`
  Oid setting_function = 0;          ///< current_setting(text)
  Oid lenient_setting_function = 0;  ///< current_setting(text, boolean)
  /// Defaults of a role or the whole database: {where, `app.tenant=1`}.
  std::vector<std::pair<std::string, std::string>> default_settings = {};

  /// By the name that a description has: `items`, `schema.items`; null if there is none.
  const Relation* find(std::string_view name) const;
  const Relation* relation(Oid oid) const;
  const Role* role(Oid oid) const;
  const Role* role(std::string_view name) const;
  std::string role_name(Oid oid) const;  ///< `PUBLIC` of kPublic

  /// Roles whose privileges a role has, itself among them, and kPublic.
  std::set<Oid> acts_as(Oid role) const;
  /// Roles that it can become by SET ROLE, itself among them.
  std::set<Oid> can_become(Oid role) const;
};

/// `items`, `schema.items` when it is in no schema of the search path.
std::string shown_name(const Relation& relation, const TenancyFacts& facts);

}  // namespace capo::tenancy
