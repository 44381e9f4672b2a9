#include <array>
#include <utility>
#include <variant>

#include "capo/error.hpp"
#include "script/cpp_values.hpp"
#include "script/render.hpp"

namespace capo::script {
namespace {

/// A revision's functions stand two columns further in.
constexpr std::size_t kWidth = 98;

using Pieces = std::vector<CppPiece>;

/// What is dropped is called as the database calls it.
const NamingConvention& no_convention() {
  static const NamingConvention none = {.ix = ""};
  return none;
}

CppPiece nothing() { return cpp_list({}); }

/// The arguments of a call. Those at its end that say nothing are left out.
class Arguments {
 public:
  explicit Arguments(Pieces first) : pieces_(std::move(first)), needed_(pieces_.size()) {}

  /// One that may be left out.
  Arguments& then(CppPiece piece) {
    const bool says_nothing = piece.is_empty_group() && piece.text == "{";
    pieces_.push_back(std::move(piece));
    if (!says_nothing) needed_ = pieces_.size();
    return *this;
  }
  Pieces take() {
    pieces_.resize(needed_);
    return std::move(pieces_);
  }

 private:
  Pieces pieces_;
  std::size_t needed_;
};

CppPiece create_options(bool if_not_exists, const std::string& schema, const std::string& on,
                        bool concurrently = false) {
  if (if_not_exists && schema.empty() && on.empty() && !concurrently) {
    return cpp_name("if_not_exists");
  }
  CppRecord record;
  record.add_flag("if_not_exists", if_not_exists);
  record.add_text("schema", schema);
  record.add_text("on", on);
  record.add_flag("concurrently", concurrently);
  return std::move(record).piece();
}

struct DropFlags {
  bool if_exists = false;
  bool concurrently = false;
  bool cascade = false;
};

CppPiece drop_options(DropFlags flags, const std::string& schema, const std::string& on) {
  if (flags.if_exists && !flags.concurrently && !flags.cascade && schema.empty() && on.empty()) {
    return cpp_name("if_exists");
  }
  CppRecord record;
  record.add_flag("if_exists", flags.if_exists);
  record.add_text("schema", schema);
  record.add_text("on", on);
  record.add_flag("concurrently", flags.concurrently);
  record.add_flag("cascade", flags.cascade);
  return std::move(record).piece();
}

/// What the functions and structs of each kind of object are called.
struct Words {
  std::string_view function;
  std::string_view type;
};
constexpr Words words(const SchemaName&) { return {"schema", "SchemaName"}; }
constexpr Words words(const Extension&) { return {"extension", "Extension"}; }
constexpr Words words(const Sequence&) { return {"sequence", "Sequence"}; }
constexpr Words words(const EnumType&) { return {"enum", "EnumType"}; }
constexpr Words words(const Domain&) { return {"domain", "Domain"}; }
constexpr Words words(const CompositeType&) { return {"composite_type", "CompositeType"}; }
constexpr Words words(const View&) { return {"view", "View"}; }
constexpr Words words(const Function&) { return {"function", "Function"}; }
constexpr Words words(const Trigger&) { return {"trigger", "Trigger"}; }
constexpr Words words(const Policy&) { return {"policy", "Policy"}; }
constexpr Words words(const Role&) { return {"role", "Role"}; }
constexpr Words words(const Grant&) { return {"grant", "Grant"}; }

std::string function_name(std::string_view verb, Words words) {
  return "op." + std::string(verb) + "_" + std::string(words.function);
}

/// The arguments that name an object in a call that drops it knowing no more of it.
Pieces key(const Extension& object) { return {cpp_text(object.name)}; }
Pieces key(const SchemaName& object) { return {cpp_text(object.name)}; }
Pieces key(const Sequence& object) { return {cpp_text(object.name)}; }
Pieces key(const EnumType& object) { return {cpp_text(object.name)}; }
Pieces key(const Domain& object) { return {cpp_text(object.name)}; }
Pieces key(const CompositeType& object) { return {cpp_text(object.name)}; }
Pieces key(const View& object) { return {cpp_text(object.name)}; }
Pieces key(const Function& object) { return {cpp_text(object.name), cpp_names(object.arguments)}; }
Pieces key(const Trigger& object) { return {cpp_text(object.name), cpp_text(object.table)}; }
Pieces key(const Policy& object) { return {cpp_text(object.name), cpp_text(object.table)}; }
Pieces key(const Role& object) { return {cpp_text(object.name)}; }
// What is revoked is told by all of it.
Pieces key(const Grant& object) { return {cpp(object, "Grant")}; }

template <class Object>
std::string schema_of(const Object& object) {
  if constexpr (std::is_same_v<Object, SchemaName> || std::is_same_v<Object, Extension> ||
                std::is_same_v<Object, Role> || std::is_same_v<Object, Grant>) {
    return {};
  } else {
    return object.schema;
  }
}

/// Each kind of operation as a call.
class Calls {
 public:
  explicit Calls(const NamingConvention& naming) : values_(naming) {}

  CppPiece operator()(const CreateTable& operation) const;
  CppPiece operator()(const DropTable& operation) const;
  CppPiece operator()(const RenameTable& operation) const;
  CppPiece operator()(const CommentTable& operation) const;
  CppPiece operator()(const AlterTable& operation) const;
  CppPiece operator()(const AddColumn& operation) const;
  CppPiece operator()(const DropColumn& operation) const;
  CppPiece operator()(const AlterColumn& operation) const;
  CppPiece operator()(const AddConstraint& operation) const;
  CppPiece operator()(const DropConstraint& operation) const;
  CppPiece operator()(const RenameConstraint& operation) const;
  CppPiece operator()(const ValidateConstraint& operation) const;
  CppPiece operator()(const AttachPartition& operation) const;
  CppPiece operator()(const DetachPartition& operation) const;
  CppPiece operator()(const CreateIndex& operation) const;
  CppPiece operator()(const DropIndex& operation) const;
  CppPiece operator()(const RenameIndex& operation) const;
  CppPiece operator()(const BulkInsert& operation) const;
  CppPiece operator()(const ExecuteSql& operation) const;
  CppPiece operator()(const AddEnumValue& operation) const;
  CppPiece operator()(const SetRowSecurity& operation) const;
  CppPiece operator()(const DataStep& operation) const;
  CppPiece operator()(const Backfill& operation) const;

  CppPiece operator()(const Create<SchemaName>& operation) const {
    return cpp_call("op.create_schema",
                    Arguments({cpp_text(operation.object.name)})
                        .then(create_options(operation.if_not_exists, "", operation.on))
                        .take());
  }
  template <class Object>
  CppPiece operator()(const Create<Object>& operation) const {
    const Words names = words(operation.object);
    // An extension can be told by its name as well.
    const bool needs_type = std::is_same_v<Object, Extension>;
    return cpp_call(function_name("create", names),
                    Arguments({piece(operation.object, needs_type ? std::string(names.type) : "")})
                        .then(create_options(operation.if_not_exists, "", operation.on))
                        .take());
  }
  template <class Object>
  CppPiece operator()(const Drop<Object>& operation) const {
    const Words names = words(operation.object);
    const DropFlags flags = {.if_exists = operation.if_exists, .cascade = operation.cascade};
    if (operation.was && !std::is_same_v<Object, SchemaName>) {
      return cpp_call(function_name("drop", names),
                      Arguments({piece(*operation.was, std::string(names.type))})
                          .then(drop_options(flags, "", operation.on))
                          .take());
    }
    std::string function = function_name("drop", names);
    if constexpr (std::is_same_v<Object, View>) {
      if (operation.object.materialized) function = "op.drop_materialized_view";
    }
    return cpp_call(std::move(function),
                    Arguments(key(operation.object))
                        .then(drop_options(flags, schema_of(operation.object), operation.on))
                        .take());
  }
  template <class Object>
  CppPiece operator()(const Replace<Object>& operation) const {
    const Words names = words(operation.object);
    Pieces first = {piece(operation.object, std::string(names.type))};
    if (operation.was) first.push_back(piece(*operation.was, std::string(names.type)));
    return cpp_call(
        function_name("replace", names),
        Arguments(std::move(first)).then(create_options(false, "", operation.on)).take());
  }
  CppPiece operator()(const Replace<SchemaName>& operation) const {
    throw Error(ErrorCode::kUnsupported,
                "nothing in C++ says that schema " + operation.object.name + " is replaced");
  }

 private:
  template <class Object>
  CppPiece piece(const Object& object, std::string name) const {
    return cpp(object, std::move(name));
  }
  CppPiece piece(const View& view, std::string name) const {
    return values_.piece(view, std::move(name));
  }
  CppPiece constraint(const AddConstraint& operation, const PrimaryKey& key) const;
  CppPiece constraint(const AddConstraint& operation, const UniqueConstraint& unique) const;
  CppPiece constraint(const AddConstraint& operation, const CheckConstraint& check) const;
  CppPiece constraint(const AddConstraint& operation, const ForeignKey& key) const;
  CppPiece constraint(const AddConstraint& operation, const ExcludeConstraint& exclude) const;

  CppSchemaValues values_;
};

CppPiece Calls::operator()(const CreateTable& operation) const {
  const Table& table = operation.table;
  return cpp_call("op.create_table",
                  Arguments({cpp_text(table.name), values_.columns(table)})
                      .then(values_.options(table))
                      .then(create_options(operation.if_not_exists, "", operation.on))
                      .take());
}

CppPiece Calls::operator()(const DropTable& operation) const {
  const DropFlags flags = {.if_exists = operation.if_exists, .cascade = operation.cascade};
  if (operation.was) {
    return cpp_call("op.drop_table", Arguments({values_.table(*operation.was)})
                                         .then(drop_options(flags, "", operation.on))
                                         .take());
  }
  return cpp_call("op.drop_table", Arguments({cpp_text(operation.name)})
                                       .then(drop_options(flags, operation.schema, operation.on))
                                       .take());
}

CppPiece Calls::operator()(const RenameTable& operation) const {
  return cpp_call("op.rename_table", Arguments({cpp_text(operation.from), cpp_text(operation.to)})
                                         .then(drop_options({.if_exists = operation.if_exists},
                                                            operation.schema, operation.on))
                                         .take());
}

CppPiece Calls::operator()(const CommentTable& operation) const {
  const bool drops = operation.comment.empty();
  Pieces first = {cpp_text(operation.table)};
  if (!drops) first.push_back(cpp_text(operation.comment));
  if (operation.was) first.push_back(cpp_text(*operation.was));
  return cpp_call(
      drops ? "op.drop_table_comment" : "op.create_table_comment",
      Arguments(std::move(first)).then(drop_options({}, operation.schema, operation.on)).take());
}

CppPiece Calls::operator()(const AlterTable& operation) const {
  CppRecord changes;
  if (operation.strict) changes.add("strict", cpp_bool(*operation.strict));
  if (operation.without_rowid) changes.add("without_rowid", cpp_bool(*operation.without_rowid));
  return cpp_call(
      "op.alter_table",
      Arguments({cpp_text(operation.table), std::move(changes).piece()})
          .then(drop_options({.if_exists = operation.if_exists}, operation.schema, operation.on))
          .take());
}

CppPiece Calls::operator()(const AddColumn& operation) const {
  return cpp_call("op.add_column",
                  Arguments({cpp_text(operation.table), cpp_list(values_.items(operation.column))})
                      .then(create_options(operation.if_not_exists, operation.schema, operation.on))
                      .take());
}

CppPiece Calls::operator()(const DropColumn& operation) const {
  const DropFlags flags = {.if_exists = operation.if_exists, .cascade = operation.cascade};
  CppPiece column = operation.was ? cpp_call("Column", values_.items(*operation.was))
                                  : cpp_text(operation.column);
  return cpp_call("op.drop_column", Arguments({cpp_text(operation.table), std::move(column)})
                                        .then(drop_options(flags, operation.schema, operation.on))
                                        .take());
}

CppPiece Calls::operator()(const AlterColumn& operation) const {
  CppRecord changes;
  if (operation.type) changes.add("type", cpp(*operation.type));
  if (operation.using_) changes.add("using_", cpp(*operation.using_));
  if (operation.nullable) changes.add("nullable", cpp_bool(*operation.nullable));
  if (operation.server_default) changes.add("server_default", cpp(*operation.server_default));
  if (operation.comment) changes.add("comment", cpp_text(*operation.comment));
  if (operation.rename_to) changes.add("rename_to", cpp_text(*operation.rename_to));
  if (operation.identity) {
    changes.add("identity", *operation.identity ? cpp(**operation.identity)
                                                : cpp_name("std::optional<Identity>()"));
  }
  if (operation.was) changes.add("was", cpp_call("Column", values_.items(*operation.was)));
  return cpp_call(
      "op.alter_column",
      Arguments({cpp_text(operation.table), cpp_text(operation.column), std::move(changes).piece()})
          .then(drop_options({.if_exists = operation.if_exists}, operation.schema, operation.on))
          .take());
}

CppPiece Calls::constraint(const AddConstraint& operation, const PrimaryKey& key) const {
  return cpp_call(
      "op.create_primary_key",
      Arguments({values_.name(key.name, key), cpp_text(operation.table), cpp_names(key.columns)})
          .then(create_options(operation.if_not_exists, operation.schema, operation.on))
          .take());
}

CppPiece Calls::constraint(const AddConstraint& operation, const UniqueConstraint& unique) const {
  CppRecord options;
  options.add_flag("nulls_not_distinct", unique.nulls_not_distinct);
  options.add_flag("deferrable", unique.deferrable);
  options.add_flag("initially_deferred", unique.initially_deferred);
  return cpp_call("op.create_unique_constraint",
                  Arguments({values_.name(unique.name, unique), cpp_text(operation.table),
                             cpp_names(unique.columns)})
                      .then(std::move(options).piece())
                      .then(create_options(operation.if_not_exists, operation.schema, operation.on))
                      .take());
}

CppPiece Calls::constraint(const AddConstraint& operation, const CheckConstraint& check) const {
  Pieces first = check.not_valid
                     ? Pieces{cpp_text(operation.table), values_.piece(check, "CheckConstraint")}
                     : Pieces{values_.name(check.name, check), cpp_text(operation.table),
                              cpp(check.condition)};
  return cpp_call("op.create_check_constraint",
                  Arguments(std::move(first))
                      .then(create_options(operation.if_not_exists, operation.schema, operation.on))
                      .take());
}

CppPiece Calls::constraint(const AddConstraint& operation, const ForeignKey& key) const {
  return cpp_call("op.create_foreign_key",
                  Arguments({values_.name(key.name, key), cpp_text(operation.table),
                             cpp_text(key.referred_table), cpp_names(key.columns),
                             cpp_names(key.referred_columns)})
                      .then(CppSchemaValues::key_options(key))
                      .then(create_options(operation.if_not_exists, operation.schema, operation.on))
                      .take());
}

CppPiece Calls::constraint(const AddConstraint& operation, const ExcludeConstraint& exclude) const {
  return cpp_call("op.create_exclude_constraint",
                  Arguments({cpp_text(operation.table), values_.piece(exclude, "")})
                      .then(create_options(operation.if_not_exists, operation.schema, operation.on))
                      .take());
}

CppPiece Calls::operator()(const AddConstraint& operation) const {
  return std::visit([&](const auto& kind) { return constraint(operation, kind); },
                    operation.constraint);
}

CppPiece Calls::operator()(const DropConstraint& operation) const {
  static constexpr std::array kTypes = {"PrimaryKey", "UniqueConstraint", "CheckConstraint",
                                        "ForeignKey", "ExcludeConstraint"};
  const DropFlags flags = {.if_exists = operation.if_exists, .cascade = operation.cascade};
  Pieces first;
  if (operation.was) {
    const std::string type = kTypes[operation.was->index()];
    const CppSchemaValues as_it_is(no_convention());
    first = {
        cpp_text(operation.table),
        std::visit([&](const auto& kind) { return as_it_is.piece(kind, type); }, *operation.was)};
  } else {
    first = {cpp_text(operation.name), cpp_text(operation.table)};
  }
  return cpp_call(
      "op.drop_constraint",
      Arguments(std::move(first)).then(drop_options(flags, operation.schema, operation.on)).take());
}

CppPiece Calls::operator()(const RenameConstraint& operation) const {
  return cpp_call(
      "op.rename_constraint",
      Arguments({cpp_text(operation.table), cpp_text(operation.from), cpp_text(operation.to)})
          .then(drop_options({.if_exists = operation.if_exists}, operation.schema, operation.on))
          .take());
}

CppPiece Calls::operator()(const ValidateConstraint& operation) const {
  return cpp_call("op.validate_constraint",
                  Arguments({cpp_text(operation.name), cpp_text(operation.table)})
                      .then(drop_options({}, operation.schema, operation.on))
                      .take());
}

CppPiece Calls::operator()(const AttachPartition& operation) const {
  return cpp_call("op.attach_partition",
                  Arguments({cpp_text(operation.table), cpp(operation.of, "")})
                      .then(create_options(operation.if_not_exists, operation.schema, operation.on))
                      .take());
}

CppPiece Calls::operator()(const DetachPartition& operation) const {
  const DropFlags flags = {.if_exists = operation.if_exists,
                           .concurrently = operation.concurrently};
  CppPiece parent = cpp_text(operation.parent);
  if (operation.was) {
    parent = cpp(*operation.was, "PartitionOf");
  } else if (operation.parent_schema != operation.schema) {
    throw Error(ErrorCode::kUnsupported, "the parent of partition " + operation.table +
                                             " is in another schema, " + operation.parent_schema +
                                             ": C++ can only say that with its bound");
  }
  return cpp_call("op.detach_partition",
                  Arguments({cpp_text(operation.table), std::move(parent)})
                      .then(drop_options(flags, operation.schema, operation.on))
                      .take());
}

CppPiece Calls::operator()(const CreateIndex& operation) const {
  const Index& index = operation.index;
  return cpp_call("op.create_index",
                  Arguments({values_.name(index.name, index), cpp_text(operation.table),
                             values_.elements(index)})
                      .then(values_.options(index))
                      .then(create_options(operation.if_not_exists, operation.schema, operation.on,
                                           operation.concurrently))
                      .take());
}

CppPiece Calls::operator()(const DropIndex& operation) const {
  const DropFlags flags = {.if_exists = operation.if_exists,
                           .concurrently = operation.concurrently};
  CppPiece index = nothing();
  if (operation.was) {
    index = cpp_call("Index", CppSchemaValues(no_convention()).items(*operation.was));
  } else {
    index = values_.name(operation.name, Index(operation.name, {}));
  }
  return cpp_call("op.drop_index", Arguments({std::move(index), cpp_text(operation.table)})
                                       .then(drop_options(flags, operation.schema, operation.on))
                                       .take());
}

CppPiece Calls::operator()(const RenameIndex& operation) const {
  return cpp_call("op.rename_index", Arguments({cpp_text(operation.from), cpp_text(operation.to)})
                                         .then(drop_options({.if_exists = operation.if_exists},
                                                            operation.schema, operation.on))
                                         .take());
}

CppPiece Calls::operator()(const BulkInsert& operation) const {
  Pieces rows;
  for (const List<Literal>& row : operation.rows) {
    Pieces values;
    for (const Literal& value : row) values.push_back(cpp(value));
    rows.push_back(cpp_list(std::move(values)));
  }
  return cpp_call("op.bulk_insert",
                  Arguments({cpp_text(operation.table), cpp_names(operation.columns),
                             cpp_list(std::move(rows))})
                      .then(create_options(false, operation.schema, operation.on))
                      .take());
}

CppPiece Calls::operator()(const ExecuteSql& operation) const {
  CppRecord options;
  if (!operation.transactional) options.add("transactional", cpp_bool(false));
  options.add_text("on", operation.on);
  return cpp_call("op.execute",
                  Arguments({cpp_text(operation.text)}).then(std::move(options).piece()).take());
}

CppPiece Calls::operator()(const AddEnumValue& operation) const {
  Pieces first = {cpp_text(operation.type), cpp_text(operation.value)};
  if (!operation.before.empty()) first.push_back(cpp_text(operation.before));
  return cpp_call("op.add_enum_value",
                  Arguments(std::move(first))
                      .then(create_options(operation.if_not_exists, operation.schema, operation.on))
                      .take());
}

CppPiece Calls::operator()(const SetRowSecurity& operation) const {
  CppPiece was = nothing();
  if (operation.was) {
    was = cpp(*operation.was);
    was.text = "RowSecurity{";  // Empty braces would say that it is not known.
  }
  return cpp_call("op.set_row_security",
                  Arguments({cpp_text(operation.table), cpp(operation.security)})
                      .then(was)
                      .then(drop_options({}, operation.schema, operation.on))
                      .take());
}

CppPiece Calls::operator()(const DataStep& operation) const {
  throw Error(ErrorCode::kUnsupported,
              "a data step cannot be written into a revision: " + operation.description)
      .hint("write op.data_step(…) into the file by hand");
}

CppPiece row_count(const RowCount& count) {
  static constexpr std::string_view kNames[] = {"exactly", "at_least", "at_most"};
  return cpp_call(std::string(kNames[static_cast<std::size_t>(count.bound)]),
                  {cpp_name(std::to_string(count.rows))});
}

CppPiece Calls::operator()(const Backfill& operation) const {
  const BackfillOptions usual{.set = operation.set};
  CppRecord options;
  const auto add_number = [&](std::string_view name, int value, int usual_value) {
    if (value != usual_value) options.add(name, cpp_name(std::to_string(value)));
  };
  options.add("set", cpp(operation.set));
  if (operation.where) options.add("where", cpp(*operation.where));
  options.add_names("key", operation.key);
  add_number("batch", operation.batch, usual.batch);
  options.add_text("description", operation.description);
  if (operation.expect_rows) options.add("expect_rows", row_count(*operation.expect_rows));
  if (operation.expect_no_rows) options.add("expect_no_rows", cpp(*operation.expect_no_rows));
  add_number("pause_ms", operation.pause_ms, usual.pause_ms);
  add_number("duty", operation.duty, usual.duty);
  add_number("max_replica_lag_ms", operation.max_replica_lag_ms, usual.max_replica_lag_ms);
  if (operation.max_active) {
    options.add("max_active", cpp_name(std::to_string(*operation.max_active)));
  }
  options.add_text("schema", operation.schema);
  options.add_text("on", operation.on);
  return cpp_call("op.backfill", {cpp_text(operation.table), std::move(options).piece()});
}

}  // namespace

std::string cpp_operation(const Operation& operation, const NamingConvention& naming) {
  const CppPiece call = std::visit(Calls(naming), operation.value());
  return lay_out(call, 0, ";", kWidth);
}

}  // namespace capo::script
