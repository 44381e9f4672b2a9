#pragma once

#include <optional>
#include <string>
#include <utility>

#include "operation/facets.hpp"
#include "operation/recorder.hpp"

/// How the functions of Operations write down what they are asked for.
namespace capo::operation {

inline void add(Operations::Recorder& recorder, Operation operation) {
  validate(operation);
  recorder.operations.push_back(std::move(operation));
}

template <class Object>
void create(Operations::Recorder& recorder, Object object, CreateOptions options) {
  add(recorder, Create<Object>{.object = std::move(object),
                               .if_not_exists = options.if_not_exists,
                               .on = std::move(options.on)});
}

template <class Object>
void drop(Operations::Recorder& recorder, Object object, DropOptions options) {
  add(recorder, Drop<Object>{.object = std::move(object),
                             .if_exists = options.if_exists,
                             .cascade = options.cascade,
                             .on = std::move(options.on)});
}

/// Whoever drops an object knowing all of it.
template <class Object>
void drop_known(Operations::Recorder& recorder, Object was, DropOptions options) {
  add(recorder, Drop<Object>{.object = was,
                             .if_exists = options.if_exists,
                             .cascade = options.cascade,
                             .was = was,
                             .on = std::move(options.on)});
}

template <class Object>
void replace(Operations::Recorder& recorder, Object object, std::optional<Object> was,
             CreateOptions options) {
  add(recorder,
      Replace<Object>{
          .object = std::move(object), .was = std::move(was), .on = std::move(options.on)});
}

}  // namespace capo::operation
