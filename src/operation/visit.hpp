#pragma once

#include <utility>
#include <variant>

#include "capo/operation.hpp"

namespace capo::operation {

/// Calls `function` with what the operation holds. Dear to compile: for the few files that handle
/// every kind.
template <class Function>
decltype(auto) visit(Function&& function, const Operation& operation) {
  return std::visit(std::forward<Function>(function), operation.value());
}

}  // namespace capo::operation
