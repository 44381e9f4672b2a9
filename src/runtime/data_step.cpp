#include "runtime/data_step.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <exception>

#include "capo/error.hpp"

namespace capo {

namespace {

Error refused(std::string message) { return {ErrorCode::kDatabase, std::move(message)}; }

std::string column_name(std::size_t column) { return "column " + std::to_string(column); }

}  // namespace

const std::optional<std::string>& Row::at(std::size_t column) const {
  if (column < values_.size()) return values_[column];
  throw refused("a row has " + std::to_string(values_.size()) + " columns, but " +
                column_name(column) + " was asked for")
      .hint("columns count from 0");
}

bool Row::is_null(std::size_t column) const { return !at(column); }

const std::string& Row::text(std::size_t column) const {
  const std::optional<std::string>& value = at(column);
  if (!value) throw refused(column_name(column) + " of a row is NULL").hint("see Row::is_null()");
  return *value;
}

long long Row::integer(std::size_t column) const {
  const std::string& value = text(column);
  long long number = 0;
  const char* const end = value.data() + value.size();
  const auto [stopped, error] = std::from_chars(value.data(), end, number);
  if (error == std::errc() && stopped == end) return number;
  throw refused(column_name(column) + " of a row is no integer: '" + value + "'");
}

bool Row::boolean(std::size_t column) const {
  const std::string& value = text(column);
  if (value == "t" || value == "true" || value == "1") return true;
  if (value == "f" || value == "false" || value == "0") return false;
  throw refused(column_name(column) + " of a row is no boolean: '" + value + "'");
}

namespace {

dialect::Result send(const Connection::Impl& impl, std::string_view sql, Parameters parameters) {
  if (impl.stop != 0) throw Error(ErrorCode::kCancelled, "stopped");
  if (const std::string_view word = impl.dialect.transaction_control(sql); !word.empty()) {
    throw refused(std::string(word) + " in a data step")
        .statement(std::string(sql))
        .hint("capo begins and ends the transaction itself");
  }
  std::vector<Literal> values;
  values.reserve(parameters.size());
  for (const Parameter& parameter : parameters) values.push_back(parameter.value());
  return impl.connection.query_with(sql, values);
}

}  // namespace

// The shortest digits that are this number again.
Parameter::Parameter(double value) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  if (!std::isfinite(value)) throw refused("a parameter is no number: NaN or infinite");
  value_ = Literal::number(std::string(digits.data(), end));
}

std::string_view Connection::dialect() const { return impl_.dialect.name(); }

std::optional<std::string> Connection::argument(std::string_view name) const {
  std::optional<std::string> found;
  for (const auto& [key, value] : impl_.arguments) {
    if (key == name) found = value;
  }
  return found;
}

std::vector<Row> Connection::query(std::string_view sql, Parameters parameters) {
  std::vector<Row> rows;
  for (dialect::Row& row : send(impl_, sql, parameters).rows) rows.emplace_back(std::move(row));
  return rows;
}

std::optional<Row> Connection::query_one(std::string_view sql, Parameters parameters) {
  std::vector<Row> rows = query(sql, parameters);
  if (rows.empty()) return std::nullopt;
  if (rows.size() == 1) return std::move(rows.front());
  throw refused("one row was expected, and " + std::to_string(rows.size()) + " came")
      .statement(std::string(sql));
}

long long Connection::execute(std::string_view sql, Parameters parameters) {
  return send(impl_, sql, parameters).affected;
}

void Connection::execute_exactly(long long rows, std::string_view sql, Parameters parameters) {
  const long long changed = execute(sql, parameters);
  if (changed == rows) return;
  throw refused("a statement changed " + std::to_string(changed) + " rows instead of " +
                std::to_string(rows))
      .statement(std::string(sql));
}

long long Connection::execute_in_batches(std::string_view sql, Parameters parameters) {
  long long all = 0;
  while (const long long changed = execute(sql, parameters)) {
    all += changed;
    progress(std::to_string(all) + " rows");
  }
  return all;
}

void Connection::progress(std::string_view text) { impl_.events.data_step_progress(text); }

namespace runtime {

void run_data_step(const dialect::Statement& statement, Connection::Impl impl) {
  Connection connection(impl);
  try {
    statement.data_step(connection);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    throw refused(error.what());
  } catch (...) {
    throw refused("the data step threw something that is no std::exception");
  }
}

}  // namespace runtime
}  // namespace capo
