#include "dialect/postgresql/reflect_types.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "base/text.hpp"

namespace capo::dialect::postgresql {
namespace {

/// `name(numbers) rest`, as `timestamp(3) with time zone`.
struct Printed {
  std::string name = {};
  std::optional<int> first = {};
  std::optional<int> second = {};
};

std::optional<int> number(std::string_view text) {
  const std::optional<long long> value = base::parse_integer(base::trim(text));
  if (!value || *value < -1'000'000 || *value > 100'000'000) return std::nullopt;
  return static_cast<int>(*value);
}

Printed take_apart(std::string_view text) {
  const std::size_t open = text.find('(');
  const std::size_t close = text.find(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    return {.name = std::string(text)};
  }
  const std::string_view inside = text.substr(open + 1, close - open - 1);
  const std::size_t comma = inside.find(',');
  Printed printed;
  printed.name = std::string(text.substr(0, open)).append(text.substr(close + 1));
  printed.first = number(inside.substr(0, comma));
  if (comma != std::string_view::npos) printed.second = number(inside.substr(comma + 1));
  return printed;
}

struct Plain {
  std::string_view name;
  TypeKind kind;
};
constexpr std::array kPlain = {Plain{"smallint", TypeKind::kSmallInteger},
                               Plain{"integer", TypeKind::kInteger},
                               Plain{"bigint", TypeKind::kBigInteger},
                               Plain{"numeric", TypeKind::kNumeric},
                               Plain{"real", TypeKind::kReal},
                               Plain{"double precision", TypeKind::kDouble},
                               Plain{"boolean", TypeKind::kBoolean},
                               Plain{"character varying", TypeKind::kString},
                               Plain{"text", TypeKind::kText},
                               Plain{"bytea", TypeKind::kBinary},
                               Plain{"date", TypeKind::kDate},
                               Plain{"time without time zone", TypeKind::kTime},
                               Plain{"timestamp without time zone", TypeKind::kTimestamp},
                               Plain{"interval", TypeKind::kInterval},
                               Plain{"uuid", TypeKind::kUuid},
                               Plain{"json", TypeKind::kJson},
                               Plain{"jsonb", TypeKind::kJsonb},
                               Plain{"inet", TypeKind::kInet}};

}  // namespace

Type type_of(std::string_view printed) {
  if (printed.ends_with("[]")) {
    const Type element = type_of(printed.substr(0, printed.size() - 2));
    return Array(element);
  }
  for (const Plain& plain : kPlain) {
    if (plain.name == printed) return Type(plain.kind);
  }
  if (printed == "time with time zone") return TimeTz();
  if (printed == "timestamp with time zone") return TimestampTz();
  const Printed parts = take_apart(printed);
  if (parts.first) {
    const int n = *parts.first;
    if (parts.name == "character") return Char(n);
    if (parts.name == "character varying") return String(n);
    if (parts.name == "numeric" && parts.second) return Numeric(n, *parts.second);
    if (parts.name == "time without time zone") return Time(n);
    if (parts.name == "time with time zone") return TimeTz(n);
    if (parts.name == "timestamp without time zone") return Timestamp(n);
    if (parts.name == "timestamp with time zone") return TimestampTz(n);
  }
  return Named(printed);
}

SequenceBounds bounds_of(TypeKind kind) {
  const auto all_of = [](auto number) -> SequenceBounds {
    using Limits = std::numeric_limits<decltype(number)>;
    return {Limits::min(), Limits::max()};
  };
  if (kind == TypeKind::kSmallInteger) return all_of(std::int16_t{});
  if (kind == TypeKind::kInteger) return all_of(std::int32_t{});
  return all_of(std::int64_t{});
}

}  // namespace capo::dialect::postgresql
