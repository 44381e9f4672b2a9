#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "capo/operation.hpp"
#include "dialect/statement.hpp"

namespace capo::dialect {

class DdlCompiler;
class Dialect;

/// The statements that make the schema as it is where a plan begins, in order. Asked at most once,
/// and only when an operation comes up whose statements depend on what is there. May throw what
/// reading a database or compiling a history throws.
using SchemaSource = std::function<std::vector<Statement>()>;

/// Compiles the operations of one plan, one after the other. What comes out for an operation may
/// depend on what came before it: a database that cannot alter a table has to know it.
class Compilation {
 public:
  virtual ~Compilation() = default;
  Compilation() = default;
  Compilation(const Compilation&) = delete;
  Compilation& operator=(const Compilation&) = delete;

  /// An operation as statements, each with its place in the file. Throws Error{kScript} from the
  /// splitter, and for a statement that cannot stand in a section that runs inside a transaction;
  /// {kUnsupported}, {kSchema} for an operation that cannot be carried out. None for an operation
  /// that is meant for another database.
  virtual std::vector<Statement> compile(const Operation& operation) = 0;
  /// Operations that run one after the other in one transaction, with the statements of each. What
  /// several ask for, the first of them may do in one go; then there are none for the others. In
  /// the end it is the same.
  virtual std::vector<std::vector<Statement>> compile_together(
      std::span<const Operation> operations) {
    std::vector<std::vector<Statement>> all;
    for (const Operation& operation : operations) all.push_back(compile(operation));
    return all;
  }
  /// A statement that is known already runs here: what compile() gave before, for SQL that a
  /// revision brings with it.
  virtual void follow(const Statement& statement) = 0;
  /// True if an operation may become something else on another schema.
  virtual bool depends_on_schema() const { return false; }
};

/// For databases where no operation depends on another.
class StatelessCompilation final : public Compilation {
 public:
  /// Keeps the references.
  StatelessCompilation(const Dialect& dialect, const DdlCompiler& ddl)
      : dialect_(dialect), ddl_(ddl) {}

  std::vector<Statement> compile(const Operation& operation) override;
  void follow(const Statement&) override {}

 private:
  const Dialect& dialect_;
  const DdlCompiler& ddl_;
};

}  // namespace capo::dialect
