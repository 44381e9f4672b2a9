#include "lint/postgresql/tree.hpp"

#include <pg_query.h>

#include <algorithm>
#include <array>

namespace capo::lint::postgresql {
namespace {

struct FreeResult {
  void operator()(PgQueryProtobufParseResult* result) const {
    pg_query_free_protobuf_parse_result(*result);
  }
};

void add_once(std::vector<std::string>& all, std::string one) {
  if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(std::move(one));
}

const ProtobufCMessage* message_of(const void* field) {
  return *static_cast<const ProtobufCMessage* const*>(field);
}

const void* at(const ProtobufCMessage* message, std::size_t offset) {
  return reinterpret_cast<const char*>(message) + offset;
}

/// Functions whose volatility is 'v' in pg_proc, as far as somebody would have one in a default.
/// Whatever else comes with PostgreSQL is stable or immutable.
constexpr auto kVolatile = std::to_array<std::string_view>({
    "clock_timestamp",    "currval",          "gen_random_bytes", "gen_random_uuid",
    "gen_salt",           "lastval",          "nextval",          "random",
    "random_normal",      "setval",           "timeofday",        "uuid_generate_v1",
    "uuid_generate_v1mc", "uuid_generate_v4", "uuidv4",           "uuidv7",
    "pg_notify",          "set_config",       "pg_sleep",         "pg_advisory_xact_lock",
});

std::vector<std::uint8_t> packed_of(const PgQuery__ParseResult& result) {
  std::vector<std::uint8_t> packed(pg_query__parse_result__get_packed_size(&result));
  pg_query__parse_result__pack(&result, packed.data());
  return packed;
}

struct FreeNode {
  void operator()(PgQuery__Node* node) const { pg_query__node__free_unpacked(node, nullptr); }
};

/// A statement as bytes, in which it does not count where in the text something stood.
std::vector<std::uint8_t> without_places(const PgQuery__Node& statement) {
  std::vector<std::uint8_t> packed(pg_query__node__get_packed_size(&statement));
  pg_query__node__pack(&statement, packed.data());
  const std::unique_ptr<PgQuery__Node, FreeNode> copy(
      pg_query__node__unpack(nullptr, packed.size(), packed.data()));
  if (copy == nullptr) return packed;
  walk(&copy->base, [](const ProtobufCMessage* message) {
    const ProtobufCFieldDescriptor* place =
        protobuf_c_message_descriptor_get_field_by_name(message->descriptor, "location");
    if (place != nullptr && place->type == PROTOBUF_C_TYPE_INT32) {
      // The copy is ours to change.
      auto* const bytes = reinterpret_cast<char*>(const_cast<ProtobufCMessage*>(message));
      *reinterpret_cast<std::int32_t*>(bytes + place->offset) = 0;
    }
    return true;
  });
  packed.resize(pg_query__node__get_packed_size(copy.get()));
  pg_query__node__pack(copy.get(), packed.data());
  return packed;
}

}  // namespace

void Tree::Free::operator()(PgQuery__ParseResult* tree) const {
  pg_query__parse_result__free_unpacked(tree, nullptr);
}

Tree::Tree(const std::string& sql) {
  PgQueryProtobufParseResult result = pg_query_parse_protobuf(sql.c_str());
  const std::unique_ptr<PgQueryProtobufParseResult, FreeResult> owner(&result);
  if (result.error != nullptr) {
    error_ = text(result.error->message);
    return;
  }
  tree_.reset(pg_query__parse_result__unpack(
      nullptr, result.parse_tree.len,
      reinterpret_cast<const std::uint8_t*>(result.parse_tree.data)));
  if (tree_ == nullptr) error_ = "the parse tree cannot be read";
}

std::span<PgQuery__RawStmt* const> Tree::statements() const {
  if (tree_ == nullptr) return {};
  return {tree_->stmts, tree_->n_stmts};
}

std::string deparse(PgQuery__Node& statement) {
  PgQuery__RawStmt raw = PG_QUERY__RAW_STMT__INIT;
  raw.stmt = &statement;
  PgQuery__RawStmt* all[] = {&raw};
  PgQuery__ParseResult result = PG_QUERY__PARSE_RESULT__INIT;
  result.stmts = all;
  result.n_stmts = 1;
  std::vector<std::uint8_t> packed = packed_of(result);
  const PgQueryProtobuf protobuf = {.len = packed.size(),
                                    .data = reinterpret_cast<char*>(packed.data())};
  PgQueryDeparseResult made = pg_query_deparse_protobuf(protobuf);
  std::string text = made.error == nullptr ? lint::postgresql::text(made.query) : "";
  pg_query_free_deparse_result(made);
  // Some names it does not quote.
  const Tree again(text);
  const bool is_same = again.statements().size() == 1 &&
                       without_places(statement) == without_places(*again.statements()[0]->stmt);
  return is_same ? text : "";
}

std::string with_name(std::string sql, std::string_view quoted) {
  const std::size_t at = sql.find(kNameToCome);
  return at == std::string::npos ? sql : sql.replace(at, kNameToCome.size(), quoted);
}

Nodes items(const PgQuery__Node* node) {
  if (node == nullptr || node->node_case != PG_QUERY__NODE__NODE_LIST) return {};
  return nodes(node->list->items, node->list->n_items);
}

std::vector<std::string> texts(Nodes list) {
  std::vector<std::string> all;
  for (const PgQuery__Node* node : list) {
    if (node->node_case == PG_QUERY__NODE__NODE_STRING) all.push_back(text(node->string->sval));
  }
  return all;
}

ObjectName Names::of(const PgQuery__RangeVar* relation) const {
  if (relation == nullptr) return {};
  const std::string schema = text(relation->schemaname);
  return {schema == default_schema_ ? "" : schema, text(relation->relname)};
}

ObjectName Names::of(std::vector<std::string> parts) const {
  if (parts.empty()) return {};
  if (parts.size() == 1) return {"", parts[0]};
  const std::string& schema = parts[parts.size() - 2];
  return {schema == default_schema_ ? "" : schema, parts.back()};
}

ObjectName Names::of(const PgQuery__Node* node) const {
  if (node == nullptr) return {};
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_LIST:
      return of(items(node));
    case PG_QUERY__NODE__NODE_STRING:
      return {"", text(node->string->sval)};
    case PG_QUERY__NODE__NODE_RANGE_VAR:
      return of(node->range_var);
    case PG_QUERY__NODE__NODE_TYPE_NAME:
      return of(nodes(node->type_name->names, node->type_name->n_names));
    case PG_QUERY__NODE__NODE_OBJECT_WITH_ARGS:
      return of(nodes(node->object_with_args->objname, node->object_with_args->n_objname));
    default:
      return {};
  }
}

KnownType type_of(const PgQuery__TypeName* type) {
  KnownType known;
  if (type == nullptr) return known;
  std::vector<std::string> parts = texts(nodes(type->names, type->n_names));
  if (parts.empty()) return known;
  known.name = parts.back();
  if (parts.size() > 1 && parts[parts.size() - 2] != "pg_catalog") {
    known.schema = parts[parts.size() - 2];
  }
  for (const PgQuery__Node* node : nodes(type->typmods, type->n_typmods)) {
    const bool is_number = node->node_case == PG_QUERY__NODE__NODE_A_CONST &&
                           node->a_const->val_case == PG_QUERY__A__CONST__VAL_IVAL;
    if (is_number) known.arguments.push_back(node->a_const->ival->ival);
  }
  known.is_array = type->n_array_bounds > 0;
  return known;
}

std::string collation_of(const PgQuery__CollateClause* clause) {
  if (clause == nullptr) return {};
  const std::vector<std::string> parts = texts(nodes(clause->collname, clause->n_collname));
  return parts.empty() ? "" : parts.back();
}

void walk(const ProtobufCMessage* message,
          const std::function<bool(const ProtobufCMessage*)>& visit) {
  if (message == nullptr || !visit(message)) return;
  const ProtobufCMessageDescriptor& kind = *message->descriptor;
  for (unsigned i = 0; i < kind.n_fields; ++i) {
    const ProtobufCFieldDescriptor& field = kind.fields[i];
    if (field.type != PROTOBUF_C_TYPE_MESSAGE) continue;
    const void* value = at(message, field.offset);
    if (field.label == PROTOBUF_C_LABEL_REPEATED) {
      const auto count = *static_cast<const std::size_t*>(at(message, field.quantifier_offset));
      const auto* const all = *static_cast<const ProtobufCMessage* const* const*>(value);
      for (std::size_t k = 0; k < count; ++k) walk(all[k], visit);
      continue;
    }
    const bool is_one_of = (field.flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
    if (is_one_of &&
        *static_cast<const std::uint32_t*>(at(message, field.quantifier_offset)) != field.id) {
      continue;
    }
    walk(message_of(value), visit);
  }
}

std::vector<std::string> columns_in(const PgQuery__Node* expression) {
  std::vector<std::string> columns;
  if (expression == nullptr) return columns;
  walk(&expression->base, [&](const ProtobufCMessage* message) {
    if (const auto* ref = as<PgQuery__ColumnRef>(message, pg_query__column_ref__descriptor)) {
      std::vector<std::string> parts = texts(nodes(ref->fields, ref->n_fields));
      if (!parts.empty()) add_once(columns, std::move(parts.back()));
    }
    return true;
  });
  return columns;
}

std::vector<std::vector<std::string>> functions_in(const ProtobufCMessage* message) {
  std::vector<std::vector<std::string>> functions;
  walk(message, [&](const ProtobufCMessage* below) {
    if (const auto* call = as<PgQuery__FuncCall>(below, pg_query__func_call__descriptor)) {
      functions.push_back(texts(nodes(call->funcname, call->n_funcname)));
    }
    return true;
  });
  return functions;
}

std::vector<ObjectName> relations_in(const ProtobufCMessage* message, const Names& names) {
  std::vector<ObjectName> relations;
  std::vector<std::string> own;
  walk(message, [&](const ProtobufCMessage* below) {
    if (const auto* with =
            as<PgQuery__CommonTableExpr>(below, pg_query__common_table_expr__descriptor)) {
      own.push_back(text(with->ctename));
    }
    return true;
  });
  walk(message, [&](const ProtobufCMessage* below) {
    if (const auto* range = as<PgQuery__RangeVar>(below, pg_query__range_var__descriptor)) {
      ObjectName name = names.of(range);
      const bool is_own =
          name.schema.empty() && std::find(own.begin(), own.end(), name.name) != own.end();
      const bool is_known = std::find(relations.begin(), relations.end(), name) != relations.end();
      if (!is_own && !is_known) relations.push_back(std::move(name));
    }
    return true;
  });
  return relations;
}

std::vector<std::string> kept_from_null(const PgQuery__Node* expression) {
  if (expression == nullptr) return {};
  if (expression->node_case == PG_QUERY__NODE__NODE_NULL_TEST) {
    const PgQuery__NullTest* test = expression->null_test;
    if (test->nulltesttype != PG_QUERY__NULL_TEST_TYPE__IS_NOT_NULL) return {};
    if (test->arg == nullptr || test->arg->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return {};
    return columns_in(test->arg);
  }
  std::vector<std::string> all;
  const bool is_and = expression->node_case == PG_QUERY__NODE__NODE_BOOL_EXPR &&
                      expression->bool_expr->boolop == PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR;
  if (!is_and) return all;
  for (const PgQuery__Node* part :
       nodes(expression->bool_expr->args, expression->bool_expr->n_args)) {
    for (std::string& column : kept_from_null(part)) add_once(all, std::move(column));
  }
  return all;
}

bool is_null_constant(const PgQuery__Node* expression) {
  if (expression == nullptr) return true;
  if (expression->node_case == PG_QUERY__NODE__NODE_TYPE_CAST) {
    return is_null_constant(expression->type_cast->arg);
  }
  return expression->node_case == PG_QUERY__NODE__NODE_A_CONST && expression->a_const->isnull;
}

bool is_volatile(const PgQuery__Node* expression, const Catalog& catalog) {
  if (expression == nullptr) return false;
  const Names names(catalog.default_schema);
  for (const std::vector<std::string>& parts : functions_in(&expression->base)) {
    if (parts.empty()) continue;
    const auto found = catalog.functions.find(names.of(parts));
    if (found != catalog.functions.end()) {
      if (found->second == 'v') return true;
      continue;
    }
    if (std::find(kVolatile.begin(), kVolatile.end(), parts.back()) != kVolatile.end()) return true;
  }
  return false;
}

const PgQuery__DefElem* option(Nodes list, std::string_view name) {
  for (const PgQuery__Node* node : list) {
    if (node->node_case == PG_QUERY__NODE__NODE_DEF_ELEM && text(node->def_elem->defname) == name) {
      return node->def_elem;
    }
  }
  return nullptr;
}

bool is_on(Nodes list, std::string_view name) {
  const PgQuery__DefElem* found = option(list, name);
  if (found == nullptr) return false;
  const PgQuery__Node* value = found->arg;
  if (value == nullptr) return true;
  if (value->node_case == PG_QUERY__NODE__NODE_STRING) {
    const std::string word = text(value->string->sval);
    return word != "false" && word != "off" && word != "0";
  }
  if (value->node_case == PG_QUERY__NODE__NODE_INTEGER) return value->integer->ival != 0;
  if (value->node_case == PG_QUERY__NODE__NODE_BOOLEAN) return value->boolean->boolval != 0;
  return true;
}

}  // namespace capo::lint::postgresql
