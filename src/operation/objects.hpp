#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <type_traits>

#include "capo/error.hpp"
#include "operation/checks.hpp"
#include "operation/kinds.hpp"

/// Create, Drop and Replace, the same for every kind of object besides tables. What is particular
/// to a kind is its key, in words (schema::describe), and what makes it whole (check).
namespace capo::operation {

template <class Object>
Object* find_object(schema::Schema& schema, const Object& like) {
  auto& list = schema::objects_like(schema, like);
  const std::string key = schema::describe(like);
  const auto found = std::find_if(list.begin(), list.end(), [&](const Object& object) {
    return schema::describe(object) == key;
  });
  return found == list.end() ? nullptr : &*found;
}

template <class Object>
Object& object_like(schema::Schema& schema, const Object& like) {
  if (Object* found = find_object(schema, like)) return *found;
  throw Error(ErrorCode::kSchema, "there is no " + schema::describe(like));
}

// A trigger or policy goes with its table: that must be there. A trigger may be on a view.
template <class Object>
void check_place(schema::Schema& schema, const Object& object) {
  if constexpr (std::is_same_v<Object, Policy>) {
    table_of(schema, object.schema, object.table);
  } else if constexpr (std::is_same_v<Object, Trigger>) {
    if (find_object(schema,
                    View{.name = object.table, .query = SqlText{""}, .schema = object.schema})) {
      return;
    }
    table_of(schema, object.schema, object.table);
  }
}

template <class Object>
void validate(const Create<Object>& operation) {
  check(operation.object);
}

template <class Object>
void apply(const Create<Object>& operation, schema::Schema& schema) {
  check_place(schema, operation.object);
  if (find_object(schema, operation.object) == nullptr) {
    schema::objects_like(schema, operation.object).push_back(operation.object);
  } else if (!operation.if_not_exists) {
    throw Error(ErrorCode::kSchema,
                "there is a " + schema::describe(operation.object) + " already");
  }
}

template <class Object>
std::optional<Operation> inverse(const Create<Object>& operation) {
  return Drop<Object>{.object = operation.object,
                      .if_exists = operation.if_not_exists,
                      .was = operation.object,
                      .on = operation.on};
}

template <class Object>
std::string describe(const Create<Object>& operation) {
  return "create " + schema::describe(operation.object);
}

template <class Object>
void validate(const Drop<Object>& operation) {
  check_name(schema::describe(operation.object), operation.object.name);
  if (operation.was) check(*operation.was);
}

template <class Object>
void apply(const Drop<Object>& operation, schema::Schema& schema) {
  if (find_object(schema, operation.object) == nullptr && operation.if_exists) return;
  const Object* object = &object_like(schema, operation.object);
  auto& list = schema::objects_like(schema, operation.object);
  list.erase(list.begin() + (object - list.data()));
}

template <class Object>
std::optional<Operation> inverse(const Drop<Object>& operation) {
  if (!operation.was || operation.cascade) return std::nullopt;
  return Create<Object>{
      .object = *operation.was, .if_not_exists = operation.if_exists, .on = operation.on};
}

template <class Object>
std::string describe(const Drop<Object>& operation) {
  return "drop " + schema::describe(operation.object);
}

template <class Object>
void validate(const Replace<Object>& operation) {
  check(operation.object);
  if (operation.was && schema::describe(*operation.was) != schema::describe(operation.object)) {
    throw Error(ErrorCode::kSchema, schema::describe(operation.object) + " cannot replace " +
                                        schema::describe(*operation.was));
  }
}

template <class Object>
void apply(const Replace<Object>& operation, schema::Schema& schema) {
  object_like(schema, operation.object) = operation.object;
}

template <class Object>
std::optional<Operation> inverse(const Replace<Object>& operation) {
  if (!operation.was) return std::nullopt;
  return Replace<Object>{.object = *operation.was, .was = operation.object, .on = operation.on};
}

template <class Object>
std::string describe(const Replace<Object>& operation) {
  return "replace " + schema::describe(operation.object);
}

}  // namespace capo::operation
