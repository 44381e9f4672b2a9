#pragma once

#include <utility>

#include "capo/list.hpp"

/// The members of List, for the one file of a room that instantiates them for its own types.
namespace capo {

template <class T>
List<T>::List() = default;
template <class T>
List<T>::List(std::initializer_list<T> items) : std::vector<T>(items) {}
template <class T>
List<T>::List(std::vector<T> items) : std::vector<T>(std::move(items)) {}
template <class T>
List<T>::List(const List&) = default;
template <class T>
List<T>::List(List&&) noexcept = default;
template <class T>
List<T>& List<T>::operator=(const List&) = default;
template <class T>
List<T>& List<T>::operator=(List&&) noexcept = default;
template <class T>
List<T>::~List() = default;

}  // namespace capo
