#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

/// The lists that schema values hold. A List is a std::vector, made from one and used as one; only
/// that its copies, moves and destruction are compiled into the library instead of into every
/// revision: that is a third of what such a file costs.
namespace capo {

template <class T>
class List : public std::vector<T> {
 public:
  List();
  List(std::initializer_list<T> items);
  List(std::vector<T> items);  // NOLINT(google-explicit-constructor)
  List(const List&);
  List(List&&) noexcept;
  List& operator=(const List&);
  List& operator=(List&&) noexcept;
  ~List();
};

/// Names of columns, roles, values: `{"id", "title"}`.
class Names : public std::vector<std::string> {
 public:
  Names();
  Names(std::initializer_list<std::string_view> names);
  Names(std::vector<std::string> names);  // NOLINT(google-explicit-constructor)
  Names(const Names&);
  Names(Names&&) noexcept;
  Names& operator=(const Names&);
  Names& operator=(Names&&) noexcept;
  ~Names();
};

}  // namespace capo
